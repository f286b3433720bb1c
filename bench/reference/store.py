"""The database of the references: one connection for each thread, each statement prepared and committed by itself."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Mapping
from typing import Any

import psycopg

TABLES = """
CREATE TABLE reference_people (
  id INTEGER PRIMARY KEY, staff_code VARCHAR(40) UNIQUE, name TEXT, password_hash TEXT, epoch INTEGER, left_at FLOAT);
CREATE TABLE reference_sessions (token VARCHAR(40) PRIMARY KEY, person_id INTEGER);
CREATE TABLE reference_attempts (
  code VARCHAR(16) PRIMARY KEY, person_id INTEGER UNIQUE, started_at FLOAT, deadline_at FLOAT, seq INTEGER,
  answers TEXT, handed_in_at FLOAT);
"""
Row = tuple[Any, ...]

_of_thread = threading.local()


def one(statement: str, **values: object) -> Row | None:
    """The first row that a statement gives, None for none; `:name` stands for a value."""
    if not hasattr(_of_thread, "ask"):
        _of_thread.ask = _connect(os.environ["QUIZ_DATABASE_URL"])
    row: Row | None = _of_thread.ask(statement, values)
    return row


def _connect(url: str) -> Any:
    kind, _, place = url.partition("://")
    return _sqlite(place[1:]) if kind == "sqlite" else _postgresql(f"postgresql://{place}")


def _sqlite(path: str) -> Any:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")
    return lambda statement, values: connection.execute(statement, values).fetchone()


def _postgresql(url: str) -> Any:
    connection = psycopg.connect(url, autocommit=True)
    written: dict[str, str] = {}

    def ask(statement: str, values: Mapping[str, object]) -> Row | None:
        if statement not in written:
            written[statement] = re.sub(r":(\w+)", r"%(\1)s", statement)
        cursor = connection.execute(written[statement], values, prepare=True)
        return cursor.fetchone() if cursor.description else None

    return ask
