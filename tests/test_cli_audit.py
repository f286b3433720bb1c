"""`flask audit`: the chain checked from the console, against heads held outside, in the database and in a copy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import update

from quiz import cli
from quiz.models import db
from quiz.models.audit import DbAuditEntry
from quiz.services import audit, audit_links, reading, transaction
from quiz.services.audit import Act
from quiz.verification.audit_chain import Head
from tests import makers

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs `flask audit …` on a log of three acts."""
    cli.register(app)
    with app.app_context(), transaction(makers.CONSOLE) as session:
        for number in range(3):
            audit.record(session, Act.DROP_ROSTER, makers.CONSOLE, makers.BEFORE, file=f"{number}.xlsx")

    def runner(*arguments: str) -> Result:
        result = app.test_cli_runner().invoke(args=["audit", *arguments])
        with app.app_context():
            db.session.remove()
        return result

    return runner


def head(app: Flask) -> Head:
    with app.app_context():
        return audit_links.head(reading())


def spoil(app: Flask) -> None:
    with app.app_context():
        db.session.connection(execution_options={"writes": True})
        db.session.execute(update(DbAuditEntry).where(DbAuditEntry.id == 2).values(facts='{"file": "x"}'))
        db.session.commit()


def test_a_whole_log_is_told_with_its_head(app: Flask, run: Run) -> None:
    result = run("verify")
    newest = head(app).link
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Nguyên vẹn: đã kiểm tra 3 hành động, từ hành động đầu tiên.",
        f"Mã mới nhất: --count 3 --head {newest}",
        "Chưa đối chiếu với mã nào giữ bên ngoài: người viết lại cả nhật ký chỉ lộ ra khi có mã ấy.",
    ]
    assert run("verify", "--count", "3", "--head", newest.upper()).stdout.endswith("Khớp với 1 mã giữ bên ngoài.\n")


def test_what_is_wrong_is_told_with_status_1(app: Flask, run: Run) -> None:
    other = run("verify", "--count", "2", "--head", "0" * 64)
    assert (other.exit_code, other.stdout.splitlines()[:2]) == (
        1,
        [
            "SAI: Mã tại mục 2 khác mã đã ghi lại trước đây: nhật ký đã bị viết lại từ mục này trở về trước.",
            f"Đối chiếu với mã giữ bên ngoài: 2 hành động, {'0' * 64}",
        ],
    )
    spoil(app)
    result = run("verify")
    assert (result.exit_code, result.stdout.splitlines()) == (
        1,
        [
            "SAI: Mục 2 đã bị sửa: mã người làm, dữ kiện hoặc lý do không khớp mã đã ghi.",
            "Trước chỗ này đã kiểm tra 1 hành động nối đúng với nhau.",
        ],
    )


def test_a_copy_is_checked_without_the_database(app: Flask, run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "log.jsonl"
    made = run("export", str(copy))
    newest = head(app)
    assert (made.exit_code, made.stderr) == (0, f"Đã ghi 3 hành động. --count 3 --head {newest.link}\n")
    spoil(app)
    held = ("--count", "3", "--head", newest.link)
    assert run("verify", "--file", str(copy), *held).exit_code == 0
    lines = copy.read_text("utf-8").splitlines(keepends=True)
    copy.write_text("".join(lines[:2]), "utf-8")
    assert run("verify", "--file", str(copy)).exit_code == 0
    cut = run("verify", "--file", str(copy), *held)
    assert (cut.exit_code, "Thiếu các mục từ số 3" in cut.stdout) == (1, True)
    for spoilt in (b"{}\n", b"\xff\n", b"\n"):
        copy.write_bytes(lines[0].encode() + spoilt)
        refused = run("verify", "--file", str(copy))
        assert (refused.exit_code, "dòng 2 không phải" in refused.stderr) == (1, True)


def test_a_head_comes_with_its_count(run: Run) -> None:
    for lonely in (("--head", "00"), ("--count", "3")):
        result = run("verify", *lonely)
        assert (result.exit_code, "đi cùng" in result.stderr) == (2, True)
