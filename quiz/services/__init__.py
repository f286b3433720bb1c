"""Use cases: the only writers. They take `now`, compose inside one `transaction()`, and never commit themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from quiz.models import Base, db

Transaction = Session


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `id` is None for the system and for commands on the server; `is_staff` acts must leave a trace.

    `console` names the account of the server that gave a command.
    """

    id: int | None
    is_staff: bool = True
    console: str = ""


SYSTEM = Actor(None, is_staff=False)
"""The scheduler, which only writes down what the time has already decided."""


@contextmanager
def transaction(actor: Actor = SYSTEM) -> Iterator[Session]:
    """Open the one transaction of a request, job or command, at its edge; commit at the end, roll back on any error.

    What a service leaves in `session.info["last"]` is done when nothing else is left to do but to commit. Raises
    RuntimeError where a member of staff changed something without leaving an audit entry.
    """
    session = db.session()
    session.rollback()
    session.expire_all()  # whatever an earlier transaction of this session still holds may be out of date by now
    session.connection(execution_options={"writes": True})
    session.info.update(staff=actor.is_staff, traced=False, wrote=False, last=[])
    try:
        yield session
        session.flush()
        if session.info["staff"] and session.info["wrote"] and not session.info["traced"]:
            raise RuntimeError("a member of staff changed something without an audit entry")
        for step in session.info["last"]:
            step(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.clear()


@event.listens_for(Session, "after_flush")
def _note_flushed_writes(session: Session, _context: object) -> None:
    if session.new or session.dirty or session.deleted:
        session.info["wrote"] = True


@event.listens_for(Session, "do_orm_execute")
def _note_statement_writes(state: object) -> None:
    if getattr(state, "is_insert", False) or getattr(state, "is_update", False) or getattr(state, "is_delete", False):
        state.session.info["wrote"] = True  # type: ignore[attr-defined]


@cache
def _insert_or_leave(dialect: str, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    if dialect == "sqlite":
        embedded = sqlite.insert(table.__table__).on_conflict_do_nothing()  # type: ignore[arg-type]
        return embedded.execution_options(preserve_rowcount=True)
    server = postgresql.insert(table.__table__).on_conflict_do_nothing()  # type: ignore[arg-type]
    return server.execution_options(preserve_rowcount=True)


def insert_or_leave(connection: Connection, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that does nothing where a unique constraint already holds the row; rowcount says which it was."""
    return _insert_or_leave(connection.dialect.name, table)


def reading() -> Session:
    """The session of this request or job, for reading only; it ends with the request."""
    return db.session()
