"""After a week has closed: mark every attempt, rank, and show the organiser who would win and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import Row, Table, bindparam, delete, func, insert, select, update

from quiz.contest.attempt_rules import credited
from quiz.contest.schedule import STAFF_BARRED
from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbBarred, DbWeek
from quiz.models.people import DbAgency, DbPerson, DbRoleGrant
from quiz.models.results import DbStanding
from quiz.permissions import BARRED_ROLES
from quiz.questions.paper import draw
from quiz.scoring.marking import mark
from quiz.scoring.prizes import Award, award
from quiz.scoring.ranking import Standing, rank, why_above
from quiz.scoring.tie_breaks import Result, Zone
from quiz.services import SYSTEM, Actor, Transaction, attempts, audit, contests
from quiz.services.contests import StoredWeek

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CHUNK = 5000
PROVISIONAL_SHOWN = 50

Progress = Callable[[int, int], None]


def no_progress(_done: int, _total: int) -> None:
    """For callers that nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPerson:
    """A standing with the person it belongs to and why it stands above the next, in words."""

    standing: Standing
    name: str
    position: str
    agency: str
    why: str
    struck: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Winner:
    """One of the prizes, with the reason for its place; in public without the times of day."""

    prize: str
    amount: int | None
    ranked: RankedPerson
    why: str
    why_in_public: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisional:
    """The provisional ranking's first places, the winners it would give, and a digest of what was seen."""

    top: tuple[RankedPerson, ...]
    winners: tuple[Winner, ...]
    digest: str


def mark_week(
    session: Transaction, week: StoredWeek, now: datetime, actor: Actor = SYSTEM, progress: Progress = no_progress
) -> int:
    """Mark and rank a closed week; how many attempts. A week that is already marked is left alone.

    Raises Refused(not_closed). Attempts still open are ended at their own deadlines first.
    """
    contests.check_closed(week, now)
    row = session.get_one(DbWeek, week.id, with_for_update=True, populate_existing=True)
    if row.marked_at is not None:
        return 0
    contests.freeze_due_weeks(session, now)
    week = contests.get_week_by_id(session, week.id)
    attempts.close_overdue(session, now)
    results = _mark_attempts(session, week, progress)
    standings = rank(results, week.contest.rules.chain, week.lot_seed)
    _keep_standings(session, week, standings)
    row.marked_at = now
    audit.record(
        session, audit.Act.MARK_WEEK, actor, now, week=week.week.number, attempts=len(results), people=len(standings)
    )
    return len(results)


def mark_due_weeks(session: Transaction, now: datetime) -> int:
    """Mark every week of every contest that has closed and is not marked; how many weeks."""
    due = session.execute(
        select(DbWeek.id).where(DbWeek.marked_at.is_(None), DbWeek.closes_at < now).order_by(DbWeek.id)
    ).scalars()
    marked = 0
    for week_id in due.all():
        week = contests.get_week_by_id(session, week_id)
        if week.bank_digest and week.contest.rules.is_over(week.week, now):
            mark_week(session, week, now)
            marked += 1
    return marked


def provisional(session: Transaction, week: StoredWeek) -> Provisional:
    """The first places with the step that decided each, and who would win; raises Refused(not_marked)."""
    if week.marked_at is None:
        raise Refused("not_marked", week=week.week.number)
    struck = barred_people(session, week)
    prizes = sum(prize.count for prize in week.contest.rules.prizes)
    rows = _top_rows(session, week, max(PROVISIONAL_SHOWN, prizes + len(struck)) + 1)
    standings = [_standing(row) for row in rows]
    people = {
        row.person_id: _ranked(row, standing, below, week, struck)
        for row, standing, below in zip(rows, standings, [*standings[1:], None], strict=False)
    }
    winners = tuple(
        _winner(won, people[won.standing.result.person], week)
        for won in award(standings, week.contest.rules.prizes, struck.keys())
    )
    top = tuple(people[standing.result.person] for standing in standings[:PROVISIONAL_SHOWN])
    seen = [(w.prize, w.ranked.standing.result.code) for w in winners]
    digest = hashlib.sha256(json.dumps([seen, sorted(struck)]).encode()).hexdigest()
    return Provisional(top=top, winners=winners, digest=digest)


def barred_people(session: Transaction, week: StoredWeek) -> dict[int, str]:
    """Everyone whom the rules keep out, by person, with the group's name; checked again before prizes."""
    listed = session.execute(
        select(DbBarred.person_id, DbBarred.group_code).where(DbBarred.contest_id == week.contest.id)
    ).all()
    staff = session.scalars(select(DbRoleGrant.person_id).where(DbRoleGrant.role.in_(BARRED_ROLES)))
    barred = dict.fromkeys(staff, STAFF_BARRED)
    return barred | {row.person_id: week.contest.rules.barred_name(row.group_code) for row in listed}


