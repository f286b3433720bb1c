"""People exempt from taking part: from a day, for a reason, until another day or for good; nothing is ever deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from quiz.contest.roster_rules import Period
from quiz.errors import Refused
from quiz.models.people import DbExemption, DbPerson
from quiz.services import Actor, Transaction, agencies, audit, roster_calendar
from quiz.services.contests import freeze_due_weeks

MOST_REASON = 300
MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Who need not take part, why and when; who entered and who ended it, '' for the console or where nobody did."""

    id: int
    person_id: int
    staff_code: str
    name: str
    reason: str
    since: datetime
    until: datetime | None
    entered_by: str
    entered_at: datetime | None
    ended_by: str
    ended_at: datetime | None

    @property
    def period(self) -> Period:
        """When it holds."""
        return Period(self.since, self.until)

    @property
    def last(self) -> datetime | None:
        """Its last moment, on its last day."""
        return self.until and self.until - MOMENT

    @property
    def was_called_off(self) -> bool:
        """Whether it was ended before it began."""
        return self.until is not None and self.until <= self.since

    def is_over(self, now: datetime) -> bool:
        """Whether it holds no more."""
        return self.was_called_off or (self.until is not None and self.until <= now)


def of_agency(session: Transaction, agency_id: int) -> tuple[Exemption, ...]:
    """Every exemption of the agency's people, the newest first."""
    return _select(session, DbPerson.agency_id == agency_id, DbPerson.left_at.is_(None))


def of_person(session: Transaction, person_id: int) -> tuple[Exemption, ...]:
    """Every exemption of somebody, the newest first."""
    return _select(session, DbPerson.id == person_id)


def exempt(
    session: Transaction,
    agency_id: int,
    person_id: int,
    *,
    reason: str,
    first: date,
    last: date | None,
    actor: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """Take somebody out of the denominators of the rounds that open on these days; the rounds known by now.

    Raises Refused: person_missing, reason_missing, reason_long, day_wrong, day_frozen, days_reversed, already_exempt,
    already_exempt_for_good.
    """
    words = audit.checked_reason(reason, MOST_REASON)
    freeze_due_weeks(session, now)
    person = agencies.get_listed(session, agency_id, person_id)
    calendar = roster_calendar.get(session, now)
    period = calendar.period(first, last)
    _check_free(session, person_id, period, calendar.zone)
    session.add(
        DbExemption(
            person_id=person_id,
            reason=words,
            since=period.since,
            until=period.until,
            entered_by=actor.id,
            entered_at=now,
        )
    )
    facts = {"person": person.staff_code, "first_day": str(first), "last_day": str(last or "")}
    audit.record(session, audit.Act.EXEMPT_PERSON, actor, now, reason=words, **facts)
    return calendar.rounds_in(period)


def end(session: Transaction, agency_id: int, exemption_id: int, actor: Actor, now: datetime) -> int:
    """Count the person again from now on; what has not begun never does. The person's id.

    Raises Refused: exemption_missing, person_missing, exemption_over.
    """
    freeze_due_weeks(session, now)
    row = session.get(DbExemption, exemption_id)
    if row is None:
        raise Refused("exemption_missing")
    person = agencies.get_listed(session, agency_id, row.person_id)
    session.refresh(row)
    ends_at = max(now, row.since)
    if row.until is not None and row.until <= ends_at:
        raise Refused("exemption_over")
    row.until, row.ended_by, row.ended_at = ends_at, actor.id, now
    audit.record(session, audit.Act.END_EXEMPTION, actor, now, person=person.staff_code)
    return person.id


def _check_free(session: Transaction, person_id: int, period: Period, zone: ZoneInfo) -> None:
    for held in _select(session, DbPerson.id == person_id):
        if not held.period.meets(period):
            continue
        first = f"{held.since.astimezone(zone):%d/%m/%Y}"
        if held.last is None:
            raise Refused("already_exempt_for_good", first=first)
        raise Refused("already_exempt", first=first, last=f"{held.last.astimezone(zone):%d/%m/%Y}")


def _select(session: Transaction, *conditions: ColumnElement[bool]) -> tuple[Exemption, ...]:
    entered_by, ended_by = aliased(DbPerson), aliased(DbPerson)
    rows = session.execute(
        select(
            DbExemption,
            DbPerson.staff_code,
            DbPerson.name,
            entered_by.name.label("entered_by"),
            ended_by.name.label("ended_by"),
        )
        .join(DbPerson, DbPerson.id == DbExemption.person_id)
        .join(entered_by, entered_by.id == DbExemption.entered_by, isouter=True)
        .join(ended_by, ended_by.id == DbExemption.ended_by, isouter=True)
        .where(*conditions)
        .order_by(DbExemption.since.desc(), DbExemption.id.desc())
    )
    return tuple(
        Exemption(
            id=row.DbExemption.id,
            person_id=row.DbExemption.person_id,
            staff_code=row.staff_code,
            name=row.name,
            reason=row.DbExemption.reason,
            since=row.DbExemption.since,
            until=row.DbExemption.until,
            entered_by=row.entered_by or "",
            entered_at=row.DbExemption.entered_at,
            ended_by=row.ended_by or "",
            ended_at=row.DbExemption.ended_at,
        )
        for row in rows
    )
