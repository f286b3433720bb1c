"""Numbered questions with lettered options as people type them in Word."""

from __future__ import annotations

import pytest

from quiz.questions.bank import Level
from quiz.questions.formats.docx import read_docx
from quiz.questions.formats.docx_list import standing_out
from quiz.questions.formats.docx_text import Mark
from quiz.questions.formats.imported import Unusable
from quiz.questions.formats.lettered import Lettered
from tests.questions.formats.samples import refused, said
from tests.questions.formats.word import LISTS, by_hand, lines, numbered, paragraph

OPTIONS = ["A. một", "B. hai", "C. ba", "D. bốn"]
RIGHT_B = ["Hỏi? | một | *hai | ba | bốn"]


@pytest.mark.parametrize(
    "texts",
    [
        ["Câu 1: Hỏi?", *OPTIONS, "Đáp án: B"],
        ["**Câu 1.** Hỏi?", "A. một", "**B. hai**", "C. ba", "D. bốn"],
        ["Câu 1 Hỏi?", "A. một", "__B__. hai", "C. ba", "D. bốn"],
        ["1. Hỏi?", "a) một", "==b) hai==", "c) ba", "d) bốn"],
        ["1/ Hỏi?", "A. một\tB. ##hai##\tC. ba\tD. bốn"],
        ["Câu 1: Hỏi?", "A. một", "*B. hai", "C. ba", "D. bốn"],
        ["Câu 1: Hỏi? A. một B. hai C. ba D. bốn", "ĐA: B"],
        ["Question 1: Hỏi?\nA. một\nB. hai\nC. ba\nD. bốn\nAnswer: B"],
        ["Câu 1: Hỏi?", *OPTIONS, "BẢNG ĐÁP ÁN", "1-B"],
        ["Câu 1: Hỏi?", *OPTIONS, "ĐÁP ÁN", "1. B"],
        ["Hỏi?", *OPTIONS, "Đáp án đúng là: B"],
        ["Câu hỏi 1) Hỏi?", "**A.** một", "**B.** **hai**", "**C.** ba", "**D.** bốn"],
        ["Câu 1: Hỏi?", *OPTIONS, "Đáp án: hai"],
    ],
)
def test_questions_and_keys_are_found_however_they_are_typed(texts: list[str]) -> None:
    imported = read_docx(lines(*texts))
    assert (said(imported), refused(imported)) == (RIGHT_B, [])


def test_questions_say_more_than_their_options() -> None:
    texts = ["Câu 7: Hỏi", "gì?", *OPTIONS, "Đáp án: A, C", "Mức độ: Vận dụng", "Chủ đề: Một cửa", "Căn cứ: Luật"]
    (question,) = read_docx(lines(*texts, "Điều khoản: Điều 5", "Giải thích: Vì vậy,", "và vì thế.")).questions
    assert (question.text, question.topic_name, question.level) == ("Hỏi\ngì?", "Một cửa", Level.APPLY)
    assert (question.document, question.article, question.explanation) == ("Luật", "Điều 5", "Vì vậy,\nvà vì thế.")
    assert str(question.where) == "câu 7 (đoạn 1)"
    assert [option.is_right for option in question.options] == [True, False, True, False]


def test_numbers_and_letters_of_words_own_lists_count() -> None:
    body = "".join(
        [
            numbered("Hỏi?"),
            numbered("một", depth=1),
            paragraph("hai", '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>', "<w:b/>"),
            numbered("ba", depth=1),
            numbered("bốn", depth=1),
            numbered("Hỏi nữa?"),
            *(numbered(each, depth=1) for each in ("một", "hai", "ba", "bốn")),
            paragraph("Đáp án: D"),
        ]
    )
    assert said(read_docx(by_hand(body, LISTS))) == [*RIGHT_B, "Hỏi nữa? | một | hai | ba | *bốn"]


