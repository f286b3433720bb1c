"""The chains that contest files name, and the ranking as the rules page prints it, in any order of the steps."""

from __future__ import annotations

from itertools import permutations

import pytest

from quiz.scoring.chains import RESOLUTIONS, STEP_NAMES, chain_of, chain_sentences, without_prediction
from quiz.scoring.prediction import Prediction, Target, prediction_step
from quiz.scoring.resolution import Resolution
from quiz.scoring.tie_breaks import (
    ALL_RIGHT,
    DEFAULT_CHAIN,
    HAND_IN_MOMENT,
    LOT,
    SCORE,
    TIME_TAKEN,
    hand_in_moment,
    lot_by,
    time_taken,
)

HOW_MANY = Prediction(text="Có bao nhiêu người dự thi?", target=Target.PEOPLE)


def test_names_of_all_steps() -> None:
    assert sorted(STEP_NAMES) == [
        "all_right",
        "earlier_registration",
        "fewer_attempts",
        "full_marks",
        "hand_in_moment",
        "lot",
        "prediction",
        "score",
        "time_taken",
    ]


def test_a_chain_holds_the_steps_in_the_order_written() -> None:
    assert (
        chain_of([("score", None), ("time_taken", None), ("hand_in_moment", None), ("lot", None)], None)
        == DEFAULT_CHAIN
    )
    assert chain_of([("lot", None), ("score", None)], None) == (LOT, SCORE)
    assert chain_of([("all_right", None), ("prediction", None)], HOW_MANY) == (ALL_RIGHT, prediction_step(HOW_MANY))
    assert chain_of([("score", None), ("lot", None)], None, "Xổ số") == (SCORE, lot_by("Xổ số"))


@pytest.mark.parametrize("name", STEP_NAMES)
def test_every_step_can_be_named(name: str) -> None:
    assert [step.name for step in chain_of([(name, None)], HOW_MANY)] == [name]


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("time_taken", ["minute", "second", "tenth", "millisecond"]),
        ("hand_in_moment", ["minute", "second", "millisecond"]),
    ],
)
def test_times_take_a_resolution(name: str, units: list[str]) -> None:
    assert RESOLUTIONS[name] == tuple(map(Resolution, units))
    factory = {"time_taken": time_taken, "hand_in_moment": hand_in_moment}[name]
    for unit in units:
        assert chain_of([(name, unit)], None) == (factory(Resolution(unit)),)


def test_nothing_else_takes_a_resolution() -> None:
    assert set(RESOLUTIONS) == {"time_taken", "hand_in_moment"}


def test_a_prediction_that_nobody_is_asked_for_cannot_be_ranked() -> None:
    with pytest.raises(ValueError, match=r"^predictions are ranked, but nobody is asked for one$"):
        chain_of([("score", None), ("prediction", None)], None)


def test_a_chain_without_its_prediction() -> None:
    assert without_prediction((SCORE, prediction_step(HOW_MANY), TIME_TAKEN, LOT)) == (SCORE, TIME_TAKEN, LOT)
    assert without_prediction(DEFAULT_CHAIN) == DEFAULT_CHAIN


def test_the_default_ranking_prints_itself() -> None:
    assert chain_sentences(DEFAULT_CHAIN) == (
        "Người có tổng điểm các câu trả lời đúng cao hơn xếp trên.",
        "Nếu bằng nhau, người có thời gian làm bài ngắn hơn (tính bằng giây, bỏ phần lẻ) xếp trên.",
        "Nếu vẫn bằng nhau, người nộp bài sớm hơn (tính đến mili giây) xếp trên.",
        "Nếu vẫn bằng nhau, thứ tự theo bốc thăm từ số ngẫu nhiên đã cam kết trước khi mở tuần thi và công khai sau "
        "khi đóng; ai cũng tính lại được.",
    )


def test_any_order_reads_as_one_text() -> None:
    for chain in permutations(chain_of([(name, None) for name in STEP_NAMES], HOW_MANY), 3):
        first, second, third = chain_sentences(chain)
        assert (first, first[0]) == (chain[0].sentence, first[0].upper())
        assert (second, third) == (f"Nếu bằng nhau, {chain[1].rule}.", f"Nếu vẫn bằng nhau, {chain[2].rule}.")
        assert all(sentence.count(".") == 1 for sentence in (first, second, third))


def test_a_single_step_says_nothing_of_equals() -> None:
    assert chain_sentences((HAND_IN_MOMENT,)) == ("Người nộp bài sớm hơn (tính đến mili giây) xếp trên.",)
