"""Carries letters from the outbox to the server: one connection, one letter at a time, each claimed and settled."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from quiz.mail_settings import MailSettings
from quiz.services import outbox, transaction
from quiz.smtp import Connection, Outcome, ServerAway, connection

LONGEST_ROUND = timedelta(minutes=1)
"""After so long other work has its turn, however many letters are still due."""

log = logging.getLogger("quiz.mail")

Clock = Callable[[], datetime]


def deliver(settings: MailSettings, tell_time: Clock) -> int:
    """Hand over what is due, as much as the limit of a minute lets through; how many letters were taken.

    Any number may run at once. The time is asked anew for every letter, because a slow server makes a long round.
    """
    with transaction() as session:
        outbox.tidy(session, tell_time())
        room = outbox.room(session, settings.per_minute, tell_time()) if outbox.is_due(session, tell_time()) else 0
    if not room:
        return 0
    try:
        with connection(settings) as server:
            return _hand_over(server, room, tell_time)
    except ServerAway as away:
        log.warning("mail waits: %s", away)
        with transaction() as session:
            outbox.put_off(session, tell_time())
        return 0


def _hand_over(server: Connection, most: int, tell_time: Clock) -> int:
    taken, ends_at = 0, tell_time() + LONGEST_ROUND
    for _ in range(most):
        if tell_time() >= ends_at:
            break
        with transaction() as session:
            claimed = outbox.claim(session, tell_time())
        if claimed is None:
            break
        answer = server.send(claimed.mail)
        with transaction() as session:
            outbox.settle(session, claimed.id, answer, tell_time())
        taken += answer.outcome is Outcome.TAKEN
        if answer.outcome is Outcome.SENDER_REFUSED:
            raise ServerAway(f"the sender is refused: {answer.words}")
        if server.is_lost:
            break
    return taken
