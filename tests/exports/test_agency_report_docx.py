"""The participation report as a Word file: the form that the decree asks for, and names that stay names."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from jinja2.exceptions import SecurityError, UndefinedError

from quiz.exports.agency_report_docx import TEMPLATE, context, document
from tests.exports.reports import FORMULA, LONG, report


def opened(content: bytes):  # type: ignore[no-untyped-def]
    """The file as Word would open it."""
    return Document(io.BytesIO(content))


def text(content: bytes) -> str:
    """Everything that is written in it, tables included."""
    return "\n".join(node.text or "" for node in opened(content).element.body.iter() if node.tag.endswith("}t"))


def table(content: bytes, title: str) -> list[list[str]]:
    """The body of the table whose first title is this."""
    found = next(each for each in opened(content).tables if each.cell(0, 0).text == title)
    return [[cell.text for cell in row.cells] for row in found.rows[1:]]


def test_the_form_is_that_of_the_decree() -> None:
    made = opened(document(report()))
    page = made.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    top, bottom, left, right = (
        round(margin.mm) for margin in (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    )
    assert (20 <= top <= 25, 20 <= bottom <= 25, 30 <= left <= 35, 15 <= right <= 20) == (True,) * 4
    normal = made.styles["Normal"].font
    assert (normal.name, normal.size.pt) == ("Times New Roman", 14)
    assert page.different_first_page_header_footer
    issuer, nation = (cell.text for cell in made.tables[0].rows[0].cells)
    assert issuer.splitlines()[:2] == ["ỦY BAN NHÂN DÂN THÀNH PHỐ", "SỞ NỘI VỤ"]
    assert "Số:" in issuer
    assert nation.splitlines()[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert "tháng …… năm 2024" in nation
    words = text(document(report()))
    assert words.index("BÁO CÁO") < words.index("1. Kết quả chung") < words.index("Nơi nhận:")
    assert "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ" in words


def test_the_year_is_that_of_the_place_where_it_is_signed() -> None:
    made_at = datetime(2024, 12, 31, 17, 0, tzinfo=UTC)  # midnight in Hà Nội
    assert "tháng …… năm 2025" in text(document(report(made_at=made_at)))


def test_figures_stand_in_words_and_tables() -> None:
    made = document(report())
    assert "Sở Nội vụ có 69 người dự thi ít nhất một tuần trên 100 người phải tính, đạt tỷ lệ 69,00%" in text(made)
    assert table(made, "Kỳ") == [
        ["Tuần 1", "103", "3", "100", "40", "40,00%", "70%", "Còn thiếu 30 người"],
        ["Tuần 2", "103", "3", "100", "70", "70,00%", "70%", "Đạt"],
        ["Cả hội thi", "103", "3", "100", "69", "69,00%", "70%", "Còn thiếu 1 người"],
    ]
    found = next(each for each in opened(made).tables if each.cell(0, 1).text == "Đơn vị")
    assert [[cell.text for cell in row.cells] for row in found.rows[1:]] == [
        ["1", LONG, "30.000", "0", "30.000", "20.999", "69,99%", "Còn thiếu 1 người"],
        ["2", FORMULA, "0", "0", "0", "0", "–", "Đạt"],
    ]


def test_names_stay_text_whatever_they_hold() -> None:
    made = document(report())
    found = next(each for each in opened(made).tables if each.cell(0, 1).text == "Họ và tên")
    assert [[cell.text for cell in row.cells] for row in found.rows[1:]] == [
        ["1", "Lê Văn Tám", "Chuyên viên", "Sở Nội vụ", ""],
        ["2", FORMULA, "{{ 7*7 }}", "A & <B>", "+1"],
    ]


def test_parts_without_content_are_left_out() -> None:
    alone = report(lines=report().own, absentees=(), above="")
    words = text(document(alone))
    assert "đơn vị trực thuộc" not in words
    assert "DANH SÁCH NGƯỜI CHƯA DỰ THI" not in words
    assert "2. Người chưa dự thi" in " ".join(words.split("\n")).replace("2 .", "2.")
    assert "Mọi người phải tính đều đã dự thi Tuần 2." in words
    assert "{" not in words


@pytest.mark.parametrize(
    ("words", "raised"),
    [
        ("{{ co_quan.__class__.__mro__ }}", SecurityError),
        ("{{ ''.__class__ }}", SecurityError),
        ("{{ co_qaun }}", UndefinedError),
    ],
)
def test_a_template_edited_in_word_runs_no_code_and_misspells_no_name(
    tmp_path: Path, words: str, raised: type[Exception]
) -> None:
    edited = Document(str(TEMPLATE))
    edited.add_paragraph(words)
    edited.save(str(tmp_path / "edited.docx"))
    with pytest.raises(raised):
        document(report(), tmp_path / "edited.docx")


def test_everything_that_the_template_names_is_given() -> None:
    from docxtpl import DocxTemplate

    assert DocxTemplate(TEMPLATE).get_undeclared_template_variables() <= set(context(report()))
