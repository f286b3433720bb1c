"""The file of a backup gives back exactly what was put in, or nothing."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quiz.backup import BackupFault, archive
from quiz.backup.archive import Contents, Manifest

DATA = b"rows and rows" * 40


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """That of a small backup, which lies in the folder."""
    (tmp_path / "in").write_bytes(DATA)
    size, sha256 = archive.digest(tmp_path / "in")
    contents = Contents(revision="0023", rows={"attempts": 3}, heads={"hoi-thi/1": (7, "a" * 64)})
    made_at = datetime(2024, 10, 8, 2, 0, tzinfo=UTC)
    made = Manifest(made_at=made_at, kind=archive.SQLITE, contents=contents, size=size, sha256=sha256)
    archive.write(tmp_path / "one.backup", made, tmp_path / "in")
    return made


def test_what_is_read_is_what_was_written(manifest: Manifest, tmp_path: Path) -> None:
    assert archive.read(tmp_path / "one.backup") == manifest
    archive.take_out(tmp_path / "one.backup", manifest, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == DATA
    assert zipfile.ZipFile(tmp_path / "one.backup").testzip() is None


def test_every_flipped_bit_is_noticed(manifest: Manifest, tmp_path: Path) -> None:
    path, out = tmp_path / "one.backup", tmp_path / "out"
    whole = path.read_bytes()
    for place in range(0, len(whole), 3):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        with pytest.raises(BackupFault):
            archive.take_out(path, archive.read(path), out)
        out.unlink(missing_ok=True)


@pytest.mark.parametrize("end", [0, 10, 63, 64, 200, -1])
def test_every_cut_is_noticed(manifest: Manifest, tmp_path: Path, end: int) -> None:
    path = tmp_path / "one.backup"
    path.write_bytes(path.read_bytes()[:end])
    with pytest.raises(BackupFault):
        archive.take_out(path, archive.read(path), tmp_path / "out")


def test_a_backup_of_a_newer_form_says_so(manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "FORMAT", 0)
    with pytest.raises(BackupFault, match="mới hơn"):
        archive.read(tmp_path / "one.backup")
