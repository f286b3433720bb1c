"""The health of the system: storage as it is, clocks against each other, what the scheduler has still to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import DateTime, func, insert, select
from sqlalchemy.orm import Session

from quiz.models.documents import DbDocument
from quiz.models.mail import DbLetter
from quiz.models.people import DbRosterImport
from quiz.services import heartbeats, monitor_health, transaction
from quiz.services.heartbeats import Part
from quiz.services.monitor_health import LATE, Backlog, Storage
from tests import makers

NOW = makers.WEEK_1 + timedelta(hours=1)
SECOND = timedelta(seconds=1)


def test_storage_is_that_of_the_database(session: Session) -> None:
    found = monitor_health.look(session, NOW).storage
    assert found.size > 100_000
    embedded = session.get_bind().dialect.name == "sqlite"
    assert found.engine == ("SQLite" if embedded else "PostgreSQL")
    assert [found.log_size is not None, found.free is not None] == [embedded, embedded]


@pytest.mark.parametrize(
    ("size", "free", "short"), [(10, 1 << 30, False), (10, (1 << 30) - 1, True), (3 << 30, 2 << 30, True)]
)
def test_a_disk_is_short_without_room_for_a_copy(size: int, free: int, short: bool) -> None:
    assert Storage(engine="SQLite", size=size, log_size=0, free=free).is_short is short


def test_a_server_far_away_has_no_disk_to_look_at() -> None:
    assert not Storage(engine="PostgreSQL", size=1 << 40, log_size=None, free=None).is_short


@pytest.mark.parametrize(("seconds", "differ"), [(0, False), (-30, True), (30, True)])
def test_clocks_are_compared(session: Session, seconds: int, differ: bool) -> None:
    if session.get_bind().dialect.name == "sqlite":
        assert monitor_health.look(session, NOW).apart is None
        return
    at = session.execute(select(func.clock_timestamp(type_=DateTime(timezone=True)))).scalar_one()
    found = monitor_health.look(session, at.astimezone(UTC) + seconds * SECOND)
    assert found.clocks_differ is differ


def test_what_the_scheduler_has_still_to_do(session: Session) -> None:
    makers.load_contest()
    person = makers.add_person("A", makers.add_agency(), activated=False)
    with transaction() as writing:
        makers.start(writing, person, makers.week(writing), makers.WEEK_1, makers.code(1))
        heartbeats.beat(writing, Part.CLOCK, NOW)
    _wait(session, person, NOW)
    accepted = makers.WEEK_1 + timedelta(minutes=10, seconds=5)
    found = monitor_health.look(session, NOW)
    assert found.backlog == Backlog(attempts=1, letters=1, documents=2, rosters=2)
    assert found.beats == {Part.CLOCK: NOW}
    assert monitor_health.look(session, accepted + LATE).backlog.attempts == 0
    assert monitor_health.look(session, accepted + LATE + SECOND).backlog.attempts == 1


def _wait(session: Session, person: int, now: datetime) -> None:
    """A letter to be sent and one for later, documents and rosters in every state."""
    letter = {"kind": "reminder", "person_id": person, "address": "a@example.vn", "subject": "", "text": ""}
    letter |= {"html": "", "unsubscribe_url": "", "written_at": now, "expires_at": now, "tries": 0, "last_error": ""}
    tries = {"now": now, "later": now + SECOND}
    session.execute(
        insert(DbLetter),
        [
            letter | {"dedupe_key": name, "message_id": name, "state": "waiting", "next_try_at": at}
            for name, at in tries.items()
        ],
    )
    document = {"kind": "certificate", "facts": "", "asked_at": now, "asked_by": person}
    session.execute(insert(DbDocument), [document | {"state": one} for one in ("waiting", "working", "done", "failed")])
    file = {"filename": "a.xlsx", "uploaded_by": person, "uploaded_at": now, "report": "", "done": 0, "total": 0}
    states = ("waiting", "applying", "ready", "done")
    session.execute(insert(DbRosterImport), [file | {"state": one} for one in states])
    session.commit()
