"""The heads that this machine has seen, in a file that no backup holds and no restore brings back (ADR 20)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlalchemy

VARIABLE = "QUIZ_HEADS_FILE"
LENGTH = 64


@dataclass(frozen=True, slots=True)
class Noted:
    """How far a chain had come: its name, how many links, and the last of them."""

    chain: str
    number: int
    head: str


def heads_path(environment: Mapping[str, str], database_url: str) -> Path:
    """Where heads are noted: as the environment says, else beside the key of sealed answers wherever that is kept."""
    if given := environment.get(VARIABLE):
        return Path(given)
    if key := environment.get("QUIZ_SEAL_KEY_FILE"):
        return Path(key).with_name("heads")
    url = sqlalchemy.make_url(database_url)
    default = Path("var", "heads").absolute()
    return Path(f"{url.database}.heads") if url.get_backend_name() == "sqlite" else default


class HeadsFile:
    """One line for each head, only ever added to; a line that a power cut left half-written is no line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._forget(0)

    def read(self) -> Mapping[str, Sequence[Noted]]:
        """Everything noted of each chain, in the order of the lines; nothing where there is no file yet.

        Of a file read before, only what was added since.
        """
        try:
            with self.path.open("rb") as file:
                status = os.fstat(file.fileno())
                if status.st_ino != self._inode or status.st_size < self._read:
                    self._forget(status.st_ino)
                file.seek(self._read)
                added = file.read()
        except FileNotFoundError:
            self._forget(0)
            return {}
        whole = added[: added.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.decode("utf-8", errors="replace").splitlines():
            parts = line.split(" ")
            if len(parts) == 3 and parts[1].isdecimal() and len(parts[2]) == LENGTH:
                self._found.setdefault(parts[0], []).append(Noted(parts[0], int(parts[1]), parts[2]))
        return dict(self._found)

    def add(self, heads: Iterable[Noted]) -> None:
        """Note these too, on the disk before this returns."""
        lines = "".join(f"{one.chain} {one.number} {one.head}\n" for one in heads)
        if not lines:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        with os.fdopen(file, "r+b", buffering=0) as out:
            size = out.seek(0, os.SEEK_END)
            is_torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
            out.write((("\n" if is_torn else "") + lines).encode())
            os.fsync(file)

    def _forget(self, inode: int) -> None:
        self._found: dict[str, list[Noted]] = {}
        self._read, self._inode = 0, inode


@cache
def heads_at(path: Path) -> HeadsFile:
    """The file at a path, for a process that reads it again and again."""
    return HeadsFile(path)
