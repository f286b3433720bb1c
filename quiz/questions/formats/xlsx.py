"""Excel workbooks: the sheets as people see them, cell by cell, in memory that grows with the file only."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from quiz.questions.formats.imported import Imported, RefusedFile, Taking, say
from quiz.questions.formats.packed import Packed
from quiz.questions.formats.plain_text import shifted
from quiz.questions.formats.tables import MOST_COLUMNS, Cell, Row, find_header, read_rows
from quiz.questions.formats.xml_tree import Element, children, descendants, local, read_xml

MOST_SHEETS = 50
_MOST_MERGED = 1_000_000
WORKBOOK = "xl/workbook.xml"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNSHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_DATES = dict.fromkeys((14, 15), "d/m/y") | dict.fromkeys((16, 17, 18, 19, 20, 21, 22, 45, 46, 47), "h:m")
_NUMBERS = {3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 (days on paper have no zone)


def read_xlsx(packed: Packed) -> Imported:
    """The questions of every sheet that has a header; other sheets with words on them are named."""
    book = _Book(packed)
    taking = Taking()
    is_any = False
    for name, member in book.sheets():
        rows, far, merged = book.rows(member)
        for line in far:
            taking.refuse(say("row", sheet=name, line=line), "far_cells", most=MOST_COLUMNS)
        header = find_header(rows)
        if header:
            is_any = True
            place = lambda line, name=name: say("row", sheet=name, line=line)  # noqa: E731
            read_rows(rows, header, taking, place, merged)
        elif rows:
            taking.refuse(say("row", sheet=name, line=rows[0][0]), "no_header")
    if not is_any:
        raise RefusedFile("no_table")
    return taking.done()


class _Book:
    """What all sheets share: their texts, the formats of their numbers, the beginning of time."""

    def __init__(self, packed: Packed) -> None:
        self._packed = packed
        self._book = self._tree(WORKBOOK)
        self._relations = self._tree("xl/_rels/workbook.xml.rels")
        self._texts = [_text(item) for item in children(self._tree(self._part("sharedStrings")), "si")]
        self._formats = list(_formats(self._tree(self._part("styles"))))
        flags = next(descendants(self._book, "workbookPr"), None)
        self._epoch = _EPOCHS[flags is not None and flags.get("date1904") in ("1", "true")]

    def sheets(self) -> Iterator[tuple[str, str]]:
        """Name and file of each sheet."""
        targets = {each.get("Id"): each.get("Target", "") for each in self._relations}
        found = list(descendants(self._book, "sheet"))
        if len(found) > MOST_SHEETS:
            raise RefusedFile("xml_complex", member=f" ({WORKBOOK})")
        for sheet in found:
            target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION), "")
            yield sheet.get("name", ""), _path(target)

    def rows(self, member: str) -> tuple[list[Row], list[int], frozenset[tuple[int, int]]]:
        """The rows that are not blank, the numbers of those with cells too far out to be read, and cells merged up."""
        tree = self._tree(member)
        rows: list[Row] = []
        far: list[int] = []
        number = 0
        for row in descendants(tree, "row"):
            number = int(row.get("r")) if row.get("r", "").isdecimal() else number + 1
            cells: list[Cell] = []
            for cell in children(row, "c"):
                reference = _REFERENCE.fullmatch(cell.get("r", ""))
                column = _column(reference[1]) if reference else len(cells)
                if column < MOST_COLUMNS:
                    cells += [""] * (column - len(cells) + 1)
                    cells[column] = self._shown(cell)
                elif len(cell) and number not in far[-1:]:
                    far.append(number)
            if any(str(cell).strip() for cell in cells):
                rows.append((number, cells))
        return rows, far, frozenset(_merged(tree, [number for number, _ in rows]))

    def _shown(self, cell: Element) -> Cell:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return "\n".join(map(_text, children(cell, "is")))
        value = "".join((each.text or "") for each in children(cell, "v"))
        if kind == "s":
            return self._texts[int(value)] if value.isdecimal() and int(value) < len(self._texts) else ""
        if kind == "e":
            return say("cell_error", text=value[:20])
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind != "n":
            return _decoded(value)
        style = cell.get("s", "0")
        place = int(style) if style.isdecimal() else 0
        return _number(value, self._formats[place] if place < len(self._formats) else "", self._epoch)

    def _tree(self, member: str) -> Element:
        """The tree of a part, an empty one where the workbook has none."""
        return read_xml(self._packed.read(member) or b"<none/>", member)

    def _part(self, kind: str) -> str:
        return next(
            (_path(each.get("Target", "")) for each in self._relations if each.get("Type", "").endswith(kind)), ""
        )


def _merged(sheet: Element, numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Row and column of the cells that go on with the cell above."""
    steps = 0
    for each in descendants(sheet, "mergeCell"):
        corners = [_REFERENCE.fullmatch(corner) for corner in each.get("ref", "").split(":")]
        if len(corners) == 2 and corners[0] and corners[1]:
            below = numbers[bisect(numbers, int(corners[0][2])) : bisect(numbers, int(corners[1][2]))]
            steps += len(below) + 1
            if steps > _MOST_MERGED:
                raise RefusedFile("xml_complex", member="")
            yield from ((number, _column(corners[0][1])) for number in below)


def _path(target: str) -> str:
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _formats(styles: Element) -> Iterator[str]:
    """For each style the part of its number format that decides how a number is shown."""
    own = {each.get("numFmtId"): _UNSHOWN.sub("", each.get("formatCode", "")) for each in descendants(styles, "numFmt")}
    for styled in descendants(styles, "cellXfs"):
        for each in children(styled, "xf"):
            number = each.get("numFmtId", "0")
            known = int(number) if number.isdecimal() else 0
            yield own.get(number) or _DATES.get(known) or _NUMBERS.get(known, "")


def _number(value: str, code: str, epoch: datetime) -> Cell:
    """A number as the cell shows it, in Vietnamese figures; no date without its year: “3/4” may never have been one."""
    try:
        number = Decimal(f"{Decimal(value):.15g}")
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number) > Decimal(10) ** 15:
        return value
    if re.search(r"[dmyhs]", code.lower().replace("general", "").replace("standard", "")):
        is_day = {"d", "y"} <= set(code.lower()) and "h" not in code.lower() and 0 < number < 100_000
        return f"{epoch + timedelta(days=int(number)):%d/%m/%Y}" if is_day else say("cell_date")
    percent = "%" if "%" in code else ""
    whole, _, part = f"{number * 100 if percent else number:f}".partition(".")
    part = part.rstrip("0")
    if "#,##0" in code:
        whole = f"{int(whole):,}".replace(",", ".")
    return f"{whole},{part}{percent}" if part else f"{whole}{percent}"


def _text(item: Element) -> str:
    """The text of a string with its runs, without the reading aids of Asian scripts."""
    parts = []
    for each in item:
        if local(each) == "t":
            parts.append(each.text or "")
        elif local(each) == "r":
            raised = next((mark.get("val", "") for mark in descendants(each, "vertAlign")), "")
            words = "".join(part.text or "" for part in children(each, "t"))
            is_shifted = raised in ("superscript", "subscript") and words.strip()
            parts.append(shifted(words.strip(), is_raised=raised == "superscript") if is_shifted else words)
    return _decoded("".join(parts))


def _decoded(text: str) -> str:
    """The text with what Excel writes as code; halves of a letter are one, and a half alone is a letter lost."""
    if not _CODED.search(text):
        return text
    shown = _CODED.sub(lambda found: chr(int(found[1], 16)), text)
    return shown.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
