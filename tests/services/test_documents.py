"""Documents from asked for to made: once, for the asker alone, whoever works on them and however workers end."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models import db
from quiz.models.documents import DbDocument
from quiz.permissions import Role
from quiz.services import Transaction, accounts, documents, transaction
from quiz.services.accounts import Person
from quiz.services.documents import KEPT, LEASE, MOST_TRIES, Document, File, Kind, Makers, State, Work
from tests import makers
from tests.makers import BEFORE
from tests.services.results_scene import refused
from tests.web import scenes

MINUTE = timedelta(minutes=1)
LATER = BEFORE + MINUTE


@pytest.fixture
def asker(session: Session) -> Person:
    """A coordinator who asks."""
    return person(session, "DM1", [Role.COORDINATOR])


def person(session: Session, code: str, roles: list[Role]) -> Person:
    """Somebody of an agency of their own, signed in."""
    made = makers.add_person(code, makers.add_agency(code), f"Lê Thị {code}", roles, activated=False)
    found = accounts.find(session, made)
    assert found
    return found


def ask(asker: Person, kind: Kind = Kind.AGENCY_REPORT, now: object = BEFORE, **facts: object) -> int:
    """Ask as the page does."""
    with transaction() as session:
        return documents.ask(session, kind, facts or {"agency": 1}, asker.id, now)  # type: ignore[arg-type]


def seen(session: Session, document_id: int, asker: Person) -> Document:
    """The document as its page shows it now."""
    session.rollback()
    return documents.get(session, document_id, asker)


def work(make: Callable[[Transaction, Work], File], now: object = LATER) -> int:
    """One tick of the scheduler, with one maker for everything."""
    every: Makers = dict.fromkeys(Kind, make)
    return documents.make_waiting(every, lambda: now)  # type: ignore[arg-type,return-value]


def write(_session: Transaction, given: Work) -> File:
    """A file that says what it was made from."""
    given.tell(1, 2)
    return File(name="Báo cáo.txt", mimetype="text/plain", content=repr(given.facts).encode())


def test_a_document_is_asked_for_made_and_fetched(session: Session, asker: Person) -> None:
    made = ask(asker, agency=7)
    assert (seen(session, made, asker).state, seen(session, made, asker).percent) == (State.WAITING, 0)
    assert refused(lambda: documents.file(session, made, asker)) == "document_not_made"
    assert work(write) == 1
    shown = seen(session, made, asker)
    assert (shown.state, shown.filename, shown.percent, shown.kept_until) == (
        State.DONE,
        "Báo cáo.txt",
        50,
        LATER + KEPT,
    )
    content = b"{'agency': 7}"
    assert documents.file(session, made, asker) == File(name="Báo cáo.txt", mimetype="text/plain", content=content)
    assert shown.digest == hashlib.sha256(content).hexdigest()
    assert work(write) == 0


def test_asking_twice_is_once_while_it_waits_and_while_it_is_fresh(session: Session, asker: Person) -> None:
    first = ask(asker)
    assert ask(asker, now=LATER) == first
    work(write)
    fresh = LATER + Kind.AGENCY_REPORT.fresh_for
    assert ask(asker, now=fresh - timedelta(milliseconds=1)) == first
    second = ask(asker, now=fresh)
    assert second != first
    assert [each.id for each in documents.own(session, asker)] == [second, first]
    assert ask(asker, agency=2) not in {first, second}


def test_asking_again_for_what_was_cancelled_or_failed_is_a_new_document(session: Session, asker: Person) -> None:
    first = ask(asker)
    with transaction() as writing:
        documents.cancel(writing, first, asker, BEFORE)
    second = ask(asker)
    work(lambda _session, _work: 1 / 0)  # type: ignore[arg-type,return-value]
    third = ask(asker)
    assert len({first, second, third}) == 3
    assert [each.state for each in documents.own(session, asker)] == [State.WAITING, State.FAILED, State.CANCELLED]


def test_only_the_asker_sees_it_and_only_while_they_may(session: Session, asker: Person) -> None:
    made, other = ask(asker), person(session, "DM2", [Role.COORDINATOR])
    certificate = ask(asker, Kind.CERTIFICATE)
    work(write)
    assert ask(other) != made
    former = person(session, "DM3", [])
    demoted = Person(**{name: getattr(asker, name) for name in asker.__slots__} | {"roles": former.roles})
    for who in (other, demoted):
        assert refused(lambda who=who: documents.get(session, made, who)) == "document_missing"
        assert refused(lambda who=who: documents.file(session, made, who)) == "document_missing"
        assert refused(lambda who=who: documents.cancel(session, made, who, LATER)) == "document_missing"
    assert [each.id for each in documents.own(session, demoted)] == [certificate]
    assert [each.id for each in documents.own(session, other)] == [certificate + 1]


def test_one_that_fails_says_so_and_stops_no_other(
    session: Session, asker: Person, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = ask(asker, agency=1), ask(asker, agency=2)

    def make(session: Transaction, given: Work) -> File:
        if given.facts == {"agency": 1}:
            raise Refused("agency_missing")
        return write(session, given)

    assert work(make) == 1
    assert [seen(session, each, asker).state for each in (bad, good)] == [State.FAILED, State.DONE]
    assert f"document {bad} (agency_report) could not be made" in caplog.text


def test_a_cancelled_document_is_not_made(session: Session, asker: Person) -> None:
    made = ask(asker)
    with transaction() as writing:
        documents.cancel(writing, made, asker, BEFORE)
    assert work(write) == 0
    assert refused(lambda: documents.cancel(session, made, asker, LATER)) == "document_moved_on"


@pytest.mark.parametrize("tells", [True, False])
def test_cancelling_half_way_ends_the_work(session: Session, asker: Person, tells: bool) -> None:
    made, reached = ask(asker), list[str]()

    def make(reading: Transaction, given: Work) -> File:
        given.tell(1, 3)
        reading.rollback()
        with transaction() as writing:
            documents.cancel(writing, made, asker, LATER)
        if tells:
            given.tell(2, 3)
        reached.append("the end")
        return File(name="x", mimetype="text/plain", content=b"x")

    assert work(make) == 0
    assert reached == ([] if tells else ["the end"])
    shown = seen(session, made, asker)
    assert (shown.state, shown.done, shown.filename) == (State.CANCELLED, 1, "")


def die(_session: Transaction, _work: Work) -> File:
    """What a killed worker does."""
    raise SystemExit


def test_what_a_killed_worker_left_is_taken_up_when_its_lease_is_over(session: Session, asker: Person) -> None:
    made = ask(asker)
    with pytest.raises(SystemExit):
        work(die, LATER)
    assert seen(session, made, asker).state is State.WORKING
    assert work(write, LATER + LEASE) == 0
    assert work(write, LATER + LEASE + MINUTE) == 1
    assert seen(session, made, asker).state is State.DONE


def test_every_step_extends_the_lease(session: Session, asker: Person) -> None:
    made = ask(asker)
    moments = iter([LATER, LATER, LATER + LEASE - MINUTE])  # taking, starting, the first step

    def make(_session: Transaction, given: Work) -> File:
        given.tell(1, 2)
        raise SystemExit

    with pytest.raises(SystemExit):
        documents.make_waiting(dict.fromkeys(Kind, make), lambda: next(moments))
    assert work(write, LATER + LEASE + MINUTE) == 0
    assert work(write, LATER + 2 * LEASE) == 1
    assert seen(session, made, asker).state is State.DONE


def test_what_ends_every_worker_has_failed_in_the_end(session: Session, asker: Person) -> None:
    made, now = ask(asker), LATER
    for _ in range(MOST_TRIES):
        with pytest.raises(SystemExit):
            work(die, now)
        now += LEASE + MINUTE
    assert work(write, now) == 0
    assert seen(session, made, asker).state is State.FAILED


def test_a_worker_that_was_given_up_keeps_nothing(session: Session, asker: Person) -> None:
    """It was only slow, and another has taken the document over meanwhile."""
    made, slow_tell = ask(asker), list[object]()

    def slow(_session: Transaction, given: Work) -> File:
        slow_tell.append(given.tell)
        _session.rollback()
        assert work(write, LATER + LEASE + MINUTE) == 1
        return File(name="slow", mimetype="text/plain", content=b"slow")

    assert work(slow, LATER) == 0
    assert seen(session, made, asker).filename == "Báo cáo.txt"
    with pytest.raises(documents.NobodyWaitsError):
        slow_tell[0](2, 2)  # type: ignore[operator]


def test_workers_at_once_make_each_document_once(app: Flask, session: Session, asker: Person) -> None:
    asked = [ask(asker, agency=number) for number in range(4)]
    start, made = threading.Barrier(3), list[object]()

    def note(session: Transaction, given: Work) -> File:
        made.append(given.facts["agency"])
        return write(session, given)

    def tick() -> None:
        with app.app_context():
            start.wait()
            try:
                work(note)
            except OperationalError:  # SQLite: another worker is writing; the next tick tries again
                pass
            finally:
                db.session.remove()

    threads = [threading.Thread(target=tick) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work(note)
    assert sorted(map(str, made)) == ["0", "1", "2", "3"]
    assert {seen(session, each, asker).state for each in asked} == {State.DONE}


def test_asked_at_once_is_asked_once(app: Flask, session: Session, asker: Person) -> None:
    start, asked = threading.Barrier(4), list[int]()

    def click() -> None:
        with app.app_context():
            start.wait()
            asked.append(ask(asker))
            db.session.remove()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.rollback()
    assert (len(asked), len(set(asked)), len(documents.own(session, asker))) == (4, 1, 1)


def test_files_and_what_they_were_made_from_are_forgotten_after_days(session: Session, asker: Person) -> None:
    made = ask(asker, Kind.CERTIFICATE, person="Lê Thị DM1")
    work(write)
    waiting = ask(asker, agency=2)
    with transaction() as writing:
        assert documents.forget_old(writing, LATER + KEPT - MINUTE) == 0
        assert documents.forget_old(writing, LATER + KEPT) == 1
        assert documents.forget_old(writing, LATER + KEPT) == 0
    row = session.scalars(select(DbDocument).where(DbDocument.id == made)).one()
    assert (row.content, row.facts, row.filename) == (None, "{}", "")
    assert seen(session, made, asker).state is State.FORGOTTEN
    assert refused(lambda: documents.file(session, made, asker)) == "document_not_made"
    assert seen(session, waiting, asker).state is State.WAITING
    assert ask(asker, Kind.CERTIFICATE, LATER + KEPT, person="Lê Thị DM1") != made


def test_looking_for_work_and_for_old_files_reads_no_other_documents(
    app: Flask, session: Session, asker: Person, database: str
) -> None:
    """The scheduler looks every five seconds, SQLite holds off all writers meanwhile, and files are large."""
    if database != "sqlite":
        pytest.skip("the plans of PostgreSQL depend on how many rows there are")
    with scenes.statements(app) as sent:
        work(write)
        with transaction() as writing:
            documents.forget_old(writing, LATER)
    for statement in sent:
        nothing = (None,) * statement.count("?")
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", nothing)
        assert [step for *_, step in plan if step.startswith("SCAN")] == [], statement


def test_one_tick_leaves_time_for_other_work(session: Session, asker: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "AT_ONCE", 2)
    for number in range(3):
        ask(asker, agency=number)
    assert [work(write), work(write), work(write)] == [2, 1, 0]
