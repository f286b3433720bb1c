"""The scheduler's machine was restarted, or the clock that everybody goes by was set: noticed and written down.

Kept is one row for each start of a machine among the heartbeats: the moment of the start, by that clock. The seconds
since then cannot be set by anybody, so the moment stays the same until the clock is set. What was noticed is kept in
the audit log alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import func, or_, select, update

from quiz import clock
from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.monitor import DbHeartbeat
from quiz.services import SYSTEM, Transaction, audit, heartbeats, insert_or_leave
from quiz.services.audit import Act
from quiz.verification.canonical import fingerprint
from quiz.vietnamese import decimal, duration, moment, number

MOST_JUMP = timedelta(seconds=1)
"""A clock that a time service pulls right is never this much off within a tick."""
LEAST_DRIFT = timedelta(milliseconds=100)
PREFIX, LENGTH = "start ", 12
ACTS = (Act.FIND_RESTART, Act.FIND_CLOCK_SET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What befell the machine, and how many attempts were open then.

    The `seconds` of a restart are those without a heartbeat; of a clock that was set, by how many, forward or back.
    """

    act: Act
    at: datetime
    seconds: float
    attempts: int

    def words(self, zone: tzinfo) -> str:
        """For the minutes of the week."""
        at, attempts = moment(self.at, zone), f"{number(self.attempts)} lượt thi đang mở"
        if self.act == Act.FIND_RESTART:
            silent = duration(timedelta(seconds=self.seconds))
            return f"Máy chủ khởi động lại, bộ lập lịch ngừng {silent} đến {at}; {attempts}"
        way = "tới" if self.seconds > 0 else "lùi"
        return f"Đồng hồ máy chủ bị chỉnh {way} {decimal(abs(self.seconds), 1)} giây lúc {at}; {attempts}"


def look(session: Transaction, start: clock.Start, now: datetime) -> None:
    """Compare with what is kept, and write down what is new; called before the heartbeat of a tick."""
    name, began = f"{PREFIX}{fingerprint('start', start.name)[:LENGTH]}", now - start.ago
    known = session.scalar(select(DbHeartbeat.at).where(DbHeartbeat.name == name))
    if known is None:
        _note_start(session, name, began, now)
    elif abs(began - known) > LEAST_DRIFT:
        same = (DbHeartbeat.name == name, DbHeartbeat.at == known)
        is_new = session.connection().execute(update(DbHeartbeat).where(*same).values(at=began)).rowcount == 1
        if is_new and abs(began - known) > MOST_JUMP:
            _record(session, Act.FIND_CLOCK_SET, began - known, now, now)


def _note_start(session: Transaction, name: str, began: datetime, now: datetime) -> None:
    """A start not known yet is a restart where somebody was at work before it; else a machine takes over that ran."""
    connection = session.connection()
    is_new = connection.execute(insert_or_leave(connection, DbHeartbeat), {"name": name, "at": began}).rowcount == 1
    last = heartbeats.last(session).get(heartbeats.Part.CLOCK)
    if is_new and last and began > last:
        _record(session, Act.FIND_RESTART, now - last, last, now)


def _record(session: Transaction, act: Act, length: timedelta, first: datetime, now: datetime) -> None:
    """With the number of attempts that were open at some moment since `first`."""
    is_open = or_(DbAttempt.handed_in_at.is_(None), DbAttempt.handed_in_at >= first)
    attempts = session.scalar(
        select(func.count()).where(is_open, DbAttempt.started_at <= now, DbAttempt.accept_until >= first)
    )
    audit.record(session, act, SYSTEM, now, seconds=round(length.total_seconds(), 1), attempts=attempts)


def events(session: Transaction, first: datetime, last: datetime) -> Sequence[Event]:
    """What was noticed between these moments, the oldest first."""
    rows = session.execute(
        select(DbAuditEntry.act, DbAuditEntry.at, DbAuditEntry.facts)
        .where(DbAuditEntry.act.in_(ACTS), DbAuditEntry.at.between(first, last))
        .order_by(DbAuditEntry.id)
    )
    return [Event(act=Act(row.act), at=row.at, **json.loads(row.facts)) for row in rows]
