"""The scheduler: one of several leads, a leader that is lost is replaced, one job that fails stops no other."""

from __future__ import annotations

import logging
import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from quiz import jobs
from quiz.config import Config
from quiz.jobs import tick, tick_long
from quiz.leadership import LOCK_NUMBER, Leadership
from quiz.models import db
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbWeek
from quiz.models.documents import DbDocument
from quiz.services import certificates, documents, heartbeats, outbox, transaction
from quiz.services.heartbeats import Part
from quiz.services.outbox import Kind, Letter
from tests import makers
from tests.mailbox import mailbox, silent_server

MINUTE = timedelta(minutes=1)


@pytest.fixture
def leader(app: Flask) -> Iterator[Callable[[], Leadership]]:
    """Makes leaderships that are given up at the end."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Leadership(app.config["QUIZ"]))


@pytest.fixture
def on_postgresql(app: Flask) -> None:
    """Skips what only PostgreSQL can show."""
    if app.config["QUIZ"].is_sqlite:
        pytest.skip("an advisory lock is PostgreSQL's")


def kill_leaders(url: str) -> int:
    """End every connection that holds the scheduler's lock, as a failing database server does; how many."""
    engine = sqlalchemy.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        killed = connection.execute(
            sqlalchemy.text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = :number "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            ),
            {"number": LOCK_NUMBER},
        ).all()
    return len(killed)


