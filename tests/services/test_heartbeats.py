"""The heartbeat: the last moment of each part of the scheduler, and from when on it is silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from quiz.services import heartbeats, transaction
from quiz.services.heartbeats import Part
from tests import makers

SECOND = timedelta(seconds=1)


def test_each_part_keeps_its_last_moment(session: Session) -> None:
    for part, later in ((Part.CLOCK, 0), (Part.LONG, 2), (Part.CLOCK, 5)):
        with transaction() as writing:
            heartbeats.beat(writing, part, makers.WEEK_1 + later * SECOND)
    session.rollback()
    found = {Part.CLOCK: makers.WEEK_1 + 5 * SECOND, Part.LONG: makers.WEEK_1 + 2 * SECOND}
    assert heartbeats.last(session) == found


@pytest.mark.parametrize(("age", "silent"), [(0, False), (90, False), (91, True)])
def test_a_part_is_silent_after_a_minute_and_a_half(age: int, silent: bool) -> None:
    assert heartbeats.is_silent(makers.WEEK_1, makers.WEEK_1 + age * SECOND) is silent


def test_a_part_that_never_was_at_work_is_silent() -> None:
    assert heartbeats.is_silent(None, makers.WEEK_1)


@pytest.mark.parametrize(
    ("clock", "begun", "now", "is_marking"),
    [(0, 0, 0, True), (0, 3, 600, True), (0, 3, 604, False), (5, 3, 6, False), (None, 3, 4, True), (3, None, 4, False)],
)
def test_a_week_is_being_marked_until_anything_else_is_done(
    clock: int | None, begun: int | None, now: int, is_marking: bool
) -> None:
    ages = {Part.CLOCK: clock, Part.MARKING: begun}
    beats = {part: makers.WEEK_1 + age * SECOND for part, age in ages.items() if age is not None}
    found = heartbeats.marking_since(beats, makers.WEEK_1 + now * SECOND)
    assert found == (beats[Part.MARKING] if is_marking else None)
