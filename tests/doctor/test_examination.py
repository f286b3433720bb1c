"""The examination of a real installation: it finds what is wrong there, changes nothing, and ends with 0 or 1."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import text

from quiz import cli
from quiz.app import create_app
from quiz.config import Config
from quiz.doctor import examination
from quiz.models import db
from quiz.permissions import Role
from quiz.services import heartbeats, key_sealing, room, transaction
from quiz.services.heartbeats import Part
from tests import makers
from tests.conftest import SECRET
from tests.mailbox import mailbox
from tests.web import scenes

WELL = makers.WEEK_1 - timedelta(hours=1)


@pytest.fixture
def machine(app: Flask, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A synchronised machine with space, on which the scheduler has just been at work."""
    scenes.lay_out(app)
    with app.app_context(), transaction() as session:
        for part in (Part.CLOCK, Part.LONG):
            heartbeats.beat(session, part, WELL)
    monkeypatch.setattr("quiz.clock.now", lambda: WELL)
    monkeypatch.setattr(examination, "_is_synchronised", lambda: True)
    monkeypatch.setattr(room, "look", lambda _: room.Disk(used=0, free=100 << 30))
    if file := db_file(app):
        file.chmod(0o600)
    return monkeypatch


def db_file(app: Flask) -> Path | None:
    """The file of the embedded database."""
    config: Config = app.config["QUIZ"]
    return Path(config.database_url.removeprefix("sqlite:///")) if config.is_sqlite else None


def run(app: Flask, *arguments: str) -> Result:
    """`flask doctor` on this application."""
    if "doctor" not in app.cli.commands:
        cli.register(app)
    return app.test_cli_runner().invoke(args=["doctor", *arguments], catch_exceptions=False)


def said(result: Result, verdict: str) -> list[str]:
    """What was found to be so, by the first words."""
    lines = result.output.splitlines()
    return [line.removeprefix(verdict).strip() for line in lines if line.startswith(verdict)]


def faults(result: Result) -> str:
    return " ".join(said(result, "HỎNG"))


def test_it_changes_nothing(app: Flask, machine: pytest.MonkeyPatch) -> None:
    before = scenes.everything(app)
    run(app)
    assert scenes.everything(app) == before


def test_every_fault_of_this_installation_is_named_with_its_mend(app: Flask, machine: pytest.MonkeyPatch) -> None:
    """One organiser, no encryption, nothing prepared for a week that opens in an hour."""
    result = run(app)
    assert result.exit_code == 1
    for words in ("Ban Tổ chức: 1 người", "QUIZ_HTTPS=0", "Chuẩn bị: Mới có 1 người có quyền Ban Tổ chức"):
        assert words in faults(result)
    assert "CHƯA SẴN SÀNG" in result.output
    assert "→ flask account grant MÃ organiser" in result.output
    for words in ("Đồng hồ: đã đồng bộ", "Bộ lập lịch: đang chạy", "Thư điện tử: không dùng"):
        assert any(line.startswith(words) for line in said(result, "ĐẠT"))


def test_an_installation_in_order_is_a_go(app: Flask, machine: pytest.MonkeyPatch) -> None:
    with app.app_context():
        makers.add_person("TC02", makers.add_agency("UBND", "Ủy ban"), "Ngô Hai", [Role.ORGANISER])
    machine.setitem(app.config, "QUIZ", replace(app.config["QUIZ"], https=True, trusted_proxies=1))
    machine.setattr(examination.rules, "MOST_APART", timedelta.max)  # the database knows what day it really is
    machine.setattr(examination, "SERVER_SETTINGS", ())
    machine.setattr(examination.rules, "server", lambda *_: ())  # the tests' own server need not outlive anything
    machine.setattr(examination.readiness, "problems", lambda *_: ())
    machine.setattr(examination.rules, "embedded", lambda *_: ())
    result = run(app)
    assert (faults(result), result.exit_code) == ("", 0)
    assert "SẴN SÀNG: " in result.output


def test_what_would_lose_answers_is_a_fault(app: Flask, machine: pytest.MonkeyPatch) -> None:
    """The tests' databases do not wait for the disk."""
    words = (
        "SQLite: journal_mode=wal, synchronous=0" if db_file(app) else "PostgreSQL: fsync = off, mất điện là mất bài"
    )
    assert words in faults(run(app))


