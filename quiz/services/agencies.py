"""Declared headcounts of agencies, and people exempt from taking part."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select

from quiz.errors import Refused
from quiz.models.people import DbAgency, DbExemption, DbPerson
from quiz.services import Actor, Transaction, audit
from quiz.services.contests import freeze_due_weeks
from quiz.vietnamese import clean

MOST_HEADCOUNT = 9_999_999
MOST_REASON = 300


def set_headcount(
    session: Transaction, agency_id: int, headcount: int | None, actor: Actor, now: datetime, reason: str
) -> None:
    """Declare the total of an agency for weeks that have not opened; None: the people on the roster are counted.

    Raises Refused: agency_missing, headcount_wrong (fewer than the people listed), reason_missing, reason_long.
    """
    words = _checked(reason)
    freeze_due_weeks(session, now)
    agency = session.get(DbAgency, agency_id, with_for_update={"key_share": True})
    if agency is None:
        raise Refused("agency_missing")
    if headcount is not None:
        listed = listed_people(session, agency_id)
        if not listed <= headcount <= MOST_HEADCOUNT:
            raise Refused("headcount_wrong", minimum=listed)
    before, agency.headcount = agency.headcount, headcount
    facts = {"agency": agency.code, "before": before, "after": headcount}
    audit.record(session, audit.Act.SET_HEADCOUNT, actor, now, reason=words, **facts)


def listed_people(session: Transaction, agency_id: int) -> int:
    """How many people of the agency are on the roster now."""
    on_roster = select(func.count()).where(DbPerson.agency_id == agency_id, DbPerson.left_at.is_(None))
    return session.scalar(on_roster) or 0


def exempt_person(session: Transaction, person_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Take a person out of the denominators of weeks that have not opened, with the reason on record.

    Raises Refused: person_missing, already_exempt, reason_missing, reason_long.
    """
    words = _checked(reason)
    freeze_due_weeks(session, now)
    person = _get_listed(session, person_id)
    if _current(session, person_id, now):
        raise Refused("already_exempt")
    session.add(DbExemption(person_id=person_id, reason=words, since=now))
    audit.record(session, audit.Act.EXEMPT_PERSON, actor, now, reason=words, person=person.staff_code)


def end_exemption(session: Transaction, person_id: int, actor: Actor, now: datetime) -> None:
    """Count the person again from now on. Raises Refused: person_missing, not_exempt."""
    freeze_due_weeks(session, now)
    person = _get_listed(session, person_id)
    held = _current(session, person_id, now)
    if not held:
        raise Refused("not_exempt")
    for exemption in held:
        exemption.until = now
    audit.record(session, audit.Act.END_EXEMPTION, actor, now, person=person.staff_code)


def _current(session: Transaction, person_id: int, now: datetime) -> list[DbExemption]:
    holds = or_(DbExemption.until.is_(None), DbExemption.until > now)
    return list(session.scalars(select(DbExemption).where(DbExemption.person_id == person_id, holds)))


def _get_listed(session: Transaction, person_id: int) -> DbPerson:
    """The person's row, locked, so that two clicks cannot both find nothing."""
    person = session.get(DbPerson, person_id, with_for_update={"key_share": True})
    if person is None or person.left_at is not None:
        raise Refused("person_missing")
    return person


def _checked(reason: str) -> str:
    words = clean(reason)
    if not words:
        raise Refused("reason_missing")
    if len(words) > MOST_REASON:
        raise Refused("reason_long", maximum=MOST_REASON)
    return words
