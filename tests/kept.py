"""What many tests lay out alike is made once on each database, then copied from memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import sqlalchemy
from sqlalchemy import Connection, Table, select
from sqlalchemy.orm import Session

from quiz.models import Base, db
from quiz.services import transaction

Made = TypeVar("Made")
Given = ParamSpec("Given")

FILLED = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in Base.metadata.tables)
COUNTED = """
SELECT CAST(seqrelid::regclass AS text), pg_sequence_last_value(seqrelid) FROM pg_sequence
WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""
"""How far the ids of PostgreSQL have come; SQLite counts on from what is there."""


@dataclass(frozen=True)
class Held:
    """Every row of a database, the ids that come next, and the key of what is sealed in the rows."""

    rows: Mapping[Table, Sequence[Mapping[str, object]]]
    counted: Sequence[tuple[str, int]]
    seal_key: bytes


def kept(lay_out: Callable[Given, Made]) -> Callable[Given, Made]:
    """The same in a fraction of the time where the database is empty, for what is given and gives plain values.

    Fixtures may be given the session, too.
    """
    made: dict[object, tuple[Made, Held]] = {}

    @wraps(lay_out)
    def again(*args: Given.args, **named: Given.kwargs) -> Made:
        with db.engine.connect() as connection:
            if filled(connection):
                return lay_out(*args, **named)
        chosen = tuple((name, value) for name, value in named.items() if not isinstance(value, Session))
        asked = (str(db.engine.url), args, chosen)
        if asked in made:
            given, held = made[asked]
            _put_back(held)
        else:
            given = lay_out(*args, **named)
            made[asked] = given, _held()
        return deepcopy(given)

    return again


def filled(connection: Connection) -> Sequence[str]:
    """The tables that hold something."""
    return connection.exec_driver_sql(FILLED).scalars().all()


def stop_checking(connection: Connection) -> None:
    """Rows may come and go in any order until the transaction ends."""
    on_postgresql = connection.dialect.name == "postgresql"
    connection.exec_driver_sql(
        "SET LOCAL session_replication_role = replica" if on_postgresql else "PRAGMA defer_foreign_keys=ON"
    )


def _seal_key() -> Path:
    return Path(os.environ["QUIZ_SEAL_KEY_FILE"])


def _held() -> Held:
    with db.engine.connect() as connection:
        tables = [Base.metadata.tables[name] for name in filled(connection)]
        rows = {table: [dict(row._mapping) for row in connection.execute(select(table))] for table in tables}
        counted = connection.exec_driver_sql(COUNTED).all() if connection.dialect.name == "postgresql" else []
    seal_key = _seal_key().read_bytes() if _seal_key().exists() else b""
    return Held(rows, [(name, last) for name, last in counted], seal_key)


def _put_back(held: Held) -> None:
    if held.seal_key:
        _seal_key().write_bytes(held.seal_key)
    with transaction() as session:
        connection = session.connection()
        stop_checking(connection)
        for table, rows in held.rows.items():
            connection.execute(table.insert(), rows)
        for name, last in held.counted:
            connection.execute(sqlalchemy.select(sqlalchemy.func.setval(name, last)))
