"""Copies of the embedded database: pages are copied within one read transaction, so nobody who writes waits for it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

import sqlalchemy
from sqlalchemy.pool import NullPool

from quiz.backup import BackupFault, contents
from quiz.backup.archive import Contents

PAGES, REST = 2000, 0.005
"""So many pages, 8 MB, are copied in one go, with a rest in between in which others have the disk."""


def copy(url: sqlalchemy.URL, target: Path) -> Contents:
    """The database as it is now, in one file; raises BackupFault where there is none, or where it is damaged.

    The read transaction holds the state of its beginning: without it the copy would begin again at every write.
    """
    path = path_of(url)
    if not path.exists():
        raise BackupFault(f"Không có tệp {path}.")
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)) as source,
            closing(sqlite3.connect(target, isolation_level=None)) as made,
        ):
            source.execute("PRAGMA busy_timeout=10000")
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            source.backup(made, pages=PAGES, sleep=REST)
            made.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        raise BackupFault(f"Không sao chép được {path}: {error}.") from error
    return check(target)


def check(path: Path) -> Contents:
    """What stands in a copy; raises BackupFault where its pages are damaged."""
    engine = sqlalchemy.create_engine(f"sqlite:///{path}", poolclass=NullPool)
    sqlalchemy.event.listen(engine, "connect", lambda given, _record: given.execute("PRAGMA journal_mode=DELETE"))
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
            if found != "ok":
                raise BackupFault(f"Cơ sở dữ liệu bị hỏng: {found}.")
            return contents.look(connection)
    except sqlalchemy.exc.DatabaseError as error:
        raise BackupFault(f"Cơ sở dữ liệu bị hỏng: {error.orig}.") from error
    finally:
        engine.dispose()


def is_empty(url: sqlalchemy.URL) -> bool:
    """Whether there is nothing in the file, or no file."""
    path = path_of(url)
    if not path.exists():
        return True
    with closing(sqlite3.connect(path)) as connection:
        return bool(connection.execute("SELECT count(*) = 0 FROM sqlite_schema").fetchone()[0])


def put_back(url: sqlalchemy.URL, copied: Path, now: datetime) -> str:
    """Let a copy take the place of the file, which is kept under another name; BackupFault where it is in use."""
    path, kept = path_of(url), ""
    if path.exists():
        _leave(path)
        kept = f"{path}.truoc-{now:%Y%m%d-%H%M%S}" if path.stat().st_size else ""
    if kept:
        for beside in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{path}{beside}").rename(f"{kept}{beside}")
    copied.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return kept


def _leave(path: Path) -> None:
    """Close the log beside the file, which only its last user can do; a file too damaged to be opened keeps it."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise BackupFault(f"{path} đang được dùng: hãy dừng máy chủ web và bộ lập lịch trước.") from error


def path_of(url: sqlalchemy.URL) -> Path:
    """The file of an embedded database."""
    return Path(url.database or "")
