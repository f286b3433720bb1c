"""Statements by themselves: one way there and back, values as the models have them, and connections that have died."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from flask import Flask
from sqlalchemy import Integer, bindparam, func, select, update
from sqlalchemy.orm import Session

from quiz.models import db
from quiz.models.attempts import DbAttempt
from quiz.models.people import DbPerson
from quiz.services import at_once, attempts, direct, transaction
from quiz.services.at_once import Claim
from quiz.services.direct import Direct, Failed
from tests import makers

START = makers.WEEK_1 + timedelta(hours=1)
SHEET = ["A", "B", "", "D", ""]


@pytest.fixture
def sitting(session: Session) -> tuple[Claim, str]:
    """Somebody with a good session, and their attempt, just started."""
    makers.load_contest()
    person = makers.add_person("A1", makers.add_agency(), activated=False)
    with transaction() as writing:
        return Claim(person, 0), makers.start(writing, person, makers.week(writing), START, makers.code(1))


def stored(code: str) -> tuple[int, str]:
    """The number and the answers of the sheet that is stored."""
    db.session.rollback()
    return tuple(db.session.execute(select(DbAttempt.seq, DbAttempt.answers).where(DbAttempt.code == code)).one())


def kill_connections() -> None:
    """What a restart of the database does to every connection that is waiting for work."""
    own = direct._committing(db.engine)
    if own.dialect.name == "sqlite":
        connection = own.raw_connection()
        connection.driver_connection.close()
        connection.close()
        return
    with db.engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_moments_come_back_as_they_went_in(app: Flask, sitting: tuple[Claim, str]) -> None:
    attempt = DbAttempt.__table__
    read = Direct(select(attempt.c.started_at, attempt.c.seq).where(attempt.c.code == bindparam("the_code")))
    row = read.first(db.engine, {"the_code": sitting[1]})
    assert row == (START, 0)
    assert row.started_at.tzinfo is UTC
    assert read.first(db.engine, {"the_code": "nobody"}) is None


def test_what_was_written_is_committed_at_once(app: Flask, sitting: tuple[Claim, str]) -> None:
    claim, code = sitting
    saved = at_once.save(db.engine, claim, code, 1, SHEET, START, 7)
    assert saved == attempts.Saved(seq=1, deadline_at=START + timedelta(minutes=10))
    assert stored(code) == (1, '["A", "B", "", "D", ""]')


def test_nothing_is_stored_for_an_ended_session(app: Flask, sitting: tuple[Claim, str]) -> None:
    claim, code = sitting
    for stale in (Claim(claim.person_id, 1), Claim(claim.person_id, -1), Claim(claim.person_id + 1, 0), Claim(0, 0)):
        assert at_once.save(db.engine, stale, code, 1, SHEET, START) is None
    with transaction() as writing:
        writing.execute(update(DbPerson).values(session_epoch=1))
    assert at_once.save(db.engine, claim, code, 1, SHEET, START) is None
    assert stored(code) == (0, "")
    assert at_once.save(db.engine, Claim(claim.person_id, 1), code, 1, SHEET, START)


def test_nothing_is_stored_for_somebody_who_has_left(app: Flask, sitting: tuple[Claim, str]) -> None:
    claim, code = sitting
    with transaction() as writing:
        writing.execute(update(DbPerson).values(left_at=START))
    assert at_once.save(db.engine, claim, code, 1, SHEET, START) is None
    assert stored(code) == (0, "")


def test_nothing_is_stored_of_an_older_sheet_too_late_or_of_another_length(
    app: Flask, sitting: tuple[Claim, str]
) -> None:
    claim, code = sitting
    assert at_once.save(db.engine, claim, code, 2, SHEET, START)
    last = START + timedelta(minutes=10, seconds=5)
    for seq, sheet, now in ((2, ["B"] * 5, START), (1, SHEET, START), (3, SHEET[:4], START)):
        assert at_once.save(db.engine, claim, code, seq, sheet, now) is None
    assert at_once.save(db.engine, claim, code, 3, SHEET, last + timedelta(microseconds=1)) is None
    assert at_once.save(db.engine, claim, code, 3, SHEET, last)
    with transaction() as writing:
        attempts.hand_in(writing, code, claim.person_id, 4, SHEET, last)
    assert at_once.save(db.engine, claim, code, 5, SHEET, last) is None


def test_dead_connections_are_replaced(app: Flask, sitting: tuple[Claim, str]) -> None:
    claim, code = sitting
    assert at_once.save(db.engine, claim, code, 1, SHEET, START)
    kill_connections()
    assert at_once.save(db.engine, claim, code, 2, SHEET, START) is None
    assert at_once.save(db.engine, claim, code, 3, SHEET, START)
    assert stored(code)[0] == 3


def test_whoever_asks_hears_that_nothing_is_known(app: Flask, sitting: tuple[Claim, str]) -> None:
    with pytest.raises(Failed):
        Direct(select(func.no_such_function(bindparam("x", type_=Integer)).label("y"))).first(db.engine, {"x": 1})
    assert Direct(select(DbPerson.session_epoch)).first(db.engine, {}) == (0,)


def test_a_week_at_once_is_the_same_as_step_by_step(app: Flask, sitting: tuple[Claim, str]) -> None:
    claim, code = sitting
    sat = at_once.sat(db.session(), code, claim.person_id)
    assert sat.week == makers.week(db.session(), 1)
    assert list(sat.week.banks) == [""]
    one = attempts.get(db.session(), code, claim.person_id)
    assert at_once.attempt(db.session(), code, claim.person_id) == sat.attempt == one
