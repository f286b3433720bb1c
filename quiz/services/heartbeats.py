"""The scheduler's heartbeat: each of its parts writes down, tick by tick, that it is at work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update

from quiz.models.monitor import DbHeartbeat
from quiz.services import Transaction, insert_or_leave

SILENT_AFTER = timedelta(seconds=90)
"""So many ticks have then been missed that nobody is marking, ending attempts or sending letters."""
LONGEST_MARKING = timedelta(minutes=10)
"""A week of a million attempts is marked in less; until then the clock's part may be silent for good reason."""


class Part(StrEnum):
    """What beats: the jobs that the clock decides, those that may take long, and marking as it begins a week."""

    CLOCK = "clock"
    LONG = "long"
    MARKING = "marking"


def beat(session: Transaction, part: Part, now: datetime) -> None:
    """This part of the scheduler is at work."""
    connection = session.connection()
    if not connection.execute(update(DbHeartbeat).where(DbHeartbeat.name == part).values(at=now)).rowcount:
        connection.execute(insert_or_leave(connection, DbHeartbeat), {"name": part, "at": now})


def last(session: Transaction) -> Mapping[Part, datetime]:
    """When each part was last at work; those that never were are not there."""
    rows = session.execute(select(DbHeartbeat.name, DbHeartbeat.at).where(DbHeartbeat.name.in_(Part)))
    return {Part(row.name): row.at for row in rows}


def is_silent(at: datetime | None, now: datetime) -> bool:
    """Whether a part that was last at work at `at` must be looked after."""
    return at is None or now - at > SILENT_AFTER


def marking_since(beats: Mapping[Part, datetime], now: datetime) -> datetime | None:
    """Since when a week is being marked, nothing that the clock decides having run since; None while none is."""
    begun, clock = beats.get(Part.MARKING), beats.get(Part.CLOCK)
    is_newest = begun is not None and (clock is None or begun >= clock)
    return begun if is_newest and begun is not None and now - begun <= LONGEST_MARKING else None
