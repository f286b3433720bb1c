"""Declared headcounts: never below the people listed, never touching a week that has opened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbContest, DbHeadcount, DbWeek
from quiz.models.people import DbAgency, DbMembership, DbPerson
from quiz.services import Actor, agencies, transaction
from tests import makers

NOW = datetime(2024, 10, 1, 2, 0, tzinfo=UTC)
CONSOLE = Actor(None)


@pytest.fixture
def agency(session: Session) -> DbAgency:
    """Sở Nội vụ with two people on the roster and one who has left; a week opened yesterday and is not frozen yet."""
    since = NOW - timedelta(days=30)
    with transaction() as writing:
        agency = DbAgency(code="H1", name="Sở Nội vụ", sort_key="x", kind="city", headcount=10)
        writing.add(agency)
        writing.flush()
        for code, left_at in (("A1", None), ("A2", None), ("A3", NOW - timedelta(days=9))):
            person = DbPerson(
                staff_code=code, name=code, name_key=code, agency_id=agency.id, listed_at=since, left_at=left_at
            )
            writing.add(person)
            writing.flush()
            writing.add(DbMembership(person_id=person.id, agency_id=agency.id, since=since, until=left_at))
        contest = DbContest(slug="thu", rules=makers.CONTEST.encode(), rules_digest="0", loaded_at=since)
        writing.add(contest)
        writing.flush()
        opens = NOW - timedelta(days=1)
        seeds = {"draw_seed": b"a", "lot_seed": b"b"}
        writing.add(DbWeek(contest_id=contest.id, number=1, opens_at=opens, closes_at=NOW + timedelta(days=6), **seeds))
    return agency


def last_entry(session: Session) -> DbAuditEntry:
    """The newest line of the audit log."""
    return session.scalars(select(DbAuditEntry).order_by(DbAuditEntry.id.desc()).limit(1)).one()


def test_a_headcount_is_declared_and_an_open_week_keeps_the_old_one(session: Session, agency: DbAgency) -> None:
    with transaction(CONSOLE) as writing:
        agencies.set_headcount(writing, agency.id, 45, CONSOLE, NOW, "  Theo Công văn 12  ")
    assert session.get_one(DbAgency, agency.id).headcount == 45
    assert session.scalars(select(DbHeadcount.headcount)).all() == [10]
    entry = last_entry(session)
    assert (entry.act, entry.reason) == ("set_headcount", "Theo Công văn 12")
    assert entry.facts == '{"after": 45, "agency": "H1", "before": 10}'


def test_a_headcount_can_be_given_back_to_the_roster(session: Session, agency: DbAgency) -> None:
    with transaction(CONSOLE) as writing:
        agencies.set_headcount(writing, agency.id, None, CONSOLE, NOW, "Đếm theo danh sách")
    assert session.get_one(DbAgency, agency.id).headcount is None


@pytest.mark.parametrize("headcount", [1, -5, 10_000_000])
def test_a_headcount_below_the_listed_people_is_refused(session: Session, agency: DbAgency, headcount: int) -> None:
    with pytest.raises(Refused) as refusal, transaction(CONSOLE) as writing:
        agencies.set_headcount(writing, agency.id, headcount, CONSOLE, NOW, "Sửa")
    assert (refusal.value.code, refusal.value.facts) == ("headcount_wrong", {"minimum": 2})
    assert session.get_one(DbAgency, agency.id).headcount == 10


def test_every_change_needs_a_reason_that_fits(session: Session, agency: DbAgency) -> None:
    for reason, code in ((" \n", "reason_missing"), ("x" * 301, "reason_long")):
        with pytest.raises(Refused) as refusal, transaction(CONSOLE) as writing:
            agencies.set_headcount(writing, agency.id, 20, CONSOLE, NOW, reason)
        assert refusal.value.code == code


def test_an_unknown_agency_is_refused(session: Session, agency: DbAgency) -> None:
    with pytest.raises(Refused) as refusal, transaction(CONSOLE) as writing:
        agencies.set_headcount(writing, 999, 20, CONSOLE, NOW, "Sửa")
    assert refusal.value.code == "agency_missing"
