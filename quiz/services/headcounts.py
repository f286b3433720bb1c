"""What each agency will be counted by when the next week opens: declared, looked at, and confirmed by somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, case, func, select

from quiz.errors import Refused
from quiz.models.contests import DbWeek
from quiz.models.people import DbAgency, DbConfirmation, DbExemption, DbMembership, DbPerson, DbRosterMove
from quiz.services import Actor, Transaction, agencies, audit, audit_log, contests
from quiz.services.contests import StoredWeek, freeze_due_weeks, member_at
from quiz.services.roster_moves_due import is_agreed
from quiz.services.turnout import exempt_at
from quiz.services.week_opening import Denominator

MOST_HEADCOUNT = 9_999_999
MOST_REASON = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """An agency at an opening to come, by what is known now; `declared` None means that the people listed count."""

    listed: int
    declared: int | None
    exempt: int

    @property
    def total(self) -> int:
        """The headcount that the opening will freeze: never fewer than the people listed."""
        return max(self.declared or 0, self.listed)

    @property
    def base(self) -> int:
        """What the rate will be measured against."""
        return self.total - self.exempt

    @property
    def seen(self) -> str:
        """The figures as a form sends them back."""
        return f"{self.listed}/{'' if self.declared is None else self.declared}/{self.exempt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Who confirmed which figures, and when. It stands as long as the figures are these."""

    figures: Figures
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """The week that opens next, with the figures of every agency by id and what has been confirmed."""

    week: StoredWeek
    figures: Mapping[int, Figures]
    confirmations: Mapping[int, Confirmation]

    def confirmed(self, agency_id: int) -> Confirmation | None:
        """The confirmation that stands."""
        held = self.confirmations.get(agency_id)
        return held if held and held.figures == self.figures[agency_id] else None

    def waits_for(self, agency_id: int) -> bool:
        """Whether somebody still has to confirm; an agency without people has nothing to confirm."""
        return self.figures[agency_id].total > 0 and self.confirmed(agency_id) is None

    def outdated(self, agency_id: int) -> Confirmation | None:
        """A confirmation that stands no more, because something has changed since."""
        held = self.confirmations.get(agency_id)
        return held if held and held.figures != self.figures[agency_id] else None


def find_upcoming(session: Transaction, now: datetime) -> Upcoming | None:
    """The next week to open of the contest; None where there is none."""
    contest = contests.find_current(session)
    row = session.scalar(
        select(DbWeek)
        .where(DbWeek.contest_id == (contest.id if contest else None), DbWeek.number > 0, DbWeek.opens_at > now)
        .order_by(DbWeek.opens_at)
        .limit(1)
    )
    if contest is None or row is None:
        return None
    week = contests.get_week(session, contest, row.number)
    return Upcoming(
        week=week, figures=_figures(session, week.week.opens_at), confirmations=_confirmations(session, week.id)
    )


def get_upcoming(session: Transaction, now: datetime) -> Upcoming:
    """The next week to open; raises Refused(no_week_to_come)."""
    upcoming = find_upcoming(session, now)
    if upcoming is None:
        raise Refused("no_week_to_come")
    return upcoming


def denominators(session: Transaction, opens_at: datetime) -> list[Denominator]:
    """What an opening to come will freeze, by what is known now: every agency by its code, its kind and its total."""
    found = _figures(session, opens_at)
    rows = session.execute(select(DbAgency.id, DbAgency.code, DbAgency.kind)).all()
    return [(row.code, row.kind, found[row.id].total) for row in rows]


def set_headcount(
    session: Transaction, agency_id: int, headcount: int | None, actor: Actor, now: datetime, reason: str
) -> None:
    """Declare the total of an agency for weeks that have not opened; None: the people on the roster are counted.

    Raises Refused: agency_missing, headcount_wrong (fewer than the people listed), reason_missing, reason_long.
    """
    words = audit.checked_reason(reason, MOST_REASON)
    freeze_due_weeks(session, now)
    agency = agencies.get_locked(session, agency_id)
    if headcount is not None:
        listed = agencies.listed_people(session, agency_id)
        if not listed <= headcount <= MOST_HEADCOUNT:
            raise Refused("headcount_wrong", minimum=listed)
    before, agency.headcount = agency.headcount, headcount
    act = audit.Act.SET_HEADCOUNT
    audit.record(session, act, actor, now, reason=words, agency=agency.code, before=before, after=headcount)


