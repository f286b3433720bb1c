"""The file of a backup: the database and the manifest of what is in it, together in one archive."""

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
            archive.writestr(MANIFEST, _written(manifest))
            stored = zipfile.ZIP_STORED if manifest.kind == POSTGRESQL else zipfile.ZIP_DEFLATED
            archive.write(database, DATABASE, compress_type=stored)
        out.flush()
        os.fsync(out.fileno())


def read(path: Path) -> Manifest:
    """What a backup says of itself; raises BackupFault where it is none, or one of a newer form."""
    try:
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
    """Write the database of a backup to a file of its own; raises BackupFault where the manifest says otherwise."""
    try:
        with (
            zipfile.ZipFile(path) as archive,
            archive.open(DATABASE) as packed,
            os.fdopen(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out,
        ):
            shutil.copyfileobj(packed, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
    except (OSError, zipfile.BadZipFile, zipfile.zlib.error, KeyError) as error:  # type: ignore[attr-defined]
        raise BackupFault(f"{path}: tệp đã hỏng, không phục hồi được ({error}).") from error
    if digest(database) != (manifest.size, manifest.sha256):
        raise BackupFault(f"{path}: tệp đã hỏng hoặc bị sửa, mã SHA-256 không khớp. Chưa phục hồi gì.")


def digest(path: Path) -> tuple[int, str]:
    """How many bytes a file has, and their SHA-256."""
    with path.open("rb") as file:
        return path.stat().st_size, _sha256(file)


def _sha256(file: IO[bytes]) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _written(manifest: Manifest) -> str:
    said = {"quiz_backup": FORMAT} | asdict(manifest) | {"made_at": manifest.made_at.isoformat()}
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True)