def test_more_processes_than_the_server_has_connections_for(app: Flask, machine: pytest.MonkeyPatch) -> None:
    if db_file(app):
        pytest.skip("the embedded database has no limit")
    assert "kết nối dùng được, 320 luồng của các tiến trình web cần 650" in faults(run(app, "--processes", "40"))


@pytest.mark.parametrize(
    ("at", "words"), [(WELL, ""), (WELL - timedelta(minutes=2), "Bộ lập lịch: im lặng từ"), (None, "chưa chạy lần nào")]
)
def test_a_scheduler_that_is_silent(app: Flask, machine: pytest.MonkeyPatch, at: datetime | None, words: str) -> None:
    with app.app_context(), transaction() as session:
        session.execute(text("DELETE FROM heartbeats"))
        if at:
            for part in (Part.CLOCK, Part.LONG):
                heartbeats.beat(session, part, at)
    found = [line for line in said(run(app), "HỎNG") if "Bộ lập lịch" in line]
    assert [words in line for line in found] == ([True] if words else [])


def test_a_key_that_others_read_or_that_is_lost(app: Flask, machine: pytest.MonkeyPatch, seal_key: Path) -> None:
    assert "Khóa niêm phong: chưa có gì niêm phong" in run(app).output
    scenes.freeze(app, scenes.DURING)
    with app.app_context(), transaction() as session:
        assert key_sealing.seal_due(session, makers.sealer(), scenes.DURING) == 1
    seal_key.chmod(0o644)
    assert "là 644: người khác trên máy đọc được" in faults(run(app))
    seal_key.chmod(0o600)
    assert "Khóa niêm phong: mở được đáp án đang niêm phong" in run(app).output
    seal_key.write_bytes(Fernet.generate_key())
    assert "Khóa niêm phong: không mở được đáp án đang niêm phong" in faults(run(app))
    seal_key.unlink()
    assert "Khóa niêm phong: mất tệp" in faults(run(app))


def test_a_full_disk_is_a_fault(app: Flask, machine: pytest.MonkeyPatch) -> None:
    machine.setattr(room, "folder_of", lambda _: Path("/srv"))
    machine.setattr(room, "look", lambda _: room.Disk(used=90 << 20, free=10 << 20))
    said_of_it = faults(run(app))
    assert "Đĩa (/srv): còn trống 0,0 GB" in said_of_it
    assert "Đĩa (/srv): đã đầy 90 %, từ 90 % thì không ai bắt đầu lượt thi mới được" in said_of_it


def test_a_disk_of_another_machine_is_said_not_to_be_seen(app: Flask, machine: pytest.MonkeyPatch) -> None:
    machine.setattr(room, "folder_of", lambda _: None)
    assert any("Đĩa của máy cơ sở dữ liệu không xem được" in line for line in said(run(app), "LƯU Ý"))


def test_a_mail_server_is_greeted_and_sent_nothing(app: Flask, machine: pytest.MonkeyPatch) -> None:
    with mailbox() as box:
        machine.setitem(app.config, "QUIZ", replace(app.config["QUIZ"], mail=box.settings()))
        assert any("Thư điện tử: máy chủ" in line for line in said(run(app), "ĐẠT"))
        assert box.addresses == []
    assert any("Thư điện tử: không gửi được" in line for line in said(run(app), "LƯU Ý"))


@pytest.mark.one_database
def test_a_database_that_is_not_there_or_empty(app: Flask, machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "none.sqlite3"
    made = create_app(Config(database_url=f"sqlite:///{file}", secret_key=SECRET, https=False), lambda: WELL)
    result = run(made)
    assert (result.exit_code, said(result, "HỎNG")) == (1, ["Cơ sở dữ liệu: không kết nối được."])
    assert not file.exists()
    file.touch(0o600)
    result = run(made)
    assert result.exit_code == 1
    assert "Lược đồ cơ sở dữ liệu: chưa có, phần mềm cần" in faults(result)
    with made.app_context():
        db.engine.dispose()


def test_the_kernel_is_asked_and_not_set() -> None:
    assert examination._is_synchronised() in {True, False, None}
