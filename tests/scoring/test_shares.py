"""Columns of percentages: they add up, and no part is moved by more than the last digit shown."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.scoring.shares import shares
from quiz.vietnamese import percent

counts = st.lists(st.integers(0, 40_000), max_size=25)
digits = st.integers(0, 4)


@pytest.mark.parametrize(
    ("given_counts", "words"),
    [
        ([1, 1, 1], ["33,34%", "33,33%", "33,33%"]),
        ([2, 1], ["66,67%", "33,33%"]),
        ([0, 5, 0], ["0,00%", "100,00%", "0,00%"]),
        ([1, 1, 1, 1, 1, 1], ["16,67%"] * 4 + ["16,66%"] * 2),
        ([0, 0], ["0,00%", "0,00%"]),
        ([], []),
    ],
)
def test_what_is_missing_goes_to_the_largest_remainders_and_of_equals_to_the_first(
    given_counts: list[int], words: list[str]
) -> None:
    assert [percent(share) for share in shares(given_counts)] == words


@given(counts, digits)
def test_shares_add_up_to_the_whole_or_there_is_nothing_to_share(counts: list[int], digits: int) -> None:
    assert sum(shares(counts, digits)) == (1 if any(counts) else 0)


@given(counts.filter(any), digits)
def test_each_is_exact_at_its_digits_and_less_than_one_unit_away(counts: list[int], digits: int) -> None:
    unit = Fraction(1, 100 * 10**digits)
    for count, share in zip(counts, shares(counts, digits), strict=True):
        assert (share / unit).denominator == 1
        assert abs(share - Fraction(count, sum(counts))) < unit


@given(counts, digits)
def test_more_people_never_have_the_smaller_share(counts: list[int], digits: int) -> None:
    for (one, its), (other, others) in combinations(zip(counts, shares(counts, digits), strict=True), 2):
        assert one == other or (its >= others if one > other else its <= others)
