"""Room on the disk of the database: from when on nobody may start, and how often it is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.config import Config
from quiz.services import room
from quiz.services.room import PLENTY, Disk, Room
from tests.conftest import SECRET

SQLITE = "sqlite:////srv/quiz/quiz.sqlite3"


def config(url: str, **more: object) -> Config:
    """The settings with this database."""
    return Config(database_url=url, secret_key=SECRET, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("used", "free", "percent", "has_room"),
    [
        (0, 0, 0, True),
        (89, 11, 89, True),
        (890, 110, 89, True),
        (891, 109, 90, False),
        (90, 10, 90, False),
        (100, 0, 100, False),
        (99 * PLENTY, PLENTY - 1, 100, False),
        (99 * PLENTY, PLENTY, 99, True),
    ],
)
def test_a_disk_has_room_below_nine_tenths_or_where_plenty_is_free(
    used: int, free: int, percent: int, has_room: bool
) -> None:
    disk = Disk(used=used, free=free)
    assert (disk.percent, disk.has_room(90)) == (percent, has_room)


def test_the_disk_is_looked_at_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds, disks = [0.0], [Disk(used=1, free=9), Disk(used=9, free=1)]
    monkeypatch.setattr("quiz.services.room.time.monotonic", lambda: seconds[0])
    monkeypatch.setattr(room, "look", lambda folder: disks.pop(0) if folder == Path("/srv/quiz") else None)
    own = Room(config(SQLITE))
    found = []
    for seconds[0] in (0.0, 1.9, 2.0, 3.9):
        found.append(own.is_left())
    assert found == [True, True, False, False]


@pytest.mark.parametrize(
    ("url", "more", "folder"),
    [
        (SQLITE, {}, "/srv/quiz"),
        (SQLITE, {"database_disk": Path("/mnt")}, "/mnt"),
        ("postgresql+psycopg://quiz@127.0.0.1/quiz", {}, "here"),
        ("postgresql+psycopg://quiz@/quiz?host=/run/postgresql", {}, "here"),
        ("postgresql+psycopg://quiz@10.0.0.1/quiz", {}, None),
        ("postgresql+psycopg://quiz@/quiz?host=10.0.0.1", {}, None),
        ("postgresql+psycopg://quiz@10.0.0.1/quiz", {"database_disk": Path("/mnt")}, "/mnt"),
    ],
)
def test_where_the_disk_of_the_database_is_seen(
    url: str, more: dict[str, object], folder: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "POSTGRESQL", tmp_path)
    found = room.folder_of(config(url, **more))
    assert found == (tmp_path if folder == "here" else folder and Path(folder))


def test_where_no_disk_can_be_seen_everybody_may_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = "postgresql+psycopg://quiz@10.0.0.1/quiz"
    assert Room(config(elsewhere)).disk() is None
    assert Room(config(elsewhere)).is_left()
    assert Room(config(elsewhere, database_disk=tmp_path / "none")).is_left()
    here = room.look(tmp_path)
    assert here is not None
    assert here.used + here.free > 0
