"""What the database knows of a person who wants to start: attempts taken, division, extra time. One statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, ScalarSelect, Table, bindparam, func, or_, select

from quiz.contest.attempt_rules import Entrant
from quiz.contest.schedule import STAFF_BARRED, Contest
from quiz.models import UtcDateTime
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbBarred, DbWeek
from quiz.models.people import DbAgency, DbMembership, DbPerson, DbRegistration, DbRoleGrant
from quiz.permissions import BARRED_ROLES
from quiz.services import Transaction, stored_weeks
from quiz.services.allowances import extra_minutes
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.direct import Direct


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFacts:
    """What starting needs to know. `in_progress` is the code of the attempt to go on with, if any.

    `begun` counts whatever the person has ever started. `agency` is the code of the agency that the person belongs to,
    '' for none.
    """

    entrant: Entrant
    in_progress: str | None
    division: str
    agency: str
    registered_at: datetime
    last_number: int
    begun: int
    extra_time: timedelta


def start_facts(session: Transaction, person_id: int, week: StoredWeek, now: datetime) -> StartFacts:
    """The facts of one person for one week; attempts of the practice round or set aside count for nothing.

    Whoever has sat stays in the same division until the week is over, whatever the roster says meanwhile: a person is
    ranked once.
    """
    asked = _asked(person_id, week.contest, now) | {"week": week.id}
    return _facts(week, session.execute(_OF_ROUND, asked).one())


def rounds_of(
    session: Transaction, person_id: int, contest: StoredContest, now: datetime
) -> tuple[tuple[StoredWeek, StartFacts], ...]:
    """Every round with the facts of one person, in order, as they stand outside any transaction: one statement."""
    rows = _ROUNDS.read_all(session, _asked(person_id, contest, now))
    weeks = (stored_weeks.of_columns(contest, row) for row in rows)
    return tuple((week, _facts(week, row)) for week, row in zip(weeks, rows, strict=True))


def round_of(
    session: Transaction, person_id: int, contest: StoredContest, number: int, now: datetime
) -> tuple[StoredWeek, StartFacts] | None:
    """The same of one round, None where there is none of that number."""
    row = _ROUND_OF_NUMBER.read(session, _asked(person_id, contest, now) | {"number": number})
    if row is None or contest.rules.week(number) is None:
        return None
    week = stored_weeks.of_columns(contest, row)
    return week, _facts(week, row)


def _asked(person_id: int, contest: StoredContest, now: datetime) -> dict[str, object]:
    return {
        "person": person_id,
        "contest": contest.id,
        "now": now,
        "midnight": _midnight_before(now, contest.rules.zone),
    }


def _facts(week: StoredWeek, row: Any) -> StartFacts:
    rules = week.contest.rules
    return StartFacts(
        entrant=Entrant(
            attempts_this_week=row.this_week,
            attempts_today=row.today,
            attempts_this_contest=row.this_contest,
            is_listed=row.left_at is None,
            barred_as=_barred_as(rules, row.barred, row.staff),
        ),
        in_progress=row.in_progress,
        division=rules.division(row.division).code,
        agency=row.agency or "",
        registered_at=row.registered_at,
        last_number=row.last_number or 0,
        begun=row.begun,
        extra_time=timedelta(minutes=row.extra_minutes or 0),
    )


def _barred_as(rules: Contest, group: str | None, staff_roles: int) -> str | None:
    if group:
        return rules.barred_name(group)
    return STAFF_BARRED if staff_roles else None


def _midnight_before(now: datetime, zone: ZoneInfo) -> datetime:
    """When the day began on the clocks of the zone."""
    return datetime.combine(now.astimezone(zone).date(), time.min, tzinfo=zone)


_ATTEMPTS, _WEEKS = cast(Table, DbAttempt.__table__), cast(Table, DbWeek.__table__)
_PERSON = bindparam("person", type_=Integer)
_CONTEST = bindparam("contest", type_=Integer)
_NOW = bindparam("now", type_=UtcDateTime)
_ROUND = _WEEKS.alias("round")
_OF_WEEK = (_ATTEMPTS.c.week_id == _ROUND.c.id, _ATTEMPTS.c.person_id == _PERSON)
_TAKEN = _ATTEMPTS.c.annulled_by.is_(None)
_TODAY = _ATTEMPTS.c.started_at >= bindparam("midnight", type_=UtcDateTime)


def _taken_in_contest(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(_ATTEMPTS.join(_WEEKS, _WEEKS.c.id == _ATTEMPTS.c.week_id))
        .where(
            _ATTEMPTS.c.person_id == _PERSON, _TAKEN, _WEEKS.c.contest_id == _CONTEST, _WEEKS.c.number > 0, *conditions
        )
        .scalar_subquery()
    )


_FACTS = (
    DbPerson.left_at,
    func.coalesce(
        select(_ATTEMPTS.c.division).where(*_OF_WEEK, _TAKEN).order_by(_ATTEMPTS.c.number).limit(1).scalar_subquery(),
        DbPerson.division,
    ).label("division"),
    select(DbAgency.code)
    .join(DbMembership, DbMembership.agency_id == DbAgency.id)
    .where(DbMembership.person_id == _PERSON, DbMembership.since <= _NOW)
    .where(or_(DbMembership.until.is_(None), DbMembership.until > _NOW))
    .order_by(DbMembership.id)
    .limit(1)
    .scalar_subquery()
    .label("agency"),
    func.coalesce(
        select(DbRegistration.registered_at).where(DbRegistration.person_id == _PERSON).scalar_subquery(),
        DbPerson.listed_at,
    ).label("registered_at"),
    select(DbBarred.group_code)
    .where(DbBarred.contest_id == _CONTEST, DbBarred.person_id == _PERSON)
    .scalar_subquery()
    .label("barred"),
    select(func.count())
    .where(DbRoleGrant.person_id == _PERSON, or_(*(DbRoleGrant.role == role for role in sorted(BARRED_ROLES))))
    .scalar_subquery()
    .label("staff"),
    select(func.count()).where(*_OF_WEEK, _TAKEN).scalar_subquery().label("this_week"),
    _taken_in_contest(_TODAY).label("today"),
    _taken_in_contest().label("this_contest"),
    select(func.max(_ATTEMPTS.c.number)).where(*_OF_WEEK).scalar_subquery().label("last_number"),
    select(func.count()).where(_ATTEMPTS.c.person_id == _PERSON).scalar_subquery().label("begun"),
    extra_minutes(_CONTEST, _PERSON, _ROUND.c.id, _NOW).label("extra_minutes"),
    select(func.max(_ATTEMPTS.c.code))
    .where(*_OF_WEEK, _TAKEN, _ATTEMPTS.c.handed_in_at.is_(None), _ATTEMPTS.c.deadline_at > _NOW)
    .scalar_subquery()
    .label("in_progress"),
)
_OF_ROUND = (
    select(*_FACTS)
    .join_from(DbPerson, _ROUND, _ROUND.c.id == bindparam("week", type_=Integer))
    .where(DbPerson.id == _PERSON)
)
_OF_ALL = (
    select(*stored_weeks.columns(_ROUND), *_FACTS)
    .join_from(_ROUND, DbPerson, DbPerson.id == _PERSON)
    .where(_ROUND.c.contest_id == _CONTEST)
)
_ROUNDS = Direct(_OF_ALL.order_by(_ROUND.c.number))
_ROUND_OF_NUMBER = Direct(_OF_ALL.where(_ROUND.c.number == bindparam("number", type_=Integer)))
