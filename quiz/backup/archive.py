"""The file of a backup: a zip of the database and the manifest of what is in it.

The comment of the zip, its last 64 bytes, is the SHA-256 of all before it: a zip has bytes of its own that no checksum
of its members covers.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from quiz.backup import BackupFault

FORMAT = 1
DIGEST, AT_ONCE = 64, 1 << 20
MANIFEST, DATABASE = "manifest.json", "database"
SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What stood in the database at the moment of the copy: its schema, the rows of each table, how far each chain had
    come (number and head).
    """

    revision: str
    rows: Mapping[str, int]
    heads: Mapping[str, tuple[int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself; `sha256` and `size` are those of the database in it."""

    made_at: datetime
    kind: str
    contents: Contents
    size: int
    sha256: str


def write(path: Path, manifest: Manifest, database: Path) -> None:
    """Write the archive, which nobody else may read, onto the disk."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.comment = bytes(DIGEST)
            archive.writestr(MANIFEST, _written(manifest))
            stored = zipfile.ZIP_STORED if manifest.kind == POSTGRESQL else zipfile.ZIP_DEFLATED
            archive.write(database, DATABASE, compress_type=stored)
        whole = _sha256(out, out.seek(0, os.SEEK_END) - DIGEST)
        out.seek(-DIGEST, os.SEEK_END)
        out.write(whole.encode())
        out.flush()
        os.fsync(out.fileno())


def read(path: Path) -> Manifest:
    """What a backup says of itself; raises BackupFault where it is none, is spoilt, or of a newer form."""
    try:
        if not _is_whole(path):
            raise BackupFault(f"{path}: tệp đã hỏng, bị sửa hoặc không phải bản sao lưu: mã SHA-256 không khớp.")
        with zipfile.ZipFile(path) as archive:
            said = json.loads(archive.read(MANIFEST))
        if said["quiz_backup"] != FORMAT:
            raise BackupFault(f"{path}: bản sao lưu theo dạng mới hơn phần mềm này.")
        return Manifest(
            made_at=datetime.fromisoformat(said["made_at"]),
            kind=said["kind"],
            contents=Contents(
                revision=said["contents"]["revision"],
                rows=said["contents"]["rows"],
                heads={chain: (number, head) for chain, (number, head) in said["contents"]["heads"].items()},
            ),
            size=said["size"],
            sha256=said["sha256"],
        )
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BackupFault(f"{path}: không phải bản sao lưu, hoặc tệp đã hỏng ({error}).") from error


def take_out(path: Path, manifest: Manifest, database: Path) -> None:
    """Write the database of a backup that was read to a file of its own; BackupFault where the manifest differs."""
    try:
        with (
            zipfile.ZipFile(path) as archive,
            archive.open(DATABASE) as packed,
            os.fdopen(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out,
        ):
            shutil.copyfileobj(packed, out, AT_ONCE)
            out.flush()
            os.fsync(out.fileno())
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise BackupFault(f"{path}: không đọc được tệp ({error}).") from error
    if digest(database) != (manifest.size, manifest.sha256):
        raise BackupFault(f"{path}: cơ sở dữ liệu trong tệp không khớp bản kê. Chưa phục hồi gì.")


def digest(path: Path) -> tuple[int, str]:
    """How many bytes a file has, and their SHA-256."""
    with path.open("rb") as file:
        size = path.stat().st_size
        return size, _sha256(file, size)


def _is_whole(path: Path) -> bool:
    with path.open("rb") as file:
        size = max(0, path.stat().st_size - DIGEST)
        return _sha256(file, size).encode() == file.read(DIGEST)


def _sha256(file: IO[bytes], size: int) -> str:
    """Of so many bytes from the beginning; the file then stands behind them."""
    found = hashlib.sha256()
    file.seek(0)
    while size > 0 and (part := file.read(min(size, AT_ONCE))):
        found.update(part)
        size -= len(part)
    return found.hexdigest()


def _written(manifest: Manifest) -> str:
    said = {"quiz_backup": FORMAT} | asdict(manifest) | {"made_at": manifest.made_at.isoformat()}
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True)
