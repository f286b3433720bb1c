"""Databases of earlier releases, with what stood in them, are brought to this one: nothing is lost, and all works on.

`tests/upgrade/*.sql` was written by `tests/upgrade/make.py` at those releases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy
from flask import Flask
from sqlalchemy.pool import NullPool

from quiz.app import create_app
from quiz.backup import making, restoring
from quiz.cli import upgrade_database
from quiz.config import ROOT, Config
from quiz.models import db
from quiz.services import attempts, audit_check, marking, reading, sealing, transaction
from tests import makers
from tests.conftest import SECRET, Clock
from tests.test_migrations import differences, run
from tests.web.client import PageClient

MINUTE = timedelta(minutes=1)
NOW = makers.WEEK_2 + 4 * MINUTE
OVER = makers.WEEK_2_ENDS + MINUTE
RELEASES = sorted(path.stem for path in (ROOT / "tests" / "upgrade").glob("*.sql"))
KEPT = {
    "attempts": "code, person_id, seq, answers, handed_in_at, score",
    "publications": "number, body, digest",
    "standings": "place, rank, person_id, attempt_code, decided_by",
    "memberships": "id, person_id, agency_id",
    "headcounts": "week_id, agency_id, headcount",
}
"""What must be the same afterwards."""
COUNT_ON = """
SELECT setval(pg_get_serial_sequence(columns.table_name, 'id'), 1000)
FROM information_schema.columns AS columns
WHERE columns.table_schema = 'public' AND columns.column_default LIKE 'nextval(%'
"""


def fill(engine: sqlalchemy.Engine, script: str) -> None:
    """Put rows into the tables of their release, in place of what its migrations have put there."""
    emptied = "".join(f"DELETE FROM {table};" for table in set(re.findall(r"^INSERT INTO (\w+)", script, re.MULTILINE)))
    script = emptied + script
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver
        if engine.dialect.name == "sqlite":
            driver.execute("PRAGMA foreign_keys=OFF")
            driver.executescript(re.sub(r"'\\x([0-9a-f]*)'", r"X'\1'", script))
        else:
            driver.execute(f"SET TIME ZONE 'UTC'; SET session_replication_role = replica; {script}")
            driver.execute(COUNT_ON)
            driver.commit()


def kept(engine: sqlalchemy.Engine) -> dict[str, list[tuple[object, ...]]]:
    """What stands in the tables that matter."""
    with engine.connect() as connection:
        return {
            table: [tuple(row) for row in connection.exec_driver_sql(f"SELECT {names} FROM {table} ORDER BY {names}")]
            for table, names in KEPT.items()
        }


@pytest.fixture(params=RELEASES)
def old(request: pytest.FixtureRequest, spare: str) -> Iterator[sqlalchemy.Engine]:
    """A database as that release left it."""
    engine = sqlalchemy.create_engine(spare, poolclass=NullPool)
    run(engine, "up", request.param)
    fill(engine, (ROOT / "tests" / "upgrade" / f"{request.param}.sql").read_text("utf-8"))
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def upgraded(old: sqlalchemy.Engine, clock: Clock) -> Iterator[Flask]:
    """The product on a database that was just upgraded, while week 2 is open."""
    before = kept(old)
    url = old.url.render_as_string(hide_password=False)
    app = create_app(Config(database_url=url, secret_key=SECRET, https=False, testing=True), clock)
    with app.app_context():
        upgrade_database()
    assert differences(old) == []
    assert kept(old) == before
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_everything_that_stood_there_is_read_and_goes_on(upgraded: Flask, clock: Clock) -> None:
    somebody, organiser = PageClient(upgraded).sign_in("A2"), PageClient(upgraded).sign_in("BTC")
    assert "Lê Thị 1" in somebody.get("/ket-qua/tuan-1")
    assert somebody.get("/ket-qua/tuan-1/lan-1.json")
    for page in ("", "/tuan-1", "/tuan-2"):
        organiser.get(f"/ban-to-chuc{page}")
    with upgraded.app_context():
        assert audit_check.verify(reading()).fault is None
        code = reading().execute(sqlalchemy.text("SELECT code FROM attempts WHERE handed_in_at IS NULL")).scalar_one()
        somebody.get(f"/thi/bai/{code}")
        with transaction() as session:  # who was at work when it was upgraded hands in
            attempts.hand_in(session, code, 2, 4, ["A", "B", "C", "", ""], NOW)
        makers.commit(NOW, 2)
        makers.sit(3, NOW, number=2)  # and who comes later starts
        sealing.seal_due(OVER)
        with transaction(makers.CONSOLE) as session:
            assert marking.mark_week(session, makers.week(session, 2), OVER, makers.CONSOLE) == 3
    clock.now = OVER
    PageClient(upgraded).sign_in("BTC").get("/ban-to-chuc/tuan-2")


@pytest.mark.one_database
@pytest.mark.parametrize("old", RELEASES[-1:], indirect=True)
def test_a_backup_of_an_earlier_release_is_made_and_restored_by_this_one(
    old: sqlalchemy.Engine, tmp_path: Path
) -> None:
    url = old.url.render_as_string(hide_password=False)
    before = kept(old)
    making.make(url, tmp_path / "one.backup", NOW)
    done = restoring.restore(tmp_path / "one.backup", url, NOW, lambda: True)
    assert (done.is_older, bool(done.kept)) == (True, True)
    assert kept(old) == before
