"""XML of strangers as a tree, without entities, DTD and network, in bounded memory; and the words of its elements."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

from quiz.questions.formats.imported import RefusedFile
from quiz.questions.formats.letters import decode
from quiz.questions.formats.plain_text import Lines

Element: TypeAlias = Any  # lxml carries no types

MOST_ELEMENTS = 1_000_000
_ENCODING = re.compile(rb"""<\?xml[^>]{1,80}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*\?>")
_WESTERN = frozenset(("iso-8859-1", "windows-1252", "windows-1258"))
_UNICODE = frozenset(("utf-8", "utf8", "us-ascii", "ascii", "utf-16"))


def xml_text(data: bytes) -> str:
    """The text of an XML file, in the encoding that it names; raises RefusedFile."""
    found = _ENCODING.match(data.removeprefix(codecs.BOM_UTF8))
    name = found[1].decode().lower() if found else "utf-8"
    if name in _WESTERN and not data.startswith(codecs.BOM_UTF8):
        try:
            data = data.decode(name).encode()
        except UnicodeDecodeError:
            raise RefusedFile("not_utf8") from None
    elif name not in _UNICODE:
        raise RefusedFile("encoding", name=name)
    text = decode(data)
    return _DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), text, count=1) if "<?xml" in text[:100] else text


def root_name(text: str) -> str:
    """The name of the first element without its namespace; a document type before it is refused."""
    place = 0
    while (start := text.find("<", place)) >= 0:
        if text.startswith("<?", start):
            place = _after(text, "?>", start)
        elif text.startswith("<!--", start):
            place = _after(text, "-->", start)
        elif text.startswith("<!", start):
            raise RefusedFile("doctype")
        else:
            found = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)").match(text, start)
            return found[1] if found else ""
    return ""


def read_xml(data: bytes, member: str = "") -> Element:
    """The root of the tree; `member` names the file within a package. Raises RefusedFile."""
    within = f" ({member})" if member else ""
    text = xml_text(data)
    root_name(text)
    if text.count("<") > MOST_ELEMENTS or text.count('="') + text.count("='") > MOST_ELEMENTS:
        raise RefusedFile("xml_complex", member=within)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as fault:
        raise RefusedFile("xml_broken", line=fault.lineno or 1, member=within) from None


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, *names: str) -> list[Element]:
    """The children that bear one of the names, in any namespace."""
    return list(element.iterchildren(*(f"{{*}}{name}" for name in names)))


def descendants(element: Element, *names: str) -> Iterator[Element]:
    """Whatever stands below under one of the names, in any namespace, in the order of the document."""
    return iter(element.iterdescendants(*(f"{{*}}{name}" for name in names)))


def inner_text(element: Element | None) -> str:
    """All characters within."""
    return "" if element is None else "".join(element.itertext()).strip()


def plain_words(element: Element, *left_out: str) -> str:
    """The text of XHTML, without the elements of these names; raises Unusable for pictures, sound and formulas."""
    lines = Lines()
    lines.words(element.text or "")
    skipped: Element | None = None
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, each in walk:
        if each is element:
            continue
        is_end = event == "end"
        if skipped is None and local(each) in left_out and not is_end:
            skipped = each
        if skipped is None:
            lines.tag(local(each).lower(), is_end=is_end, attributes=each.attrib)
            lines.words((each.tail if is_end else each.text) or "")
        elif each is skipped and is_end:
            skipped = None
            lines.words(each.tail or "")
    return lines.text()


def _after(text: str, ending: str, start: int) -> int:
    end = text.find(ending, start)
    return end + len(ending) if end >= 0 else len(text)
