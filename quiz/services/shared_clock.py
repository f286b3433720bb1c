"""The time by the clock of the database, which every process of every machine has in common.

It is asked once a minute, in a thread of its own, so that no request is a round trip longer for it; only where this
machine's own clock has just jumped, or nothing is known yet, does a request wait for the answer.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from quiz import clock

PATIENCE_SECONDS = 2
AGAIN_AFTER_SECONDS = 5.0
log = logging.getLogger(__name__)


class SharedClock:
    """What an application on PostgreSQL takes for the time. While the database is away, its last answer carries on."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={"connect_timeout": PATIENCE_SECONDS},
        )
        self._asking = threading.Lock()
        self._asked_at = -AGAIN_AFTER_SECONDS

    def __call__(self) -> datetime:
        """The present moment, as `clock.now` gives it."""
        if clock.is_unsure():
            with self._asking:
                self._ask_if(clock.is_unsure())
        elif clock.is_due() and self._asking.acquire(blocking=False):
            threading.Thread(target=self._ask_beside, daemon=True).start()
        return clock.now()

    def _ask_beside(self) -> None:
        try:
            self._ask_if(clock.is_due())
        finally:
            self._asking.release()

    def _ask_if(self, is_wanted: bool) -> None:
        """Unless somebody else has, or has failed to, just now."""
        if not is_wanted or time.monotonic() - self._asked_at < AGAIN_AFTER_SECONDS:
            return
        self._asked_at = time.monotonic()
        try:
            with self._engine.connect() as connection:
                _read(connection)  # the first time takes longer, and what it takes blurs the answer
                clock.follow(lambda: _read(connection))
        except SQLAlchemyError:
            log.warning("the clock of the database could not be read")


def _read(connection: Connection) -> datetime:
    moment: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment
