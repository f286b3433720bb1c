"""A round as it goes on: who has started, who has ended, hour by hour. Counted by the database, never in Python.

Only for those whom their role bars from taking part: a prediction could be read from every figure here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from quiz.contest.schedule import Phase
from quiz.models.attempts import DbAttempt
from quiz.models.decisions import DbIncident
from quiz.services import Transaction
from quiz.services.contests import StoredWeek
from quiz.services.troubles import hour_of

HOUR = timedelta(hours=1)
HOURS_SHOWN = 24
JUST_NOW = timedelta(minutes=5)
Moment = ColumnElement[datetime] | InstrumentedAttribute[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Attempts (lượt) and the distinct people (người) they belong to; the two are never mixed."""

    attempts: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A round at a moment. Attempts that an incident has set aside are in `set_aside` and nowhere else.

    `handed_in` are those that a person ended, `ran_out` those that time ended; `saving` counts the attempts
    that were saved just now, whether or not they have ended since.
    """

    started: Count
    in_progress: Count
    ended: Count
    handed_in: int
    ran_out: int
    set_aside: Count
    saved_at: datetime | None
    saving: int
    incidents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """Attempts started, and ended, in the hour that begins at `at`."""

    at: datetime
    started: int
    ended: int


def watched(rounds: Sequence[StoredWeek], now: datetime) -> StoredWeek | None:
    """The round to look at: the one under way, weeks before the practice round, or else the one that closed last."""
    for phases in ((Phase.OPEN, Phase.PAUSED), (Phase.CLOSED,)):
        found = [one for one in rounds if one.week.phase_at(now) in phases]
        if found:
            return max(found, key=lambda one: (not one.week.is_practice, one.week.closes_at))
    return None


def figures(session: Transaction, week: StoredWeek, now: datetime) -> Figures:
    """The round in one statement over its attempts."""
    stands, ended = DbAttempt.annulled_by.is_(None), _ended(now)
    parts = {"started": stands, "in_progress": stands & ~ended, "ended": stands & ended, "set_aside": ~stands}
    by_person = stands & ended & (func.coalesce(DbAttempt.ended_by, "") == "person")
    row = session.execute(
        select(
            *(_attempts(condition).label(f"{name}_attempts") for name, condition in parts.items()),
            *(_people(condition).label(f"{name}_people") for name, condition in parts.items()),
            _attempts(by_person).label("handed_in"),
            func.max(DbAttempt.saved_at).label("saved_at"),
            _attempts(stands & (DbAttempt.saved_at >= now - JUST_NOW)).label("saving"),
            select(func.count())
            .where(DbIncident.week_id == week.id, DbIncident.approved_at.is_not(None))
            .scalar_subquery()
            .label("incidents"),
        ).where(_of(session, week))
    ).one()
    counts = {
        name: Count(attempts=row._mapping[f"{name}_attempts"], people=row._mapping[f"{name}_people"]) for name in parts
    }
    return Figures(
        **counts,
        handed_in=row.handed_in,
        ran_out=counts["ended"].attempts - row.handed_in,
        saved_at=row.saved_at,
        saving=row.saving,
        incidents=row.incidents,
    )


def hours(session: Transaction, week: StoredWeek, now: datetime) -> tuple[Hour, ...]:
    """The last day of the round until now, hour by hour, those without attempts too."""
    until = min(now, week.week.closes_at - timedelta(milliseconds=1))
    first = max(hour_of(until) - (HOURS_SHOWN - 1) * HOUR, hour_of(week.week.opens_at))
    ended_at = func.coalesce(DbAttempt.handed_in_at, DbAttempt.deadline_at, type_=DbAttempt.deadline_at.type)
    starts, ends = _hour(session, DbAttempt.started_at), case((_ended(now), _hour(session, ended_at)), else_="")
    started, ended = Counter[str](), Counter[str]()
    for row in session.execute(
        select(starts.label("starts"), ends.label("ends"), func.count().label("attempts"))
        .where(_of(session, week), DbAttempt.annulled_by.is_(None))
        .where(or_(DbAttempt.started_at >= first, ended_at >= first))
        .group_by(starts, ends)
    ):
        started[row.starts] += row.attempts
        ended[row.ends] += row.attempts
    shown = [first + number * HOUR for number in range(int((hour_of(until) - first) / HOUR) + 1)]
    return tuple(Hour(at=at, started=started[f"{at:{_FORMAT}}"], ended=ended[f"{at:{_FORMAT}}"]) for at in shown)


_FORMAT = "%Y-%m-%d %H"


def _of(session: Transaction, week: StoredWeek) -> ColumnElement[bool]:
    """The condition that an attempt is of the week.

    SQLite would jump through the table by its index, ten times slower than reading all of it: here it sees none.
    """
    column = DbAttempt.week_id + 0 if _is_sqlite(session) else DbAttempt.week_id
    return column == week.id


def _is_sqlite(session: Transaction) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _hour(session: Transaction, at: Moment) -> ColumnElement[str]:
    """The hour of a stored moment in UTC; SQLite keeps moments as text that begins with it."""
    if _is_sqlite(session):
        return func.substr(at, 1, 13, type_=String)
    return func.to_char(func.timezone("UTC", at), "YYYY-MM-DD HH24", type_=String)


def _ended(now: datetime) -> ColumnElement[bool]:
    """The condition that an attempt has ended, whether or not a job has written that down."""
    return or_(DbAttempt.handed_in_at.is_not(None), DbAttempt.accept_until < now)


def _attempts(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _people(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, DbAttempt.person_id)).distinct())
