"""What ranking and awarding one week costs: `python -m bench.ranking [--attempts 10000,100000,1000000]`.

A week of each size is laid out in a scratch database, and looked at by a process of its own: its attempts are read, all
are ranked, written and awarded, and some are marked, to tell what each takes. On SQLite the seconds are the
processor's; on PostgreSQL (`--database postgresql`) reading, writing and awarding are those of the clock. Memory is
what the process has held at most above what it held before it began.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from sqlalchemy import update

from bench import crowd
from bench.scale import scratch
from quiz.app import create_app
from quiz.config import Config
from quiz.models import db
from quiz.models.contests import DbWeek
from quiz.scoring.columns import Results
from quiz.scoring.marking import mark
from quiz.services import contests, marking, reading, transaction
from quiz.services.result_rows import as_result, attempts_of_week
from quiz.services.results import provisional
from tests import makers
from tests.conftest import SECRET, migrate

SAMPLE = 5000
"""So many papers are drawn and marked, to tell what all would take."""
STEPS = ("read", "mark one", "rank", "write marks", "write ranking", "award")


def lay_out(url: str, attempts: int, each: int) -> None:
    """A closed week of this size, not marked yet."""
    migrate(url)
    crowd.fill_week(create_app(_config(url)), attempts, each)


def look(url: str) -> dict[str, tuple[float, float]]:
    """Seconds of each step, and by how many MB the process had grown at most when it was done."""
    app, taken = create_app(_config(url)), dict[str, tuple[float, float]]()
    with app.app_context():
        tell = time.process_time if db.engine.dialect.name == "sqlite" else time.perf_counter
        week = makers.week(reading())
        contests.deck_with_keys(reading(), week, "")
        gc.freeze()  # as `wsgi.py` does
        idle = _peak()

        @contextmanager
        def step(name: str, clock: Callable[[], float] = tell) -> Iterator[None]:
            begun = clock()
            yield
            taken[name] = (clock() - begun, _peak() - idle)

        with step("read"):
            results = Results(
                as_result(row, row.person_id * 7919 % (crowd.QUESTIONS + 1), crowd.QUESTIONS, is_valid=True)
                for row in attempts_of_week(reading(), week.id)
            )
        with step("rank", time.process_time):
            ranked = marking.rank_week(week, {"": results})
        with step("write marks"), transaction() as session:
            marking.keep_marks(session, week, marking.Marked(results={"": results}))
        with step("write ranking"), transaction() as session:
            marking.keep_ranking(session, week, ranked)
        with transaction() as session:
            session.execute(update(DbWeek).where(DbWeek.id == week.id).values(marked_at=crowd.NOW))
        with step("award"):
            given = provisional(reading(), makers.week(reading()))
        assert len(given.winners) == sum(prize.count for prize in week.contest.rules.all_divisions[0].prizes)
        deck = contests.deck_with_keys(reading(), week, "")
        with step("mark one", time.process_time):
            for code in islice(results.column("code"), SAMPLE):
                mark(deck.draw(week.draw_seed, code), json.loads(crowd.SHEET))
        taken["mark one"] = (taken["mark one"][0] / min(SAMPLE, len(results)), taken["award"][1])
    return taken


def _config(url: str) -> Config:
    return Config(database_url=url, secret_key=SECRET, https=False, testing=True)


def _peak() -> float:
    """The most that this process has ever held, in MB."""
    held = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert held
    return int(held[1]) / 1024


def _in_words(step: str, seconds: float) -> str:
    return f"{seconds * 1e6:12.0f} µs" if step == "mark one" else f"{seconds:13.2f} s"


def main() -> None:
    """A row for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", default="10000,100000,1000000")
    parser.add_argument("--each", type=int, default=1, help="attempts of each person")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    print(f"{'attempts':>10}" + "".join(f"{name:>15}" for name in STEPS) + f"{'most memory':>15}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, scratch(asked.database, folder) as made:
        os.environ["QUIZ_SEAL_KEY_FILE"] = f"{folder}/key"
        for attempts in map(int, asked.attempts.split(",")):
            url, taken = made(attempts), dict[str, tuple[float, float]]()
            for work, given in ((lay_out, (url, attempts, asked.each)), (look, (url,))):
                with ProcessPoolExecutor(1, mp_context=spawn) as one:
                    taken = one.submit(work, *given).result() or taken
            times = "".join(_in_words(name, taken[name][0]) for name in STEPS)
            print(f"{attempts:10}{times}{max(grown for _, grown in taken.values()):12.0f} MB", flush=True)


if __name__ == "__main__":
    main()
