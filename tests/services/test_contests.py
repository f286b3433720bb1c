"""What is stored of a contest, and what a week keeps from the moment at which it opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.contests import DbHeadcount, DbWeek
from quiz.models.people import DbAgency, DbMembership, DbPerson
from quiz.services import contests, transaction
from quiz.services.contests import StoredWeek
from tests import makers

MS = timedelta(milliseconds=1)


def freeze(now: datetime) -> int:
    """Freeze as the job does."""
    with transaction() as session:
        return contests.freeze_due_weeks(session, now)


def weeks(session: Session) -> tuple[StoredWeek, ...]:
    """The weeks of the current contest as they are stored now."""
    session.rollback()
    return contests.weeks(session, contests.get_current(session))


def headcounts(session: Session, number: int = 1) -> dict[str, int]:
    """The denominators frozen for a week, by the agency's code."""
    session.rollback()
    rows = session.execute(
        select(DbAgency.code, DbHeadcount.headcount)
        .join(DbHeadcount, DbHeadcount.agency_id == DbAgency.id)
        .where(DbHeadcount.week_id == makers.week(session, number).id)
    )
    return {row.code: row.headcount for row in rows}


def refused(act: Callable[[], object]) -> Refused:
    """The refusal of an act that must be refused."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


# Denominators


@pytest.fixture
def agencies(session: Session) -> dict[str, int]:
    """H1 with three on the roster, H2 with two on the roster and ten declared, H3 of nobody; a contest with a bank."""
    makers.load_contest()
    made = {"H1": makers.add_agency("H1"), "H2": makers.add_agency("H2", headcount=10), "H3": makers.add_agency("H3")}
    for code, count in (("H1", 3), ("H2", 2)):
        for number in range(count):
            makers.add_person(f"{code}-{number}", made[code], activated=False)
    return made


def move(code: str, agency_id: int | None, now: datetime) -> None:
    """Move a person to another agency, or out of all, as a roster does."""
    with transaction() as session:
        person = session.scalars(select(DbPerson).where(DbPerson.staff_code == code)).one()
        held = session.scalars(
            select(DbMembership).where(DbMembership.person_id == person.id, DbMembership.until.is_(None))
        ).one()
        held.until = now
        if agency_id is None:
            person.left_at = now
        else:
            person.agency_id = agency_id
            session.add(DbMembership(person_id=person.id, agency_id=agency_id, since=now))


def test_denominators_are_the_roster_or_the_declared_total_if_that_is_more(
    session: Session, agencies: dict[str, int]
) -> None:
    with transaction() as writing:
        writing.get_one(DbAgency, agencies["H1"]).headcount = 2  # declared before one more was listed
    assert freeze(makers.WEEK_1) == 1
    assert headcounts(session) == {"H1": 3, "H2": 10, "H3": 0}
    assert headcounts(session, 2) == {}


def test_denominators_count_who_belonged_at_the_moment_of_opening(session: Session, agencies: dict[str, int]) -> None:
    move("H1-0", None, makers.WEEK_1 - MS)  # gone just before: not counted
    move("H1-1", None, makers.WEEK_1 + MS)  # gone just after: counted
    move("H1-2", agencies["H3"], makers.WEEK_1)  # moved at the very moment: counted where they are now
    makers.add_person("N1", agencies["H3"], now=makers.WEEK_1, activated=False)  # listed at the very moment: counted
    makers.add_person("N2", agencies["H3"], now=makers.WEEK_1 + MS, activated=False)  # listed just after: not counted
    freeze(makers.WEEK_1 + timedelta(hours=1))
    assert headcounts(session) == {"H1": 1, "H2": 10, "H3": 2}


def test_freezing_waits_for_the_opening_and_happens_once(session: Session, agencies: dict[str, int]) -> None:
    assert [freeze(now) for now in (makers.WEEK_1 - MS, makers.WEEK_1, makers.WEEK_1 + MS)] == [0, 1, 0]
    move("H1-0", None, makers.WEEK_1 + MS)
    makers.add_person("N1", agencies["H1"], now=makers.WEEK_1 + MS, activated=False)
    assert freeze(makers.WEEK_2_ENDS) == 1
    assert headcounts(session) == {"H1": 3, "H2": 10, "H3": 0}
    assert headcounts(session, 2) == {"H1": 3, "H2": 10, "H3": 0}
    assert [week.frozen_at for week in weeks(session)] == [makers.WEEK_1, makers.WEEK_2_ENDS]


def test_freezing_late_gives_the_denominators_of_the_opening(session: Session, agencies: dict[str, int]) -> None:
    move("H1-0", agencies["H3"], makers.WEEK_2 + MS)
    freeze(makers.WEEK_2_ENDS + timedelta(days=100))
    assert headcounts(session, 1) == headcounts(session, 2) == {"H1": 3, "H2": 10, "H3": 0}


# A week that an incident has extended


def extend(number: int, to: datetime) -> None:
    """Extend a week as the decision about an incident does."""
    with transaction() as session:
        session.scalars(select(DbWeek).where(DbWeek.number == number)).one().extended_to = to


def test_an_extended_week_closes_later_for_everybody_who_asks(session: Session) -> None:
    makers.load_contest()
    later = makers.WEEK_1_ENDS + timedelta(days=1)
    extend(1, later)
    session.rollback()
    assert [week.week.closes_at for week in weeks(session)] == [later, makers.WEEK_2_ENDS]
    assert makers.week(session).week.closes_at == later
    assert contests.get_week_by_id(session, makers.week(session).id).week.closes_at == later
    contest = contests.get_current(session)
    assert [week.closes_at for week in contests.as_extended(session, contest).weeks] == [later, makers.WEEK_2_ENDS]
    asked = select(DbWeek.number).where(contests.closes_at() <= later - MS)
    assert session.scalars(asked).all() == []
    assert session.scalars(select(DbWeek.number).where(contests.closes_at() <= later)).all() == [1]
    assert refused(lambda: contests.check_closed(makers.week(session), later)).code == "not_closed"


def test_an_extended_week_keeps_the_questions_of_the_days_in_the_file(session: Session) -> None:
    text = makers.bank_text(6).replace("2020-01-01\n", "2020-01-01\n    valid_until: 2024-10-11\n", 1)
    makers.load_contest(bank_source=text)
    freeze(makers.WEEK_1)
    assert len(contests.pool(session, weeks(session)[0], "")) == 6
    extend(1, makers.WEEK_1_ENDS + timedelta(days=2))
    assert len(contests.pool(session, weeks(session)[0], "")) == 6
    assert len(contests.pool(session, weeks(session)[1], "")) == 5


# What is told about a week


def test_results_exist_only_after_the_week_and_its_grace(session: Session) -> None:
    makers.load_contest()
    week, last = makers.week(session), makers.WEEK_1_ENDS + timedelta(seconds=5)
    for now in (makers.BEFORE, makers.WEEK_1, makers.WEEK_1_ENDS - MS, makers.WEEK_1_ENDS, last):
        refusal = refused(lambda now=now: contests.check_closed(week, now))
        assert (refusal.code, refusal.facts["closes"]) == ("not_closed", "17 giờ 00 phút, thứ Sáu ngày 11/10/2024")
    contests.check_closed(week, last + MS)


def test_the_lot_is_committed_to_by_the_hash_that_verifiers_check(session: Session) -> None:
    makers.load_contest()
    # (printf 'hoi-thi/1/lot\0'; printf 'seed 2' | sha256sum | xxd -r -p) | sha256sum
    assert weeks(session)[0].lot_commitment == "f602b3ab771477d9aa54612d49cf172aa6260539cd25e480ef2d2f6326856cbe"
