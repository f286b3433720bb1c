"""The clock of one machine of ours, put wrong or stepped while its processes run."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from quiz import clock

VARIABLE = "FAULTS_CLOCK"


class Shifted:
    """How far a machine's clock is wrong: a file that its processes look at whenever they want to know the time."""

    def __init__(self, path: Path, by: timedelta = timedelta(0)) -> None:
        self._path = path
        self.shift(by)

    @property
    def environment(self) -> dict[str, str]:
        """What makes processes go by this clock."""
        return {VARIABLE: str(self._path)}

    @property
    def now(self) -> datetime:
        """What it shows."""
        return _true() + self._by

    def shift(self, by: timedelta) -> None:
        """Step it to so much after the true time."""
        self._by = by
        new = self._path.with_suffix(".new")
        new.write_text(str(by.total_seconds()), "ascii")
        new.replace(self._path)

    def show(self, moment: datetime) -> None:
        """Step it to a moment."""
        self.shift(moment - _true())


_true = clock.now


def go_by(environment: dict[str, str] | os._Environ[str]) -> None:
    """Have this process go by the clock that the environment names; before the product is loaded."""
    if not (named := environment.get(VARIABLE)):
        return
    path = Path(named)

    def now() -> datetime:
        return _true() + timedelta(seconds=float(path.read_text("ascii")))

    clock.now = now
