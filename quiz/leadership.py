"""Which of several schedulers works."""

from __future__ import annotations

import fcntl
import logging
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TextIO

import sqlalchemy
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from quiz.config import Config

LOCK_NUMBER = 7340221
log = logging.getLogger("quiz.jobs")


class Leadership:
    """Which of several schedulers works: a PostgreSQL advisory lock, or a lock on a file beside the SQLite file.

    Either ends with the process that holds it, so a dead leader is replaced at the next tick of another.
    """

    def __init__(self, config: Config) -> None:
        self._url = sqlalchemy.make_url(config.database_url)
        self._connection: sqlalchemy.Connection | None = None
        self._file: TextIO | None = None
        self._asking = threading.Lock()

    def is_mine(self) -> bool:
        """Whether this process is the leader now; asks the database again each time, one thread after the other."""
        with self._asking:
            return self._holds_file() if self._url.get_backend_name() == "sqlite" else self._holds_lock()

    def _holds_file(self) -> bool:
        if self._file is None:
            path = Path(f"{self._url.database}.scheduler-lock")
            self._file = path.open("a", encoding="utf-8")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _holds_lock(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.exec_driver_sql("SELECT 1")
                return True
            engine = sqlalchemy.create_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
            connection = engine.connect()
            if connection.scalar(sqlalchemy.text("SELECT pg_try_advisory_lock(:n)"), {"n": LOCK_NUMBER}):
                self._connection = connection
                return True
            connection.close()
        except DBAPIError:
            log.warning("the scheduler's lock was lost; trying again at the next tick")
            self._let_go()
        return False

    def resign(self) -> None:
        """Give the lock up."""
        with self._asking:
            self._let_go()

    def _let_go(self) -> None:
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.close()
        if self._file is not None:
            self._file.close()
        self._connection = self._file = None

    def __enter__(self) -> Leadership:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.resign()
