"""Long work on a week that the scheduler does by itself: how far it is, stopping it, having it begun again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, update

from quiz.errors import Refused
from quiz.models import db
from quiz.models.contests import DbWeek
from quiz.models.long_work import LongWork, WorkOnMarking
from quiz.services import Actor, Transaction, audit
from quiz.services.contests import StoredWeek
from quiz.services.documents import NobodyWaitsError, Tell

Row = TypeVar("Row")
Worked = TypeVar("Worked", bound=WorkOnMarking)
EVERY = 200
"""After so many papers it is told how far the work is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HowFar:
    """What a page shows of work that is not made yet."""

    percent: int = 0
    is_stopped: bool = False

    @property
    def state(self) -> str:
        """For the script that looks again."""
        return "stopped" if self.is_stopped else "waiting"


def how_far(row: LongWork | None) -> HowFar:
    """How far the work of a row is; where there is none, the scheduler has not begun."""
    if row is None:
        return HowFar()
    percent = min(99, row.done * 100 // row.total) if row.total else 0
    return HowFar(percent=percent, is_stopped=row.stopped_at is not None)


def teller(table: type[LongWork], *which: ColumnElement[bool]) -> Tell:
    """Keeps how far it is in a transaction of its own; NobodyWaitsError ends work that was stopped or is over."""

    def tell(done: int, total: int) -> None:
        with db.engine.execution_options(writes=True).begin() as connection:
            told = update(table).where(*which, table.stopped_at.is_(None)).values(done=done, total=total)
            if connection.execute(told).rowcount == 0:
                raise NobodyWaitsError

    return tell


def untold(_done: int, _total: int) -> None:
    """For work that nobody waits for."""


def told(rows: Sequence[Row], tell: Tell) -> Iterator[Row]:
    """The same rows, telling on the way how many have been taken."""
    for done, row in enumerate(rows):
        if done % EVERY == 0:
            tell(done, len(rows))
        yield row


def part(tell: Tell, number: int, parts: int) -> Tell:
    """Tells of one of several equal parts, counted from 0."""
    return lambda done, total: tell(number * total + done, parts * total)


def of_marking(
    session: Transaction, table: type[Worked], key: Mapping[str, object], empty: Mapping[str, object]
) -> Worked | None:
    """The row about the newest marking of a week, `empty` as long as nothing is made of it; None if it is not marked.

    Holds the week, so that nobody else begins, stops or marks meanwhile.
    """
    held = session.get_one(DbWeek, key["week_id"], with_for_update=True, populate_existing=True)
    if held.marked_at is None:
        return None
    row = session.get(table, tuple(key.values()), populate_existing=True)
    if row is None:
        row = table(**key)
        session.add(row)
    if row.marked_at != held.marked_at:
        fresh = {"marked_at": held.marked_at, "done": 0, "total": 0, "stopped_at": None}
        for name, value in (fresh | dict(empty)).items():
            setattr(row, name, value)
        session.flush()
    return row


def stop(session: Transaction, row: LongWork | None, week: StoredWeek, work: str, actor: Actor, now: datetime) -> None:
    """The work ends where it tells next how far it is, and rests; raises Refused(work_moved_on)."""
    if row is None or row.stopped_at is not None:
        raise Refused("work_moved_on")
    row.stopped_at = now
    audit.record(session, audit.Act.STOP_WORK, actor, now, week=week.week.number, work=work)


def begin_again(
    session: Transaction, row: LongWork | None, week: StoredWeek, work: str, actor: Actor, now: datetime
) -> None:
    """Have stopped work done after all, from its beginning; raises Refused(work_moved_on)."""
    if row is None or row.stopped_at is None:
        raise Refused("work_moved_on")
    row.stopped_at, row.done, row.total = None, 0, 0
    audit.record(session, audit.Act.BEGIN_WORK, actor, now, week=week.week.number, work=work)
