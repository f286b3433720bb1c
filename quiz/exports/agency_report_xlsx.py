"""The participation report as a workbook: real numbers, and no text that a program could take for a formula."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from quiz.exports.agency_report import AgencyReport, Line
from quiz.exports.sheets import HEAD, NO_GUESSES, Formats, Value, add_sheet, formats_of

if TYPE_CHECKING:
    from xlsxwriter import Workbook

FIGURES = (("Tổng số", 10), ("Miễn", 8), ("Phải tính", 10), ("Đã dự thi", 10), ("Tỷ lệ", 10), ("Chỉ tiêu", 10))
VERDICT = (("Kết quả", 12), ("Còn thiếu", 11))
OWN = (("Kỳ", 16), *FIGURES, *VERDICT)
ALL = (("Kỳ", 14), ("Mã", 14), ("Cơ quan, đơn vị", 52), ("Trực thuộc", 40), *FIGURES, *VERDICT)
ABSENTEES = (("STT", 6), ("Họ và tên", 32), ("Chức vụ", 26), ("Cơ quan, đơn vị", 52), ("Tài khoản", 18))
GROUPS = (("Nhóm bắt buộc", 34),)


def workbook(report: AgencyReport) -> bytes:
    """The report as .xlsx."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, NO_GUESSES) as book:
        book.set_properties(
            {"title": report.title, "created": report.made_at.astimezone(report.zone).replace(tzinfo=None)}
        )
        formats = formats_of(book)
        own = [(line.period, *_figures(line)) for line in report.own]
        sheet = add_sheet(book, formats, "Tổng hợp", report.title, report.as_of, OWN, own)
        sheet.insert_chart(HEAD + len(own) + 2, 0, _chart(book, len(own)))
        every = [(line.period, line.code, line.agency, line.above, *_figures(line)) for line in report.lines]
        add_sheet(book, formats, "Các đơn vị", f"{report.title}, từng đơn vị", report.as_of, ALL, every)
        _absentees(book, formats, report)
    return out.getvalue()


def _figures(line: Line) -> tuple[Value, ...]:
    turnout = line.turnout
    counts = (turnout.headcount, turnout.exempt, turnout.base, turnout.people)
    return (*counts, line.cut_rate, line.threshold, "Đạt" if line.reaches else "Chưa đạt", line.missing)


def _absentees(book: Workbook, formats: Formats, report: AgencyReport) -> None:
    """The column of groups only where the rules have any."""
    columns = ABSENTEES + (GROUPS if any(person.groups for person in report.absentees) else ())
    rows = [
        (place, person.name, person.position, person.agency, person.account, person.groups)[: len(columns)]
        for place, person in enumerate(report.absentees, 1)
    ]
    title = f"Người chưa dự thi {report.absent_in}"
    add_sheet(book, formats, "Chưa dự thi", title, report.as_of, columns, rows)


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
