"""What a visitor meets when something is refused or goes wrong: a page with a way on, or JSON for the page's script."""

from __future__ import annotations

import logging
import re
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from quiz.app import create_app
from quiz.config import Config
from quiz.models import db
from quiz.models.people import DbSignInFailure
from quiz.services import passwords, reading
from quiz.web import access, failures, pages
from tests.conftest import SECRET, Clock
from tests.makers import PASSWORD
from tests.web import scenes
from tests.web.client import PageClient, check_page
from tests.web.scenes import DURING, PARTICIPANT, words

FAILED = re.compile(
    r"Hệ thống gặp lỗi Mã lỗi: ([0-9a-f]{12})\. Những gì đã lưu vẫn còn\. Hãy thử lại; nếu vẫn lỗi, báo mã này cho Ban "
    r"Tổ chức\. Về trang chủ"
)


@pytest.fixture
def live_app(app: Flask, database_url: str, clock: Clock) -> Iterator[Flask]:
    """The application as visitors meet it, with two pages that fail."""
    made = create_app(Config(database_url=database_url, secret_key=SECRET, https=False, testing=False), clock)

    @access.open_to_all
    def breaks() -> str:
        raise ValueError("a secret detail")

    @access.open_to_all
    def breaks_in_the_database() -> str:
        reading().execute(text("SELECT nothing FROM nowhere"))
        return ""

    made.add_url_rule("/hong", "breaks", breaks, methods=["GET", "POST"])
    made.add_url_rule("/hong-csdl", "breaks_in_the_database", breaks_in_the_database)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.one_database