def count_calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Puts two jobs that only note their names, around one that fails, in the place of the real ones."""
    done: list[str] = []

    def first() -> None:
        done.append("first")

    def failing() -> None:
        done.append("failing")
        raise RuntimeError("no luck")

    def last() -> None:
        done.append("last")

    monkeypatch.setattr(jobs, "JOBS", (first, failing, last))
    return done


# What a tick does


def test_a_tick_runs_every_job(app: Flask, leader: Callable[[], Leadership], monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        makers.load_contest()
        agency = makers.add_agency()
        sat, late = (makers.add_person(code, agency, activated=False) for code in ("A1", "A2"))
        makers.sit(sat, makers.WEEK_1)
        with transaction() as session:
            makers.start(session, late, makers.week(session), makers.WEEK_1, makers.code(7))
    monkeypatch.setattr("quiz.clock.now", lambda: makers.WEEK_2 + MINUTE)
    tick(app, leader())
    with app.app_context():
        weeks = db.session.scalars(select(DbWeek).order_by(DbWeek.number)).all()
        assert [week.frozen_at for week in weeks] == [makers.WEEK_1, makers.WEEK_2 + MINUTE]
        assert [week.marked_at for week in weeks] == [makers.WEEK_2 + MINUTE, None]
        rows = db.session.execute(select(DbAttempt.ended_by, DbAttempt.score).order_by(DbAttempt.person_id)).all()
        assert [tuple(row) for row in rows] == [("person", 5), ("deadline", 0)]


def test_each_tick_of_the_leader_leaves_a_heartbeat(
    app: Flask, leader: Callable[[], Leadership], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = leader(), leader()
    assert [first.is_mine(), second.is_mine()] == [True, False]
    for run, mine, now in (
        (tick, first, makers.WEEK_1),
        (tick_long, first, makers.WEEK_1 + MINUTE),
        (tick, second, makers.WEEK_2),
    ):
        monkeypatch.setattr("quiz.clock.now", lambda now=now: now)
        run(app, mine)
    with app.app_context():
        assert heartbeats.last(db.session()) == {Part.CLOCK: makers.WEEK_1, Part.LONG: makers.WEEK_1 + MINUTE}


def test_a_job_that_fails_is_logged_and_stops_no_other(
    app: Flask, leader: Callable[[], Leadership], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done = count_calls(monkeypatch)
    with caplog.at_level(logging.INFO, "quiz.jobs"):
        tick(app, leader())
    assert done == ["first", "failing", "last"]
    assert [(entry.levelname, entry.getMessage()) for entry in caplog.records] == [("ERROR", "job failing failed")]
    assert "no luck" in caplog.text


def test_a_job_that_fails_half_way_leaves_nothing_and_is_done_by_the_next_tick(
    app: Flask, leader: Callable[[], Leadership], monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        makers.load_contest()
        makers.sit(makers.add_person("A1", makers.add_agency(), activated=False), makers.WEEK_1)
    monkeypatch.setattr("quiz.clock.now", lambda: makers.WEEK_1_ENDS + MINUTE)
    mine = leader()
    with monkeypatch.context() as broken:
        broken.setattr("quiz.services.audit.record", lambda *_, **__: 1 / 0)  # the last step of marking
        tick(app, mine)
    assert marks(app) == [(None, None), (None, None)]
    tick(app, mine)
    assert marks(app) == [(makers.WEEK_1_ENDS + MINUTE, 5), (None, None)]


def marks(app: Flask) -> list[tuple[object, object]]:
    """When each week was marked, and the score of its attempt."""
    with app.app_context():
        rows = db.session.execute(
            select(DbWeek.marked_at, DbAttempt.score)
            .join(DbAttempt, DbAttempt.week_id == DbWeek.id, isouter=True)
            .order_by(DbWeek.number)
        ).all()
        return [tuple(row) for row in rows]  # type: ignore[misc]


# What may take long


def test_what_takes_long_runs_beside_what_the_clock_decides(
    app: Flask, leader: Callable[[], Leadership], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = count_calls(monkeypatch)
    monkeypatch.setattr(jobs, "LONG_JOBS", tuple(reversed(jobs.JOBS)))
    mine = leader()
    tick_long(app, mine)
    assert done == ["last", "failing", "first"]
    tick(app, mine)
    assert done == ["last", "failing", "first", "first", "failing", "last"]


def test_a_mail_server_that_hangs_does_not_delay_marking(
    app: Flask, leader: Callable[[], Leadership], monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        makers.load_contest()
        person = makers.add_person("A1", makers.add_agency(), activated=False)
        makers.sit(person, makers.WEEK_1)
        with transaction() as session:
            outbox.write(session, [letter_to(person)], "hoithi.example.vn", makers.WEEK_1_ENDS)
    monkeypatch.setattr("quiz.clock.now", lambda: makers.WEEK_1_ENDS + MINUTE)
    mine = leader()
    with silent_server() as box:
        app.config["QUIZ"] = replace(app.config["QUIZ"], mail=box.settings())
        long = threading.Thread(target=tick_long, args=(app, mine))
        long.start()
        box.wait_for_a_call()
        tick(app, mine)
        assert long.is_alive()
        assert marks(app)[0] == (makers.WEEK_1_ENDS + MINUTE, 5)
    long.join(30)
    assert not long.is_alive()


def test_who_has_taken_part_meanwhile_is_not_reminded(
    app: Flask, leader: Callable[[], Leadership], monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        makers.load_contest()
        agency = makers.add_agency()
        sat, missing = (makers.add_person(code, agency, activated=False) for code in ("A1", "A2"))
        with transaction() as session:
            letters = [
                letter_to(person, key=f"reminder:{makers.week(session).id}:{person}:") for person in (sat, missing)
            ]
            outbox.write(session, letters, "hoithi.example.vn", makers.WEEK_1)
        makers.sit(sat, makers.WEEK_1)
    monkeypatch.setattr("quiz.clock.now", lambda: makers.WEEK_1 + MINUTE)
    with mailbox() as box:
        app.config["QUIZ"] = replace(app.config["QUIZ"], mail=box.settings())
        tick_long(app, leader())
    assert box.addresses == [f"{missing}@example.vn"]


def letter_to(person_id: int, key: str = "letter") -> Letter:
    return Letter(
        key=key,
        kind=Kind.REMINDER,
        person_id=person_id,
        address=f"{person_id}@example.vn",
        subject="Nhắc dự thi",
        text="",
        html="",
        unsubscribe_url="https://hoithi.example.vn/thu/ngung/x",
        expires_at=makers.WEEK_2,
    )


def test_without_settings_of_mail_nothing_is_written_or_sent(
    app: Flask, leader: Callable[[], Leadership], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        tick_long(app, leader())
    assert caplog.records == []


def test_two_threads_may_ask_at_once_who_leads(leader: Callable[[], Leadership]) -> None:
    mine, other = leader(), leader()
    assert mine.is_mine()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda place: (mine, other)[place % 2].is_mine(), range(80)))
    assert answers == [True, False] * 40


def test_documents_that_people_asked_for_are_made_and_forgotten_days_later(
    app: Flask, leader: Callable[[], Leadership], monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        makers.load_contest()
        sat = makers.add_person("A1", makers.add_agency(), activated=False)
        makers.sit(sat, makers.WEEK_1)
        asked_at = makers.WEEK_1_ENDS + MINUTE
        with transaction() as session:
            certificates.ask(session, sat, b"key", "https://example.vn/xac-nhan", asked_at)
    mine, states = leader(), []
    for now in (asked_at, asked_at + documents.KEPT):
        monkeypatch.setattr("quiz.clock.now", lambda now=now: now)
        tick_long(app, mine)
        with app.app_context():
            states.append(db.session.execute(select(DbDocument.state, DbDocument.content.is_not(None))).one())
    assert [tuple(state) for state in states] == [("done", True), ("forgotten", False)]


# Who leads


def test_only_the_leader_works(app: Flask, leader: Callable[[], Leadership], monkeypatch: pytest.MonkeyPatch) -> None:
    done = count_calls(monkeypatch)
    first, second = leader(), leader()
    assert [first.is_mine(), second.is_mine(), first.is_mine(), second.is_mine()] == [True, False, True, False]
    tick(app, second)
    assert done == []
    tick(app, first)
    assert done == ["first", "failing", "last"]


def test_a_leader_that_resigns_is_followed_by_the_next(leader: Callable[[], Leadership]) -> None:
    first, second = leader(), leader()
    assert [first.is_mine(), second.is_mine()] == [True, False]
    first.resign()
    assert [second.is_mine(), first.is_mine()] == [True, False]
    second.resign()
    second.resign()
    assert [first.is_mine(), second.is_mine()] == [True, False]


def test_a_leader_whose_connection_was_cut_lets_another_lead_and_can_lead_again(
    app: Flask,
    session: Session,
    on_postgresql: None,
    leader: Callable[[], Leadership],
    caplog: pytest.LogCaptureFixture,
) -> None:
    url = app.config["QUIZ"].database_url
    first, second = leader(), leader()
    assert [first.is_mine(), second.is_mine()] == [True, False]
    assert kill_leaders(url) == 1
    assert [second.is_mine(), first.is_mine(), first.is_mine()] == [True, False, False]
    assert [entry.levelname for entry in caplog.records] == ["WARNING"]
    assert kill_leaders(url) == 1
    assert [second.is_mine(), second.is_mine()] == [False, True]


def test_the_jobs_recover_when_every_connection_was_cut(
    app: Flask, on_postgresql: None, leader: Callable[[], Leadership], monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        makers.load_contest()
        makers.sit(makers.add_person("A1", makers.add_agency(), activated=False), makers.WEEK_1)
    mine = leader()
    monkeypatch.setattr("quiz.clock.now", lambda: makers.WEEK_1)
    tick(app, mine)
    engine = sqlalchemy.create_engine(app.config["QUIZ"].database_url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    monkeypatch.setattr("quiz.clock.now", lambda: makers.WEEK_1_ENDS + MINUTE)
    for _ in range(2):
        tick(app, mine)
    assert marks(app) == [(makers.WEEK_1_ENDS + MINUTE, 5), (None, None)]


def test_a_database_that_is_away_is_not_led(app: Flask, caplog: pytest.LogCaptureFixture, on_postgresql: None) -> None:
    away = sqlalchemy.make_url(app.config["QUIZ"].database_url).set(database="no_such_database")
    with Leadership(Config(database_url=away.render_as_string(hide_password=False), secret_key="x" * 32)) as leadership:
        assert [leadership.is_mine(), leadership.is_mine()] == [False, False]
    assert [entry.levelname for entry in caplog.records] == ["WARNING", "WARNING"]


def hold(path: str, ready: multiprocessing.synchronize.Event) -> None:
    """Lead from another process until it is ended."""
    leadership = Leadership(Config(database_url=f"sqlite:///{path}", secret_key="x" * 32))
    if leadership.is_mine():
        ready.set()
    multiprocessing.Event().wait(60)


def test_the_lock_on_a_file_ends_with_the_process_that_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "quiz.sqlite3"
    processes = multiprocessing.get_context("spawn")
    ready = processes.Event()
    other = processes.Process(target=hold, args=(str(path), ready))
    other.start()
    with Leadership(Config(database_url=f"sqlite:///{path}", secret_key="x" * 32)) as mine:
        assert ready.wait(30)
        assert not mine.is_mine()
        other.kill()
        other.join(30)
        assert mine.is_mine()
    other.close()


def test_schedulers_of_two_sqlite_files_do_not_know_each_other(tmp_path: Path) -> None:
    one, two = (Config(database_url=f"sqlite:///{tmp_path / name}", secret_key="x" * 32) for name in ("a", "b"))
    with Leadership(one) as first, Leadership(two) as second:
        assert [first.is_mine(), second.is_mine()] == [True, True]
