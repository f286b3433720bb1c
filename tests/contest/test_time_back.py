"""Time given back: what an attempt lost to an incident, and the deadline that follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.contest.schedule import Span, Week
from quiz.contest.time_back import new_deadline, overlap

OPENS = datetime(2024, 10, 7, 1, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=9)
WEEK = Week(number=1, opens_at=OPENS, closes_at=CLOSES)
MINUTE, MS = timedelta(minutes=1), timedelta(milliseconds=1)
ALLOWED = 20 * MINUTE


def span(start: int, end: int) -> Span:
    """From one minute of the week to another."""
    return Span(OPENS + start * MINUTE, OPENS + end * MINUTE)


@pytest.mark.parametrize(
    ("incident", "lost"),
    [
        (span(0, 10), 0),
        (span(5, 15), 5),
        (span(10, 15), 5),
        (span(12, 15), 3),
        (span(10, 30), 20),
        (span(0, 60), 20),
        (span(25, 60), 5),
        (span(30, 60), 0),
        (span(40, 60), 0),
        (span(15, 15), 0),
    ],
)
def test_an_attempt_loses_what_the_incident_took_of_it(incident: Span, lost: int) -> None:
    attempt = span(10, 30)
    assert overlap(attempt, incident) == lost * MINUTE


def test_time_is_lost_to_the_millisecond() -> None:
    assert overlap(Span(OPENS, OPENS + MS), Span(OPENS - MINUTE, OPENS + MINUTE)) == MS


minutes = st.tuples(st.integers(0, 500), st.integers(0, 500)).map(lambda ends: span(min(ends), max(ends)))


@given(one=minutes, other=minutes, cut=st.integers(0, 500))
def test_nothing_is_given_back_twice_or_beyond_the_attempt(one: Span, other: Span, cut: int) -> None:
    between = min(max(other.start, OPENS + cut * MINUTE), other.end)
    parts = Span(other.start, between), Span(between, other.end)
    assert overlap(one, other) == overlap(other, one) == sum((overlap(one, part) for part in parts), timedelta(0))
    assert timedelta(0) <= overlap(one, other) <= min(one.end - one.start, other.end - other.start)


@pytest.mark.parametrize(
    ("started", "lost", "ends"),
    [
        (0, 0, 20),
        (0, 7, 27),
        (510, 7, 537),
        (515, 7, 540),
        (530, 7, 540),
    ],
)  # the week closes after 540 minutes
def test_a_deadline_moves_by_what_was_lost_but_never_past_the_close(started: int, lost: int, ends: int) -> None:
    started_at = OPENS + started * MINUTE
    told = min(started_at + ALLOWED, CLOSES)
    assert new_deadline(told, started_at, ALLOWED + lost * MINUTE, WEEK) == OPENS + ends * MINUTE


def test_an_extended_week_gives_their_time_to_those_whom_it_would_have_cut_off() -> None:
    started_at = CLOSES - 5 * MINUTE
    extended = replace(WEEK, closes_at=CLOSES + 60 * MINUTE)
    assert new_deadline(CLOSES, started_at, ALLOWED, extended) == CLOSES + 15 * MINUTE


def test_nobody_gets_less_than_they_were_told() -> None:
    paused = replace(WEEK, pauses=(Span(OPENS + 10 * MINUTE, OPENS + 60 * MINUTE),))
    assert new_deadline(OPENS + ALLOWED, OPENS, ALLOWED, paused) == OPENS + ALLOWED
