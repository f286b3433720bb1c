"""The product at work: its web server and its schedulers, as processes of their own on 127.0.0.1."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from faults.databases import children
from faults.scene import Scene
from quiz.config import ROOT

HOST = "127.0.0.1"
PATIENCE = 60


class Server:
    """The web server, whose workers may be killed: what listens is their parent, which starts others."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self.port = port

    def workers(self) -> list[int]:
        """The processes that answer."""
        return children(self._process.pid)

    def is_running(self) -> bool:
        """Whether the parent is still there."""
        return self._process.poll() is None


@contextmanager
def serving(
    scene: Scene, folder: Path, extra: dict[str, str] | None = None, *, killable: bool = False
) -> Iterator[Server]:
    """The web server as `make run` starts it; one that is `killable` has loaded everything before it forks its workers,
    so that others are there at once.
    """
    port = free_port()
    command = _gunicorn(port) if killable else _granian(port)
    with (folder / f"web-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=scene.environment | (extra or {}),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(port, process)
        yield Server(process, port)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what was acknowledged is kept whatever becomes of the server
        process.wait()


def _granian(port: int) -> list[str]:
    return [
        str(Path(sys.executable).with_name("granian")),
        *("--interface", "wsgi", "--http", "1", "--host", HOST, "--port", str(port)),
        *("--workers", "2", "--blocking-threads", "8", "--log-level", "error", "faults.web:app"),
    ]


def _gunicorn(port: int) -> list[str]:
    return [
        str(Path(sys.executable).with_name("gunicorn")),
        *("--bind", f"{HOST}:{port}", "--worker-class", "gthread", "--workers", "8", "--threads", "8"),
        *("--preload", "--no-control-socket", "--log-level", "critical", "faults.warm:app"),
    ]


@contextmanager
def scheduling(scene: Scene, folder: Path, extra: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """One scheduler."""
    with (folder / "scheduler.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "faults.scheduler"],
            cwd=ROOT,
            env=scene.environment | (extra or {}),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        _end(process)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(PATIENCE)
            if probe.connect_ex((HOST, port)) == 0:
                with suppress(OSError):
                    probe.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
                    if probe.recv(1):
                        return
        time.sleep(0.05)
    raise RuntimeError(f"the web server does not answer on port {port}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
