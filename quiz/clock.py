"""The only reader of the time: asked once per request, job or command, then handed down.

Where several machines share a database, its clock decides for all of them: it is asked now and then (`follow`), and the
seconds of this process, which nobody can set, carry on from its answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ASKED_EVERY = 60.0
MOST_JUMP = 0.5
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Start:
    """When this machine was started: the kernel's name for it, and how long ago."""

    name: str
    ago: timedelta


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the other clock showed, when by the seconds of this process, and how far those then were from our clock."""

    moment: datetime
    at: float
    behind: float

    @property
    def age(self) -> float:
        return time.monotonic() - self.at


_answer: _Answer | None = None


def now() -> datetime:
    """The present moment, aware, in UTC, cut to the millisecond that the database keeps."""
    moment = _answer.moment + timedelta(seconds=_answer.age) if _answer else machine()
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def machine() -> datetime:
    """The present moment by the clock of this machine."""
    return datetime.now(UTC)


def start() -> Start | None:
    """The start of this machine; None where its kernel does not tell. The time that it slept counts."""
    try:
        name = BOOT_ID.read_text("ascii").strip()
        return Start(name, timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME)))
    except (OSError, AttributeError):
        return None


def is_unsure() -> bool:
    """Whether nothing is followed yet, or our clock has jumped since, as when it was set or the machine was paused."""
    return _answer is None or abs(_behind() - _answer.behind) > MOST_JUMP


def is_due() -> bool:
    """Whether the followed clock was asked long ago."""
    return _answer is None or _answer.age > ASKED_EVERY


def follow(ask: Callable[[], datetime]) -> None:
    """Go by the clock that `ask` reads; what it shows counts for half way between question and answer."""
    global _answer
    asked = time.monotonic()
    moment = ask().astimezone(UTC)
    _answer = _Answer(moment, (asked + time.monotonic()) / 2, _behind())


def _behind() -> float:
    return machine().timestamp() - time.monotonic()
