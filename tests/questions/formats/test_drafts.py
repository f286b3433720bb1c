"""What a question of any format must be to enter the bank."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest

from quiz.questions.bank import Level
from quiz.questions.formats.drafts import Choice, Detail, Draft, name_unless_text, to_question
from quiz.questions.formats.imported import ImportedQuestion, Unusable, say
from tests.questions.formats.samples import keys

WHERE = say("line", line=1)


def choices(*shares: str) -> list[Choice]:
    return [Choice(f"phương án {place}", Fraction(share)) for place, share in enumerate(shares, start=1)]


def take(
    given: Sequence[Choice] | None = None,
    text: str = "Hỏi?",
    explanation: str = "",
    tags: Sequence[str] = (),
    details: dict[Detail, str] | None = None,
) -> ImportedQuestion:
    draft = Draft(
        text=text,
        choices=choices("100", "0", "0", "0") if given is None else given,
        explanation=explanation,
        tags=tags,
        details=details or {},
    )
    return to_question(draft, WHERE)


def why(**parts: object) -> str:
    with pytest.raises(Unusable) as no:
        take(**parts)  # type: ignore[arg-type]
    return str(no.value.why)


@pytest.mark.parametrize(
    ("shares", "key"),
    [
        (("100", "0", "0", "0"), "A"),
        (("0", "-50", "50", "50"), "CD"),
        (("33.33333", "33.33333", "33.33333", "-100"), "ABC"),
        (("75", "25", "0", "0"), "AB"),
    ],
)
def test_options_that_earn_all_the_points_are_the_key(shares: tuple[str, ...], key: str) -> None:
    assert keys(take(choices(*shares))) == set(key)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        (("0", "0", "-100", "0"), "không có đáp án đúng"),
        (("50", "0", "0", "0"), "điểm của các phương án đúng cộng lại là 50%, phải là 100%"),
        (("100", "50", "0", "0"), "điểm của các phương án đúng cộng lại là 150%, phải là 100%"),
        (("25", "25", "25", "25"), "cả bốn phương án đều là đáp án đúng"),
        (("100", "0"), "có 2 phương án; bộ câu hỏi chỉ nhận câu có đúng bốn phương án"),
        ((), "có 0 phương án; bộ câu hỏi chỉ nhận câu có đúng bốn phương án"),
    ],
)
def test_other_points_and_numbers_are_refused(shares: tuple[str, ...], words: str) -> None:
    assert why(given=choices(*shares)) == words


def test_texts_that_cannot_be_asked_are_refused() -> None:
    right = Choice("a", Fraction(100))
    assert why(text="") == "không có nội dung câu hỏi"
    assert why(given=[right, Choice("b"), Choice(""), Choice("d")]) == "phương án C để trống"
    assert why(given=[right, Choice("b"), Choice("c"), Choice("b")]) == "phương án B và D giống nhau"
    assert why(explanation="x" * 4_001) == "có đoạn dài 4001 ký tự, tối đa 4000"
    assert "chữ bị vỡ" in why(text="CÃ¢u há»i")
    assert "ký tự ẩn" in why(text="a\x07b")


def test_what_is_said_of_an_option_stays_with_its_words() -> None:
    given = [Choice("a", Fraction(100), "Đúng."), Choice("b"), Choice("c", Fraction(0), "Sai."), Choice("d")]
    assert take(given, explanation="Vì vậy.").explanation == "Vì vậy.\n“a”: Đúng.\n“c”: Sai."


def test_tags_carry_what_formats_have_no_place_for() -> None:
    tags = [
        "chủ đề:mot-cua",
        "Mức độ:3",
        "từ ngày:2018-06-21",
        "đến ngày:2020-01-31",
        "dữ kiện:F1",
        "dữ kiện:F2",
        "ôn",
        "",
    ]
    question = take(tags=tags)
    assert (question.topic, question.level) == ("mot-cua", Level.APPLY)
    assert (question.valid_from, question.valid_until) == (date(2018, 6, 21), date(2020, 1, 31))
    assert question.facts == ("F1", "F2")
    assert [str(each) for each in question.left_out] == ["không nhận thẻ: ôn"]


def test_the_last_lines_of_an_explanation_name_the_law() -> None:
    question = take(explanation="Vì vậy.\nCăn cứ: Nghị định 61\nĐiều khoản: Điều 5")
    assert (question.explanation, question.document, question.article) == ("Vì vậy.", "Nghị định 61", "Điều 5")
    given = take(explanation="Căn cứ: x", details={Detail.DOCUMENT: "Luật"})
    assert (given.explanation, given.document) == ("Căn cứ: x", "Luật")


@pytest.mark.parametrize(
    ("words", "level"),
    [("Nhận biết", Level.RECALL), ("2", Level.UNDERSTAND), ("Vận dụng cao", Level.APPLY), ("Dễ", Level.RECALL)],
)
def test_levels_are_read_in_words(words: str, level: Level) -> None:
    assert take(details={Detail.LEVEL: words}).level == level


def test_a_level_that_is_not_understood_is_said() -> None:
    question = take(details={Detail.LEVEL: "sáng tạo"})
    assert (question.level, [str(each) for each in question.left_out]) == (None, ["không hiểu mức độ “sáng tạo”"])


def test_days_are_read_as_people_write_them() -> None:
    assert take(details={Detail.VALID_FROM: "21/6/2018"}).valid_from == date(2018, 6, 21)
    assert why(details={Detail.VALID_FROM: "31/02/2018"}) == "“31/02/2018” không phải ngày; hãy ghi ngày/tháng/năm"
    assert why(details={Detail.VALID_UNTIL: "mai"}) == "“mai” không phải ngày; hãy ghi ngày/tháng/năm"


def test_a_name_made_of_the_first_words_is_no_name() -> None:
    assert name_unless_text("Thời hạn...", "Thời hạn là bao nhiêu?") == ""
    assert name_unless_text("Câu 1", "Thời hạn là bao nhiêu?") == "Câu 1"
