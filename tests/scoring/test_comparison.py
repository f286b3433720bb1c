"""An agency among those of its kind: places as in every ranking, the middle of the kind."""

from __future__ import annotations

from fractions import Fraction

import pytest

from quiz.scoring.comparison import compare

HALF, MOST = Fraction(1, 2), Fraction(9, 10)


@pytest.mark.parametrize(("own", "place"), [(MOST, 1), (HALF, 2), (Fraction(0), 4)])
def test_equal_rates_share_a_place_and_the_next_one_is_left_out(own: Fraction, place: int) -> None:
    found = compare(own, [HALF, Fraction(0), MOST, HALF])
    assert found
    assert (found.place, found.rates) == (place, (MOST, HALF, HALF, Fraction(0)))


@pytest.mark.parametrize(
    ("rates", "median"),
    [
        ([MOST, HALF, Fraction(0)], HALF),
        ([MOST, HALF], Fraction(7, 10)),
        ([MOST, MOST, HALF, Fraction(0)], Fraction(7, 10)),
    ],
)
def test_as_many_are_above_the_median_as_below(rates: list[Fraction], median: Fraction) -> None:
    found = compare(HALF, rates)
    assert found
    assert found.median == median


def test_nobody_to_count_and_nobody_to_compare_with_is_no_comparison() -> None:
    assert compare(None, [MOST, HALF]) is None
    assert compare(HALF, [HALF, None]) is None
