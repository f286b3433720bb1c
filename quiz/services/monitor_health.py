"""How the system itself is: storage, clocks, the scheduler, what waits to be done, what went wrong."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import DateTime, func, select

from quiz.models.attempts import DbAttempt
from quiz.models.documents import DbDocument
from quiz.models.mail import DbLetter
from quiz.models.people import DbRosterImport
from quiz.services import Transaction, documents, heartbeats, outbox, roster_imports
from quiz.services.heartbeats import Part

LATE = timedelta(seconds=30)
"""The scheduler ends attempts within seconds of their deadline; after this it is behind."""
MOST_APART = timedelta(seconds=2)
LEAST_FREE = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """The database in bytes; on SQLite also the log beside it and what is free where both lie, else None."""

    engine: str
    size: int
    log_size: int | None
    free: int | None

    @property
    def is_short(self) -> bool:
        """Whether the disk may soon be full: less free than a copy of the database needs, or than one gibibyte."""
        return self.free is not None and self.free < max(LEAST_FREE, self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What the scheduler has still to do: attempts to end, letters to send, documents and rosters to work on."""

    attempts: int
    letters: int
    documents: int
    rosters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """All of it at one moment. `apart` is how far the database's clock is ahead of ours; None where they are one."""

    storage: Storage
    apart: timedelta | None
    beats: Mapping[Part, datetime]
    backlog: Backlog

    @property
    def clocks_differ(self) -> bool:
        """Whether the two clocks are too far apart for the moments of attempts to be trusted."""
        return self.apart is not None and abs(self.apart) > MOST_APART


def look(session: Transaction, now: datetime) -> Health:
    """The health of this installation; `now` must have been read just before."""
    storage, apart = _embedded(session) if session.get_bind().dialect.name == "sqlite" else _server(session, now)
    return Health(storage=storage, apart=apart, beats=heartbeats.last(session), backlog=_backlog(session, now))


def open_attempts(session: Transaction, now: datetime) -> int:
    """How many people are sitting at this moment; for monitoring, never for a page that participants see."""
    sitting = (DbAttempt.handed_in_at.is_(None), DbAttempt.accept_until >= now)
    return session.scalar(select(func.count()).select_from(DbAttempt).where(*sitting)) or 0


def _embedded(session: Transaction) -> tuple[Storage, None]:
    path = Path(session.connection().engine.url.database or "")
    log = path.with_name(f"{path.name}-wal")
    return Storage(
        engine="SQLite",
        size=path.stat().st_size,
        log_size=log.stat().st_size if log.exists() else 0,
        free=shutil.disk_usage(path.parent).free,
    ), None


def _server(session: Transaction, now: datetime) -> tuple[Storage, timedelta]:
    clock = func.clock_timestamp(type_=DateTime(timezone=True))
    at, size = session.execute(select(clock, func.pg_database_size(func.current_database()))).one()
    return Storage(engine="PostgreSQL", size=size, log_size=None, free=None), at.astimezone(UTC) - now


def _backlog(session: Transaction, now: datetime) -> Backlog:
    parts = {
        "attempts": select(func.count()).where(DbAttempt.handed_in_at.is_(None), DbAttempt.accept_until < now - LATE),
        "letters": select(func.count()).where(DbLetter.state == outbox.State.WAITING, DbLetter.next_try_at <= now),
        "documents": select(func.count()).where(DbDocument.state.in_(documents.MOVING)),
        "rosters": select(func.count()).where(
            DbRosterImport.state.in_([one for one in roster_imports.State if one.is_moving])
        ),
    }
    row = session.execute(select(*(part.scalar_subquery().label(name) for name, part in parts.items()))).one()
    return Backlog(**row._mapping)
