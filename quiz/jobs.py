"""The scheduler process: ticks, and writes down what the time has already decided. `python -m quiz.jobs`.

Nothing depends on it running (late is refused by the rules) and any number may run: one is elected, every job is
idempotent, and a job cut off half-way is finished by the next tick. What may take long, because a file is large or a
mail server silent, ticks in a thread of its own, so that marking never waits for it.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress

from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask, current_app

from quiz import chance, clock, logs, metrics
from quiz.app import create_app
from quiz.config import Config, from_environment
from quiz.errors import Refused
from quiz.heads_file import HeadsFile, heads_at
from quiz.key_file import KeyFile, key_path
from quiz.leadership import Leadership
from quiz.long_jobs import LONG_JOBS
from quiz.metrics import Metrics
from quiz.models import db
from quiz.services import (
    accounts,
    attempts,
    commitment_making,
    contests,
    devices,
    heartbeats,
    key_sealing,
    lost_heads,
    machine,
    marking,
    reading,
    sealing,
    soundness,
    transaction,
)

TICK_SECONDS = 5
log = logging.getLogger("quiz.jobs")


def look_after_machine() -> None:
    """A machine that was restarted and a clock that was set are written down."""
    if start := clock.start():
        with transaction() as session:
            machine.look(session, start, clock.now())


def note_heartbeat() -> None:
    """The scheduler is at work; where it hangs in a job, the next tick does not say so any more."""
    with transaction() as session:
        heartbeats.beat(session, heartbeats.Part.CLOCK, clock.now())


def close_overdue_attempts() -> None:
    """Attempts past their deadline end at it."""
    with transaction() as session:
        attempts.close_overdue(session, clock.now())


def freeze_opened_weeks() -> None:
    """A week that has opened keeps its bank and its denominators."""
    with transaction() as session:
        contests.freeze_due_weeks(session, clock.now())


def make_commitments() -> None:
    """What is promised of a week is published before it opens, and again when something has changed."""
    for week, asked_by in commitment_making.due(reading(), clock.now()):
        draft = commitment_making.work_out(reading(), week, _sealer(), chance.seed)
        with transaction(asked_by) as session:
            commitment_making.keep(session, draft, asked_by, clock.now())


def seal_keys() -> None:
    """The answer keys of a week are sealed once its bank is fixed."""
    with transaction() as session:
        key_sealing.seal_due(session, _sealer(), clock.now())


def compare_heads() -> None:
    """What others were told must still be in the database: where an older copy was restored, it is not."""
    if file := _heads():
        lost_heads.look(file, clock.now())


def note_heads() -> None:
    """What others may now be told is noted outside the database."""
    if file := _heads():
        lost_heads.note(file)


def _heads() -> HeadsFile | None:
    config: Config = current_app.config["QUIZ"]
    return heads_at(config.heads_file) if config.heads_file else None


def seal_attempts() -> None:
    """What has ended is sealed in a batch every minute; when a week is over, its final head is fixed."""
    lost_heads.check(reading())
    sealing.seal_due(clock.now())


def open_keys() -> None:
    """The answer keys of a week that is over are opened, or wait for two people where the contest file says so."""
    with transaction() as session:
        key_sealing.open_due(session, _sealer(), clock.now())
    with transaction() as session:
        commitment_making.open_secrets(session, _sealer(), clock.now())


def _sealer() -> KeyFile:
    config: Config = current_app.config["QUIZ"]
    return KeyFile(key_path(os.environ, config.database_url))


def mark_closed_weeks() -> None:
    """A week that has closed is marked and ranked: in memory, so that nobody waits, and then written down at once.

    Where the week changed meanwhile, the next tick begins again.
    """
    for week_id in marking.due_weeks(reading(), clock.now()):
        with transaction() as session:
            heartbeats.beat(session, heartbeats.Part.MARKING, clock.now())
            marking.prepare(session, contests.get_week_by_id(session, week_id), clock.now())
        soundness.check(reading(), contests.get_week_by_id(reading(), week_id))
        found = marking.work_out(reading(), week_id)
        with suppress(Refused), transaction() as session:
            marking.keep(session, found, clock.now())


def forget_sign_in_failures() -> None:
    """Addresses of failed sign-ins are kept for an hour, no longer."""
    with transaction() as session:
        accounts.forget_failures(session, clock.now())


def forget_devices() -> None:
    """The devices of weeks that closed long ago are forgotten."""
    with transaction() as session:
        devices.forget_old(session, clock.now())


Jobs = tuple[Callable[[], None], ...]
JOBS: Jobs = (
    look_after_machine,
    note_heartbeat,
    compare_heads,
    freeze_opened_weeks,
    make_commitments,
    seal_keys,
    close_overdue_attempts,
    seal_attempts,
    note_heads,
    open_keys,
    mark_closed_weeks,
    forget_sign_in_failures,
    forget_devices,
)
"""What the clock decides."""


def tick(app: Flask, leadership: Leadership) -> None:
    """Run once what the clock decides, if this process leads."""
    _run(JOBS, app, leadership)


def tick_long(app: Flask, leadership: Leadership) -> None:
    """Run once what may take long, if this process leads."""
    _run(LONG_JOBS, app, leadership)


def _run(jobs: Jobs, app: Flask, leadership: Leadership) -> None:
    """One failing job is logged and does not stop the others."""
    if not leadership.is_mine():
        return
    app.config["CLOCK"]()  # the jobs go by the clock that the web servers go by
    counted: Metrics | None = app.extensions.get("metrics")
    for job in jobs:
        began = time.perf_counter()
        is_done = _run_one(job, app)
        if counted:
            counted.job(job.__name__, time.perf_counter() - began, failed=not is_done)


def _run_one(job: Callable[[], None], app: Flask) -> bool:
    with app.app_context():
        try:
            job()
        except Refused as refusal:
            log.error("job %s: %s", job.__name__, refusal)
        except Exception:
            log.exception("job %s failed", job.__name__)
        else:
            return True
        finally:
            db.session.remove()
    return False


def main() -> None:
    """Tick until the process is ended."""
    logs.prepare(os.environ)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a long tick is still under way is no trouble
    config = from_environment(os.environ)
    app = create_app(config)
    if config.metrics_token and config.metrics_port:
        metrics.serve(app.extensions["metrics"], config.metrics_token, config.metrics_port)
    scheduler = BlockingScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    with Leadership(config) as leadership:
        for each in (tick, tick_long):
            scheduler.add_job(each, "interval", seconds=TICK_SECONDS, args=(app, leadership), next_run_time=clock.now())
        with suppress(KeyboardInterrupt, SystemExit):
            scheduler.start()


if __name__ == "__main__":
    main()
