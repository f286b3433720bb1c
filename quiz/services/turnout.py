"""Participation of agencies: gathers distinct people and frozen headcounts, and hands them to the rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, exists, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from quiz.contest.schedule import Registration
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbHeadcount
from quiz.models.people import DbAgency, DbExemption, DbMembership, DbPerson, DbPersonGroup
from quiz.scoring.participation import (
    AgencyKind,
    Children,
    GroupTurnout,
    ParticipationRules,
    Turnout,
    with_those_below,
)
from quiz.services import Transaction
from quiz.services.contests import StoredWeek, member_at

NOBODY = (0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyTurnout:
    """One agency's participation against its threshold and that of its compulsory groups.

    `own` are the people of the agency itself; `turnout` and `groups` are what it answers for: where the rules say so,
    together with every agency below it.
    """

    agency_id: int
    parent_id: int | None
    code: str
    name: str
    kind: AgencyKind
    own: Turnout
    turnout: Turnout
    threshold: Fraction
    groups: tuple[GroupTurnout, ...] = ()

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
    groups: tuple[str, ...] = ()
    """The names of the compulsory groups they are in."""


@dataclass(frozen=True, slots=True)
class Heads:
    """What is counted over people: members, those of them who took part, and exempt others, of each agency; and, by
    agency and compulsory group, the members who are not exempt, and those of them who took part.
    """

    agencies: Mapping[int, tuple[int, int, int]]
    groups: Mapping[tuple[int, str], tuple[int, int]]


def of_week(
    session: Transaction, week: StoredWeek, now: datetime, among: Collection[int] | None = None
) -> tuple[AgencyTurnout, ...]:
    """Participation in one week, by the denominators frozen at its opening; agencies in Vietnamese order.

    `among` are those to be counted where not all are wanted: an agency with all that are below it.
    """
    return by_agency(session, week, heads_of_week(session, week, now, among), among)


def over_contest(
    session: Transaction, weeks: Sequence[StoredWeek], now: datetime, among: Collection[int] | None = None
) -> tuple[AgencyTurnout, ...]:
    """People who took part in at least one week, over the denominators of the last week that has opened."""
    opened = _opened(weeks, now)
    return by_agency(session, opened[-1], heads_over_contest(session, weeks, now, among), among) if opened else ()


def heads_of_week(session: Transaction, week: StoredWeek, now: datetime, among: Collection[int] | None = None) -> Heads:
    """The people of a week."""
    return _heads(session, _Counting(week, (week.id,), now, among))


def heads_over_contest(
    session: Transaction, weeks: Sequence[StoredWeek], now: datetime, among: Collection[int] | None = None
) -> Heads:
    """The people of all these weeks that have opened; nobody before the first."""
    opened = _opened(weeks, now)
    if not opened:
        return Heads({}, {})
    return _heads(session, _Counting(opened[-1], tuple(week.id for week in opened), now, among))


def _opened(weeks: Sequence[StoredWeek], now: datetime) -> list[StoredWeek]:
    return [week for week in weeks if week.week.opens_at <= now and not week.week.is_practice]


def total(rows: Sequence[AgencyTurnout]) -> Turnout:
    """All agencies together, each by its own people, so that nobody is counted twice."""
    return sum((row.own for row in rows), Turnout(headcount=0, exempt=0, people=0))


def missing_people(
    session: Transaction, agency_ids: Sequence[int], week: StoredWeek, now: datetime
) -> tuple[Missing, ...]:
    """Who of these agencies is counted in the week's denominator and has not taken part, by given name."""
    rows = session.execute(
        select(DbPerson.id, DbPerson.name, DbPerson.position, DbAgency.name.label("agency"), DbPerson.password_hash)
        .join(DbMembership, DbMembership.person_id == DbPerson.id)
        .join(DbAgency, DbAgency.id == DbMembership.agency_id)
        .where(DbMembership.agency_id.in_(agency_ids), member_at(belongs_at(week, now)))
        .where(~took_part(DbPerson.id, (week.id,), now), DbPerson.left_at.is_(None))
        .where(DbPerson.id.not_in(select(DbExemption.person_id).where(exempt_at(week.week.opens_at))))
        .order_by(DbPerson.name_key)
    )
    groups = _groups_of_people(session, agency_ids, week.contest.rules.participation)
    return tuple(
        Missing(
            person_id=row.id,
            name=row.name,
            position=row.position,
            agency=row.agency,
            is_activated=row.password_hash is not None,
            groups=groups.get(row.id, ()),
        )
        for row in rows
    )


def _groups_of_people(
    session: Transaction, agency_ids: Sequence[int], rules: ParticipationRules
) -> dict[int, tuple[str, ...]]:
    """The names of the compulsory groups of these agencies' people, in the order of the rules."""
    if not rules.groups:
        return {}
    people = select(DbMembership.person_id).where(DbMembership.agency_id.in_(agency_ids))
    rows = session.execute(
        select(DbPersonGroup.person_id, DbPersonGroup.group_code).where(DbPersonGroup.person_id.in_(people))
    )
    codes = defaultdict(set)
    for row in rows:
        codes[row.person_id].add(row.group_code)
    return {person: tuple(group.name for group in rules.groups if group.code in held) for person, held in codes.items()}


def took_part(person_id: InstrumentedAttribute[int], week_ids: Sequence[int], now: datetime) -> ColumnElement[bool]:
    """The condition that a person has an attempt that has ended and stands, whether or not a job wrote its end down."""
    has_ended = or_(DbAttempt.handed_in_at.is_not(None), DbAttempt.accept_until < now)
    own = (DbAttempt.person_id == person_id, DbAttempt.week_id.in_(week_ids))
    return exists().where(*own, DbAttempt.annulled_by.is_(None), has_ended)


