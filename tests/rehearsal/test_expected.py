"""What the busiest moments ask, from the size of the roster."""

from __future__ import annotations

import pytest

from quiz.rehearsal.expected import SEARCHED, SEARCHED_BELOW, expected, lengths, roster_for, whole


def test_thirty_thousand_people_are_the_storms_that_the_product_promises() -> None:
    asked = expected(30_000)
    assert (asked.starts_a_minute, asked.saves, asked.hand_ins, asked.readers) == (2000, 200, 100, 500)


def test_a_small_roster_is_played_a_little_too_hard() -> None:
    asked = expected(20)
    assert (asked.starts_a_minute, asked.saves, asked.hand_ins, asked.readers) == (6, 2, 2, 2)


@pytest.mark.parametrize("people", [90, 3_000, 30_000, 100_000])
def test_the_roster_that_fits_a_capacity_undoes_what_is_expected(people: int) -> None:
    assert roster_for(expected(people).starts_a_minute) == people


def test_an_hour_is_never_played() -> None:
    assert lengths(1).whole == 60 + 20 + 20 + 20 + len(SEARCHED) * 15
    assert lengths(0.5).opening == 30


def test_the_search_goes_up_or_down_from_what_is_expected() -> None:
    assert list(SEARCHED) == sorted(SEARCHED)
    assert list(SEARCHED_BELOW) == sorted(SEARCHED_BELOW, reverse=True)
    assert SEARCHED[0] > 1 > SEARCHED_BELOW[0]


@pytest.mark.parametrize(("rate", "seconds", "count"), [(33.3, 60, 1998), (0.1, 3, 1), (2.0, 1.2, 3)])
def test_at_least_one_comes(rate: float, seconds: float, count: int) -> None:
    assert whole(rate, seconds) == count
