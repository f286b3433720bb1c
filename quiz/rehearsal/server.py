"""A server of one's own on loopback for the length of a rehearsal, as the installation runs it, and its scheduler."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import IO

from quiz.config import ROOT, Config
from quiz.errors import Refused
from quiz.rehearsal.target import Target

HOST = "127.0.0.1"
PATIENCE, POLITENESS = 60.0, 10.0
"""Seconds until a server must answer, and until a process that was asked to end is killed."""
WORKERS, THREADS = 2, 8


def settings(environment: Mapping[str, str], database_url: str, secret: str, folder: Path) -> dict[str, str]:
    """The installation's settings but for what is the rehearsal's own: database, secret, key of answers, no mail."""
    left_out = ("QUIZ_SMTP_URL", "QUIZ_MAIL_FROM", "QUIZ_TRUSTED_PROXIES", "FLASK_RUN_FROM_CLI")
    kept = {name: value for name, value in environment.items() if name not in left_out}
    return kept | {
        "QUIZ_DATABASE_URL": database_url,
        "QUIZ_SECRET_KEY": secret,
        "QUIZ_SEAL_KEY_FILE": str(folder / "seal-key"),
        "QUIZ_HTTPS": "0",
    }


def command(target: Target, workers: int = WORKERS, threads: int = THREADS) -> list[str]:
    """The web server, as the operating guide starts it."""
    return [
        str(Path(sys.executable).with_name("granian")),
        *("--interface", "wsgi", "--http", "1", "--host", target.host, "--port", str(target.port)),
        *("--workers", str(workers), "--blocking-threads", str(threads)),
        *("--workers-kill-timeout", "20", "--log-level", "error", "wsgi:app"),
    ]


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def cleared_when_ended() -> Iterator[None]:
    """Whoever ends this process politely ends it as Ctrl+C does: servers and scratch databases are cleared away."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def running(environment: Mapping[str, str], folder: Path) -> Iterator[Target]:
    """Web server and scheduler, both ended afterwards; what they say is in `server.log` of the folder.

    Raises Refused(rehearsal_no_server) where it does not answer in time.
    """
    target = Target("http", HOST, free_port())
    with ExitStack() as stack, (folder / "server.log").open("ab") as log:
        web, _ = (
            stack.enter_context(_process(line, environment, log))
            for line in (command(target), [sys.executable, "-m", "quiz.jobs"])
        )
        _wait_for(target, web, folder / "server.log")
        yield target


@contextmanager
def _process(line: list[str], environment: Mapping[str, str], log: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(line, cwd=ROOT, env=dict(environment), stdout=log, stderr=log)  # noqa: S603 - our own
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(POLITENESS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(target: Target, web: subprocess.Popen[bytes], log: Path) -> None:
    """Until it answers a request: it listens before it has loaded what it needs for that."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and web.poll() is None:
        connection = http.client.HTTPConnection(target.host, target.port, timeout=PATIENCE)
        try:
            connection.request("GET", "/dang-nhap")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    last = log.read_text("utf-8", errors="replace").splitlines()[-1:]
    raise Refused("rehearsal_no_server", said="".join(last))


def words() -> str:
    """How `command` serves the pages."""
    return f"granian {version('granian')}, {WORKERS} tiến trình, mỗi tiến trình {THREADS} luồng, không qua nginx"


def database(config: Config) -> str:
    """What holds the rows."""
    return f"SQLite {sqlite3.sqlite_version}" if config.is_sqlite else "PostgreSQL"


def hardware() -> str:
    """The machine in one line: processor, cores that may be used, memory."""
    model = _first("/proc/cpuinfo", "model name") or "bộ xử lý không rõ"
    memory = int((_first("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) // 1024**2
    return f"{model}, {len(os.sched_getaffinity(0))} lõi, {memory} GB bộ nhớ"


def _first(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
