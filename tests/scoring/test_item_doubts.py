"""What is said about which question, and what is not said too early."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from quiz.scoring.distractors import Choices, OptionChoices, OptionTable
from quiz.scoring.item_doubts import FEWEST, Doubt, remarks_on_question, remarks_on_weight
from quiz.scoring.item_figures import ItemFigures, Weights

GOOD = ItemFigures(
    dealt=FEWEST,
    facility=0.6,
    sd=0.5,
    discrimination=0.4,
    efficiency=0.5,
    discrimination_with_itself=0.5,
    efficiency_with_itself=0.6,
)


def table(*upper: int, idle: str = "", keys: str = "A") -> OptionTable:
    """Options chosen so often by the upper third, and once more by somebody else unless idle."""
    return OptionTable(
        dealt=Choices(all=1234, upper=sum(upper)),
        blank=Choices(),
        options=tuple(
            OptionChoices(
                letter=letter,
                is_key=letter in keys,
                chosen=Choices() if letter in idle else Choices(all=times + 1, upper=times),
            )
            for letter, times in zip("ABCD", upper, strict=True)
        ),
    )


FINE = table(9, 1, 1, 0)


def doubts(figures: ItemFigures, options: OptionTable = FINE) -> list[Doubt]:
    return [remark.doubt for remark in remarks_on_question(figures, options)]


@pytest.mark.parametrize(
    ("facility", "said"),
    [(0.0499, [Doubt.TOO_HARD]), (0.05, []), (0.95, []), (0.9501, [Doubt.TOO_EASY]), (None, [])],
)
def test_too_hard_and_too_easy(facility: float | None, said: list[Doubt]) -> None:
    assert doubts(replace(GOOD, facility=facility)) == said


@pytest.mark.parametrize(
    ("discrimination", "efficiency", "said"),
    [
        (-0.001, -0.01, [Doubt.NEGATIVE]),
        (0.0, 0.0, [Doubt.WEAK]),
        (0.1, 0.1499, [Doubt.WEAK]),
        (0.1, 0.15, []),
        (None, None, []),
    ],
)
def test_negative_and_weak_discrimination(
    discrimination: float | None, efficiency: float | None, said: list[Doubt]
) -> None:
    assert doubts(replace(GOOD, discrimination=discrimination, efficiency=efficiency)) == said


def test_distractor_that_the_strong_prefer_to_the_key() -> None:
    (remark,) = remarks_on_question(GOOD, table(4, 5, 4, 0))
    assert remark.sentence == (
        "Ở nhóm một phần ba lượt thi có điểm cao nhất, phương án sai B được chọn 5 lần, nhiều hơn đáp án A (4 lần). "
        "Cần kiểm tra lại đáp án."
    )


def test_with_several_keys_the_one_chosen_least_is_compared() -> None:
    (remark,) = remarks_on_question(GOOD, table(9, 2, 3, 2, keys="AB"))
    assert "phương án sai C được chọn 3 lần, nhiều hơn đáp án B (2 lần)" in remark.sentence


def test_options_that_nobody_chooses() -> None:
    (remark,) = remarks_on_question(GOOD, table(25, 19, 0, 0, idle="CD"))
    assert remark.sentence == (
        "Phương án C, D không được chọn lần nào trong 1.234 lượt thi có câu này, dù có 20 lượt chọn sai: phương án "
        "nhiễu không có tác dụng."
    )
    assert doubts(GOOD, table(25, 18, 0, 0, idle="CD")) == [], "so few wrong answers may miss an option by chance"


def test_key_that_nobody_chooses_is_no_idle_distractor() -> None:
    assert doubts(GOOD, table(0, 0, 0, 0, idle="A")) == []


def test_nothing_is_said_while_too_few_had_the_question() -> None:
    bad = replace(GOOD, facility=0.0, discrimination=-1.0)
    assert doubts(bad) == [Doubt.TOO_HARD, Doubt.NEGATIVE]
    assert doubts(replace(bad, dealt=FEWEST - 1), table(0, 9, 0, 0, idle="CD")) == []
    assert remarks_on_weight(replace(GOOD, dealt=FEWEST - 1), Weights(intended=0.05, effective=0.5)) == ()


@pytest.mark.parametrize(
    ("effective", "is_said"), [(0.0199, True), (0.02, False), (0.06, False), (0.0601, True), (None, False)]
)
def test_effective_weight_far_from_the_intended_one(effective: float | None, is_said: bool) -> None:
    assert bool(remarks_on_weight(GOOD, Weights(intended=0.04, effective=effective))) == is_said


def test_sentences_carry_figure_and_threshold() -> None:
    hard = replace(GOOD, facility=0.0321, discrimination=-0.125, efficiency=-0.2)
    assert [remark.sentence for remark in remarks_on_question(hard, FINE)] == [
        "Câu quá khó: chỉ đạt 3,21% số điểm tối đa (dưới 5%). Cần kiểm tra lại đáp án và cách diễn đạt.",
        "Độ phân biệt âm (−12,50%, dưới 0%): lượt thi đạt điểm cao ở các câu khác lại hay sai câu này. Cần kiểm tra "
        "lại đáp án.",
    ]
    easy = replace(GOOD, facility=0.99996, efficiency=0.1)
    assert [remark.sentence for remark in remarks_on_question(easy, FINE)] == [
        "Câu quá dễ: đạt 99,99% số điểm tối đa (trên 95%), hầu như không phân loại được người dự thi.",
        "Hiệu quả phân biệt thấp: 10,00% (dưới 15%), câu đóng góp rất ít vào việc phân loại người dự thi.",
    ]
    (weight,) = remarks_on_weight(GOOD, Weights(intended=0.05, effective=0.1))
    assert weight.sentence == "Trọng số thực tế 10,00% lệch quá 50% so với trọng số dự kiến 5,00%."


@pytest.mark.parametrize("doubt", Doubt)
def test_every_doubt_has_a_sentence_with_its_figures(doubt: Doubt) -> None:
    assert re.search(r"\{\w+\}", doubt.words)
