"""When a commitment makes itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quiz.contest.commitment_rules import commitment_sentences, is_due

OPENS = datetime(2024, 10, 7, 1, tzinfo=UTC)
HOUR, MS = timedelta(hours=1), timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("now", "made_at", "due"),
    [
        (OPENS - 24 * HOUR - MS, None, False),
        (OPENS - 24 * HOUR, None, True),
        (OPENS - 24 * HOUR - MS, OPENS - 90 * HOUR, False),
        (OPENS - 24 * HOUR, OPENS - 90 * HOUR, True),
        (OPENS - 23 * HOUR - MS, OPENS - 24 * HOUR, False),
        (OPENS - 23 * HOUR, OPENS - 24 * HOUR, True),
        (OPENS - HOUR - MS, OPENS - HOUR - 2 * MS, False),
        (OPENS - HOUR, OPENS - HOUR - MS, True),
        (OPENS + HOUR, OPENS + HOUR - MS, True),
    ],
)
def test_versions_rest_for_an_hour_until_the_last_one(now: datetime, made_at: datetime | None, due: bool) -> None:
    assert is_due(OPENS, 24, made_at, now) is due


def test_the_rules_page_says_how_long_before() -> None:
    assert commitment_sentences(48)[0].startswith("Chậm nhất 48 giờ trước khi tuần thi mở")
