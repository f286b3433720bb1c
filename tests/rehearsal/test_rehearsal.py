"""A whole rehearsal of few people, as the command plays it, and what it never touches."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from quiz import chance, cli
from quiz.errors import Refused
from quiz.models import Base, db
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbContest
from quiz.models.people import DbPerson
from quiz.rehearsal import scratch
from quiz.rehearsal.scratch import Paper
from quiz.services import attempts, contests, transaction
from tests import makers
from tests.rehearsal.test_target import OWN

NOW = makers.WEEK_1


@pytest.fixture(autouse=True)
def small_bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in a moment."""
    path = tmp_path / "bank.yaml"
    path.write_text(makers.bank_text(30), encoding="utf-8")
    monkeypatch.setattr(scratch, "BANK", path)


@pytest.fixture(autouse=True)
def no_loop_but_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser test of the same process may have left a loop in this thread."""
    run = asyncio.run
    monkeypatch.setattr(asyncio, "run", lambda play: ThreadPoolExecutor(1).submit(run, play).result())


def rehearse(app: Flask, *arguments: str) -> Result:
    cli.register(app)
    return app.test_cli_runner().invoke(args=["rehearse", *arguments])


def counted(session: Session) -> dict[str, int]:
    session.rollback()
    tables = Base.metadata.tables.values()
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


@pytest.fixture
def roster(session: Session) -> Session:
    """A real contest of one person."""
    session.rollback()
    makers.load_contest()
    makers.add_person("A1", makers.add_agency())
    return session


@pytest.mark.one_database
def test_twenty_people_rehearse_on_a_server_of_their_own(app: Flask, roster: Session, tmp_path: Path) -> None:
    before, out = counted(roster), tmp_path / "phieu.html"
    beside = Path(str(db.engine.url.database)).parent
    files = {path.name for path in beside.iterdir()}
    result = rehearse(app, "--people", "20", "--minutes", "0.02", "--out", str(out))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    assert "PHIẾU TỔNG DIỄN TẬP\nKết luận: " in result.stdout, result.output
    assert "danh sách 20 người" in result.stdout
    assert "mọi lượt lưu, lượt nộp mà máy chủ đã xác nhận đều có trong cơ sở dữ liệu" in result.stdout
    rows = [line for line in result.stdout.splitlines() if ": " in line and line.endswith("  0")]
    assert len(rows) == 9, result.stdout
    assert out.read_text("utf-8").startswith('<!doctype html>\n<html lang="vi">')
    assert counted(roster) == before
    assert {path.name for path in beside.iterdir()} == files


@pytest.mark.one_database
def test_a_foreign_server_is_refused_before_anything_happens(
    app: Flask, roster: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUIZ_BASE_URL", OWN)
    result = rehearse(app, "--people", "20", "--url", "https://example.com")
    assert result.exit_code == 1
    assert "Chỉ diễn tập với máy chủ trên chính máy này" in result.stderr


@pytest.mark.one_database
def test_a_database_with_real_people_is_never_rehearsed_on(app: Flask, roster: Session) -> None:
    before = counted(roster)
    result = rehearse(app, "--people", "20", "--url", "http://127.0.0.1:9")
    assert result.exit_code == 1
    assert "Cơ sở dữ liệu này đang có dữ liệu nên không diễn tập trên đó" in result.stderr
    assert counted(roster) == before


class Stranger(BaseHTTPRequestHandler):
    """A web server of something else."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.one_database
def test_a_server_of_something_else_is_sent_nothing_and_the_database_is_emptied(app: Flask, session: Session) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as stranger:
        Thread(target=stranger.serve_forever, daemon=True).start()
        result = rehearse(app, "--people", "20", "--url", f"http://127.0.0.1:{stranger.server_port}")
        stranger.shutdown()
    assert result.exit_code == 1
    assert "Máy chủ ở địa chỉ này không dùng cơ sở dữ liệu diễn tập nên chưa gửi gì." in result.stderr
    assert set(counted(session).values()) == {0}


def test_a_scratch_database_is_filled_with_people_who_may_start_and_emptied_again(session: Session) -> None:
    session.rollback()
    scratch.claim(NOW)
    scratch.fill(250, "DAU", NOW, makers.sealer(), Paper(5, 10), makers.PASSWORD_HASH)
    assert session.scalar(select(func.count()).select_from(DbPerson)) == 250
    assert session.scalar(select(DbContest.slug)) == scratch.CONTEST
    with transaction() as writing:
        week = contests.get_week(writing, contests.get_current(writing), 1)
        code = attempts.start(writing, 250, week, NOW, chance.code())
    assert session.scalar(select(DbAttempt.code)) == code
    scratch.clear()
    assert set(counted(session).values()) == {0}


def test_what_a_rehearsal_that_died_has_left_is_cleared(session: Session) -> None:
    session.rollback()
    scratch.claim(NOW)
    scratch.fill(3, "DAU", NOW, makers.sealer(), Paper(5, 10), makers.PASSWORD_HASH)
    scratch.claim(NOW)
    assert session.scalar(select(func.count()).select_from(DbPerson)) == 0


@pytest.mark.parametrize("is_demo", [False, True])
def test_no_other_contest_is_ever_taken_for_one(session: Session, is_demo: bool) -> None:
    session.rollback()
    if is_demo:
        scratch.claim(NOW)
    makers.load_contest()
    with pytest.raises(Refused) as refused:
        scratch.claim(NOW)
    assert refused.value.code == "rehearsal_not_scratch"


def test_a_database_of_its_own_is_made_and_dropped(session: Session) -> None:
    url = db.engine.url.render_as_string(hide_password=False)
    with scratch.database(url) as made:
        engine = sqlalchemy.create_engine(made)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE probe (number integer)")
        engine.dispose()
        assert made != url
    with pytest.raises(OperationalError), sqlalchemy.create_engine(made).connect():
        pass
