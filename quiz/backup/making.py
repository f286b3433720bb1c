"""Making a backup while people sit: written under another name, read again, and only then put in its place."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path

import sqlalchemy

from quiz.backup import BackupFault, archive, embedded, server
from quiz.backup.archive import DATABASE, POSTGRESQL, SQLITE, Manifest

NAME = "quiz-*.backup"


def make(database_url: str, target: Path, now: datetime) -> tuple[Path, Manifest]:
    """Back the database up into a new file, or into a folder under the moment's name; raises BackupFault.

    Everything that was committed before this began is in it.
    """
    path = target / f"quiz-{now:%Y%m%dT%H%M%SZ}.backup" if target.is_dir() else target
    if path.exists():
        raise BackupFault(f"Đã có tệp {path}; bản sao lưu không ghi đè tệp nào.")
    url = sqlalchemy.make_url(database_url)
    kind = kind_of(url)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".quiz-backup-") as scratch:
        copied, written = Path(scratch, DATABASE), Path(scratch, "archive")
        contents = embedded.copy(url, copied) if kind == SQLITE else server.copy(url, copied)
        size, sha256 = archive.digest(copied)
        manifest = Manifest(made_at=now, kind=kind, contents=contents, size=size, sha256=sha256)
        archive.write(written, manifest, copied)
        copied.unlink()
        archive.take_out(written, archive.read(written), copied)  # what can be read again is a backup
        written.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return path, manifest


def keep_newest(folder: Path, most: int) -> list[Path]:
    """Delete all but so many of the newest backups of a folder; which."""
    old = sorted(folder.glob(NAME), reverse=True)[most:]
    for path in old:
        path.unlink()
    return old


def kind_of(url: sqlalchemy.URL) -> str:
    """Which of the two databases an address is of."""
    return SQLITE if url.get_backend_name() == "sqlite" else POSTGRESQL