def belongs_at(week: StoredWeek, now: datetime) -> datetime:
    """When it is decided who belongs where: at the opening; where people enter by themselves, until the week closes."""
    if week.contest.rules.registration is Registration.OPEN:
        return max(week.week.opens_at, min(now, week.week.closes_at))
    return week.week.opens_at


def exempt_at(at: datetime) -> ColumnElement[bool]:
    """The condition that an exemption holds at a moment."""
    return (DbExemption.since <= at) & or_(DbExemption.until.is_(None), DbExemption.until > at)


@dataclass(frozen=True, slots=True)
class _Counting:
    """What is counted together: the weeks, and the one of them that says who belongs where and who is exempt."""

    frozen: StoredWeek
    week_ids: tuple[int, ...]
    now: datetime
    among: Collection[int] | None

    def wanted(self, agency_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """The condition that an agency is to be counted."""
        return true() if self.among is None else agency_id.in_(self.among)

    def members(self, *by: InstrumentedAttribute[Any]) -> Select[Any]:
        """Members by agency and whatever else, those of them taking part, those exempt and not.

        Looked at person by person, as attempts and memberships are stored, and only then by agency.
        """
        exempt_now = (DbExemption.person_id == DbMembership.person_id, exempt_at(self.frozen.week.opens_at))
        one_by_one = (
            select(
                DbMembership.agency_id,
                *by,
                case((took_part(DbMembership.person_id, self.week_ids, self.now), 1), else_=0).label("took_part"),
                case((exists().where(*exempt_now), 1), else_=0).label("is_exempt"),
            )
            .where(member_at(belongs_at(self.frozen, self.now)), self.wanted(DbMembership.agency_id))
            .order_by(DbMembership.person_id)
        )
        if by:
            one_by_one = one_by_one.join(DbPersonGroup, DbPersonGroup.person_id == DbMembership.person_id)
        rows = one_by_one.subquery()
        keys = [rows.c[column.key] for column in (DbMembership.agency_id, *by)]
        return select(
            *keys,
            func.count().label("members"),
            func.sum(rows.c.took_part).label("people"),
            func.sum(rows.c.is_exempt * (1 - rows.c.took_part)).label("exempt"),
        ).group_by(*keys)


def _heads(session: Transaction, counting: _Counting) -> Heads:
    agencies = session.execute(counting.members())
    groups: Iterable[Row[Any]] = ()
    if counting.frozen.contest.rules.participation.groups:
        groups = session.execute(counting.members(DbPersonGroup.group_code))
    return Heads(
        {row.agency_id: (row.members, row.people, row.exempt) for row in agencies},
        {(row.agency_id, row.group_code): (row.members - row.exempt, row.people) for row in groups},
    )


def by_agency(
    session: Transaction, frozen: StoredWeek, heads: Heads, among: Collection[int] | None = None
) -> tuple[AgencyTurnout, ...]:
    """Participation by the denominators of a week. People are counted in one agency each, and no agency by fewer than
    it has, so no rate can exceed 100 %.
    """
    rules = frozen.contest.rules.participation
    rows = _agencies(session, frozen, among)
    parents = _parents(session) if rules.children is Children.SUM else {}
    own = {row.id: _turnout(row.headcount, *heads.agencies.get(row.id, NOBODY)) for row in rows}
    summed = with_those_below(own, parents)
    groups = _groups(rules, heads, own.keys(), parents)
    return tuple(
        AgencyTurnout(
            agency_id=row.id,
            parent_id=row.parent_id,
            code=row.code,
            name=row.name,
            kind=AgencyKind(row.kind),
            own=own[row.id],
            turnout=summed[row.id],
            threshold=rules.threshold(AgencyKind(row.kind), summed[row.id].headcount),
            groups=groups.get(row.id, ()),
        )
        for row in rows
    )


def _turnout(headcount: int, members: int, people: int, exempt: int) -> Turnout:
    return Turnout(headcount=max(headcount, members), exempt=exempt, people=people)


def _agencies(session: Transaction, frozen: StoredWeek, among: Collection[int] | None) -> Sequence[Any]:
    wanted = true() if among is None else DbAgency.id.in_(among)
    return session.execute(
        select(DbAgency.id, DbAgency.parent_id, DbAgency.code, DbAgency.name, DbAgency.kind, DbHeadcount.headcount)
        .join(DbHeadcount, (DbHeadcount.agency_id == DbAgency.id) & (DbHeadcount.week_id == frozen.id))
        .where(wanted)
        .order_by(DbAgency.sort_key)
    ).all()


def _parents(session: Transaction) -> dict[int, int | None]:
    return {row.id: row.parent_id for row in session.execute(select(DbAgency.id, DbAgency.parent_id))}


def _groups(
    rules: ParticipationRules, heads: Heads, agencies: Collection[int], parents: Mapping[int, int | None]
) -> dict[int, tuple[GroupTurnout, ...]]:
    """The compulsory groups of each agency, in the order of the rules."""
    summed = []
    for group in rules.groups:
        own = dict.fromkeys(agencies, GroupTurnout(group=group, members=0, took_part=0))
        for agency in agencies:
            if found := heads.groups.get((agency, group.code)):
                own[agency] = GroupTurnout(group=group, members=found[0], took_part=found[1])
        summed.append(with_those_below(own, parents))
    return {agency: tuple(of_group[agency] for of_group in summed) for agency in agencies}
