"""Letters carried to a real SMTP server: none twice, none lost, whatever dies in the middle."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quiz import clock, smtp
from quiz.app import create_app
from quiz.config import Config
from quiz.jobs import tick_long
from quiz.leadership import Leadership
from quiz.models.mail import DbLetter
from quiz.services import outbox, postman, transaction
from quiz.services.outbox import Kind, Letter, State
from tests import makers
from tests.mailbox import Mailbox, free_port, mailbox, silent_server
from tests.services.test_races import at_once

NOW = makers.WEEK_1
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def person(session: Session) -> int:
    return makers.add_person("A1", makers.add_agency(), activated=False)


def write(person_id: int, count: int, now: datetime = NOW) -> list[str]:
    """So many letters in the outbox; their Message-IDs."""
    letters = [
        Letter(
            key=f"letter {number}",
            kind=Kind.REMINDER,
            person_id=person_id,
            address=f"a{number}@example.vn",
            subject=f"CCHC {number}",
            text="Đề nghị ông/bà dự thi.",
            html="<p>Đề nghị ông/bà dự thi.</p>",
            unsubscribe_url="https://hoithi.example.vn/thu/ngung/x",
            expires_at=now + 50 * HOUR,
        )
        for number in range(count)
    ]
    with transaction() as session:
        assert outbox.write(session, letters, "hoithi.example.vn", now) == count
        return list(session.scalars(select(DbLetter.message_id).order_by(DbLetter.id)))


def deliver(box: Mailbox, now: datetime = NOW, per_minute: int = 1000) -> int:
    return postman.deliver(box.settings(per_minute), lambda: now)


def states(session: Session) -> Counter[str]:
    session.rollback()
    rows = session.execute(select(DbLetter.state, func.count().label("letters")).group_by(DbLetter.state))
    return Counter({row.state: row.letters for row in rows})


def ids(box: Mailbox) -> list[str]:
    return [str(letter["Message-ID"]) for letter in box.taken]


def test_everything_due_is_delivered_in_order_over_one_connection(session: Session, person: int) -> None:
    written = write(person, 5)
    with mailbox() as box:
        assert [deliver(box), deliver(box)] == [5, 0]
    assert ids(box) == written
    assert states(session) == {State.SENT: 5}


def test_one_letter_that_is_refused_holds_up_no_other(session: Session, person: int) -> None:
    write(person, 4)
    with mailbox() as box:
        box.to_addresses = {"a0@example.vn": "451 4.2.1 busy", "a1@example.vn": "550 5.1.1 no such user"}
        assert deliver(box) == 2
        assert states(session) == {State.SENT: 2, State.WAITING: 1, State.FAILED: 1}
        box.to_addresses = {}
        assert [deliver(box, NOW + wait) for wait in (MINUTE / 2, 2 * MINUTE)] == [0, 1]
    assert box.addresses == ["a2@example.vn", "a3@example.vn", "a0@example.vn"]


def test_a_server_that_is_down_for_an_hour_loses_nothing(session: Session, person: int) -> None:
    written, port = write(person, 20), free_port()
    for minute in range(0, 60, 6):
        assert deliver(Mailbox(port), NOW + minute * MINUTE) == 0
    assert states(session) == {State.WAITING: 20}
    with mailbox(port) as box:
        assert deliver(box, NOW + 61 * MINUTE) == 20
    assert ids(box) == written


def test_a_server_that_goes_down_in_the_middle_gets_the_rest_later(session: Session, person: int) -> None:
    written = write(person, 6)
    with mailbox() as box:
        box.to_addresses["a2@example.vn"] = "421 4.3.2 shutting down"
        assert deliver(box) == 2
        box.to_addresses = {}
        assert [deliver(box, NOW + wait) for wait in (MINUTE / 6, 2 * MINUTE)] == [3, 1]
    assert sorted(ids(box)) == sorted(written)


def test_a_server_that_refuses_us_as_senders_is_asked_again_later(session: Session, person: int) -> None:
    write(person, 3)
    with mailbox() as box:
        box.to_sender = "550 5.7.1 who are you"
        assert [deliver(box, NOW + wait) for wait in (MINUTE * 0, MINUTE / 2, HOUR)] == [0, 0, 0]
        box.to_sender = ""
        assert deliver(box, NOW + 2 * HOUR) == 3


def test_a_silent_server_is_left_and_nothing_is_touched(
    session: Session, person: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.2)
    write(person, 3)
    with silent_server() as box:
        assert deliver(box) == 0
    assert states(session) == {State.WAITING: 3}


def test_no_more_than_the_limit_leave_in_a_minute(session: Session, person: int) -> None:
    write(person, 7)
    with mailbox() as box:
        moments = [MINUTE * 0, MINUTE / 2, MINUTE, 2 * MINUTE]
        assert [deliver(box, NOW + wait, per_minute=3) for wait in moments] == [3, 0, 3, 1]


def test_a_slow_server_leaves_time_for_other_work(session: Session, person: int) -> None:
    """It takes half a minute for every letter; whatever else takes long waits in the same line."""
    written, now = write(person, 8), iter(NOW + number * MINUTE / 6 for number in range(100))
    with mailbox() as box:
        done = [postman.deliver(box.settings(), lambda: next(now)) for _ in range(3)]
    assert max(done) <= 3
    assert sum(done) >= 4
    assert ids(box) == written[: sum(done)]


def test_two_workers_at_once_send_nothing_twice(app: Flask, session: Session, person: int) -> None:
    written = write(person, 20)
    with mailbox() as box:
        done = at_once(app, lambda _place: deliver(box), 2)
    assert sum(done) == 20
    assert sorted(ids(box)) == sorted(written)
    assert states(session) == {State.SENT: 20}


def test_a_worker_that_is_killed_sends_nothing_twice_and_loses_nothing(
    app: Flask, session: Session, person: int
) -> None:
    written = set(write(person, 80, clock.now()))
    with mailbox() as box:
        worker = start_worker(app, box)
        box.meanwhile = lambda: kill(worker) if len(box.taken) == 20 else None  # it never hears that this was taken
        wait_until(lambda: not worker.is_alive())
        worker = start_worker(app, box)
        wait_until(lambda: len(box.taken) > 40)
        kill(worker)
        worker = start_worker(app, box)
        wait_until(lambda: len(box.taken) >= 78 and not states(session)[State.WAITING])
        kill(worker)
    taken = ids(box)
    assert len(taken) == len(set(taken))
    with transaction() as writing:
        outbox.tidy(writing, clock.now() + HOUR)
    session.expire_all()
    unknown = set(session.scalars(select(DbLetter.message_id).where(DbLetter.state == State.UNKNOWN)))
    assert 1 <= len(unknown) <= 3  # three kills, the last of them most likely of a worker that was idle
    assert written - set(taken) <= unknown
    assert states(session) == {State.SENT: 80 - len(unknown), State.UNKNOWN: len(unknown)}


def start_worker(app: Flask, box: Mailbox) -> BaseProcess:
    """The scheduler's long jobs, in a process of their own that can be killed."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["quiz.jobs", __name__])
    worker = processes.Process(target=work, args=(replace(app.config["QUIZ"], mail=box.settings()),))
    worker.start()
    return worker


def work(config: Config) -> None:
    """Tick until killed."""
    app = create_app(config)
    with Leadership(config) as leadership:
        while True:
            tick_long(app, leadership)
            time.sleep(0.05)


def kill(worker: BaseProcess) -> None:
    worker.kill()
    worker.join()


def wait_until(is_so: Callable[[], object], patience: float = 90) -> None:
    end = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)