def test_questions_without_numbers_follow_each_other() -> None:
    texts = ["Hỏi?", "A. một", "**B. hai**", "C. ba", "D. bốn", "Hỏi nữa?", "A. x", "B. y", "C. z", "*D. t"]
    assert said(read_docx(lines(*texts))) == [*RIGHT_B, "Hỏi nữa? | x | y | z | *t"]


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["Câu 1: Hỏi?", *OPTIONS], "no_key"),
        (["Câu 1: Hỏi?", *OPTIONS[:3], "Đáp án: A"], "options"),
        (["Câu 1: Hỏi?", *OPTIONS, "Đáp án: E"], "key_unknown"),
        (["Câu 1: Hỏi?", "A. một", "C. ba", "B. hai", "D. bốn"], "option_order"),
        (["Câu 1: Hỏi?", *OPTIONS, "Đáp án: A", "ĐÁP ÁN", "1-B"], "keys_differ"),
        (["Câu 1: Hỏi?", "A. một", "**B. hai**", "__C. ba__", "D. bốn"], "marks_differ"),
        (["Câu 1: Viết một đoạn văn."], "options"),
    ],
)
def test_questions_that_cannot_be_taken_are_named(texts: list[str], code: str) -> None:
    imported = read_docx(lines(*texts))
    assert said(imported) == []
    assert [(str(no.where), no.why.code) for no in imported.refused] == [("câu 1 (đoạn 1)", code)]


def test_what_belongs_to_no_question_is_named() -> None:
    texts = ["ĐỀ THI", "Câu 1: Hỏi?", "A. một", "**B. hai**", "C. ba", "D. bốn", "Phần II", "ĐÁP ÁN", "1-B 9-A"]
    imported = read_docx(lines(*texts))
    assert said(imported) == RIGHT_B
    assert refused(imported) == [
        "đoạn 1: “ĐỀ THI” không thuộc câu hỏi nào",
        "đoạn 7: “Phần II” không thuộc câu hỏi nào",
        "cả tệp: bảng đáp án có số của những câu không tìm thấy: 9",
    ]


def test_a_picture_spoils_its_question_only() -> None:
    picture = "<w:p><w:r><w:drawing/></w:r></w:p>"
    body = picture + "".join(map(paragraph, ["Câu 1: x", "A. a"])) + picture
    body += "".join(map(paragraph, ["Câu 2: Hỏi?", *OPTIONS, "Đáp án: B"]))
    imported = read_docx(by_hand(body))
    assert said(imported) == RIGHT_B
    assert [(str(no.where), no.why.code) for no in imported.refused] == [
        ("đoạn 1", "media"),
        ("câu 1 (đoạn 2)", "media"),
    ]


def test_an_option_may_go_on_on_the_next_line_of_its_paragraph() -> None:
    texts = ["Câu 1: Hỏi?", "A. một\nvà một nữa", "B. hai", "C. ba", "D. bốn", "Đáp án: A"]
    assert said(read_docx(lines(*texts))) == ["Hỏi? | *một và một nữa | hai | ba | bốn"]


def test_marks_that_all_options_have_mean_nothing() -> None:
    options = [
        (Lettered(letter, letter), Mark.BOLD, Mark.BOLD | (Mark.COLOURED if letter == "B" else Mark.NONE))
        for letter in "ABCD"
    ]
    assert [option.is_marked for option in standing_out(options)] == [False, True, False, False]
    assert not any(option.is_marked for option in standing_out([]))
    with pytest.raises(Unusable):
        standing_out([(Lettered("A", ""), Mark.BOLD, Mark.NONE), (Lettered("B", ""), Mark.NONE, Mark.BOLD)])


def test_one_document_may_letter_its_options_in_two_ways() -> None:
    upper = ["Câu 1. Hỏi?", "A. một", "*B. hai", "C. ba", "D. bốn"]
    lower = ["Câu 2. Xét a) và b), hỏi?", "a) một", "b) hai", "*c) ba", "d) bốn"]
    assert said(read_docx(lines(*upper, *lower))) == [
        "Hỏi? | một | *hai | ba | bốn",
        "Xét a) và b), hỏi? | một | hai | *ba | bốn",
    ]
