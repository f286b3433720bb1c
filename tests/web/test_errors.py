"""What a visitor meets when something is refused or goes wrong: a page with a way on, or JSON for the page's script."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from quiz.app import create_app
from quiz.config import Config
from quiz.models import db
from quiz.services import reading
from quiz.web import access, pages
from tests.conftest import SECRET, Clock
from tests.web import scenes
from tests.web.client import PageClient, check_page
from tests.web.scenes import DURING, PARTICIPANT, words

FAILED = re.compile(
    r"Hệ thống gặp lỗi Lỗi đã được ghi lại với mã ([0-9a-f]{8})\. Những gì đã lưu vẫn còn\. Hãy thử lại\. Về trang chủ"
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
    assert f"error {found[1]} at {path}" in caplog.messages
    assert not re.search(r"Traceback|secret|nowhere|SELECT|ValueError|\.py", answer.text)
    assert answer.headers["Content-Security-Policy"] == pages.CONTENT_SECURITY_POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    client.get("/thi")


def test_an_unexpected_error_is_json_for_the_script(app: Flask, live_app: Flask) -> None:
    scenes.lay_out(app)
    client = PageClient(live_app)
    answer = client.http.post("/hong", json={}, headers={"X-CSRFToken": client.token()})
    assert (answer.status_code, (answer.json or {})["error"]) == (500, "500")
    assert re.fullmatch(r"Lỗi đã được ghi lại với mã [0-9a-f]{8}\..*", (answer.json or {})["message"])


def test_a_number_is_never_the_same_twice(app: Flask, live_app: Flask) -> None:
    scenes.lay_out(app)
    client = PageClient(live_app)
    numbers = {FAILED.fullmatch(words(client.http.get("/hong").text))[1] for _ in range(3)}  # type: ignore[index]
    assert len(numbers) == 3


def test_without_a_database_there_is_still_a_page(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    session = PageClient(app).sign_in(PARTICIPANT).http.get_cookie("quiz")
    assert session
    nowhere = Config(database_url="sqlite:////nowhere/quiz.sqlite3", secret_key=SECRET, https=False)
    client = PageClient(create_app(nowhere, clock))
    client.http.set_cookie("quiz", session.value)
    for path, status, said in (
        ("/", 500, r"<p>Lỗi đã được ghi lại với mã [0-9a-f]{8}\. Những gì đã lưu vẫn còn\. Hãy thử lại\.</p>"),
        ("/thi", 500, r"<p>Lỗi đã được ghi lại với mã [0-9a-f]{8}\. Những gì đã lưu vẫn còn\. Hãy thử lại\.</p>"),
        ("/khong-co", 404, r"<h1>Không tìm thấy trang</h1>"),
    ):
        answer = client.http.get(path)
        assert answer.status_code == status
        check_page(answer.text)
        assert re.search(said, answer.text)
        assert "sqlite" not in answer.text
        assert answer.headers["Content-Security-Policy"] == pages.CONTENT_SECURITY_POLICY
        assert answer.headers["Cache-Control"] == "no-store"
