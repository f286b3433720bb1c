"""A backup holds everything but keys, is put back only on purpose, and an older one is noticed before it is ranked."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from quiz.backup import BackupFault, archive, making, restoring, server
from quiz.heads_file import Noted
from quiz.models import db
from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbWeek
from quiz.permissions import Role
from quiz.services import audit
from tests import makers
from tests.backup.conftest import Run, heads_of, name_of
from tests.conftest import Clock
from tests.services.sealing_scene import MINUTE, OPENS, OVER
from tests.web.client import PageClient

Turn = Callable[[datetime], None]
Sit = Callable[[int], str]


def answers(app: Flask) -> dict[str, str | None]:
    """What is stored of each attempt."""
    with app.app_context():
        return {row.code: row.answers for row in db.session.execute(select(DbAttempt.code, DbAttempt.answers))}


def is_marked(app: Flask) -> bool:
    """Whether week 1 is ranked."""
    with app.app_context():
        return db.session.scalar(select(DbWeek.marked_at).where(DbWeek.number == 1)) is not None


def acts(app: Flask, *wanted: audit.Act) -> list[str]:
    """Which of these acts the log holds."""
    with app.app_context():
        entries = select(DbAuditEntry.act).where(DbAuditEntry.act.in_(wanted)).order_by(DbAuditEntry.id)
        return list(db.session.scalars(entries))


def test_a_restored_older_copy_is_found_and_ranks_nothing(
    app: Flask, run: Run, sit: Sit, scheduler: Turn, tmp_path: Path
) -> None:
    sit(0)
    made = run("backup", str(tmp_path / "old.backup"))
    assert made.exit_code == 0, made.output
    assert stat.S_IMODE((tmp_path / "old.backup").stat().st_mode) == 0o600
    before = answers(app)
    sit(1)
    sit(2)
    done = run("restore", str(tmp_path / "old.backup"), "--over-existing", typed=name_of(app) + "\n")
    assert done.exit_code == 0, done.output
    assert "thiếu 2 lô niêm phong của tuần thu-nghiem/1 (số 2–3)" in done.output
    assert answers(app) == before
    scheduler(OVER)
    scheduler(OVER + MINUTE)
    assert not is_marked(app)
    assert acts(app, audit.Act.RESTORE_BACKUP, audit.Act.FIND_LOSS) == ["restore_backup", "find_loss"]
    assert run("heads", "check").exit_code == 1
    accepted = run("heads", "accept", "--decision", "12/QĐ-BTC", "--reason", "Hỏng ổ đĩa", typed="y\n")
    assert accepted.exit_code == 0, accepted.output
    scheduler(OVER + 2 * MINUTE)
    assert is_marked(app)
    assert run("heads", "check").exit_code == 0


def test_nobody_marks_by_hand_what_the_scheduler_would_not(app: Flask, sit: Sit, clock: Clock, scheduler: Turn) -> None:
    with app.app_context():
        makers.add_person("BTC", makers.add_agency("BTC"), roles=[Role.ORGANISER])
    sit(0)
    heads_of(app).add([Noted("thu-nghiem/1", 9, "f" * 64)])  # by a scheduler that has not looked since
    clock.now = OVER
    organiser = PageClient(app).sign_in("BTC")
    refused = organiser.post("/ban-to-chuc/tuan-1/cham", status=409, form="/ban-to-chuc/tuan-1")
    assert "thiếu 8 lô niêm phong" in refused
    assert "thiếu 8 lô niêm phong" in organiser.get("/ban-to-chuc")
    assert not is_marked(app)


def test_the_newest_copy_is_said_nothing_of(app: Flask, run: Run, sit: Sit, scheduler: Turn, tmp_path: Path) -> None:
    sit(0)
    sit(1)
    assert run("backup", str(tmp_path)).exit_code == 0
    [made] = tmp_path.glob(making.NAME)
    done = run("restore", str(made), "--over-existing", typed=name_of(app) + "\n")
    assert (done.exit_code, "CŨ HƠN" in done.output) == (0, False), done.output
    scheduler(OVER)
    assert is_marked(app)
    assert acts(app, audit.Act.FIND_LOSS) == []


def test_nothing_is_replaced_by_mistake(app: Flask, run: Run, sit: Sit, tmp_path: Path) -> None:
    sit(0)
    run("backup", str(tmp_path / "one.backup"))
    sit(1)
    now = answers(app)
    for options, typed in (([], name_of(app)), (["--over-existing"], "quiz"), (["--over-existing"], "")):
        refused = run("restore", str(tmp_path / "one.backup"), *options, typed=typed + "\n")
        assert (refused.exit_code, "Chưa thay đổi gì" in refused.output) == (1, True), refused.output
        assert answers(app) == now
    assert run("backup", str(tmp_path / "one.backup")).exit_code == 1  # no backup is written over another
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.backup", "outside"]


def test_while_something_is_connected_nothing_is_replaced(
    app: Flask, run: Run, sit: Sit, tmp_path: Path, spare: str
) -> None:
    sit(0)
    run("backup", str(tmp_path / "one.backup"))
    with app.app_context():
        db.session.execute(select(func.count()).select_from(DbAttempt))
        with pytest.raises(BackupFault, match="dừng máy chủ web"):
            restoring.restore(tmp_path / "one.backup", app.config["QUIZ"].database_url, OVER, lambda: True)
    assert len(answers(app)) == 1


def test_a_backup_goes_into_an_empty_database_and_holds_no_key(
    app: Flask, run: Run, sit: Sit, seal_key: Path, tmp_path: Path, spare: str
) -> None:
    sit(0)
    makers.sealer().seal(b"x", is_first=True)
    run("backup", str(tmp_path / "one.backup"))
    packed = archive.read(tmp_path / "one.backup")
    done = restoring.restore(tmp_path / "one.backup", spare, OVER, lambda: False)
    assert (done.kept, done.is_older) == ("", False)
    assert packed.contents.rows["attempts"] == 1
    last = heads_of(app).read()
    assert packed.contents.heads == {chain: (noted[-1].number, noted[-1].head) for chain, noted in last.items()}
    archive.take_out(tmp_path / "one.backup", packed, tmp_path / "database")
    everything = (tmp_path / "one.backup").read_bytes() + (tmp_path / "database").read_bytes()
    assert seal_key.read_bytes().strip() not in everything
    assert app.config["QUIZ"].secret_key.encode() not in everything


def test_a_spoilt_backup_is_refused_before_anything_is_touched(app: Flask, run: Run, sit: Sit, tmp_path: Path) -> None:
    sit(0)
    path = tmp_path / "one.backup"
    run("backup", str(path))
    sit(1)
    whole = path.read_bytes()
    middle = len(whole) // 2
    for spoilt in (whole[:middle], whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]):
        path.write_bytes(spoilt)
        refused = run("restore", str(path), "--over-existing", typed=name_of(app) + "\n")
        assert (refused.exit_code, "hỏng" in refused.output) == (1, True), refused.output
    assert len(answers(app)) == 2


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for hour in range(5):
        (tmp_path / f"quiz-20241007T0{hour}0000Z.backup").touch()
    (tmp_path / "other.backup").touch()
    assert [path.name for path in making.keep_newest(tmp_path, 2)] == [
        f"quiz-20241007T0{hour}0000Z.backup" for hour in (2, 1, 0)
    ]
    assert len(list(tmp_path.iterdir())) == 3


def test_without_the_tools_of_postgresql_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BackupFault, match="postgresql-client"):
        server.check(Path("x"))


@pytest.mark.parametrize("spoilt", [b"no database at all" * 500, b""])
def test_what_is_no_database_of_ours_is_not_backed_up(tmp_path: Path, spoilt: bytes) -> None:
    path = tmp_path / "spoilt.sqlite3"
    path.write_bytes(spoilt)
    with pytest.raises(BackupFault, match=r"Không sao chép được|chưa có bảng"):
        making.make(f"sqlite:///{path}", tmp_path / "one.backup", OPENS)
    assert [one.name for one in tmp_path.iterdir()] == ["spoilt.sqlite3"]
