"""Coordinators are sent the digest of what was promised: each once for each version, and only the newest."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.models.mail import DbLetter
from quiz.permissions import Role
from quiz.services import commitments, contest_files, transaction, unsubscribing, witnesses
from quiz.services.letters import Site
from quiz.services.outbox import Kind
from tests import makers

SITE = Site(base_url="https://hoithi.example.vn", host="hoithi.example.vn", secret_key="s" * 32)
AT = makers.WEEK_1 - timedelta(hours=20)
MINUTE = timedelta(minutes=1)


def town() -> dict[str, int]:
    """Two coordinators, one of whom nobody can write to, and a participant."""
    makers.load_contest()
    agency = makers.add_agency()
    ids = {code: makers.add_person(code, agency, roles=[Role.COORDINATOR], activated=False) for code in ("DA", "DB")}
    return ids | {"A1": makers.add_person("A1", agency, activated=False)}


def write(at: timedelta) -> int:
    with transaction() as session:
        return witnesses.write_commitments(session, SITE, AT + at)


def test_every_coordinator_is_told_of_a_version_once(session: Session) -> None:
    ids = town()
    assert write(MINUTE) == 0
    makers.commit(AT)
    assert [write(MINUTE), write(2 * MINUTE)] == [2, 0]
    session.rollback()
    rows = session.scalars(select(DbLetter).order_by(DbLetter.person_id)).all()
    assert [row.person_id for row in rows] == [ids["DA"], ids["DB"]]
    [made] = commitments.of_week(session, makers.week(session))
    for row in rows:
        assert made.digest in row.text
        assert made.digest in row.html
        assert "https://hoithi.example.vn/kiem-chung/cam-ket-tuan-1-ban-1.json" in row.text
        assert "bản số 1" in row.subject


def test_a_new_version_is_told_anew_to_whoever_still_wants_to_hear(session: Session) -> None:
    ids = town()
    makers.commit(AT)
    write(MINUTE)
    with transaction() as writing:
        unsubscribing.refuse(writing, ids["DB"], Kind.WITNESS, AT)
    with transaction(makers.CONSOLE) as writing:
        contest_files.load_bank(writing, makers.bank_text(13).encode(), makers.CONSOLE, AT)
    makers.commit(AT + MINUTE)
    assert write(2 * MINUTE) == 1


def test_old_promises_are_no_news(session: Session) -> None:
    session.rollback()
    town()
    makers.commit(AT)
    assert write(witnesses.NEWS + MINUTE) == 0
