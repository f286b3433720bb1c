"""On which devices attempts were started and handed in, as far as a review of the ranking needs to know."""

from __future__ import annotations

import hmac
from datetime import datetime

from sqlalchemy import ColumnElement, Insert, String, bindparam, delete, exists, select, true
from sqlalchemy.dialects.postgresql import insert

from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbWeek
from quiz.models.reviews import DbAttemptDevice
from quiz.personal_data import periods
from quiz.services import Transaction, contests, insert_or_leave

KEPT = periods.DEVICES
"""How long after its week has closed a device is remembered."""


def hashed(key: bytes, week_id: int, name: str) -> str:
    """The 16 hexadecimal digits by which a device is known in one round and in no other."""
    return hmac.digest(key, f"{week_id}|{name}".encode(), "sha256").hex()[:16]


def note(session: Transaction, attempt_code: str, device: str) -> None:
    """Write down that an attempt was started or handed in on a device; twice is once."""
    connection = session.connection()
    connection.execute(insert_or_leave(connection, DbAttemptDevice), {"attempt_code": attempt_code, "device": device})


def noting(code: ColumnElement[str]) -> Insert:
    """`note` as it follows on what has written the attempt of that code."""
    noted = select(code, bindparam("device", type_=String)).where(true())
    return insert(DbAttemptDevice).from_select(("attempt_code", "device"), noted).on_conflict_do_nothing()


def forget_old(session: Transaction, now: datetime) -> int:
    """Forget the devices of weeks that closed long ago; how many."""
    closed = select(DbWeek.id).where(contests.closes_at() < now - KEPT, DbWeek.marked_at.is_not(None))
    weeks = session.scalars(closed).all()
    if not weeks:
        return 0
    of_old_week = exists().where(DbAttempt.code == DbAttemptDevice.attempt_code, DbAttempt.week_id.in_(weeks))
    forgotten = delete(DbAttemptDevice).where(of_old_week)
    return len(session.scalars(forgotten.returning(DbAttemptDevice.device)).all())
