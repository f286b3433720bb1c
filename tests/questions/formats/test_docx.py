"""Whole documents: tables of questions, tables that only arrange, tables of keys."""

from __future__ import annotations

from typing import Any

from quiz.questions.formats.docx import read_docx
from quiz.questions.formats.packed import Packed
from tests.questions.formats.samples import refusal, refused, said
from tests.questions.formats.word import add, by_hand, document, lines, paragraph, table

TITLES = ["STT", "Câu hỏi", "A", "B", "C", "D", "Đáp án"]
RIGHT_B = ["Hỏi? | một | *hai | ba | bốn"]


def test_a_table_of_questions_is_read() -> None:
    imported = read_docx(
        table(TITLES, ["1", "Hỏi?", "một", "hai", "ba", "bốn", "B"], ["2", "Hỏi", "x", "y", "", "", "A"])
    )
    assert said(imported) == RIGHT_B
    assert refused(imported) == ["bảng thứ 1, hàng 3: có 2 phương án; bộ câu hỏi chỉ nhận câu có đúng bốn phương án"]


def test_the_right_option_of_a_table_may_stand_out() -> None:
    titles = [f"**{title}**" for title in TITLES[:6]]
    assert said(read_docx(table(titles, ["1", "Hỏi?", "một", "**hai**", "ba", "bốn"]))) == RIGHT_B
    assert said(read_docx(table(TITLES, ["1", "Hỏi?", "một", "##hai##", "ba", "bốn", ""]))) == RIGHT_B
    assert said(read_docx(table(TITLES, ["1", "Hỏi?", "**một**", "hai", "ba", "bốn", "B"]))) == RIGHT_B
    torn = read_docx(table(titles, ["1", "Hỏi?", "**một**", "__hai__", "ba", "bốn"]))
    assert [no.why.code for no in torn.refused] == ["marks_differ"]


def test_a_picture_in_a_table_spoils_its_row() -> None:
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in TITLES[1:])
    row = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ["Hỏi?", "một", "hai", "ba", "bốn"])
    picture = "<w:tc><w:p><w:r><w:drawing/></w:r></w:p></w:tc>"
    body = f"<w:tbl><w:tr>{cells}</w:tr><w:tr>{row}{picture}</w:tr></w:tbl>"
    assert [no.why.code for no in read_docx(by_hand(body)).refused] == ["media"]


def test_a_table_may_only_arrange_options_and_another_give_the_keys() -> None:
    def fill(made: Any) -> None:
        made.add_paragraph("Câu 1: Hỏi?")
        grid = made.add_table(rows=2, cols=2)
        for cell, text in zip(
            (c for row in grid.rows for c in row.cells), ["A. một", "B. hai", "C. ba", "D. bốn"], strict=True
        ):
            add(cell.paragraphs[0], text)
        made.add_paragraph("BẢNG ĐÁP ÁN")
        keys = made.add_table(rows=2, cols=2)
        for cell, text in zip((c for row in keys.rows for c in row.cells), ["Câu", "1", "Đáp án", "B"], strict=True):
            cell.text = text

    imported = read_docx(Packed(document(fill)))
    assert (said(imported), refused(imported)) == (RIGHT_B, [])


def test_a_document_without_questions_is_refused() -> None:
    assert refusal(lambda: read_docx(lines())) == "no_questions"


def test_question_and_options_may_share_a_cell_in_which_the_right_one_is_bold() -> None:
    cells = ["".join(map(paragraph, ("Hỏi?", "A. một"))), paragraph("B. hai", run="<w:b/>"),
             "".join(map(paragraph, ("C. ba", "D. bốn")))]  # fmt: skip
    titles = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("Câu hỏi", "Đáp án"))
    body = f"<w:tr>{titles}</w:tr><w:tr><w:tc>{''.join(cells)}</w:tc><w:tc>{paragraph('')}</w:tc></w:tr>"
    assert said(read_docx(by_hand(f"<w:tbl>{body}</w:tbl>"))) == RIGHT_B


def test_a_table_may_have_a_row_for_each_part_of_a_question() -> None:
    rows = [["Câu 1", "Hỏi?"], ["A", "một"], ["B", "hai"], ["C", "ba"], ["D", "bốn"], ["Đáp án", "B"]]
    imported = read_docx(table(*rows))
    assert (said(imported), refused(imported)) == (RIGHT_B, [])


def test_cells_merged_downwards_go_on() -> None:
    def row(*texts: str | None) -> str:
        """None goes on with the cell above."""
        goes_on, begins = "<w:tcPr><w:vMerge/></w:tcPr>", '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>'
        cells = (f"<w:tc>{goes_on if text is None else begins}{paragraph(text or '')}</w:tc>" for text in texts)
        return f"<w:tr>{''.join(cells)}</w:tr>"

    rows = [
        row("Chủ đề", "Câu hỏi", "Phương án", "Đáp án"),
        row("Một cửa", "Hỏi?", "A. một", "B"),
        *(row(None, None, option, None) for option in ("B. hai", "C. ba", "D. bốn")),
        row(None, "Nữa?", "A. a", "D"),
        *(row(None, None, option, None) for option in ("B. b", "C. c", "D. d")),
    ]
    imported = read_docx(by_hand(f"<w:tbl>{''.join(rows)}</w:tbl>"))
    assert (said(imported), refused(imported)) == ([*RIGHT_B, "Nữa? | a | b | c | *d"], [])
    assert [question.topic_name for question in imported.questions] == ["Một cửa", "Một cửa"]
