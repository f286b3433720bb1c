"""Writes what a contest looks like in the schema of this commit, as SQL for both databases.

Kept for each release: `git worktree add /tmp/old RELEASE`, copy this file there, and in that folder
`python -m tests.upgrade.make 0023 > 0023.sql` with the number of its newest migration.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy
from alembic import command
from alembic.config import Config as AlembicConfig

from quiz.app import create_app
from quiz.config import ROOT, Config
from quiz.models import db
from quiz.permissions import Role
from quiz.services import Actor, attempts, contests, marking, publishing, transaction
from tests import makers

MINUTE = timedelta(minutes=1)
PUBLISHED = makers.WEEK_1_ENDS + 60 * MINUTE
WEEK_2 = makers.WEEK_1 + timedelta(days=7)


def main(revision: str) -> None:
    """A database of that revision in a temporary folder, filled and printed."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder, 'old.sqlite3')}"
        app = create_app(Config(database_url=url, secret_key="x" * 40, https=False, testing=True))
        with app.app_context():
            with db.engine.connect() as connection:
                config = AlembicConfig(ROOT / "alembic.ini")
                config.attributes["connection"] = connection
                command.upgrade(config, revision)
            fill()
            with db.engine.connect() as connection:
                print_rows(connection)


def fill() -> None:
    """Week 1 sat by four people, marked and published; in week 2 one has handed in and one is at work."""
    makers.load_contest()
    first, second = makers.add_agency("H1", headcount=5), makers.add_agency("H2", kind="central")
    people = [makers.add_person(f"A{n}", first if n < 3 else second, f"Lê Thị {n}") for n in range(1, 5)]
    organiser = Actor(makers.add_person("BTC", first, "Đỗ Văn Ân", [Role.ORGANISER]))
    with transaction() as session:
        contests.freeze_due_weeks(session, makers.WEEK_1)
    for place, person in enumerate(people):
        makers.sit(person, makers.WEEK_1 + place * MINUTE, (place + 1) * MINUTE, right=5 - place)
    with transaction(organiser) as session:
        marking.mark_week(session, makers.week(session), PUBLISHED - MINUTE, organiser)
    with transaction(organiser) as session:
        seen = publishing.draft(session, makers.week(session), PUBLISHED).digest
        publishing.publish(session, makers.week(session), seen, "", organiser, PUBLISHED)
    with transaction() as session:
        contests.freeze_due_weeks(session, WEEK_2)
    makers.sit(people[0], WEEK_2, number=2)
    with transaction() as session:
        start = getattr(makers, "start", attempts.start)  # earlier commits have none
        code = start(session, people[1], makers.week(session, 2), WEEK_2, makers.code(99))
        attempts.save(session, code, people[1], 3, ["A", "B", "", "", ""], WEEK_2 + MINUTE)


def print_rows(connection: sqlalchemy.Connection) -> None:
    """Every row, tables in the order in which they point to each other."""
    held = sqlalchemy.MetaData()
    held.reflect(connection)
    for table in held.sorted_tables:
        if table.name == "alembic_version":
            continue
        booleans = {column.name for column in table.columns if isinstance(column.type, sqlalchemy.Boolean)}
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        rows = connection.exec_driver_sql(f"SELECT {names} FROM {table.name}").mappings().all()
        for row in rows:
            values = ", ".join(written(value, is_boolean=name in booleans) for name, value in row.items())
            print(f"INSERT INTO {table.name} ({names}) VALUES ({values});")


def written(value: object, *, is_boolean: bool) -> str:
    """A value as both databases read it, but for bytes, which `test_upgrade` writes anew for SQLite."""
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'"
    if is_boolean:
        return f"'{value}'"
    if isinstance(value, int | float):
        return str(value)
    assert isinstance(value, str | datetime)
    return "'" + str(value).replace("'", "''") + "'"


if __name__ == "__main__":
    main(sys.argv[1])
