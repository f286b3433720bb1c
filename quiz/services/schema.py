"""The shape of the database: which the program needs, and which is there."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection, text

from quiz.config import ROOT


@cache
def needed() -> str:
    """The newest migration that this program brings."""
    return max(path.name[:4] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))


def found(connection: Connection) -> str:
    """The newest migration that the database has seen; raises DBAPIError where it has seen none."""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


def fits(at: str) -> bool:
    """Whether the program can work there: a newer one may have been brought in already while others go on."""
    return at >= needed()