def confirm(session: Transaction, agency_id: int, seen: str, actor: Actor, now: datetime) -> None:
    """Sign the figures that were seen for the next week; signing again replaces who and when.

    Raises Refused: agency_missing, no_week_to_come, headcount_changed where they are others by now.
    """
    freeze_due_weeks(session, now)
    agency = agencies.get_locked(session, agency_id)
    upcoming = get_upcoming(session, now)
    figures = upcoming.figures[agency_id]
    if actor.id is None:
        raise ValueError("a confirmation needs a person")
    if figures.seen != seen:
        raise Refused("headcount_changed")
    session.merge(
        DbConfirmation(
            week_id=upcoming.week.id,
            agency_id=agency_id,
            listed=figures.listed,
            declared=figures.declared,
            exempt=figures.exempt,
            confirmed_by=actor.id,
            confirmed_at=now,
        )
    )
    audit.record(
        session,
        audit.Act.CONFIRM_HEADCOUNT,
        actor,
        now,
        agency=agency.code,
        week=upcoming.week.week.number,
        total=figures.total,
        exempt=figures.exempt,
    )


def _figures(session: Transaction, opens_at: datetime) -> dict[int, Figures]:
    members = _members(opens_at)
    exempt = select(DbExemption.person_id).where(exempt_at(opens_at)).distinct().subquery()
    counts = (
        select(members.c.agency_id, func.count().label("listed"), func.count(exempt.c.person_id).label("exempt"))
        .join(exempt, exempt.c.person_id == members.c.person_id, isouter=True)
        .group_by(members.c.agency_id)
        .subquery()
    )
    rows = session.execute(
        select(
            DbAgency.id,
            DbAgency.headcount,
            func.coalesce(counts.c.listed, 0).label("listed"),
            func.coalesce(counts.c.exempt, 0).label("exempt"),
        ).join(counts, counts.c.agency_id == DbAgency.id, isouter=True)
    )
    return {row.id: Figures(listed=row.listed, declared=row.headcount, exempt=row.exempt) for row in rows}


def _members(at: datetime) -> Subquery:
    """Who will belong where, moves that are agreed by now included; no agency for those who will have left."""
    moved = (
        (DbRosterMove.person_id == DbMembership.person_id)
        & (DbRosterMove.from_agency_id == DbMembership.agency_id)
        & (DbRosterMove.moves_at <= at)
        & is_agreed()
    )
    place: Any = case((DbRosterMove.id.is_not(None), DbRosterMove.to_agency_id), else_=DbMembership.agency_id)
    return (
        select(DbMembership.person_id, place.label("agency_id"))
        .join(DbRosterMove, moved, isouter=True)
        .where(member_at(at))
        .subquery()
    )


def _confirmations(session: Transaction, week_id: int) -> dict[int, Confirmation]:
    rows = session.execute(
        select(DbConfirmation, DbPerson.name)
        .join(DbPerson, DbPerson.id == DbConfirmation.confirmed_by)
        .where(DbConfirmation.week_id == week_id)
    )
    return {
        row.agency_id: Confirmation(
            figures=Figures(listed=row.listed, declared=row.declared, exempt=row.exempt), name=name, at=row.confirmed_at
        )
        for row, name in rows
    }


def history(session: Transaction, agency_code: str) -> tuple[audit_log.Entry, ...]:
    """Who declared or confirmed which figures of an agency, and why; the newest first."""
    return audit_log.about(session, (audit.Act.SET_HEADCOUNT, audit.Act.CONFIRM_HEADCOUNT), agency=agency_code)
