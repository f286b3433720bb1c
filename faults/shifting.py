"""Clocks put wrong or stepped while processes run: that of one machine, or the time that everybody goes by."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from quiz import clock

VARIABLE = "FAULTS_CLOCK"
MACHINE, EVERYBODY = "machine", "now"
"""The functions of `quiz.clock` that tell the two."""


class Shifted:
    """How far a clock is wrong: a file that its processes look at whenever they want to know the time."""

    def __init__(self, path: Path, whose: str, by: timedelta = timedelta(0)) -> None:
        self._path, self._whose = path, whose
        self.shift(by)

    @property
    def environment(self) -> dict[str, str]:
        """What makes processes go by this clock."""
        return {VARIABLE: f"{self._whose}:{self._path}"}

    @property
    def now(self) -> datetime:
        """What it shows."""
        return datetime.now(UTC) + self._by

    def shift(self, by: timedelta) -> None:
        """Step it to so much after the true time."""
        self._by = by
        new = self._path.with_suffix(".new")
        new.write_text(str(by.total_seconds()), "ascii")
        new.replace(self._path)

    def show(self, moment: datetime) -> None:
        """Step it to a moment."""
        self.shift(moment - datetime.now(UTC))


def go_by(environment: Mapping[str, str] = os.environ) -> None:
    """Have this process go by the clock that the environment names, if it names one."""
    whose, _, path = environment.get(VARIABLE, "").partition(":")
    if not path:
        return
    true = getattr(clock, whose)
    setattr(clock, whose, lambda: true() + timedelta(seconds=float(Path(path).read_text("ascii"))))
