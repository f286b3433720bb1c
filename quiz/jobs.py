"""The scheduler process: ticks, and writes down what the time has already decided. `python -m quiz.jobs`.

Nothing depends on it running (late is refused by the rules) and any number may run: one is elected, every job is
idempotent, and a job cut off half-way is finished by the next tick. What may take long, because a file is large or a
mail server silent, ticks in a thread of its own, so that marking never waits for it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import suppress

from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask, current_app

from quiz import chance, clock, logs
from quiz.app import create_app
from quiz.config import Config, from_environment
from quiz.errors import Refused
from quiz.heads_file import HeadsFile
from quiz.key_file import KeyFile, key_path
from quiz.leadership import Leadership
from quiz.mail_jobs import MAIL_JOBS
from quiz.models import db
from quiz.services import (
    accounts,
    attempts,
    audit_check,
    bundles,
    commitment_making,
    contests,
    devices,
    documents,
    heartbeats,
    item_report,
    key_sealing,
    lost_heads,
    marking,
    publication_files,
    question_imports,
    reading,
    retention,
    review_signals,
    roster_imports,
    ruling_preview,
    sealing,
    soundness,
    transaction,
)
from quiz.services.document_makers import MAKERS

TICK_SECONDS = 5
log = logging.getLogger("quiz.jobs")


def note_heartbeat() -> None:
    """The scheduler is at work; where it hangs in a job, the next tick does not say so any more."""
    with transaction() as session:
        heartbeats.beat(session, heartbeats.Part.CLOCK, clock.now())


def note_long_heartbeat() -> None:
    """So is the thread of what may take long."""
    with transaction() as session:
        heartbeats.beat(session, heartbeats.Part.LONG, clock.now())


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
    return HeadsFile(config.heads_file) if config.heads_file else None


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


def read_uploaded_rosters() -> None:
    """An uploaded roster is read, and what it would change is written down for the organiser to see."""
    roster_imports.read_waiting(clock.now())


def apply_confirmed_rosters() -> None:
    """A roster that an organiser has confirmed is applied, all or nothing."""
    roster_imports.apply_confirmed(clock.now())


def read_uploaded_questions() -> None:
    """An uploaded file of questions is read, and all that it says is written down for the organiser to see."""
    question_imports.read_waiting(clock.now())


def analyse_questions() -> None:
    """What the questions of a week did is worked out once after each marking."""
    item_report.analyse_due(clock.now)


def preview_rulings() -> None:
    """What a proposed ruling about a question would change is computed, and again when it changes."""
    ruling_preview.compute_waiting(clock.now)


def make_bundles() -> None:
    """Each publication has the bundle from which anyone recomputes it, once no other round asks its questions."""
    bundles.make_missing(clock.now)


def draw_pictures() -> None:
    """Each publication has its picture for social networks."""
    config: Config = current_app.config["QUIZ"]
    address = config.mail.base_url.partition("://")[2].rstrip("/") if config.mail else ""
    publication_files.draw_missing(address, clock.now)


def work_out_signals() -> None:
    """What is unusual about the first places of a week is worked out once after each marking."""
    review_signals.work_out_due()


def check_audit_log() -> None:
    """The chain of the audit log is followed to its end once a day, for the inspector's page."""
    audit_check.verify_daily(clock.now())


def make_documents() -> None:
    """Documents that people asked for are made, and old ones forgotten."""
    documents.make_waiting(MAKERS, clock.now)
    with transaction() as session:
        documents.forget_old(session, clock.now())


def delete_expired_data() -> None:
    """At night, personal data that are kept no longer go, a few people at each tick."""
    if retention.is_time(clock.now()):
        retention.run(clock.now(), chance.erased_code)


Jobs = tuple[Callable[[], None], ...]
JOBS: Jobs = (
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
LONG_JOBS: Jobs = (
    note_long_heartbeat,
    read_uploaded_rosters,
    apply_confirmed_rosters,
    read_uploaded_questions,
    *MAIL_JOBS,
    analyse_questions,
    preview_rulings,
    draw_pictures,
    make_bundles,
    work_out_signals,
    make_documents,
    delete_expired_data,
    check_audit_log,
)
"""What may take long; one after the other, beside the others."""


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
    for job in jobs:
        with app.app_context():
            try:
                job()
            except Refused as refusal:
                log.error("job %s: %s", job.__name__, refusal)
            except Exception:
                log.exception("job %s failed", job.__name__)
            finally:
                db.session.remove()


def main() -> None:
    """Tick until the process is ended."""
    logs.prepare(os.environ)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a long tick is still under way is no trouble
    config = from_environment(os.environ)
    app = create_app(config)
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
