"""Rows of attempts as the results that the rules rank, and standings as they were written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, Row, Table, func, literal, select, tuple_

from quiz.contest.attempt_rules import credited
from quiz.contest.schedule import Division
from quiz.models.attempts import DbAttempt
from quiz.models.results import DbStanding
from quiz.scoring.prizes import Needs
from quiz.scoring.ranking import Standing
from quiz.scoring.tie_breaks import Result
from quiz.services import Transaction
from quiz.services.contests import StoredWeek
from quiz.services.many_rows import CHUNK

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
ATTEMPTS = cast(Table, DbAttempt.__table__)
TIMES = [ATTEMPTS.c[name] for name in ("code", "person_id", "questions", "started_at", "deadline_at", "handed_in_at")]
TO_MARK = ("number", "returned_ms", "registered_at", "prediction", "division", "seen", "answers", "score", "is_valid")


def attempts_of_week(session: Transaction, week_id: int) -> Iterator[Row[tuple[object, ...]]]:
    """Every attempt of a week that was not set aside, by person, read some at a time: there may be a million.

    Each time from where the last ended, so that nothing stays open where whoever reads is stopped half-way.
    """
    place = (ATTEMPTS.c.person_id, ATTEMPTS.c.number)
    some = (
        select(*TIMES, *(ATTEMPTS.c[name] for name in TO_MARK))
        .where(ATTEMPTS.c.week_id == week_id, ATTEMPTS.c.annulled_by.is_(None))
        .order_by(*place)
        .limit(CHUNK)
    )
    rows = session.connection().execute(some).all()
    while rows:
        yield from rows
        last = tuple_(*(literal(figure) for figure in (rows[-1].person_id, rows[-1].number)))
        rows = session.connection().execute(some.where(tuple_(*place) > last)).all()


def attempts_by_division(session: Transaction, week_id: int) -> dict[str, int]:
    """How many they are, by the division in which they were sat."""
    counted = (
        select(ATTEMPTS.c.division, func.count().label("attempts"))
        .where(ATTEMPTS.c.week_id == week_id, ATTEMPTS.c.annulled_by.is_(None))
        .group_by(ATTEMPTS.c.division)
    )
    return {row.division: row.attempts for row in session.execute(counted)}


def as_result(row: Row[tuple[object, ...]], score: int, full: int, *, is_valid: bool) -> Result:
    """One attempt as it was marked; what an incident gave back is no time taken."""
    ended_at = credited(row.handed_in_at, row.deadline_at)
    return Result(
        code=row.code,
        person=row.person_id,
        score=score,
        full=full,
        questions=row.questions,
        time_ms=max(0, (ended_at - row.started_at) // MILLISECOND - row.returned_ms),
        handed_in_ms=(ended_at - EPOCH) // MILLISECOND,
        registered_ms=(row.registered_at - EPOCH) // MILLISECOND,
        prediction=row.prediction,
        is_valid=is_valid,
    )


def standings(
    session: Transaction, week: StoredWeek, division: Division, until: int | None = None, since: int = 1
) -> tuple[Standing, ...]:
    """The standings of a marked week as they were ranked, in order; those from a place up to another, or all."""
    statement = (
        select(
            *(DbStanding.place, DbStanding.rank, DbStanding.decided_by),
            *(DbStanding.attempts, DbStanding.full_marks, DbStanding.prediction),
            *(*TIMES, ATTEMPTS.c.returned_ms, ATTEMPTS.c.score, ATTEMPTS.c.registered_at),
        )
        .join(ATTEMPTS, ATTEMPTS.c.code == DbStanding.attempt_code)
        .where(*_of(week, division))
        .order_by(DbStanding.place)
    )
    if since > 1:
        statement = statement.where(DbStanding.place >= since)
    if until is not None:
        statement = statement.where(DbStanding.place <= until)
    full = week.contest.rules.paper_of(week.week, division.code).full
    return tuple(_standing(row, full) for row in session.execute(statement))


def place_after(session: Transaction, week: StoredWeek, division: Division, people: int, shown: int) -> int | None:
    """A place up to which so many people good enough for a prize stand, or all of them, and one more to compare with.

    It is not above `shown` and cuts no tie; None for the last place.
    """
    rules = week.contest.rules
    full = rules.paper_of(week.week, division.code).full
    least = full if rules.prize_needs is Needs.ALL_RIGHT else 1
    good = (
        select(DbStanding.place)
        .join(ATTEMPTS, ATTEMPTS.c.code == DbStanding.attempt_code)
        .where(*_of(week, division), ATTEMPTS.c.score >= least)
        .order_by(DbStanding.place)
        .limit(people)
        .subquery()
    )
    last_good = session.scalar(select(func.max(good.c.place))) or 0
    parted = DbStanding.place > max(last_good, shown - 1), DbStanding.decided_by != ""
    return session.scalar(select(func.min(DbStanding.place)).where(*_of(week, division), *parted))


def _of(week: StoredWeek, division: Division) -> tuple[ColumnElement[bool], ...]:
    return DbStanding.week_id == week.id, DbStanding.division == division.code


def _standing(row: Row[tuple[object, ...]], full: int) -> Standing:
    result = as_result(row, row.score or 0, full, is_valid=True)
    return Standing(
        row.place, row.rank, result._replace(attempts=row.attempts, full_marks=row.full_marks), row.decided_by
    )
