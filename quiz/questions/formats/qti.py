"""QTI: a single item, or a package of items with imsmanifest.xml; sections of a test are topics, keywords are tags."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from quiz.questions.formats.imported import Imported, RefusedFile, Sentence, Taking, say
from quiz.questions.formats.packed import Packed
from quiz.questions.formats.plain_text import tidy
from quiz.questions.formats.qti_item import ITEM, item_name, read_item, term, value, within
from quiz.questions.formats.xml_tree import Element, descendants, inner_text, read_xml

MANIFEST = "imsmanifest.xml"
_MOST_ELEMENTS = 1_000_000
_OLD = "questestinterop"
_LEFT_BY_MACS = "__MACOSX/"
_FOREIGN_RESOURCES = ("imsbasiclti", "imsdt", "imswl", "imsqti_xmlv1")


def read_qti_item(data: bytes) -> Imported:
    """The question of a file that is one item."""
    taking = Taking()
    item = read_xml(data)
    taking.take(_place(item, ""), lambda where: read_item(item, where))
    return taking.done()


def read_qti_package(packed: Packed) -> Imported:
    """The questions of every item in the package, those of the manifest first."""
    taking = Taking()
    trees = dict(_trees(packed, taking))
    manifests = [name for name in trees if posixpath.basename(name) == MANIFEST]
    resources = list(_resources(trees, manifests[:1], taking))
    topics = dict(_sections(trees))
    order = dict.fromkeys([*(name for name, _ in resources if name in trees), *trees])
    tags = dict(resources)
    for name in order:
        tree = trees[name]
        if term(tree) == ITEM:
            _take(taking, name, tree, topics.get(name, ""), tags.get(name, ()))
        elif term(tree) == _OLD:
            taking.refuse(say("item", name=name[-60:]), "qti_old")
    return taking.done()


def looks_like_qti(packed: Packed) -> bool:
    """Whether the package has a manifest, or an item in plain sight."""
    if any(posixpath.basename(name) == MANIFEST for name in packed.names):
        return True
    return any(b"assessmentItem" in head or b"qti-assessment-item" in head for head in _heads(packed))


def _heads(packed: Packed) -> Iterator[bytes]:
    return (packed.read(name)[:2000] for name in packed.names if name.lower().endswith(".xml"))


def _trees(packed: Packed, taking: Taking) -> Iterator[tuple[str, Element]]:
    """Every XML file of the package; a broken one is named, a dangerous one refuses the package."""
    elements = 0
    for name in sorted(packed.names, key=lambda name: (name.count("/"), name)):
        if not name.lower().endswith(".xml") or name.startswith(_LEFT_BY_MACS):
            continue
        data = packed.read(name)
        elements += data.count(b"<")
        if elements > _MOST_ELEMENTS:
            raise RefusedFile("xml_complex", member="")
        try:
            yield name, read_xml(data, name)
        except RefusedFile as no:
            if no.why.code == "doctype":
                raise
            taking.refuse(say("item", name=name[-60:]), no.why.code, **no.why.facts)


def _resources(
    trees: Mapping[str, Element], manifests: Sequence[str], taking: Taking
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """File and keywords of each resource of the manifest; those that are missing or hold other things are named."""
    for manifest in manifests:
        for resource in descendants(trees[manifest], "resource"):
            href, kind = resource.get("href", ""), resource.get("type", "")
            name = _path(manifest, href)
            if kind.startswith("imsqti_item") and name not in trees:
                taking.refuse(say("item", name=(href or resource.get("identifier", ""))[-60:]), "missing_file")
            elif kind.startswith(_FOREIGN_RESOURCES) and name not in trees:
                taking.refuse(
                    say("item", name=(href or resource.get("identifier", ""))[-60:]), "other_type", type=kind[:40]
                )
            yield name, tuple(tidy(inner_text(keyword)) for keyword in descendants(resource, "keyword"))


def _sections(trees: Mapping[str, Element]) -> Iterator[tuple[str, str]]:
    """Item files with the title of the section that they stand in."""
    for name, tree in trees.items():
        if term(tree) in ("assessmentTest", "assessmentSection"):
            for reference in within(tree, "assessmentItemRef"):
                yield _path(name, value(reference, "href")), tidy(value(reference.getparent(), "title"))


def _take(taking: Taking, name: str, item: Element, topic: str, tags: Sequence[str]) -> None:
    taking.take(_place(item, name), lambda where: read_item(item, where, topic, tags))


def _place(item: Element, name: str) -> Sentence:
    shown = value(item, "title") or item_name(item) or name
    return say("item", name=shown[:60])


def _path(base: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(href)))
