"""Workbooks of other people: what a cell shows is what is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from quiz.questions.formats.packed import Packed
from quiz.questions.formats.xlsx import read_xlsx
from tests.questions.formats.samples import refusal, refused, said

TITLES = ["Câu hỏi", "A", "B", "C", "D", "Đáp án"]


def workbook(fill: Callable[[Any, Any], None]) -> Packed:
    """A workbook as Excel writes it, filled by `fill(book, sheet)`."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Đề 1")
        sheet.write_row(0, 0, TITLES)
        fill(book, sheet)
    return Packed(out.getvalue())


def with_cell(value: object, number_format: str = "General") -> Packed:
    """A workbook whose first option is this cell."""

    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(1, 0, ["Hỏi?", "", "hai", "ba", "bốn", "B"])
        sheet.write(1, 1, value, book.add_format({"num_format": number_format}))

    return workbook(fill)


def hand_made(sheet: str, **parts: str) -> Packed:
    """A workbook written by hand: cells without references, texts in place."""
    files = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="x" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Target="/xl/s.xml"/></Relationships>',
        "xl/s.xml": f"<worksheet><sheetData>{sheet}</sheetData></worksheet>",
        **parts,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        for name, text in files.items():
            container.writestr(name, text)
    return Packed(out.getvalue())


