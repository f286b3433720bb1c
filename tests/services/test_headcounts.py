"""Headcounts: declared never below the people listed, never touching an open week; confirmed as long as they stand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbContest, DbHeadcount, DbWeek
from quiz.models.people import DbAgency, DbMembership, DbPerson
from quiz.services import Actor, contests, exemptions, headcounts, transaction, turnout
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
        seeds = {"draw_seed": b"a", "lot_seed": b"b", "record_secret": b"c"}
        writing.add(DbWeek(contest_id=contest.id, number=1, opens_at=opens, closes_at=NOW + timedelta(days=6), **seeds))
    return agency


def last_entry(session: Session) -> DbAuditEntry:
    """The newest line of the audit log."""
    return session.scalars(select(DbAuditEntry).order_by(DbAuditEntry.id.desc()).limit(1)).one()


def test_a_headcount_is_declared_and_an_open_week_keeps_the_old_one(session: Session, agency: DbAgency) -> None:
    with transaction(CONSOLE) as writing:
        headcounts.set_headcount(writing, agency.id, 45, CONSOLE, NOW, "  Theo Công văn 12  ")
    assert session.get_one(DbAgency, agency.id).headcount == 45
    assert session.scalars(select(DbHeadcount.headcount)).all() == [10]
    entry = last_entry(session)
    assert (entry.act, entry.reason) == ("set_headcount", "Theo Công văn 12")
    assert entry.facts == '{"after": 45, "agency": "H1", "before": 10}'


def test_a_headcount_can_be_given_back_to_the_roster(session: Session, agency: DbAgency) -> None:
    with transaction(CONSOLE) as writing:
        headcounts.set_headcount(writing, agency.id, None, CONSOLE, NOW, "Đếm theo danh sách")
    assert session.get_one(DbAgency, agency.id).headcount is None


@pytest.mark.parametrize("headcount", [1, -5, 10_000_000])
def test_a_headcount_below_the_listed_people_is_refused(session: Session, agency: DbAgency, headcount: int) -> None:
    with pytest.raises(Refused) as refusal, transaction(CONSOLE) as writing:
        headcounts.set_headcount(writing, agency.id, headcount, CONSOLE, NOW, "Sửa")
    assert (refusal.value.code, refusal.value.facts) == ("headcount_wrong", {"minimum": 2})
    assert session.get_one(DbAgency, agency.id).headcount == 10


def test_every_change_needs_a_reason_that_fits(session: Session, agency: DbAgency) -> None:
    for reason, code in ((" \n", "reason_missing"), ("x" * 301, "reason_long")):
        with pytest.raises(Refused) as refusal, transaction(CONSOLE) as writing:
            headcounts.set_headcount(writing, agency.id, 20, CONSOLE, NOW, reason)
        assert refusal.value.code == code


def test_an_unknown_agency_is_refused(session: Session, agency: DbAgency) -> None:
    with pytest.raises(Refused) as refusal, transaction(CONSOLE) as writing:
        headcounts.set_headcount(writing, 999, 20, CONSOLE, NOW, "Sửa")
    assert refusal.value.code == "agency_missing"


@pytest.fixture
def scene(session: Session) -> dict[str, int]:
    """Two agencies before week 1: Sở Nội vụ of three people, four declared, and Cục Thuế of one; ids by code."""
    makers.load_contest()
    ids = {"SNV": makers.add_agency("SNV", headcount=4), "CT": makers.add_agency("CT"), "X": makers.add_agency("X")}
    for code in ("A1", "A2", "A3"):
        ids[code] = makers.add_person(code, ids["SNV"], f"Người {code}")
    ids["B1"] = makers.add_person("B1", ids["CT"])
    return ids


def figures(session: Session, agency_id: int, now: datetime = makers.BEFORE) -> tuple[int, int | None, int, int, int]:
    """Listed, declared, exempt, total and base of an agency for the next week."""
    session.rollback()
    found = headcounts.get_upcoming(session, now).figures[agency_id]
    return found.listed, found.declared, found.exempt, found.total, found.base


def confirm(session: Session, ids: dict[str, int], now: datetime = makers.BEFORE, seen: str = "") -> None:
    """A1 confirms for Sở Nội vụ what there is to see."""
    seen = seen or headcounts.get_upcoming(session, now).figures[ids["SNV"]].seen
    actor = Actor(ids["A1"])
    with transaction(actor) as writing:
        headcounts.confirm(writing, ids["SNV"], seen, actor, now)


def is_confirmed(session: Session, ids: dict[str, int], now: datetime = makers.BEFORE) -> bool:
    """Whether the confirmation of Sở Nội vụ stands."""
    session.rollback()
    return headcounts.get_upcoming(session, now).confirmed(ids["SNV"]) is not None


def exempt(ids: dict[str, int], code: str, first: date, last: date | None = None) -> None:
    """Exempt somebody of Sở Nội vụ."""
    with transaction(CONSOLE) as writing:
        exemptions.exempt(
            writing,
            ids["SNV"],
            ids[code],
            reason="Nghỉ ốm",
            first=first,
            last=last,
            actor=CONSOLE,
            now=makers.BEFORE,
        )


def test_figures_are_those_that_the_opening_will_freeze(session: Session, scene: dict[str, int]) -> None:
    exempt(scene, "A1", date(2024, 10, 1))
    exempt(scene, "A2", date(2024, 10, 1), date(2024, 10, 6))
    assert figures(session, scene["SNV"]) == (3, 4, 1, 4, 3)
    assert figures(session, scene["CT"]) == (1, None, 0, 1, 1)
    assert figures(session, scene["X"]) == (0, None, 0, 0, 0)
    with transaction() as writing:
        contests.freeze_due_weeks(writing, makers.WEEK_1)
    frozen = {row.agency_id: row.turnout for row in turnout.of_week(session, makers.week(session), makers.WEEK_1)}
    assert (frozen[scene["SNV"]].headcount, frozen[scene["SNV"]].base, frozen[scene["CT"]].base) == (4, 3, 1)


def test_a_confirmation_says_who_and_when(session: Session, scene: dict[str, int]) -> None:
    assert not is_confirmed(session, scene)
    confirm(session, scene)
    held = headcounts.get_upcoming(session, makers.BEFORE).confirmed(scene["SNV"])
    assert held
    assert (held.name, held.at, held.figures.base) == ("Người A1", makers.BEFORE, 4)
    entry = last_entry(session)
    assert (entry.act, entry.actor_id, json.loads(entry.facts)) == (
        *("confirm_headcount", scene["A1"], {"agency": "SNV", "exempt": 0, "total": 4, "week": 1}),
    )


def test_changes_afterwards_drop_the_confirmation_until_it_is_given_again(
    session: Session, scene: dict[str, int]
) -> None:
    confirm(session, scene)
    exempt(scene, "A1", date(2024, 10, 1))
    assert not is_confirmed(session, scene)
    assert headcounts.get_upcoming(session, makers.BEFORE).outdated(scene["SNV"]) is not None
    confirm(session, scene, makers.BEFORE + timedelta(days=1))
    assert is_confirmed(session, scene)
    with transaction(CONSOLE) as writing:
        headcounts.set_headcount(writing, scene["SNV"], 5, CONSOLE, makers.BEFORE, "Thêm một biên chế")
    assert not is_confirmed(session, scene)
    confirm(session, scene)
    makers.add_person("A4", scene["SNV"])
    assert not is_confirmed(session, scene)


def test_what_was_not_seen_is_not_confirmed(session: Session, scene: dict[str, int]) -> None:
    with pytest.raises(Refused) as refusal:
        confirm(session, scene, seen="3/9/0")
    assert refusal.value.code == "headcount_changed"
    assert not is_confirmed(session, scene)


def test_each_week_is_confirmed_for_itself_and_after_the_last_there_is_none(
    session: Session, scene: dict[str, int]
) -> None:
    confirm(session, scene)
    assert not is_confirmed(session, scene, makers.WEEK_1)
    assert headcounts.get_upcoming(session, makers.WEEK_1).week.week.number == 2
    assert headcounts.find_upcoming(session, makers.WEEK_2) is None
    with pytest.raises(Refused) as refusal:
        confirm(session, scene, makers.WEEK_2, seen="3/4/0")
    assert refusal.value.code == "no_week_to_come"


def test_an_agency_without_people_waits_for_nobody(session: Session, scene: dict[str, int]) -> None:
    confirm(session, scene)
    upcoming = headcounts.get_upcoming(session, makers.BEFORE)
    assert [upcoming.waits_for(scene[code]) for code in ("SNV", "CT", "X")] == [False, True, False]
