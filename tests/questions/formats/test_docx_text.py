"""What a Word document shows: numbers of its lists, emphasis of its letters, nothing that was deleted."""

from __future__ import annotations

import pytest

from quiz.questions.formats.docx_text import Line, Mark, Table, read_docx_text
from tests.questions.formats.word import LISTS, by_hand, lines, numbered, paragraph

BOLD_STYLE = """
<w:style w:styleId="Base"><w:rPr><w:b/></w:rPr><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="Child"><w:basedOn w:val="Base"/></w:style>
<w:style w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>
"""


def texts(body: str, styles: str = "") -> list[str]:
    return [block.text for block in read_docx_text(by_hand(body, LISTS, styles)) if isinstance(block, Line)]


def test_numbers_and_letters_of_lists_are_written_out() -> None:
    body = "".join(
        [numbered("Một"), numbered("a", depth=1), numbered("b", depth=1), numbered("Hai"), numbered("c", depth=1)]
    )
    assert texts(body) == ["Câu 1: Một", "A. a", "B. b", "Câu 2: Hai", "A. c"]


def test_lists_go_on_unless_they_are_begun_again() -> None:
    body = "".join([numbered("a", 2), numbered("b", 2), numbered("c", 3), numbered("d", 3), numbered("e", 4)])
    assert texts(body) == ["A) a", "B) b", "A) c", "B) d", "- e"]


def test_a_style_may_number_and_embolden() -> None:
    packed = by_hand(paragraph("x", '<w:pStyle w:val="Child"/>'), LISTS, BOLD_STYLE)
    (line,) = read_docx_text(packed)
    assert isinstance(line, Line)
    assert (line.text, line.common(3, 4)) == ("A) x", Mark.BOLD)
    assert texts(paragraph("x", '<w:pStyle w:val="Loop"/>'), BOLD_STYLE) == ["x"]


@pytest.mark.parametrize(
    ("properties", "mark"),
    [
        ("<w:b/>", Mark.BOLD),
        ('<w:b w:val="0"/>', Mark.NONE),
        ('<w:u w:val="single"/>', Mark.UNDERLINED),
        ('<w:u w:val="none"/>', Mark.NONE),
        ('<w:color w:val="FF0000"/>', Mark.COLOURED),
        ('<w:color w:val="auto"/>', Mark.NONE),
        ('<w:color w:val="000000"/>', Mark.NONE),
        ('<w:highlight w:val="yellow"/>', Mark.HIGHLIGHTED),
        ('<w:shd w:val="clear" w:fill="FFFF00"/>', Mark.HIGHLIGHTED),
        ('<w:shd w:val="clear" w:fill="auto"/>', Mark.NONE),
        ("<w:i/>", Mark.NONE),
    ],
)
def test_letters_stand_out_by_their_properties(properties: str, mark: Mark) -> None:
    (line,) = read_docx_text(by_hand(paragraph("chữ", run=properties)))
    assert isinstance(line, Line)
    assert line.common(0, 3) == mark


def test_deleted_text_is_gone_and_inserted_text_stays() -> None:
    body = "<w:p><w:ins><w:r><w:t>mới</w:t></w:r></w:ins><w:del><w:r><w:t>cũ</w:t></w:r></w:del></w:p>"
    assert texts(body) == ["mới"]


def test_breaks_tabs_and_small_figures() -> None:
    body = (
        "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>m</w:t></w:r>"
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r></w:p><w:p/>'
    )
    assert texts(body) == ["a", "b\tm²"]


def test_pictures_and_formulas_are_known() -> None:
    body = "<w:p><w:r><w:drawing/></w:r></w:p><w:p><m:oMath xmlns:m='m'/><w:r><w:t>x</w:t></w:r></w:p>"
    assert [block.problem for block in read_docx_text(by_hand(body)) if isinstance(block, Line)] == ["media", "formula"]


def test_tables_are_kept_with_the_lines_of_their_cells() -> None:
    cell = f"<w:tc>{paragraph('x')}{paragraph('y')}</w:tc>"
    (block,) = read_docx_text(by_hand(f"<w:tbl><w:tr>{cell}{cell}</w:tr></w:tbl>"))
    assert isinstance(block, Table)
    assert [[line.text for line in cell] for cell in block.rows[0]] == [["x", "y"], ["x", "y"]]


def test_documents_of_word_are_read() -> None:
    first, second = read_docx_text(lines("Một **hai** ba", "bốn"))
    assert isinstance(first, Line)
    assert isinstance(second, Line)
    assert (first.text, first.common(4, 7), first.common(0, 7)) == ("Một hai ba", Mark.BOLD, Mark.NONE)
    assert second.paragraph == 2
