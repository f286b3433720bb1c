"""The participation report as a workbook, read back by another library than the one that wrote it."""

from __future__ import annotations

import io
import re
import zipfile

from python_calamine import CalamineWorkbook

from quiz.exports.agency_report_xlsx import workbook
from quiz.exports.sheets import HEAD
from tests.exports.reports import FORMULA, LONG, line, report


def rows(content: bytes, sheet: str) -> list[list[object]]:
    """The table of a sheet, with its titles."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)[HEAD:]


def parts(content: bytes) -> dict[str, str]:
    """The XML files that the workbook consists of."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def test_own_figures_are_numbers_week_by_week_and_over_the_contest() -> None:
    head, *found = rows(workbook(report()), "Tổng hợp")
    assert head == "Kỳ|Tổng số|Miễn|Phải tính|Đã dự thi|Tỷ lệ|Chỉ tiêu|Kết quả|Còn thiếu".split("|")
    assert found == [
        ["Tuần 1", 103, 3, 100, 40, 0.4, 0.7, "Chưa đạt", 30],
        ["Tuần 2", 103, 3, 100, 70, 0.7, 0.7, "Đạt", 0],
        ["Cả hội thi", 103, 3, 100, 69, 0.69, 0.7, "Chưa đạt", 1],
    ]
    assert all(type(cell) is float for row in found for cell in (*row[1:7], row[8]))


def test_every_agency_below_has_its_lines() -> None:
    _, *found = rows(workbook(report()), "Các đơn vị")
    assert [row[:4] for row in found[3:6]] == [
        ["Tuần 2", "H1", "Sở Nội vụ", ""],
        ["Tuần 2", "H2", LONG, "Sở Nội vụ"],
        ["Tuần 2", "H3", FORMULA, "Sở Nội vụ"],
    ]
    assert [row[8:] for row in found[3:6]] == [
        [0.7, 0.7, "Đạt", 0],
        [0.6999, 0.7, "Chưa đạt", 1],
        ["–", 0.7, "Đạt", 0],
    ]


def test_those_who_have_not_taken_part_are_listed() -> None:
    head, *found = rows(workbook(report()), "Chưa dự thi")
    assert head[-1] == "Nhóm bắt buộc"
    assert found == [
        [1, "Lê Văn Tám", "Chuyên viên", "Sở Nội vụ", "Đã kích hoạt", ""],
        [2, FORMULA, "{{ 7*7 }}", "A & <B>", "Chưa kích hoạt", "+1"],
    ]
    head, *found = rows(workbook(report(absentees=report().absentees[:1])), "Chưa dự thi")
    assert (head[-1], len(found)) == ("Tài khoản", 1)
    assert len(rows(workbook(report(absentees=())), "Chưa dự thi")) == 1


def test_no_text_becomes_a_formula_or_a_link() -> None:
    hostile = [f"{start}1+1" for start in ("=", "+", "-", "@", "\t=", "\r=", "{=", "http://evil.vn/", "mailto:a@b.vn ")]
    lines = tuple(line(words, words, words, 1) for words in hostile)
    made = parts(workbook(report(agency="=1+1", own=lines, lines=lines, absent_in="=1+1", plan="=1+1")))
    sheets = [text for name, text in made.items() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3
    assert [text for text in sheets if re.search(r"<f[ >]|<hyperlink", text)] == []


def test_titles_stay_in_sight_filter_and_are_printed_again() -> None:
    made = parts(workbook(report()))
    for number in (1, 2, 3):
        sheet = made[f"xl/worksheets/sheet{number}.xml"]
        assert f'<pane ySplit="{HEAD + 1}" topLeftCell="A{HEAD + 2}" activePane="bottomLeft" state="frozen"/>' in sheet
        assert f'<autoFilter ref="A{HEAD + 1}:' in sheet
    assert made["xl/workbook.xml"].count("_xlnm.Print_Titles") == 3


def test_the_chart_draws_the_rates_and_the_threshold() -> None:
    chart = parts(workbook(report()))["xl/charts/chart1.xml"]
    ranges = re.findall(r"<c:val>.*?<c:f>(.*?)</c:f>", chart)
    assert ranges == ["'Tổng hợp'!$F$5:$F$7", "'Tổng hợp'!$G$5:$G$7"]


def test_long_names_have_the_room_that_they_need() -> None:
    sheet = parts(workbook(report()))["xl/worksheets/sheet2.xml"]
    heights = {int(row): float(height) for row, height in re.findall(r'<row r="(\d+)"[^>]* ht="([\d.]+)"', sheet)}
    assert round(heights[HEAD + 3] / heights[HEAD + 2]) == 2
