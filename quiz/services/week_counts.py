"""What is counted over all attempts of a round. In a contest of many people the scheduler counts it, and pages read it:
what a page costs does not grow with the attempts, and every page says as of when its figures are.

Nothing is decided by what was kept: whatever is published is counted anew at that moment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from quiz.models.audit import DbAuditEntry
from quiz.models.people import DbPerson
from quiz.models.results import DbWeekCounts
from quiz.scoring.participation import Basis
from quiz.services import Transaction, contests, monitor, reading, results, transaction, turnout
from quiz.services.contests import StoredWeek
from quiz.services.documents import Clock
from quiz.services.kind_figures import Kinds, count_kinds
from quiz.services.monitor import Count, Figures, Hour
from quiz.services.turnout import AgencyTurnout, Heads

MANY = 20_000
"""In a contest of fewer people every page counts for itself: that takes a few tenths of a second at most."""
EVERY = timedelta(minutes=1)
EVERY_OVER = timedelta(minutes=10)
"""Figures of a round that is over change by acts that stand in the audit log alone."""
TOO_OLD = timedelta(minutes=10)
"""So old are figures of a round that goes on only where no scheduler runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a publication needs: who took part in the week, and over the contest so far; once it is marked, how many by
    kind of agency, and how many people reached each score by division.
    """

    week: Heads
    contest: Heads
    kinds: Kinds
    bands: Mapping[str, Mapping[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Counts):
    """The same with what the monitor shows, as of `at`."""

    at: datetime
    figures: Figures
    hours: tuple[Hour, ...]


def for_draft(session: Transaction, week: StoredWeek, now: datetime) -> Counts:
    """Everything that a publication needs, as it is now."""
    so_far = [one for one in contests.weeks(session, week.contest) if one.week.number <= week.week.number]
    divisions = [one.code for one in week.contest.rules.all_divisions]
    return Counts(
        week=turnout.heads_of_week(session, week, now),
        contest=turnout.heads_over_contest(session, so_far, now),
        kinds=count_kinds(session, week),
        bands={code: results.score_bands(session, week, code) for code in divisions},
    )


def find(session: Transaction, week: StoredWeek, now: datetime) -> Kept | None:
    """What the scheduler counted of a round after its newest marking; None where every page counts for itself."""
    return find_each(session, [week], now).get(week.id)


def find_each(session: Transaction, weeks: Sequence[StoredWeek], now: datetime) -> dict[int, Kept]:
    """The same of several rounds, by their ids."""
    week_of = {week.id: week for week in weeks}
    rows = session.scalars(select(DbWeekCounts).where(DbWeekCounts.week_id.in_(list(week_of))))
    return {row.week_id: _from_json(row) for row in rows if _holds(row, week_of[row.week_id], now)}


def _holds(row: DbWeekCounts, week: StoredWeek, now: datetime) -> bool:
    if week.marked_at and row.counted_at < week.marked_at:
        return False
    return week.contest.rules.is_over(week.week, row.counted_at) or now - row.counted_at <= TOO_OLD


def agencies(
    session: Transaction, week: StoredWeek, rounds: Sequence[StoredWeek], now: datetime, kept: Kept | None
) -> tuple[AgencyTurnout, ...]:
    """Each agency against its threshold, over the week or the contest so far, as the rules count it."""
    if week.week.is_practice:
        return ()
    is_weekly = week.contest.rules.participation.basis is Basis.WEEK
    if kept:
        return turnout.by_agency(session, week, kept.week if is_weekly else kept.contest)
    if is_weekly:
        return turnout.of_week(session, week, now)
    return turnout.over_contest(session, [one for one in rounds if one.week.number <= week.week.number], now)


def count_due(clock: Clock) -> int:
    """Count the rounds of the current contest whose figures may have changed; how many.

    The highest id stands for the number of people: never less, and found without counting.
    """
    contest = contests.find_current(reading())
    if contest is None or (reading().scalar(select(func.max(DbPerson.id))) or 0) < MANY:
        return 0
    begun = [week for week in contests.rounds(reading(), contest) if week.frozen_at is not None]
    return sum(_count(week, clock()) for week in begun)


def _count(week: StoredWeek, now: datetime) -> bool:
    session = reading()
    acts = session.scalar(select(func.max(DbAuditEntry.id))) or 0
    row = session.get(DbWeekCounts, week.id, populate_existing=True)
    if row is not None and not _is_due(row, week, acts, now):
        return False
    counts, figures = for_draft(session, week, now), monitor.figures(session, week, now)
    hours = monitor.hours(session, week, now)
    session.rollback()
    body = json.dumps(_as_json(counts, figures, hours), default=datetime.isoformat)
    with transaction() as writing:
        writing.merge(DbWeekCounts(week_id=week.id, counted_at=now, acts=acts, body=body))
    return True


def _is_due(row: DbWeekCounts, week: StoredWeek, acts: int, now: datetime) -> bool:
    age = now - row.counted_at
    if not week.contest.rules.is_over(week.week, row.counted_at):
        return age >= EVERY
    if week.marked_at and row.counted_at < week.marked_at:
        return True
    return row.acts != acts and age >= EVERY_OVER


def _as_json(counts: Counts, figures: Figures, hours: tuple[Hour, ...]) -> dict[str, Any]:
    heads = {"week": counts.week, "contest": counts.contest}
    return {
        **{
            name: {
                "agencies": list(one.agencies.items()),
                "groups": [(*key, *people) for key, people in one.groups.items()],
            }
            for name, one in heads.items()
        },
        "kinds": asdict(counts.kinds),
        "bands": {code: list(bands.items()) for code, bands in counts.bands.items()},
        "figures": asdict(figures),
        "hours": list(map(asdict, hours)),
    }


def _from_json(row: DbWeekCounts) -> Kept:
    body = json.loads(row.body)
    saved_at = body["figures"]["saved_at"]
    figures: dict[str, Any] = {
        name: Count(**value) if isinstance(value, dict) else value for name, value in body["figures"].items()
    }
    figures["saved_at"] = datetime.fromisoformat(saved_at) if saved_at else None
    return Kept(
        at=row.counted_at,
        week=_heads(body["week"]),
        contest=_heads(body["contest"]),
        kinds=Kinds(**body["kinds"]),
        bands={code: dict(bands) for code, bands in body["bands"].items()},
        figures=Figures(**figures),
        hours=tuple(Hour(**(hour | {"at": datetime.fromisoformat(hour["at"])})) for hour in body["hours"]),
    )


def _heads(body: Mapping[str, Any]) -> Heads:
    return Heads(
        {agency: tuple(people) for agency, people in body["agencies"]},
        {(agency, group): (members, took_part) for agency, group, members, took_part in body["groups"]},
    )