def standing_of(session: Transaction, week: StoredWeek, person_id: int) -> tuple[int, int] | None:
    """A person's own rank and the number of people ranked, or None."""
    own = session.scalar(
        select(DbStanding.rank).where(DbStanding.week_id == week.id, DbStanding.person_id == person_id)
    )
    if own is None:
        return None
    return own, count_ranked(session, week)


def count_ranked(session: Transaction, week: StoredWeek) -> int:
    """How many people are ranked in a marked week."""
    return session.scalar(select(func.count()).where(DbStanding.week_id == week.id)) or 0


def score_bands(session: Transaction, week: StoredWeek) -> dict[int, int]:
    """How many people reached each score, by the attempt that counts."""
    rows = session.execute(
        select(DbAttempt.score, func.count())
        .join(DbStanding, DbStanding.attempt_code == DbAttempt.code)
        .where(DbStanding.week_id == week.id)
        .group_by(DbAttempt.score)
    )
    return {score: count for score, count in rows if score is not None}


def count_attempts(session: Transaction, week: StoredWeek) -> int:
    """How many attempts (lượt) were started in the week."""
    return session.scalar(select(func.count()).where(DbAttempt.week_id == week.id)) or 0


def _mark_attempts(session: Transaction, week: StoredWeek, progress: Progress) -> list[Result]:
    table = cast(Table, DbAttempt.__table__)
    rows = session.connection().execute(select(table).where(table.c.week_id == week.id).order_by(table.c.code)).all()
    results: list[Result] = []
    if not rows:
        return results
    pool, rules = contests.pool(session, week), week.contest.rules.paper
    for row in rows:
        answers = json.loads(row.answers) if row.answers else [""] * row.questions
        score = mark(draw(pool, rules, week.draw_seed, row.code), answers).score
        results.append(_result(row, score))
        if len(results) % 200 == 0:
            progress(len(results), len(rows))
    statement = update(table).where(table.c.code == bindparam("the_code")).values(score=bindparam("the_score"))
    for chunk in _chunks([{"the_code": result.code, "the_score": result.score} for result in results]):
        session.connection().execute(statement, chunk)
    progress(len(rows), len(rows))
    return results


def _keep_standings(session: Transaction, week: StoredWeek, standings: tuple[Standing, ...]) -> None:
    session.execute(delete(DbStanding).where(DbStanding.week_id == week.id))
    rows = [
        {
            "week_id": week.id,
            "place": standing.place,
            "rank": standing.rank,
            "person_id": standing.result.person,
            "attempt_code": standing.result.code,
            "decided_by": standing.decided_by,
        }
        for standing in standings
    ]
    for chunk in _chunks(rows):
        session.execute(insert(DbStanding), chunk)


def _chunks(rows: list[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    for first in range(0, len(rows), CHUNK):
        yield rows[first : first + CHUNK]


def _result(row: Row[tuple[object, ...]], score: int) -> Result:
    millisecond, ended_at = timedelta(milliseconds=1), credited(row.handed_in_at, row.deadline_at)
    return Result(
        code=row.code,
        person=row.person_id,
        score=score,
        questions=row.questions,
        time_ms=(ended_at - row.started_at) // millisecond,
        handed_in_ms=(ended_at - EPOCH) // millisecond,
    )


def _top_rows(session: Transaction, week: StoredWeek, size: int) -> list[Row[tuple[object, ...]]]:
    return list(
        session.execute(
            select(
                DbStanding.place,
                DbStanding.rank,
                DbStanding.decided_by,
                *cast(Table, DbAttempt.__table__).c,
                DbPerson.name,
                DbPerson.position,
                DbAgency.name.label("agency"),
            )
            .join(DbAttempt, DbAttempt.code == DbStanding.attempt_code)
            .join(DbPerson, DbPerson.id == DbStanding.person_id)
            .join(DbAgency, DbAgency.id == DbPerson.agency_id)
            .where(DbStanding.week_id == week.id)
            .order_by(DbStanding.place)
            .limit(size)
        ).all()
    )


def _standing(row: Row[tuple[object, ...]]) -> Standing:
    return Standing(row.place, row.rank, _result(row, row.score or 0), row.decided_by)


def _ranked(
    row: Row[tuple[object, ...]],
    standing: Standing,
    below: Standing | None,
    week: StoredWeek,
    struck: dict[int, str],
) -> RankedPerson:
    rules = week.contest.rules
    why = why_above(standing, below, rules.chain, week.lot_seed, rules.zone) if below else ""
    return RankedPerson(
        standing=standing,
        name=row.name,
        position=row.position,
        agency=row.agency,
        why=why,
        struck=struck.get(row.person_id),
    )


def _winner(won: Award, ranked: RankedPerson, week: StoredWeek) -> Winner:
    def why(zone: Zone) -> str:
        if won.runner_up is None:
            return "không có ai xếp sau"
        return why_above(won.standing, won.runner_up, week.contest.rules.chain, week.lot_seed, zone)

    return Winner(
        prize=won.prize.name,
        amount=won.prize.amount,
        ranked=ranked,
        why=why(week.contest.rules.zone),
        why_in_public=why(None),
    )
