"""The highest and the lowest agencies: equals stand together, small ones are not compared, nobody stands at both."""

from __future__ import annotations

from fractions import Fraction

from quiz.services.letter_ends import ends
from tests.services.letter_scene import agencies, agency


def named(*rates: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Places and rates in percent at both ends, of agencies with these rates."""
    high, low = ends([agency(place, 100, rate) for place, rate in enumerate(rates)])
    return [(place, one.people) for place, one in high.named], [(place, one.people) for place, one in low.named]


def test_the_first_five_and_the_last_five() -> None:
    high, low = named(*range(20, 40))
    assert high == [(1, 39), (2, 38), (3, 37), (4, 36), (5, 35)]
    assert low == [(1, 20), (2, 21), (3, 22), (4, 23), (5, 24)]


def test_equals_share_a_place_and_are_all_named() -> None:
    high, _ = named(*[90] * 2, *[80] * 5, *range(10, 20))
    assert high == [(1, 90), (1, 90), (3, 80), (3, 80), (3, 80), (3, 80), (3, 80)]


def test_too_many_equals_are_counted() -> None:
    high, low = ends([agency(0, 100, 99), *(agency(place, 100, 90) for place in range(1, 30))])
    assert [one.people for _, one in high.named] == [99]
    assert (high.others, high.others_rate) == (29, Fraction(9, 10))
    assert (low.named, low.others) == ((), 0)


def test_half_at_most_and_nobody_at_both_ends() -> None:
    assert named(10, 20, 30) == ([(1, 30)], [(1, 10)])
    assert named(50, 50, 50, 50) == ([(1, 50)] * 4, [])
    assert named(50) == ([], [])


def test_small_agencies_are_not_compared() -> None:
    _, low = ends(agencies())
    assert all(one.week.base >= 10 for _, one in low.named)
    assert ends([agency(place, 9, 9) for place in range(9)])[0].named == ()
