"""Tables as sheets of a workbook: real numbers, titles that stay in sight, and no text taken for a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from quiz.exports.printable import printable

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

Value = str | int | float | Fraction | None
NO_GUESSES = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LINE_HEIGHT = 16
HEAD = 3
"""The row of the column titles; above it stand what the sheet is and of when."""


@dataclass(frozen=True, slots=True)
class Formats:
    """How the cells of a workbook look."""

    title: object
    note: object
    head: object
    text: object
    whole: object
    rate: object
    measured: object


def formats_of(book: Workbook) -> Formats:
    """The formats, once per workbook."""
    cell = {"border": 1, "border_color": "#BBBBBB", "valign": "top"}
    head = {"bold": True, "bg_color": "#F3E3C3", "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}
    return Formats(
        title=book.add_format({"bold": True, "font_size": 14}),
        note=book.add_format({"italic": True, "font_color": "#555555"}),
        head=book.add_format(head),
        text=book.add_format({**cell, "num_format": "@", "text_wrap": True, "align": "left", "indent": 1}),
        whole=book.add_format({**cell, "num_format": "#,##0"}),
        rate=book.add_format({**cell, "num_format": "0.00%"}),
        measured=book.add_format({**cell, "num_format": "#,##0.00"}),
    )


def add_sheet(
    book: Workbook,
    formats: Formats,
    name: str,
    title: str,
    note: str,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[Value]],
) -> Worksheet:
    """A sheet to filter and to print: the titles of its columns stay in sight and come again on every page.

    Rates are handed in as fractions, whole figures as int, measured ones as float; what is missing is None.
    """
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, printable(title), formats.title)
    sheet.write_string(1, 0, printable(note), formats.note)
    for place, (words, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(HEAD, place, words, formats.head)
    sheet.set_row(HEAD, 2 * LINE_HEIGHT)
    for row, values in enumerate(rows, HEAD + 1):
        sheet.set_row(row, LINE_HEIGHT * _lines(values, columns))
        for place, value in enumerate(values):
            _write(sheet, formats, row, place, value)
    sheet.freeze_panes(HEAD + 1, 0)
    sheet.autofilter(HEAD, 0, HEAD + len(rows), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)
    return sheet


def _lines(values: Sequence[Value], columns: Sequence[tuple[str, int]]) -> int:
    """How many lines the longest text takes in its column: not every program makes room for them by itself."""
    texts = ((value, width) for value, (_, width) in zip(values, columns, strict=True) if isinstance(value, str))
    return max((-(-len(text) // width) for text, width in texts), default=1)


def _write(sheet: Worksheet, formats: Formats, row: int, place: int, value: Value) -> None:
    if isinstance(value, Fraction):
        sheet.write_number(row, place, float(value), formats.rate)
    elif isinstance(value, float):
        sheet.write_number(row, place, value, formats.measured)
    elif isinstance(value, int):
        sheet.write_number(row, place, value, formats.whole)
    else:
        sheet.write_string(row, place, "–" if value is None else printable(value), formats.text)
