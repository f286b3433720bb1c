"""What goes wrong, counted by the hour and by kind, never by person: server errors, refused saves, stopped sign-ins.

Nothing is written while all is well. A flood of errors is written once a second by each process, so that counting them
never holds up those who save; what came since is written with the next one.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update

from quiz.models.monitor import DbTrouble
from quiz.services import Transaction, insert_or_leave

SERVER_ERROR, THROTTLED = "server_error", "throttled"
REFUSED_SAVE = "refused_save:"
LEAST_PAUSE = timedelta(seconds=1)
LONGEST_KIND = 40

Hour = tuple[datetime, str]


@dataclass(slots=True)
class Tally:
    """What one process has counted and not written yet."""

    _waiting: Counter[Hour] = field(default_factory=Counter)
    _written_at: datetime | None = None
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, now: datetime) -> Mapping[Hour, int]:
        """Count one; what is to be written now, nothing where this process has just written."""
        with self._counting:
            self._waiting[hour_of(now), kind[:LONGEST_KIND]] += 1
            if self._written_at and timedelta(0) <= now - self._written_at < LEAST_PAUSE:
                return {}
            due, self._waiting, self._written_at = self._waiting, Counter(), now
            return due


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """How often something of a kind went wrong in one hour."""

    hour: datetime
    kind: str
    count: int


def write(session: Transaction, counted: Mapping[Hour, int]) -> None:
    """Add what was counted to what is stored."""
    connection = session.connection()
    for (hour, kind), count in sorted(counted.items()):
        connection.execute(insert_or_leave(connection, DbTrouble), {"hour": hour, "kind": kind, "count": 0})
        mine = (DbTrouble.hour == hour, DbTrouble.kind == kind)
        connection.execute(update(DbTrouble).where(*mine).values(count=DbTrouble.count + count))


def since(session: Transaction, at: datetime) -> Sequence[Trouble]:
    """What went wrong from the hour of `at` on, the latest hour first."""
    rows = session.execute(
        select(DbTrouble.hour, DbTrouble.kind, DbTrouble.count)
        .where(DbTrouble.hour >= hour_of(at))
        .order_by(DbTrouble.hour.desc(), DbTrouble.kind)
    )
    return [Trouble(**row._mapping) for row in rows]


def hour_of(at: datetime) -> datetime:
    """The beginning of the hour of a moment."""
    return at.replace(minute=0, second=0, microsecond=0)