def test_whoever_signs_in_among_too_many_is_asked_to_wait_a_moment(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    scenes.lay_out(app)
    monkeypatch.setattr(passwords, "_places", threading.Semaphore(0))
    client = PageClient(app)
    form = {"identifier": PARTICIPANT, "password": PASSWORD, "csrf_token": client.token("/dang-nhap")}
    answer = client.http.post("/dang-nhap", data=form)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert "Vui lòng chờ vài giây rồi bấm lại." in words(answer.text)
    assert f'value="{PARTICIPANT}"' in answer.text
    with app.app_context():
        assert not reading().scalars(select(DbSignInFailure.id)).all()


def test_an_unknown_address_leads_home(app: Flask) -> None:
    scenes.lay_out(app)
    page = PageClient(app).get("/khong-co", 404)
    assert words(page) == (
        "Không tìm thấy trang Địa chỉ này không có trang nào. Hãy kiểm tra lại đường dẫn. Về trang chủ"
    )
    assert '<a class="btn btn-outline-primary" href="/">' in page


def test_a_page_of_others_says_that_it_is_not_theirs(app: Flask) -> None:
    scenes.lay_out(app)
    page = PageClient(app).sign_in(PARTICIPANT).get("/ban-to-chuc", 403)
    assert words(page) == (
        "Không có quyền xem trang này Tài khoản của ông/bà không có quyền dùng trang này. Về trang chủ"
    )


def test_a_wrong_method_is_not_a_failure(app: Flask) -> None:
    scenes.lay_out(app)
    client = PageClient(app)
    for path in ("/dang-xuat", "/ngon-ngu", "/thi/tuan-1"):
        page = client.get(path, 405)
        assert words(page) == (
            "Không dùng được theo cách này Hãy quay lại trang trước và dùng nút trên trang. Về trang chủ"
        )
    assert sorted(client.http.get("/dang-xuat").headers["Allow"].split(", ")) == ["OPTIONS", "POST"]


def test_something_too_large_is_refused(app: Flask) -> None:
    scenes.lay_out(app)
    client = PageClient(app)
    token = client.token()
    form = {"csrf_token": token, "identifier": "x" * 300_000}
    for kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        page = client.http.post("/dang-nhap", data=form, content_type=kind)
        assert page.status_code == 413
        check_page(page.text)
        assert "Tệp quá lớn" in words(page.text)
    answer = client.http.post("/thi/bai/x/luu", data=b"[" * 300_000, content_type="application/json")
    assert (answer.status_code, (answer.json or {})["error"]) == (413, "413")


@pytest.mark.parametrize(("path", "status"), [("/thi/tuan-2", 409), ("/thi/tuan-3", 404)])
def test_a_refusal_is_a_page_for_people(app: Flask, clock: Clock, path: str, status: int) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    page = PageClient(app).sign_in(PARTICIPANT).post(path, status=status)
    assert words(page).startswith(
        "Chưa thực hiện được Tuần 2 chưa mở; mở lúc" if status == 409 else "Chưa thực hiện được Kh"
    )
    assert words(page).endswith("Về trang chủ")


def test_refusals_and_errors_are_json_for_the_script(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(app).sign_in(PARTICIPANT)
    headers = {"X-CSRFToken": client.token()}
    found = {}
    for path in ("/thi/tuan-2", "/thi/tuan-3", "/khong-co", "/ban-to-chuc/tuan-1/cham", "/the-le"):
        answer = client.http.post(path, json={}, headers=headers)
        found[path] = (answer.status_code, (answer.json or {})["error"])
        assert sorted(answer.json or {}) == ["error", "message"]
    assert found == {
        "/thi/tuan-2": (409, "not_yet_open"),
        "/thi/tuan-3": (404, "week_missing"),
        "/khong-co": (404, "404"),
        "/ban-to-chuc/tuan-1/cham": (403, "403"),
        "/the-le": (405, "405"),
    }


def test_an_empty_installation_refuses_politely(app: Flask) -> None:
    client = PageClient(app)
    for path in ("/the-le", "/ket-qua", "/ket-qua/tuan-1", "/ty-le-tham-gia"):
        assert "Chưa có hội thi nào được nạp vào hệ thống." in client.get(path, 409)


@pytest.mark.parametrize("path", ["/hong", "/hong-csdl"])
def test_an_unexpected_error_shows_a_number_and_nothing_of_itself(
    app: Flask, live_app: Flask, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    scenes.lay_out(app)
    client = PageClient(live_app).sign_in(PARTICIPANT)
    with caplog.at_level(logging.ERROR):
        answer = client.http.get(path)
    assert answer.status_code == 500
    check_page(answer.text)
    found = FAILED.fullmatch(words(answer.text))
    assert found
    assert [(record.getMessage(), record.facts["request"]) for record in caplog.records] == [("error", found[1])]  # type: ignore[attr-defined]
    assert answer.headers["X-Request-ID"] == found[1]
    assert not re.search(r"Traceback|secret|nowhere|SELECT|ValueError|\.py", answer.text)
    assert answer.headers["Content-Security-Policy"] == pages.CONTENT_SECURITY_POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    client.get("/thi")


def test_an_unexpected_error_is_json_for_the_script(app: Flask, live_app: Flask) -> None:
    scenes.lay_out(app)
    client = PageClient(live_app)
    answer = client.http.post("/hong", json={}, headers={"X-CSRFToken": client.token()})
    said = answer.json or {}
    assert (answer.status_code, said["error"]) == (500, "500")
    assert said["message"].startswith(f"Mã lỗi: {said['id']}. Những gì đã lưu vẫn còn.")
    assert said["id"] == answer.headers["X-Request-ID"]


def test_a_number_is_never_the_same_twice(app: Flask, live_app: Flask) -> None:
    scenes.lay_out(app)
    client = PageClient(live_app)
    numbers = {FAILED.fullmatch(words(client.http.get("/hong").text))[1] for _ in range(3)}  # type: ignore[index]
    assert len(numbers) == 3


def test_without_a_database_there_is_still_a_page(app: Flask, clock: Clock) -> None:
    client = without_a_database(app, clock)
    for path, status, said in (
        ("/", 503, "Hệ thống tạm thời bận Những gì đã lưu vẫn còn."),
        ("/thi", 503, "Hệ thống tạm thời bận Những gì đã lưu vẫn còn."),
        ("/khong-co", 404, "Không tìm thấy trang"),
    ):
        answer = client.http.get(path)
        assert answer.status_code == status
        check_page(answer.text)
        assert words(answer.text).startswith(said)
        assert "sqlite" not in answer.text
        assert answer.headers["Content-Security-Policy"] == pages.CONTENT_SECURITY_POLICY
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)
    answer = client.http.get("/")
    assert f"Mã lỗi: {answer.headers['X-Request-ID']}." in answer.text


def test_a_save_without_a_database_is_told_to_come_back(app: Flask, clock: Clock) -> None:
    client = without_a_database(app, clock)
    client.http.application.config["WTF_CSRF_ENABLED"] = False
    answer = client.http.post("/thi/bai/ABCDEFGHJKMNPQRS/luu", json={"seq": 1, "answers": ["A"]})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert (answer.json or {})["error"] == "unavailable"
    assert (answer.json or {})["id"] == answer.headers["X-Request-ID"]


def test_what_is_wrong_is_not_taken_for_away() -> None:
    wrong, full = sqlite3.OperationalError("no such table"), sqlite3.OperationalError("disk full")
    wrong.sqlite_errorcode, full.sqlite_errorcode = sqlite3.SQLITE_ERROR, sqlite3.SQLITE_FULL  # type: ignore[misc]
    assert [failures.is_away(OperationalError("", {}, error)) for error in (wrong, full)] == [False, True]
    lost = psycopg.OperationalError("server closed the connection unexpectedly")
    assert failures.is_away(OperationalError("", {}, lost))
    assert failures.is_away(PoolTimeoutError())
    assert not failures.is_away(IntegrityError("", {}, sqlite3.IntegrityError()))
    assert not failures.is_away(ValueError())


def without_a_database(app: Flask, clock: Clock) -> PageClient:
    """Somebody who has signed in before the database went."""
    scenes.lay_out(app)
    session = PageClient(app).sign_in(PARTICIPANT).http.get_cookie("quiz")
    assert session
    nowhere = Config(database_url="sqlite:////nowhere/quiz.sqlite3", secret_key=SECRET, https=False)
    client = PageClient(create_app(nowhere, clock))
    client.http.set_cookie("quiz", session.value)
    return client


def test_a_server_that_hangs_holds_nobody_for_long(app: Flask, clock: Clock) -> None:
    session = without_a_database(app, clock).http.get_cookie("quiz")
    assert session
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"postgresql+psycopg://quiz@127.0.0.1:{server.getsockname()[1]}/quiz"
        client = PageClient(create_app(Config(database_url=url, secret_key=SECRET, https=False), clock))
        client.http.set_cookie("quiz", session.value)
        began = time.monotonic()
        assert client.http.get("/thi").status_code == 503
        assert time.monotonic() - began < 10  # as long as the page of a paper waits for an answer


def test_a_save_while_the_database_is_gone_comes_through_when_it_is_back(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(app).sign_in(PARTICIPANT)
    code, token = scenes.start(client), client.token()

    error = sqlite3.OperationalError if app.config["QUIZ"].is_sqlite else psycopg.OperationalError

    def gone(*_: object, **__: object) -> None:
        raise error("gone")

    def said_gone(*_: object, **__: object) -> None:
        raise OperationalError("", {}, error("gone"))

    with monkeypatch.context() as without:
        without.setattr(Engine, "raw_connection", gone)
        without.setattr(Engine, "connect", said_gone)
        status, said = scenes.save(client, code, 1, ["A"] * 5, token)
    assert (status, said["error"]) == (503, "unavailable")
    assert scenes.save(client, code, 1, ["A"] * 5, token)[0] == 200
