"""Rows by the million: some thousands in each statement, and on PostgreSQL in by COPY."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import Table, insert

from quiz.models import Base
from quiz.services import Transaction

CHUNK = 5000
One = TypeVar("One")


def chunks(many: Iterable[One]) -> Iterator[list[One]]:
    """Some after others."""
    left = iter(many)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def insert_rows(session: Transaction, model: type[Base], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert plain values, those of a row in the order of the table's columns."""
    table, connection = cast(Table, model.__table__), session.connection()
    names = table.columns.keys()
    session.info["wrote"] = True
    if connection.dialect.name == "postgresql":
        into = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
        with connection.connection.cursor() as cursor, cursor.copy(into) as copy:  # type: ignore[attr-defined]
            for row in rows:
                copy.write_row(row)
        return
    for chunk in chunks(rows):
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in chunk])
