"""The chain grows with the commits: whole, without gaps, and not on the way of those who take part."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models import db
from quiz.models.audit import DbAuditEntry
from quiz.models.people import DbPerson
from quiz.services import Actor, audit, audit_check, audit_links, reading, transaction
from quiz.services.audit import Act
from quiz.verification.audit_chain import GENESIS, Head
from tests import makers

NOW = makers.BEFORE
STAFF = Actor(None)
WORKERS, ACTS_EACH = 6, 8


def drop(session: Session, actor: Actor = STAFF) -> None:
    audit.record(session, Act.DROP_ROSTER, actor, NOW, file="x")


def test_each_act_follows_the_one_before_and_the_head_is_the_newest(session: Session) -> None:
    assert audit_links.head(session) == Head(0, GENESIS)
    for _ in range(2):
        with transaction(STAFF) as writing:
            drop(writing)
            drop(writing)
    rows = session.execute(select(DbAuditEntry.id, DbAuditEntry.link).order_by(DbAuditEntry.id)).all()
    assert [row.id for row in rows] == [1, 2, 3, 4]
    assert audit_links.head(session) == Head(4, rows[-1].link)
    assert audit_check.verify(session).fault is None


def test_what_fails_leaves_no_gap(session: Session) -> None:
    for fails in (False, True, False):
        try:
            with transaction(STAFF) as writing:
                drop(writing)
                if fails:
                    raise Refused("reason_missing")
        except Refused:
            pass
    assert session.scalars(select(DbAuditEntry.id).order_by(DbAuditEntry.id)).all() == [1, 2]
    assert audit_check.verify(session).fault is None


def test_outside_a_transaction_nothing_can_be_recorded(session: Session) -> None:
    with pytest.raises(KeyError):
        drop(session)


def test_acts_at_once_are_one_chain(app: Flask) -> None:
    """Each worker locks its own person first, as those who act do; half of them record before they do anything else."""
    with app.app_context():
        agency = makers.add_agency()
        people = [makers.add_person(f"A{number}", agency) for number in range(WORKERS)]
    failed: list[Exception] = []
    begin = threading.Barrier(WORKERS)

    def act(number: int) -> None:
        me, next_one = people[number], people[(number + 1) % WORKERS]
        begin.wait()
        for _ in range(ACTS_EACH):
            try:
                with app.app_context(), transaction(Actor(me)) as session:
                    if number % 2:
                        drop(session, Actor(me))
                    session.get(DbPerson, max(me, next_one) if number % 3 else me, with_for_update=True)
                    if not number % 2:
                        drop(session, Actor(me))
            except Exception as error:  # noqa: BLE001 (told by the assertion below)
                failed.append(error)

    threads = [threading.Thread(target=act, args=(number,)) for number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with app.app_context():
        verdict = audit_check.verify(reading())
    assert (verdict.fault, verdict.count) == (None, WORKERS * ACTS_EACH)


def test_those_who_take_part_never_touch_the_chain(app: Flask) -> None:
    """Start, save and hand in: no statement locks the head or writes to the log (the promise of the week reads it)."""
    with app.app_context():
        makers.load_contest()
        agency = makers.add_agency()
        first, person = (makers.add_person(code, agency) for code in ("A1", "A2"))
        makers.sit(first, starts_at=makers.WEEK_1 + timedelta(hours=1))  # the week's promise, an act, is made by now
        statements: list[str] = []
        listen = (db.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
        event.listen(*listen)
        makers.sit(person, starts_at=makers.WEEK_1 + timedelta(hours=1))
        event.remove(*listen)
    assert any("INSERT INTO attempts" in each for each in statements)
    of_log = [each for each in statements if "audit_" in each]
    assert [each for each in of_log if not each.startswith("SELECT") or "FOR UPDATE" in each] == []
