"""Periods counted in months."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from quiz.personal_data.periods import months_after


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ((2024, 11, 1), 24, (2026, 11, 1)),
        ((2024, 11, 30), 1, (2024, 12, 30)),
        ((2024, 12, 31), 2, (2025, 2, 28)),
        ((2024, 1, 31), 1, (2024, 2, 29)),
        ((2024, 6, 15), 6, (2024, 12, 15)),
        ((2024, 6, 15), 7, (2025, 1, 15)),
    ],
)
def test_the_same_day_or_the_last_of_a_shorter_month(
    day: tuple[int, int, int], months: int, then: tuple[int, int, int]
) -> None:
    assert months_after(datetime(*day, 7, 30, tzinfo=UTC), months) == datetime(*then, 7, 30, tzinfo=UTC)
