"""Signals: what is noticed, what is too common to say anything, and chances that can be worked out by hand."""

from __future__ import annotations

from itertools import product
from math import prod

import pytest

from quiz.scoring.item_responses import Response
from quiz.scoring.signals import (
    LEAST_COMMON,
    Likeness,
    Rate,
    Sheet,
    at_least,
    chances_alike,
    is_fast,
    likeness,
    same_answers,
    shared_devices,
    sheet,
)


def made(letters: str, key: str = "A", first: int = 1) -> Sheet:
    """A sheet of consecutive questions, all with the same key; '-' for no answer."""
    return sheet(
        Response(f"T-{number}", chosen.strip("-"), int(chosen == key), 1)
        for number, chosen in enumerate(letters, start=first)
    )


@pytest.mark.parametrize(("time_ms", "fast"), [(39_999, True), (40_000, False), (0, True), (600_000, False)])
def test_two_seconds_a_question_is_the_least(time_ms: int, fast: bool) -> None:
    assert is_fast(20, time_ms) is fast


def test_devices_of_several_people_are_told_with_how_common_they_are() -> None:
    shared, rate = shared_devices({"a": frozenset({1}), "b": frozenset({1, 2, 3}), "c": frozenset({4})})
    assert shared == {"b": frozenset({1, 2, 3})}
    assert (rate, rate.share * 3) == (Rate(1, 3), 1)
    assert shared_devices({})[1].share == 0


def test_what_was_left_out_is_no_wrong_choice() -> None:
    assert made("AB-").wrong == {"T-2"}
    assert made("AB-").chosen == {"T-1": "A", "T-2": "B", "T-3": ""}


def test_answers_are_the_same_by_question_and_only_where_there_are_enough_in_common() -> None:
    six = made("AABAAC")
    assert same_answers(six, made("AABAAC")) is True
    assert same_answers(six, made("AABAAD")) is False
    assert same_answers(six, made("ABAAC", first=2)) is True
    assert same_answers(six, made("BAAC", first=3)) is None
    assert LEAST_COMMON == 5


def test_the_chance_of_a_common_error_is_that_of_two_strangers() -> None:
    sheets = [made(letter) for letter in "AAAAABBBC-"]
    assert chances_alike(sheets)["T-1"] == pytest.approx(0.3**2 + 0.1**2)


def test_common_errors_are_set_against_chance() -> None:
    everybody = [made("A" * 8) for _ in range(98)]
    one, other = made("BCAAAAAA"), made("BCDAAAAA")
    chances = chances_alike([*everybody, one, other])
    found = likeness(one, other, chances)
    assert found[:2] == (8, 2)
    two, one_alone = (2 / 100) ** 2, (1 / 100) ** 2
    assert found.chance == pytest.approx(two * two + 2 * two * one_alone, rel=0.01)
    assert found.is_told
    assert likeness(one, everybody[0], chances) == Likeness(8, 0, 1.0)
    popular = chances_alike([*[made("BCAAAAAA") for _ in range(50)], *everybody[:50]])
    assert not likeness(one, made("BCAAAAAA"), popular).is_told


def test_one_error_in_common_is_never_told_and_different_errors_are_none() -> None:
    assert not Likeness(10, 1, 0.0).is_told
    assert not Likeness(10, 2, 0.0011).is_told
    one, other = made("BBAAA"), made("CCAAA")
    assert likeness(one, other, chances_alike([one, other])).wrong_alike == 0


@pytest.mark.parametrize("hits", range(6))
def test_the_tail_is_that_of_every_way_counted_out(hits: int) -> None:
    chances = [0.5, 0.1, 0.02, 0.3]
    ways = sum(
        prod(chance if happens else 1 - chance for chance, happens in zip(chances, way, strict=True))
        for way in product((0, 1), repeat=4)
        if sum(way) >= hits
    )
    assert at_least(hits, chances) == pytest.approx(ways)
