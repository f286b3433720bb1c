"""What the databases are told: moments in UTC, a durable SQLite, writers that take their turn."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from quiz.models import db
from quiz.models.contests import DbInstallation
from quiz.models.people import DbAgency
from quiz.services import transaction
from tests import makers

MOMENT = datetime(2024, 10, 6, 17, 0, 0, 412_000, tzinfo=UTC)


def stored(session: Session, since: datetime) -> datetime:
    """The moment as the database gives it back."""
    with transaction() as writing:
        writing.add(DbInstallation(id=1, kind="real", since=since))
    session.expunge_all()
    return session.scalars(select(DbInstallation.since)).one()


@pytest.mark.parametrize("hours", [0, 7, -11])
def test_a_moment_of_any_zone_comes_back_in_utc_to_the_millisecond(session: Session, hours: int) -> None:
    back = stored(session, MOMENT.astimezone(timezone(timedelta(hours=hours))))
    assert (back, back.utcoffset(), back.microsecond) == (MOMENT, timedelta(0), 412_000)


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="a moment without a time zone"):
        stored(session, MOMENT.replace(tzinfo=None))
    assert session.scalars(select(DbInstallation)).all() == []


def test_a_moment_can_be_compared_in_any_zone(session: Session) -> None:
    stored(session, MOMENT)
    hanoi = timezone(timedelta(hours=7))
    same, after = MOMENT.astimezone(hanoi), (MOMENT + timedelta(milliseconds=1)).astimezone(hanoi)
    found = [
        len(session.scalars(select(DbInstallation).where(condition)).all())
        for condition in (DbInstallation.since == same, DbInstallation.since < same, DbInstallation.since < after)
    ]
    assert found == [1, 0, 1]


def test_a_row_cannot_point_to_nothing(session: Session) -> None:
    with pytest.raises(IntegrityError), transaction() as writing:
        writing.add(DbAgency(code="H1", name="Một", sort_key="", kind="city", parent_id=99))
    with pytest.raises(IntegrityError), transaction() as writing:
        writing.add(DbAgency(code="H1", name="Một", sort_key="", kind="xã"))


def test_sqlite_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    with engine.connect() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}
    modes = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}
    engine.dispose()
    assert modes["new.sqlite3"] == 0o600
    assert set(modes.values()) == {0o600}, "the journals beside it"
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_writers_at_once_lose_nothing_on_sqlite(app: Flask, session: Session) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL locks rows; see the races of the services")
    agency = makers.add_agency("H1", headcount=0)
    barrier = threading.Barrier(2, timeout=30)

    def add_up(times: int) -> None:
        with app.app_context():
            barrier.wait()
            for _ in range(times):
                with transaction() as writing:
                    row = writing.get_one(DbAgency, agency)
                    row.headcount = (row.headcount or 0) + 1
            db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add_up, [25, 25], timeout=60))
    session.rollback()
    assert session.scalars(select(DbAgency.headcount)).one() == 50


def test_a_reader_does_not_wait_for_a_writer(app: Flask, session: Session) -> None:
    makers.add_agency("H1", "Một")

    def read() -> list[str]:
        with app.app_context():
            try:
                return list(db.session.scalars(select(DbAgency.name)))
            finally:
                db.session.remove()

    with transaction() as writing, ThreadPoolExecutor(1) as pool:
        writing.scalars(select(DbAgency)).one().name = "Hai"
        writing.flush()
        assert pool.submit(read).result(timeout=5) == ["Một"]
    assert read_again(session) == ["Hai"]


def read_again(session: Session) -> list[str]:
    """The names after the writer is done."""
    session.rollback()
    return list(session.scalars(select(DbAgency.name)))
