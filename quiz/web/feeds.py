"""Publications as an Atom feed (RFC 4287): one entry each, whose id never changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree

from quiz.exports.printable import printable

NAMESPACE = "http://www.w3.org/2005/Atom"
MIMETYPE = "application/atom+xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One publication: its page, its JSON, its winners as HTML, and its picture where it is drawn."""

    id: str
    title: str
    updated: datetime
    page: str
    json: str
    html: str
    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The whole feed: its own address, the page that it is of, and its entries, the newest first."""

    id: str
    title: str
    author: str
    updated: datetime
    address: str
    page: str
    entries: Sequence[Entry]


def tag(host: str, since: str, path: str) -> str:
    """A tag URI (RFC 4151): what the holder of that host on that day calls this."""
    return f"tag:{host},{since}:{path}"


def atom(feed: Feed) -> str:
    """The feed as text."""
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.Element(_name("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": "vi"})
    _texts(root, feed.id, feed.title, feed.updated)
    _link(root, "self", feed.address, MIMETYPE)
    _link(root, "alternate", feed.page, "text/html")
    _text(ElementTree.SubElement(root, _name("author")), "name", feed.author)
    for each in feed.entries:
        entry = ElementTree.SubElement(root, _name("entry"))
        _texts(entry, each.id, each.title, each.updated)
        _link(entry, "alternate", each.page, "text/html")
        _link(entry, "alternate", each.json, "application/json")
        if each.picture:
            _link(entry, "enclosure", each.picture, "image/png")
        _text(entry, "summary", each.html, type="html")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _texts(parent: ElementTree.Element, its_id: str, title: str, updated: datetime) -> None:
    _text(parent, "id", its_id)
    _text(parent, "title", title)
    _text(parent, "updated", updated.isoformat())


def _text(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    """Without control characters, for which XML has no place."""
    ElementTree.SubElement(parent, _name(name), attributes).text = printable(text)


def _link(parent: ElementTree.Element, relation: str, address: str, mimetype: str) -> None:
    ElementTree.SubElement(parent, _name("link"), {"rel": relation, "href": address, "type": mimetype})


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
