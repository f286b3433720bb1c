"""What times at agencies one entry of the roster adds to another."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.contest.tenures import Tenure, added


def day(number: int) -> datetime:
    return datetime(2024, 10, number, tzinfo=UTC)


def tenure(since: int, until: int | None, agency: int = 1) -> Tenure:
    return Tenure(agency=agency, since=day(since), until=None if until is None else day(until))


@pytest.mark.parametrize(
    ("other", "own", "left"),
    [
        ((1, None), [], [(1, None)]),
        ((1, None), [(5, None)], [(1, 5)]),
        ((1, 3), [(5, None)], [(1, 3)]),
        ((1, None), [(3, 5)], [(1, 3), (5, None)]),
        ((3, 4), [(1, 9)], []),
        ((3, None), [(1, None)], []),
        ((1, 9), [(2, 3), (5, 6)], [(1, 2), (3, 5), (6, 9)]),
        ((5, 9), [(1, 5), (9, None)], [(5, 9)]),
    ],
)
def test_only_the_times_beside_the_own_ones_are_added(
    other: tuple[int, int | None], own: list[tuple[int, int | None]], left: list[tuple[int, int | None]]
) -> None:
    found = added([tenure(*other)], [tenure(*one, agency=2) for one in own])
    assert list(found) == [tenure(*one) for one in left]


times = st.tuples(st.integers(1, 20), st.integers(1, 8)).map(lambda pair: tenure(pair[0], pair[0] + pair[1], agency=2))


@given(times, st.lists(times))
def test_nobody_is_at_two_agencies_at_once_and_no_day_is_lost(other: Tenure, own: list[Tenure]) -> None:
    def holds(one: Tenure, at: datetime) -> bool:
        return one.since <= at and (one.until is None or at < one.until)

    found = list(added([other], own))
    for number in range(1, 30):
        at = day(number)
        own_then, added_then = any(holds(one, at) for one in own), sum(holds(one, at) for one in found)
        assert added_then == (holds(other, at) and not own_then)
