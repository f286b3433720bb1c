"""What an approved decision about an incident does to attempts and marks, in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, update

from quiz.models.contests import DbWeek
from quiz.models.results import DbStanding, DbTally
from quiz.services import Transaction, attempts
from quiz.services.contests import StoredWeek
from quiz.services.incident_plan import ATTEMPTS, Change

ENDED_BY = "incident"


def give_time(session: Transaction, changes: Iterable[Change], week: StoredWeek) -> None:
    """Later deadlines for those still sitting; for the others less time taken. What has ended stays ended.

    What is set aside gets nothing.
    """
    grace = week.contest.rules.attempts_of(week.week).grace
    columns, by_code = ATTEMPTS.c, ATTEMPTS.c.code == bindparam("the_code")
    time: dict[str, Any] = {"returned_ms": bindparam("the_returned_ms")}
    later: dict[str, Any] = {"deadline_at": bindparam("the_deadline"), "accept_until": bindparam("the_end")}
    sitting = update(ATTEMPTS).where(by_code, columns.handed_in_at.is_(None)).values(time | later)
    ended = update(ATTEMPTS).where(by_code).values(time)
    for statement, chosen in ((sitting, True), (ended, False)):
        rows: list[dict[str, Any]] = [
            {"the_code": change.code, "the_returned_ms": change.returned_ms}
            | ({"the_deadline": change.deadline_at, "the_end": change.deadline_at + grace} if chosen else {})
            for change in changes
            if change.sitting == chosen and not change.is_set_aside
        ]
        if rows:
            session.connection().execute(statement, rows)


def set_aside(session: Transaction, changes: Iterable[Change], incident_id: int, now: datetime) -> None:
    """The attempts count for nothing from now on, and nobody can go on with one; what time has ended, ended then."""
    rows = [{"the_code": change.code} for change in changes if change.is_set_aside]
    if not rows:
        return
    attempts.close_overdue(session, now)
    by_code = ATTEMPTS.c.code == bindparam("the_code")
    close = update(ATTEMPTS).where(by_code, ATTEMPTS.c.handed_in_at.is_(None))
    session.connection().execute(close.values(handed_in_at=now, ended_by=ENDED_BY), rows)
    session.connection().execute(update(ATTEMPTS).where(by_code).values(annulled_by=incident_id), rows)


def unmark(session: Transaction, week: DbWeek) -> None:
    """Provisional marks and places are taken back; the round is marked again once it is over."""
    session.execute(delete(DbStanding).where(DbStanding.week_id == week.id))
    session.execute(delete(DbTally).where(DbTally.week_id == week.id))
    session.execute(update(ATTEMPTS).where(ATTEMPTS.c.week_id == week.id).values(score=None, is_valid=None))
    week.marked_at = None
