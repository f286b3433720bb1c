"""Rows of attempts as the results that the rules rank."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, Row, Select, Table, func, select

from quiz.contest.attempt_rules import credited
from quiz.models.attempts import DbAttempt
from quiz.models.people import DbPerson, DbRegistration
from quiz.models.results import DbStanding
from quiz.scoring.tie_breaks import Result

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
ATTEMPTS = cast(Table, DbAttempt.__table__)


def registered_at() -> ColumnElement[datetime]:
    """When somebody registered or, where others list people, was first listed; needs both tables joined."""
    return func.coalesce(DbRegistration.registered_at, DbPerson.listed_at)


def attempts_of_week(week_id: int) -> Select[tuple[object, ...]]:
    """Every attempt of a week that was not set aside, with what its result needs, in the order of the codes."""
    return (
        select(*ATTEMPTS.c, registered_at().label("registered_at"))
        .join(DbPerson, DbPerson.id == ATTEMPTS.c.person_id)
        .join(DbRegistration, DbRegistration.person_id == DbPerson.id, isouter=True)
        .where(ATTEMPTS.c.week_id == week_id, ATTEMPTS.c.annulled_by.is_(None))
        .order_by(ATTEMPTS.c.code)
    )


def standings_of_week(week_id: int, division: str) -> Select[tuple[object, ...]]:
    """The standings of a week and division with the attempts that count, in order."""
    standing = (DbStanding.place, DbStanding.rank, DbStanding.decided_by, DbStanding.attempts, DbStanding.full_marks)
    attempt = [column for column in ATTEMPTS.c if column.name != "prediction"]
    return (
        select(*standing, DbStanding.prediction, *attempt, registered_at().label("registered_at"))
        .join(DbAttempt, DbAttempt.code == DbStanding.attempt_code)
        .join(DbPerson, DbPerson.id == DbStanding.person_id)
        .join(DbRegistration, DbRegistration.person_id == DbPerson.id, isouter=True)
        .where(DbStanding.week_id == week_id, DbStanding.division == division)
        .order_by(DbStanding.place)
    )


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
