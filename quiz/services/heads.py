"""The heads of the chain as others keep them: numbers, times and heads, and nothing that tells how many took part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from quiz.models.seals import DbBatch
from quiz.services import Transaction
from quiz.services.contests import StoredWeek

SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A head, and when its batch was sealed; `is_final` where the week had closed."""

    number: int
    sealed_at: datetime
    head: str
    is_final: bool


def newest(session: Transaction, week: StoredWeek, most: int = SHOWN, up_to: int | None = None) -> tuple[Head, ...]:
    """The newest heads of a week, the very newest first: those of the last hour, or of the hour up to a batch."""
    columns = (DbBatch.number, DbBatch.sealed_at, DbBatch.head, DbBatch.is_final)
    asked = select(*columns).where(DbBatch.week_id == week.id).order_by(DbBatch.number.desc()).limit(most)
    if up_to is not None:
        asked = asked.where(DbBatch.number <= up_to)
    return tuple(Head(**row) for row in session.execute(asked).mappings())


def of_each(session: Transaction, weeks: Iterable[StoredWeek]) -> list[tuple[StoredWeek, Head]]:
    """The newest head of each week that has one: the final one, where it is fixed."""
    found = ((week, newest(session, week, 1)) for week in weeks if week.commitment)
    return [(week, heads[0]) for week, heads in found if heads]


def final(session: Transaction, weeks: Iterable[StoredWeek]) -> list[tuple[StoredWeek, Head]]:
    """The final heads that are fixed."""
    return [(week, head) for week, head in of_each(session, weeks) if head.is_final]
