"""Word documents as lines of text with their emphasis: automatic numbers written out, deleted text left out.

Emphasis is kept letter by letter: the right option may be the one that is bold, underlined, coloured or highlighted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntFlag
from typing import TypeAlias

from quiz.questions.formats.imported import RefusedFile
from quiz.questions.formats.packed import Packed
from quiz.questions.formats.plain_text import shifted
from quiz.questions.formats.xml_tree import Element, children, descendants, local, read_xml

DOCUMENT = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_OFF = frozenset(("0", "false", "off", "none"))
_PLAIN_COLOURS = frozenset(("auto", "000000", "FFFFFF", ""))
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PICTURES = frozenset(("drawing", "pict", "object"))
_DEEPEST_STYLE = 20
MOST_PARAGRAPHS = 50_000
MOST_RUNS = 150_000


class Mark(IntFlag):
    """How a letter stands out."""

    NONE = 0
    BOLD = 1
    UNDERLINED = 2
    COLOURED = 4
    HIGHLIGHTED = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the paragraph it is in, its text, the marks of each letter, and what it holds that is no text."""

    paragraph: int
    text: str
    marks: Sequence[Mark]
    problem: str = ""

    def common(self, start: int, end: int) -> Mark:
        """The marks that all letters between two places have."""
        common, is_any = ~Mark.NONE, False
        for letter, mark in zip(self.text[start:end], self.marks[start:end], strict=True):
            if letter.isalnum():
                common, is_any = common & mark, True
        return common if is_any else Mark.NONE


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table, each with its lines; `merged` are the places of those that go on with the one above."""

    rows: Sequence[Sequence[Sequence[Line]]]
    merged: frozenset[tuple[int, int]] = frozenset()


Block: TypeAlias = "Line | Table"


def read_docx_text(packed: Packed) -> list[Block]:
    """Lines and tables in the order of the document."""
    return list(_Document(packed).blocks())


def _value(element: Element | None, name: str = "val") -> str:
    if element is None:
        return ""
    return str(element.get(_W + name) or element.get(_STRICT + name) or "")


def _only(element: Element | None, name: str) -> Element | None:
    return None if element is None else next(iter(children(element, name)), None)


class _Document:
    """What a document needs to be read: its styles, its lists, and how far they have counted."""

    def __init__(self, packed: Packed) -> None:
        def tree(name: str) -> Element:
            return read_xml(packed.read(f"word/{name}") or b"<none/>", name)

        self._body = next(descendants(tree("document.xml"), "body"), None)
        self._styles = {_value(style, "styleId"): style for style in children(tree("styles.xml"), "style")}
        numbering = tree("numbering.xml")
        self._lists = {_value(each, "numId"): each for each in children(numbering, "num")}
        self._outlines = {_value(each, "abstractNumId"): each for each in children(numbering, "abstractNum")}
        self._counted: dict[str, dict[int, int]] = defaultdict(dict)
        self._restarted: set[str] = set()
        self._paragraphs = 0
        self._runs = 0

    def blocks(self) -> Iterator[Block]:
        yield from self._blocks(self._body) if self._body is not None else ()

    def _blocks(self, parent: Element) -> Iterator[Block]:
        for element in parent:
            if local(element) == "p":
                yield from self._lines(element)
            elif local(element) == "tbl":
                rows = [list(descendants(row, "tc")) for row in children(element, "tr")]
                merged = {(number, place) for number, row in enumerate(rows, 1) for place in _merged_places(row)}
                yield Table([list(map(self._cell, row)) for row in rows], frozenset(merged))
            elif local(element) in ("sdt", "sdtContent", "customXml", "ins"):
                yield from self._blocks(element)

    def _cell(self, cell: Element) -> list[Line]:
        return [line for paragraph in descendants(cell, "p") for line in self._lines(paragraph)]

    def _lines(self, paragraph: Element) -> Iterator[Line]:
        """The lines of a paragraph that say anything; its number or letter is written in front."""
        self._paragraphs += 1
        self._runs += len(paragraph)
        if self._paragraphs > MOST_PARAGRAPHS or self._runs > MOST_RUNS:
            raise RefusedFile("xml_complex", member=f" ({DOCUMENT})")
        label = self._label(paragraph)
        letters = list(label)
        marks = [Mark.NONE] * len(label)
        problem = ""
        for run in descendants(paragraph, "r", "oMath"):
            if any(local(above) in ("del", "moveFrom") for above in run.iterancestors()):
                continue
            if local(run) == "oMath":
                problem = "formula"
                continue
            if any(local(each) in _PICTURES for each in run.iterdescendants()):
                problem = "media"
                continue
            text = self._text(run)
            letters += text
            marks += [self._marks(run, paragraph)] * len(text)
        yield from self._split("".join(letters), marks, problem)

    def _split(self, text: str, marks: Sequence[Mark], problem: str) -> Iterator[Line]:
        place = 0
        for part in text.split("\n"):
            if part.strip() or problem:
                yield Line(self._paragraphs, part, marks[place : place + len(part)], problem)
            place += len(part) + 1

    def _text(self, run: Element) -> str:
        parts = ((each.text or "") if local(each) == "t" else _SIGNS.get(local(each), "") for each in run)
        text = "".join(parts)
        raised = _value(_only(_only(run, "rPr"), "vertAlign"))
        is_shifted = raised in ("superscript", "subscript") and text.strip()
        return shifted(text.strip(), is_raised=raised == "superscript") if is_shifted else text

    def _marks(self, run: Element, paragraph: Element) -> Mark:
        """The marks of a run; what it does not say itself its styles say."""
        own = _only(run, "rPr")
        styles = [_value(_only(own, "rStyle")), _value(_only(_only(paragraph, "pPr"), "pStyle"))]
        sources = [own, *(_only(style, "rPr") for name in styles for style in self._chain(name))]

        def said(name: str) -> Element | None:
            return next((found for source in sources if (found := _only(source, name)) is not None), None)

        bold, under, colour, light, shade = map(said, ("b", "u", "color", "highlight", "shd"))
        found = Mark.NONE
        found |= Mark.BOLD if bold is not None and _value(bold) not in _OFF else Mark.NONE
        found |= Mark.UNDERLINED if _value(under) not in ("", *_OFF) else Mark.NONE
        found |= (
            Mark.COLOURED if _value(colour).upper() not in _PLAIN_COLOURS and _value(colour) != "auto" else Mark.NONE
        )
        is_lit = _value(light) not in ("", *_OFF) or _value(shade, "fill").upper() not in (*_PLAIN_COLOURS, "AUTO")
        return found | (Mark.HIGHLIGHTED if is_lit else Mark.NONE)

    def _chain(self, name: str) -> Iterator[Element]:
        """A style and those that it is based on."""
        for _ in range(_DEEPEST_STYLE):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = _value(_only(style, "basedOn"))

    def _label(self, paragraph: Element) -> str:
        """The number or letter that Word shows before a paragraph of a list."""
        properties = _only(paragraph, "pPr")
        sources = [properties, *(_only(style, "pPr") for style in self._chain(_value(_only(properties, "pStyle"))))]
        numbered = next((found for source in sources if (found := _only(source, "numPr")) is not None), None)
        number = self._lists.get(_value(_only(numbered, "numId")))
        if number is None:
            return ""
        depth = _value(_only(numbered, "ilvl"))
        return self._count(number, int(depth) if depth.isdecimal() else 0)

    def _count(self, number: Element, depth: int) -> str:
        outline = _value(_only(number, "abstractNumId"))
        levels = {_value(each, "ilvl"): each for each in children(self._outlines.get(outline, number), "lvl")}
        counted = self._counted[outline]
        key = f"{_value(number, 'numId')}/{depth}"
        override = next((o for o in children(number, "lvlOverride") if _value(o, "ilvl") == str(depth)), None)
        start = _value(_only(override, "startOverride"))
        if start.isdecimal() and key not in self._restarted:
            counted.pop(depth, None)
        self._restarted.add(key)
        first = start if start.isdecimal() else _value(_only(levels.get(str(depth)), "start"))
        counted[depth] = counted[depth] + 1 if depth in counted else int(first) if first.isdecimal() else 1
        for deeper in [each for each in counted if each > depth]:
            del counted[deeper]
        return _shown(levels, counted, depth)


def _merged_places(cells: Sequence[Element]) -> Iterator[int]:
    """Which cells of a row go on with the cell above."""
    for place, cell in enumerate(cells):
        merge = _only(_only(cell, "tcPr"), "vMerge")
        if merge is not None and _value(merge) != "restart":
            yield place


def _shown(levels: dict[str, Element], counted: dict[int, int], depth: int) -> str:
    """The pattern of the level, such as “Câu %1:”, with what has been counted."""
    pattern = _value(_only(levels.get(str(depth)), "lvlText"))
    if _value(_only(levels.get(str(depth)), "numFmt")) in ("bullet", "none"):
        return "- "
    for level, count in counted.items():
        kind = _value(_only(levels.get(str(level)), "numFmt"))
        pattern = pattern.replace(f"%{level + 1}", _figure(count, kind))
    return f"{pattern} " if pattern else ""


def _figure(count: int, kind: str) -> str:
    if kind in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if kind == "upperLetter" else letter.lower()
    return str(count)
