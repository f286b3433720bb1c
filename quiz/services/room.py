"""Whether the disk of the database has room for new attempts; whoever sits already goes on to the end.

An attempt of twenty saves needs some 13 KB, the database's log included: what is kept free is for those who sit.
"""

from __future__ import annotations

import math
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy

from quiz.config import Config

PLENTY = 10 << 30
"""With so many bytes free nobody is refused, however large the disk."""
LOOKED_AT_EVERY = 2.0
POSTGRESQL = Path("/var/lib/postgresql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A file system in bytes, as `df` counts for everybody but root."""

    used: int
    free: int

    @property
    def percent(self) -> int:
        """How full it is, rounded up."""
        return math.ceil(100 * self.used / max(1, self.used + self.free))

    def has_room(self, full_percent: int) -> bool:
        """Whether it is less full than that, or plenty is free all the same."""
        return self.percent < full_percent or self.free >= PLENTY


class Room:
    """The disk of the database, looked at every two seconds at most."""

    def __init__(self, config: Config) -> None:
        self._folder, self._full_percent = folder_of(config), config.disk_full_percent
        self._looked_at = -math.inf
        self._disk: Disk | None = None

    def disk(self) -> Disk | None:
        """None where it cannot be seen from this machine."""
        if self._folder and time.monotonic() - self._looked_at >= LOOKED_AT_EVERY:
            self._looked_at, self._disk = time.monotonic(), look(self._folder)
        return self._disk

    def is_left(self) -> bool:
        """Whether new attempts may start; they may where the disk cannot be seen."""
        disk = self.disk()
        return disk is None or disk.has_room(self._full_percent)


def folder_of(config: Config) -> Path | None:
    """A folder on the disk of the database; None where that is a disk of another machine."""
    if config.database_disk:
        return config.database_disk
    url = sqlalchemy.make_url(config.database_url)
    if config.is_sqlite:
        return Path(url.database or "").absolute().parent
    host = url.host or str(url.query.get("host", ""))
    is_here = host in {"", "localhost", "127.0.0.1", "::1"} or host.startswith("/")
    return POSTGRESQL if is_here and POSTGRESQL.exists() else None


def look(folder: Path) -> Disk | None:
    """The file system on which a folder lies; None where there is no such folder."""
    with suppress(OSError):
        found = shutil.disk_usage(folder)
        return Disk(used=found.used, free=found.free)
    return None
