"""Putting a backup back: nothing is touched before the file was found whole, and what stood there is kept."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory

from quiz.backup import BackupFault, archive, embedded, server
from quiz.backup.archive import DATABASE, POSTGRESQL, SQLITE, Contents, Manifest
from quiz.backup.making import kind_of
from quiz.config import ROOT

KINDS = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back; `kept` is the name of what stood there before, '' for nothing, and `is_older` whether the
    schema has still to be brought up to this version of the product.
    """

    manifest: Manifest
    kept: str
    is_older: bool


def is_empty(database_url: str) -> bool:
    """Whether there is nothing that a restore would replace."""
    url = sqlalchemy.make_url(database_url)
    return embedded.is_empty(url) if kind_of(url) == SQLITE else server.is_empty(url)


def restore(path: Path, database_url: str, now: datetime, may_replace: Callable[[], bool]) -> Restored:
    """Put a backup into the database; `may_replace` is asked where that is not empty. Raises BackupFault."""
    url, manifest = sqlalchemy.make_url(database_url), archive.read(path)
    if manifest.kind != kind_of(url):
        raise BackupFault(f"Bản sao lưu của {KINDS[manifest.kind]}, không phục hồi vào {KINDS[kind_of(url)]} được.")
    is_older = _is_older(manifest)
    beside = embedded.path_of(url).absolute().parent if manifest.kind == SQLITE else None
    with tempfile.TemporaryDirectory(dir=beside, prefix=".quiz-restore-") as scratch:
        copied = Path(scratch, DATABASE)
        archive.take_out(path, manifest, copied)
        if manifest.kind == SQLITE:
            _compare(manifest, embedded.check(copied))
        else:
            server.check(copied)
        if not is_empty(database_url) and not may_replace():
            raise BackupFault("Cơ sở dữ liệu không trống. Chưa thay đổi gì.")
        put = embedded.put_back if manifest.kind == SQLITE else server.put_back
        kept = put(url, copied, now)
    if manifest.kind == POSTGRESQL:
        _compare(manifest, server.look(url))
    return Restored(manifest=manifest, kept=kept, is_older=is_older)


def _is_older(manifest: Manifest) -> bool:
    scripts = ScriptDirectory.from_config(AlembicConfig(ROOT / "alembic.ini"))
    revision = manifest.contents.revision
    if revision not in {one.revision for one in scripts.walk_revisions()}:
        raise BackupFault(f"Bản sao lưu có lược đồ {revision}, mới hơn phần mềm này: hãy cài phiên bản mới hơn trước.")
    return revision != scripts.get_current_head()


def _compare(manifest: Manifest, found: Contents) -> None:
    if found != manifest.contents:
        raise BackupFault("Nội dung bản sao lưu không khớp bản kê trong tệp. Không dùng bản này.")