def row(*texts: str) -> str:
    return "<row>{}</row>".format("".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts))


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (5, "General", "5"),
        (3.5, "General", "3,5"),
        (0.1 + 0.2, "General", "0,3"),
        (0.7, "0%", "70%"),
        (0.6667, "0.00%", "66,67%"),
        (1234567, "#,##0", "1.234.567"),
        (20000000, "#,##0 [$₫-42A]", "20.000.000"),
        (date(2021, 7, 15), "dd/mm/yyyy", "15/07/2021"),
        (date(2021, 7, 15), "m/d/yyyy", "15/07/2021"),
        (date(2021, 7, 15), "[$-42A]dd mmmm yyyy;@", "15/07/2021"),
        (True, "General", "TRUE"),
        ("m_x0041_", "@", "m_x0041_"),
        ("dòng một\ndòng hai", "@", "dòng một\ndòng hai"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(value: object, number_format: str, text: str) -> None:
    assert said(read_xlsx(with_cell(value, number_format))) == [f"Hỏi? | {text} | *hai | ba | bốn"]


@pytest.mark.parametrize(
    ("value", "number_format", "code"),
    [
        (date(2026, 4, 3), "d-mmm", "cell_date"),
        (date(2026, 4, 3), "mmm-yy", "cell_date"),
        (datetime(2026, 4, 3, 7, 30), "dd/mm/yyyy hh:mm", "cell_date"),  # noqa: DTZ001
        (0.3125, "h:mm", "cell_date"),
        ("=1/0", "General", "options"),
    ],
)
def test_what_excel_made_of_a_cell_is_not_guessed_back(value: object, number_format: str, code: str) -> None:
    packed = with_cell(value, number_format)
    if code == "options":  # the value that Excel keeps with the formula
        packed = hand_made(row(*TITLES) + row("Hỏi?", "a").replace("</row>", '<c t="e"><v>#DIV/0!</v></c></row>'))
        code = "cell_error"
    assert [no.why.code for no in read_xlsx(packed).refused] == [code]


def test_sheets_without_a_header_are_named() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(1, 0, ["Hỏi?", "một", "hai", "ba", "bốn", "B"])
        book.add_worksheet("Trống")
        book.add_worksheet("Ghi chú").write_string(4, 1, "Soạn tháng 9")

    imported = read_xlsx(workbook(fill))
    assert len(imported.questions) == 1
    assert str(imported.questions[0].where) == "trang “Đề 1”, dòng 2"
    assert [str(no.where) for no in imported.refused] == ["trang “Ghi chú”, dòng 5"]
    assert imported.refused[0].why.code == "no_header"


def test_a_workbook_without_a_table_is_refused() -> None:
    assert refusal(lambda: read_xlsx(hand_made(row("Họ tên", "Mã")))) == "no_table"
    assert refusal(lambda: read_xlsx(hand_made(""))) == "no_table"


def test_files_of_other_programs_are_read() -> None:
    packed = hand_made(row(*TITLES) + row("Hỏi?", "a &lt; b", "c_x000D_", "d", "e", "A"))
    assert said(read_xlsx(packed)) == ["Hỏi? | *a < b | c | d | e"]


def test_raised_letters_are_kept() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(1, 0, ["Hỏi?", "", "hai", "ba", "bốn", "B"])
        sheet.write_rich_string(1, 1, "10 m", book.add_format({"font_script": 1}), "2", " đất")

    assert said(read_xlsx(workbook(fill))) == ["Hỏi? | 10 m² đất | *hai | ba | bốn"]


def test_cells_far_out_cost_nothing() -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c><c r="A1048576" t="s"><v>99</v></c></row>'
    imported = read_xlsx(hand_made(row(*TITLES) + row("Hỏi?", "1", "2", "3", "4", "A") + far))
    assert len(imported.questions) == 1
    assert [(no.where.facts["line"], no.why.code) for no in imported.refused] == [(1048576, "far_cells")]


def test_too_many_sheets_are_refused() -> None:
    sheets = "<workbook><sheets>{}</sheets></workbook>".format('<sheet name="x"/>' * 51)
    assert refusal(lambda: read_xlsx(hand_made("", **{"xl/workbook.xml": sheets}))) == "xml_complex"


def test_a_broken_part_is_named() -> None:
    with pytest.raises(Exception, match=r"hỏng ở dòng 1 \(xl/s.xml\)"):
        read_xlsx(hand_made("<row>"))


def test_refusals_name_sheet_and_row() -> None:
    imported = read_xlsx(hand_made(row(*TITLES) + row("Hỏi?", "1", "2", "3", "4", "E")))
    assert refused(imported) == ["trang “x”, dòng 2: đáp án “E” không phải phương án nào của câu"]


def test_cells_merged_downwards_go_on() -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Chủ đề", "Câu hỏi", "Phương án", "Đáp án"])
        for column in (4, 5):
            sheet.write_string(0, column, " ")
        sheet.merge_range("A2:A9", "Một cửa")
        for first, text, key in ((2, "Hỏi?", "B"), (6, "Nữa?", "D")):
            sheet.merge_range(f"B{first}:B{first + 3}", text)
            sheet.merge_range(f"D{first}:D{first + 3}", key)
            for place, option in enumerate(("A. một", "B. hai", "C. ba", "D. bốn")):
                sheet.write(first - 1 + place, 2, option)

    imported = read_xlsx(workbook(fill))
    assert said(imported) == ["Hỏi? | một | *hai | ba | bốn", "Nữa? | một | hai | ba | *bốn"]
    assert [(each.topic_name, str(each.where)) for each in imported.questions] == [
        ("Một cửa", "trang “Đề 1”, dòng 2"),
        ("Một cửa", "trang “Đề 1”, dòng 6"),
    ]


def test_merged_cells_without_end_are_refused() -> None:
    merged = '<mergeCell ref="A1:XFD1048576"/>' * 200_000
    sheet = row(*TITLES) + row("Hỏi?", "một", "hai", "ba", "bốn", "B") * 9
    files = {"xl/s.xml": f"<worksheet><sheetData>{sheet}</sheetData><mergeCells>{merged}</mergeCells></worksheet>"}
    assert refusal(lambda: read_xlsx(hand_made("", **files))) == "xml_complex"


def test_halves_of_letters_are_joined_and_a_half_alone_spoils_its_row() -> None:
    answers = ("một", "hai", "ba", "bốn", "B")
    sheet = row(*TITLES) + row("Hỏi _xD83D__xDE00_?", *answers) + row("Hỏi _xD83D_?", *answers)
    imported = read_xlsx(hand_made(sheet))
    assert said(imported) == ["Hỏi 😀? | một | *hai | ba | bốn"]
    assert [no.why.code for no in imported.refused] == ["spoilt"]
