"""What the scheduler does about mail; nothing is written where none is set up."""

from __future__ import annotations

from flask import current_app

from quiz import clock
from quiz.config import Config
from quiz.services import digests, letters, postman, reminders, seal_letters, transaction, witnesses


def write_digests() -> None:
    """Coordinators are told of a week that has been published."""
    config: Config = current_app.config["QUIZ"]
    if config.mail:
        with transaction() as session:
            digests.write_due(session, letters.site(config), clock.now())


def write_to_witnesses() -> None:
    """Coordinators are sent what was promised of a week, and its final head."""
    config: Config = current_app.config["QUIZ"]
    if config.mail:
        with transaction() as session:
            witnesses.write_commitments(session, letters.site(config), clock.now())
            witnesses.write_heads(session, letters.site(config), clock.now())


def write_receipts() -> None:
    """Whoever has handed in is sent the receipt, once it is sealed."""
    config: Config = current_app.config["QUIZ"]
    if config.mail:
        seal_letters.write_due(letters.site(config), clock.now())


def send_letters() -> None:
    """What waits in the outbox is handed to the mail server, without reminders that nobody needs any more."""
    config: Config = current_app.config["QUIZ"]
    if config.mail:
        with transaction() as session:
            reminders.withdraw(session, clock.now())
        postman.deliver(config.mail, clock.now)


MAIL_JOBS = (write_digests, write_to_witnesses, write_receipts, send_letters)
