"""What the scheduler does that may take long, because a file is large or a mail server silent; nothing waits for it."""

from __future__ import annotations

from flask import current_app

from quiz import chance, clock
from quiz.config import Config
from quiz.mail_jobs import MAIL_JOBS
from quiz.services import (
    audit_check,
    bundles,
    documents,
    heartbeats,
    item_report,
    publication_files,
    question_imports,
    retention,
    review_signals,
    roster_imports,
    ruling_preview,
    transaction,
    week_counts,
)
from quiz.services.document_makers import MAKERS


def note_long_heartbeat() -> None:
    """So is the thread of what may take long."""
    with transaction() as session:
        heartbeats.beat(session, heartbeats.Part.LONG, clock.now())


def read_uploaded_rosters() -> None:
    """An uploaded roster is read, and what it would change is written down for the organiser to see."""
    roster_imports.read_waiting(clock.now())


def apply_confirmed_rosters() -> None:
    """A roster that an organiser has confirmed is applied, all or nothing."""
    roster_imports.apply_confirmed(clock.now())


def read_uploaded_questions() -> None:
    """An uploaded file of questions is read, and all that it says is written down for the organiser to see."""
    question_imports.read_waiting(clock.now())


def count_weeks() -> None:
    """What pages of a large contest show of all its attempts is counted every minute."""
    week_counts.count_due(clock.now)


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


LONG_JOBS = (
    note_long_heartbeat,
    read_uploaded_rosters,
    apply_confirmed_rosters,
    read_uploaded_questions,
    *MAIL_JOBS,
    count_weeks,
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
