"""Participation of agencies: gathers distinct people and frozen headcounts, and hands them to the rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import ColumnElement, Row, Subquery, func, or_, select

from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbHeadcount
from quiz.models.people import DbAgency, DbExemption, DbMembership, DbPerson
from quiz.scoring.participation import AgencyKind, ParticipationRules, Turnout
from quiz.services import Transaction
from quiz.services.contests import StoredWeek, member_at


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyTurnout:
    """One agency's participation against its threshold."""

    agency_id: int
    code: str
    name: str
    kind: AgencyKind
    turnout: Turnout
    threshold: Fraction

    @property
    def reaches(self) -> bool:
        """Whether the threshold is reached."""
        return self.turnout.reaches(self.threshold)

    @property
    def missing(self) -> int:
        """How many more people must take part."""
        return self.turnout.missing(self.threshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A person who has not taken part yet, as the own agency's coordinator sees them."""

    person_id: int
    name: str
    position: str
    agency: str
    is_activated: bool


def of_week(session: Transaction, week: StoredWeek, now: datetime) -> tuple[AgencyTurnout, ...]:
    """Participation in one week, by the denominators frozen at its opening; agencies in Vietnamese order."""
    return _by_agency(session, week, (week.id,), now)


def over_contest(session: Transaction, weeks: Sequence[StoredWeek], now: datetime) -> tuple[AgencyTurnout, ...]:
    """People who took part in at least one week, over the denominators of the last week that has opened."""
    opened = [week for week in weeks if week.week.opens_at <= now]
    return _by_agency(session, opened[-1], tuple(week.id for week in opened), now) if opened else ()


def total(rows: Sequence[AgencyTurnout]) -> Turnout:
    """All agencies together."""
    return sum((row.turnout for row in rows), Turnout(headcount=0, exempt=0, people=0))


def missing_people(
    session: Transaction, agency_ids: Sequence[int], week: StoredWeek, now: datetime
) -> tuple[Missing, ...]:
    """Who of these agencies is counted in the week's denominator and has not taken part, by given name."""
    took_part = _people_who_took_part((week.id,), now)
    rows = session.execute(
        select(DbPerson.id, DbPerson.name, DbPerson.position, DbAgency.name.label("agency"), DbPerson.password_hash)
        .join(DbMembership, DbMembership.person_id == DbPerson.id)
        .join(DbAgency, DbAgency.id == DbMembership.agency_id)
        .where(DbMembership.agency_id.in_(agency_ids), member_at(week.week.opens_at))
        .where(DbPerson.id.not_in(select(took_part.c.person_id)), DbPerson.left_at.is_(None))
        .where(DbPerson.id.not_in(select(DbExemption.person_id).where(exempt_at(week.week.opens_at))))
        .order_by(DbPerson.name_key)
    )
    return tuple(
        Missing(
            person_id=row.id,
            name=row.name,
            position=row.position,
            agency=row.agency,
            is_activated=row.password_hash is not None,
        )
        for row in rows
    )


def _people_who_took_part(week_ids: Sequence[int], now: datetime) -> Subquery:
    """Distinct people with an attempt that has ended, whether or not a job has written its end down."""
    return (
        select(DbAttempt.person_id)
        .where(DbAttempt.week_id.in_(week_ids))
        .where(or_(DbAttempt.handed_in_at.is_not(None), DbAttempt.accept_until < now))
        .distinct()
        .subquery()
    )


def exempt_at(at: datetime) -> ColumnElement[bool]:
    """The condition that an exemption holds at a moment."""
    return (DbExemption.since <= at) & or_(DbExemption.until.is_(None), DbExemption.until > at)


def _by_agency(
    session: Transaction, frozen: StoredWeek, week_ids: Sequence[int], now: datetime
) -> tuple[AgencyTurnout, ...]:
    """People are counted in the agency they belonged to when `frozen` opened, so no rate can exceed 100 %."""
    at = frozen.week.opens_at
    took_part = _people_who_took_part(week_ids, now)
    exempt = select(DbExemption.person_id).where(exempt_at(at)).distinct().subquery()
    counts = (
        select(
            DbMembership.agency_id,
            func.count(took_part.c.person_id).label("people"),
            func.count(exempt.c.person_id).filter(took_part.c.person_id.is_(None)).label("exempt"),
        )
        .join(took_part, took_part.c.person_id == DbMembership.person_id, isouter=True)
        .join(exempt, exempt.c.person_id == DbMembership.person_id, isouter=True)
        .where(member_at(at))
        .group_by(DbMembership.agency_id)
        .subquery()
    )
    rows = session.execute(
        select(
            DbAgency.id,
            DbAgency.code,
            DbAgency.name,
            DbAgency.kind,
            DbHeadcount.headcount,
            func.coalesce(counts.c.people, 0).label("people"),
            func.coalesce(counts.c.exempt, 0).label("exempt"),
        )
        .join(DbHeadcount, (DbHeadcount.agency_id == DbAgency.id) & (DbHeadcount.week_id == frozen.id))
        .join(counts, counts.c.agency_id == DbAgency.id, isouter=True)
        .order_by(DbAgency.sort_key)
    )
    rules = frozen.contest.rules.participation
    return tuple(_agency_turnout(row, rules) for row in rows)


def _agency_turnout(row: Row[tuple[object, ...]], rules: ParticipationRules) -> AgencyTurnout:
    kind = AgencyKind(row.kind)
    return AgencyTurnout(
        agency_id=row.id,
        code=row.code,
        name=row.name,
        kind=kind,
        turnout=Turnout(headcount=row.headcount, exempt=row.exempt, people=row.people),
        threshold=rules.threshold(kind, row.headcount),
    )
