"""Due things: how urgent before a moment, in which order, and how long there is left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quiz.contest.due import Due, Urgency, in_order, remaining, until

NOW = datetime(2024, 10, 11, 8, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "urgency"),
    [
        (timedelta(hours=-1), Urgency.NOW),
        (timedelta(hours=2), Urgency.NOW),
        (timedelta(hours=2, seconds=1), Urgency.TODAY),
        (timedelta(hours=24), Urgency.TODAY),
        (timedelta(hours=24, seconds=1), Urgency.SOON),
    ],
)
def test_the_nearer_the_moment_the_more_urgent(left: timedelta, urgency: Urgency) -> None:
    assert until(NOW + left, NOW) is urgency


def thing(words: str, urgency: Urgency, at: datetime | None = None) -> Due:
    return Due(words=words, urgency=urgency, at=at, page="organise.overview")


def test_the_most_urgent_stands_first_and_among_equals_what_ends_first() -> None:
    things = [
        thing("to know", Urgency.INFORMATION, NOW),
        thing("some day", Urgency.TODAY),
        thing("later today", Urgency.TODAY, NOW + timedelta(hours=3)),
        thing("today", Urgency.TODAY, NOW),
        thing("another day", Urgency.TODAY),
        thing("soon", Urgency.SOON, NOW),
        thing("now", Urgency.NOW),
    ]
    assert [one.words for one in in_order(things)] == [
        *("now", "today", "later today", "some day", "another day", "soon", "to know"),
    ]


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(hours=1, minutes=40, seconds=59), "1 giờ 40 phút"),
        (timedelta(hours=2), "2 giờ"),
        (timedelta(days=2, hours=3, minutes=9), "2 ngày 3 giờ"),
        (timedelta(days=1, minutes=9), "1 ngày"),
        (timedelta(minutes=5), "5 phút"),
        (timedelta(seconds=59), "chưa đầy 1 phút"),
        (timedelta(seconds=-59), "chưa đầy 1 phút"),
    ],
)
def test_what_is_left_is_said_in_its_two_largest_units(length: timedelta, words: str) -> None:
    assert remaining(length) == words
