"""Templates that the office hands in: what is no plain Word file, or reaches outside itself, is refused unread."""

from __future__ import annotations

import re
from typing import Any

from quiz.errors import Refused
from quiz.questions.formats.imported import RefusedFile
from quiz.questions.formats.packed import Packed

MOST_BYTES = 2 * 1024**2
DOCUMENT = "word/document.xml"
_WORD = b"wordprocessingml.document.main+xml"
_EMBEDDED = ("word/embeddings/", "word/activex/", "word/afchunk", "word/webextensions/", ".bin", ".exe", ".js", ".html")
_RELATIONS = ("oleobject", "package", "afchunk", "control", "attachedtemplate", "frame", "subdocument")
_FIELDS = re.compile(
    r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE|MACROBUTTON|RD|HYPERLINK)\b", re.IGNORECASE
)


def check(template: bytes) -> None:
    """Raises Refused: template_large, template_no_docx, template_macros, template_embedded, template_external,
    template_field.
    """
    if len(template) > MOST_BYTES:
        raise Refused("template_large", most=MOST_BYTES // 1024**2)
    try:
        _look_through(Packed(template))
    except RefusedFile as refused:
        if refused.why.code == "macros":
            raise Refused("template_macros") from refused
        raise Refused("template_no_docx") from refused


def _look_through(packed: Packed) -> None:
    from quiz.questions.formats.xml_tree import read_xml

    if DOCUMENT not in packed.names or _WORD not in packed.read("[Content_Types].xml"):
        raise Refused("template_no_docx")
    for name in packed.names:
        small = name.casefold()
        if small.startswith(_EMBEDDED[:4]) or small.endswith(_EMBEDDED[4:]):
            raise Refused("template_embedded", name=name[-60:])
        if small.endswith((".xml", ".rels")):
            tree = read_xml(packed.read(name), name)
            _check_relations(tree) if small.endswith(".rels") else _check_fields(tree)


def _check_relations(tree: Any) -> None:
    for relation in tree:
        kind = str(relation.get("Type")).rpartition("/")[2].casefold()
        if kind in _RELATIONS:
            raise Refused("template_embedded", name=kind)
        if str(relation.get("TargetMode")).casefold() == "external":
            raise Refused("template_external", target=str(relation.get("Target"))[:80])


def _check_fields(tree: Any) -> None:
    """Fields may be cut into pieces, so that all of a part are read as one text."""
    words = "".join(text or "" for each in tree.iter("{*}instrText") for text in (each.text,))
    simple = (str(value) for each in tree.iter("{*}fldSimple") for value in each.attrib.values())
    found = _FIELDS.search(" ".join((words, *simple)))
    if found:
        raise Refused("template_field", name=found[1].upper())
