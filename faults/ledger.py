"""The log of acknowledgements, kept by a process of its own that no fault touches.

It appends what comes through a pipe and waits for the disk. Lines are short enough for the pipe to keep them whole,
whoever writes.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Any

Ack = dict[str, Any]
AT_ONCE = 1 << 16
LONGEST = 4096
PATIENCE = 60


class Ledger:
    """Where everybody who got an acknowledgement writes it down, from any process that this one forks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pipe = -1

    def __enter__(self) -> Ledger:
        reading, self._pipe = os.pipe()
        self._keeper = os.fork()
        if self._keeper == 0:
            os.close(self._pipe)
            _keep(reading, self._path)
            os._exit(0)
        os.close(reading)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def note(self, **ack: object) -> None:
        """Somebody has been told that this is kept."""
        line = json.dumps(ack, separators=(",", ":")).encode() + b"\n"
        assert len(line) <= LONGEST
        os.write(self._pipe, line)

    def wait_for_first(self) -> None:
        """Wait until somebody has been told something."""
        ends = time.monotonic() + PATIENCE
        while not (self._path.exists() and self._path.stat().st_size):
            if time.monotonic() > ends:
                raise RuntimeError("nobody has been told anything")
            time.sleep(0.01)

    def close(self) -> None:
        """Wait until everything is on the disk; whoever else could write must have ended."""
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1
            os.waitpid(self._keeper, 0)

    def acks(self) -> list[Ack]:
        """Everything that was acknowledged."""
        self.close()
        return [json.loads(line) for line in self._path.read_text("utf-8").splitlines()]


def _keep(pipe: int, path: Path) -> None:
    """Append until nobody is left who could write."""
    with path.open("ab") as out:
        while found := os.read(pipe, AT_ONCE):
            out.write(found)
            out.flush()
            os.fsync(out.fileno())
