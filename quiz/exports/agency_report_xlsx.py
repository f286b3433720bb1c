"""The participation report as a workbook: real numbers, and no text that a program could take for a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from quiz.exports.agency_report import AgencyReport, Line
from quiz.exports.printable import printable

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

Value = str | int | Fraction | None
NO_GUESSES = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FIGURES = (("Tổng số", 10), ("Miễn", 8), ("Phải tính", 10), ("Đã dự thi", 10), ("Tỷ lệ", 10), ("Chỉ tiêu", 10))
VERDICT = (("Kết quả", 12), ("Còn thiếu", 11))
OWN = (("Kỳ", 16), *FIGURES, *VERDICT)
ALL = (("Kỳ", 14), ("Mã", 14), ("Cơ quan, đơn vị", 52), ("Trực thuộc", 40), *FIGURES, *VERDICT)
ABSENTEES = (("STT", 6), ("Họ và tên", 32), ("Chức vụ", 26), ("Cơ quan, đơn vị", 52), ("Tài khoản", 18))
GROUPS = (("Nhóm bắt buộc", 34),)
LINE_HEIGHT = 16
HEAD = 3
"""The row of the column titles; above it stand what the sheet is and of when."""


@dataclass(frozen=True, slots=True)
class _Formats:
    title: object
    note: object
    head: object
    text: object
    whole: object
    rate: object


def workbook(report: AgencyReport) -> bytes:
    """The report as .xlsx."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, NO_GUESSES) as book:
        book.set_properties(
            {"title": report.title, "created": report.made_at.astimezone(report.zone).replace(tzinfo=None)}
        )
        formats = _formats(book)
        own = [(line.period, *_figures(line)) for line in report.own]
        sheet = _sheet(book, formats, "Tổng hợp", report.title, report.as_of, OWN, own)
        sheet.insert_chart(HEAD + len(own) + 2, 0, _chart(book, len(own)))
        every = [(line.period, line.code, line.agency, line.above, *_figures(line)) for line in report.lines]
        _sheet(book, formats, "Các đơn vị", f"{report.title}, từng đơn vị", report.as_of, ALL, every)
        _absentees(book, formats, report)
    return out.getvalue()


def _figures(line: Line) -> tuple[Value, ...]:
    turnout = line.turnout
    counts = (turnout.headcount, turnout.exempt, turnout.base, turnout.people)
    return (*counts, line.cut_rate, line.threshold, "Đạt" if line.reaches else "Chưa đạt", line.missing)


def _absentees(book: Workbook, formats: _Formats, report: AgencyReport) -> None:
    """The column of groups only where the rules have any."""
    columns = ABSENTEES + (GROUPS if any(person.groups for person in report.absentees) else ())
    rows = [
        (place, person.name, person.position, person.agency, person.account, person.groups)[: len(columns)]
        for place, person in enumerate(report.absentees, 1)
    ]
    title = f"Người chưa dự thi {report.absent_in}"
    _sheet(book, formats, "Chưa dự thi", title, report.as_of, columns, rows)


def _formats(book: Workbook) -> _Formats:
    cell = {"border": 1, "border_color": "#BBBBBB", "valign": "top"}
    head = {"bold": True, "bg_color": "#F3E3C3", "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}
    return _Formats(
        title=book.add_format({"bold": True, "font_size": 14}),
        note=book.add_format({"italic": True, "font_color": "#555555"}),
        head=book.add_format(head),
        text=book.add_format({**cell, "num_format": "@", "text_wrap": True, "align": "left", "indent": 1}),
        whole=book.add_format({**cell, "num_format": "#,##0"}),
        rate=book.add_format({**cell, "num_format": "0.00%"}),
    )


def _sheet(
    book: Workbook,
    formats: _Formats,
    name: str,
    title: str,
    note: str,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[Value]],
) -> Worksheet:
    """A sheet to filter and to print: the titles of its columns stay in sight and come again on every page."""
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
    return max(-(-len(text) // width) for text, width in texts)


def _write(sheet: Worksheet, formats: _Formats, row: int, place: int, value: Value) -> None:
    if isinstance(value, Fraction):
        sheet.write_number(row, place, float(value), formats.rate)
    elif isinstance(value, int):
        sheet.write_number(row, place, value, formats.whole)
    else:
        sheet.write_string(row, place, "–" if value is None else printable(value), formats.text)


def _chart(book: Workbook, rows: int) -> object:
    """The rates of the agency week by week, and the threshold as a line across them."""
    first, last = HEAD + 1, HEAD + rows
    titles = [words for words, _ in OWN]
    rate, limit = titles.index("Tỷ lệ"), titles.index("Chỉ tiêu")
    periods = ["Tổng hợp", first, 0, last, 0]
    columns = book.add_chart({"type": "column"})
    label = {"value": True, "num_format": "0.00%"}
    shown = {"name": "Tỷ lệ dự thi", "fill": {"color": "#9D1C20"}, "gap": 120, "data_labels": label}
    columns.add_series({**shown, "categories": periods, "values": ["Tổng hợp", first, rate, last, rate]})
    line = book.add_chart({"type": "line"})
    drawn = {"name": "Chỉ tiêu", "line": {"color": "#C08A18", "width": 2.25}, "marker": {"type": "diamond"}}
    line.add_series({**drawn, "categories": periods, "values": ["Tổng hợp", first, limit, last, limit]})
    columns.combine(line)
    columns.set_title({"name": "Tỷ lệ dự thi so với chỉ tiêu", "name_font": {"size": 13}})
    columns.set_y_axis({"min": 0, "max": 1, "num_format": "0%", "major_gridlines": {"visible": True}})
    columns.set_legend({"position": "bottom"})
    columns.set_size({"width": 760, "height": 340})
    return columns
