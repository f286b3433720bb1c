"""Troubles: counted by hour and kind, written at once, and a flood of them once a second."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from quiz.services import transaction, troubles
from quiz.services.troubles import SERVER_ERROR, THROTTLED, Tally, Trouble
from tests import makers

NOW = makers.WEEK_1 + timedelta(minutes=59, seconds=58)
HOUR = makers.WEEK_1


def note(tally: Tally, kind: str, now: datetime) -> None:
    """What the pages do."""
    if due := tally.note(kind, now):
        with transaction() as session:
            troubles.write(session, due)


def stored(session: Session, at: datetime = HOUR) -> list[tuple[datetime, str, int]]:
    session.rollback()
    return [(one.hour, one.kind, one.count) for one in troubles.since(session, at)]


def test_the_first_is_written_at_once_and_a_flood_once_a_second(session: Session) -> None:
    tally = Tally()
    note(tally, SERVER_ERROR, NOW)
    assert stored(session) == [(HOUR, SERVER_ERROR, 1)]
    for _ in range(500):
        note(tally, SERVER_ERROR, NOW + timedelta(milliseconds=900))
    assert stored(session) == [(HOUR, SERVER_ERROR, 1)]
    note(tally, THROTTLED, NOW + timedelta(seconds=1))
    assert stored(session) == [(HOUR, SERVER_ERROR, 501), (HOUR, THROTTLED, 1)]


def test_hours_are_kept_apart_and_processes_add_up(session: Session) -> None:
    for process in (Tally(), Tally()):
        note(process, SERVER_ERROR, NOW)
        note(process, SERVER_ERROR, NOW + timedelta(seconds=2))
    assert stored(session) == [(HOUR + timedelta(hours=1), SERVER_ERROR, 2), (HOUR, SERVER_ERROR, 2)]
    assert stored(session, NOW + timedelta(seconds=2)) == [(HOUR + timedelta(hours=1), SERVER_ERROR, 2)]


def test_what_was_counted_in_the_hour_before_stays_in_its_hour(session: Session) -> None:
    tally = Tally()
    for seconds in (0, 0.5, 2):
        note(tally, SERVER_ERROR, NOW + timedelta(seconds=seconds))
    assert stored(session) == [(HOUR + timedelta(hours=1), SERVER_ERROR, 1), (HOUR, SERVER_ERROR, 2)]


def test_a_kind_that_is_too_long_is_cut(session: Session) -> None:
    note(Tally(), "x" * 100, NOW)
    assert troubles.since(session, HOUR) == [Trouble(hour=HOUR, kind="x" * 40, count=1)]
