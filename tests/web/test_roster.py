"""The roster's pages as an organiser uses them, from the upload to the applied list."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from quiz.models import db
from quiz.models.people import DbPerson, DbRosterImport
from quiz.permissions import Role
from quiz.services import roster_imports
from tests.conftest import Clock
from tests.makers import add_agency, add_person, load_contest
from tests.web.client import PageClient

PAGE = "/ban-to-chuc/danh-sach"
TITLES = "Mã cán bộ;Họ và tên;Mã cơ quan"
GOOD = f"{TITLES}\nBTC;Trần Ban Tổ;SNV\nA1;Lê Văn Tám;SNV\n"
FAULTY = f"{TITLES}\nA1;;SNV\nBTC;Trần Ban Tổ;SNV\n"
PAYLOAD = "<script>alert(1)</script>"


@pytest.fixture
def organiser(app: Flask) -> Iterator[PageClient]:
    """An organiser, signed in."""
    with app.app_context():
        load_contest()
        agency = add_agency()
        add_person("BTC", agency, "Nguyễn Ban Tổ", [Role.ORGANISER])
        add_person("CB", agency, "Lê Cán Bộ")
        db.session.remove()
    return PageClient(app).sign_in("BTC")


def upload(visitor: PageClient, text: str, filename: str = "ds.csv", status: int = 302) -> str:
    """Upload a file through the form."""
    return visitor.post(PAGE, {"file": (io.BytesIO(text.encode()), filename)}, status)


def tick(app: Flask, clock: Clock) -> None:
    """What the scheduler does."""
    with app.app_context():
        roster_imports.read_waiting(clock.now)
        roster_imports.apply_confirmed(clock.now)
        db.session.remove()


def shown(html: str) -> str:
    """The digest in the confirmation form."""
    found = re.search(r'name="shown"[^>]*value="([0-9a-f]{64})"', html)
    assert found
    return found[1]


def count(app: Flask, column: object) -> int:
    """How many rows there are."""
    with app.app_context():
        return db.session.scalar(select(func.count(column))) or 0


def test_from_upload_to_applied(app: Flask, clock: Clock, organiser: PageClient) -> None:
    page = upload(organiser, GOOD)
    waiting = organiser.get(page)
    assert "Đang kiểm tra tệp" in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    tick(app, clock)
    ready = organiser.get(page)
    assert "Người thêm mới: 1" in ready
    assert "Họ và tên: Nguyễn Ban Tổ → Trần Ban Tổ" in ready
    assert "Người rời danh sách: 1" in ready
    assert "Lê Cán Bộ" in ready
    assert "http-equiv" not in ready
    assert organiser.post(f"{page}/xac-nhan", {"shown": shown(ready)}) == page
    assert "Đang nạp danh sách" in organiser.get(page)
    tick(app, clock)
    assert "Danh sách đã được nạp trọn vẹn" in organiser.get(page)
    assert count(app, DbPerson.id) == 3
    assert "Đã nạp</span>" in organiser.get(PAGE)


def test_a_roster_of_megabytes_is_taken_and_one_beyond_the_limit_is_not(organiser: PageClient) -> None:
    taken = send(organiser, GOOD.encode() + b"\n" * 3_000_000)
    assert "Đang kiểm tra tệp" in organiser.get(taken.headers["Location"])
    refused = send(organiser, GOOD.encode() + b"\n" * 21_500_000)
    assert (refused.status_code, "Tệp quá lớn" in refused.text) == (413, True)


def send(visitor: PageClient, content: bytes) -> TestResponse:
    """Upload megabytes as a browser sends them (the test client's own form would leave a temporary file open)."""
    field = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    body = (
        f"{field.format('csrf_token', '')}{visitor.token(PAGE)}\r\n{field.format('file', '; filename=ds.csv')}".encode()
    )
    kind = "multipart/form-data; boundary=x"
    return visitor.http.post(PAGE, data=body + content + b"\r\n--x--\r\n", content_type=kind)


def test_progress_can_be_asked_for(app: Flask, clock: Clock, organiser: PageClient) -> None:
    page = upload(organiser, GOOD)
    assert organiser.http.get(f"{page}/tien-do").json == {"state": "waiting", "percent": 0}
    tick(app, clock)
    assert organiser.http.get(f"{page}/tien-do").json["state"] == "ready"


def test_faults_are_shown_with_place_and_cure_and_nothing_can_be_confirmed(
    app: Flask, clock: Clock, organiser: PageClient
) -> None:
    page = upload(organiser, FAULTY)
    tick(app, clock)
    html = organiser.get(page)
    assert "Tệp có 1 lỗi nên chưa nạp gì" in html
    assert "để trống; hãy ghi đủ, hoặc xóa cả dòng" in html
    assert f"{page}/xac-nhan" not in html
    assert "không còn ở bước đó" in organiser.post(f"{page}/xac-nhan", {"shown": "x"}, 409)


def test_a_dropped_file_is_gone(app: Flask, clock: Clock, organiser: PageClient) -> None:
    page = upload(organiser, GOOD)
    tick(app, clock)
    assert organiser.post(f"{page}/bo") == PAGE
    assert "không nạp gì" in organiser.get(page)
    organiser.post(f"{page}/bo", status=409)


def test_a_confirmation_of_something_else_is_refused(app: Flask, clock: Clock, organiser: PageClient) -> None:
    page = upload(organiser, GOOD)
    tick(app, clock)
    assert "Hãy xem lại bản kiểm tra mới" in organiser.post(f"{page}/xac-nhan", {"shown": "0" * 64}, 409)
    organiser.post(f"{page}/xac-nhan", {}, 400)


@pytest.mark.parametrize(("text", "filename"), [("", "a.csv"), ("x", "a.docx"), ("x", "a.xlsx")])
def test_a_file_that_cannot_be_right_is_refused_beside_the_field(
    app: Flask, organiser: PageClient, text: str, filename: str
) -> None:
    html = upload(organiser, text, filename, 422)
    assert "Không nhận được tệp" in html
    assert 'aria-invalid="true"' in html
    assert count(app, DbRosterImport.id) == 0


def test_no_file_is_said_beside_the_field(organiser: PageClient) -> None:
    assert "Hãy chọn tệp." in organiser.post(PAGE, {}, 422)


def test_nothing_in_a_file_runs_in_the_page(app: Flask, clock: Clock, organiser: PageClient) -> None:
    rows = f"{PAYLOAD};{PAYLOAD};SNV\nA2;Lê Tám;{PAYLOAD}\n"
    page = upload(organiser, f"{TITLES};{PAYLOAD}\n{rows}", f"{PAYLOAD}.csv")
    tick(app, clock)
    assert PAYLOAD not in organiser.get(page)
    assert PAYLOAD not in organiser.get(PAGE)


def test_the_template_is_a_workbook(organiser: PageClient) -> None:
    answer = organiser.http.get(f"{PAGE}/mau.xlsx")
    assert answer.data.startswith(b"PK")
    assert "mau-danh-sach-du-thi.xlsx" in answer.headers["Content-Disposition"]


def test_others_see_nothing_of_it(app: Flask, organiser: PageClient) -> None:
    page = upload(organiser, GOOD)
    participant = PageClient(app).sign_in("CB")
    for path in (PAGE, page, f"{page}/tien-do", f"{PAGE}/mau.xlsx"):
        participant.get(path, 403)
        assert "/dang-nhap" in PageClient(app).get(path, 302)
    participant.post(f"{page}/bo", status=403)


def test_an_unknown_import_is_not_found(organiser: PageClient) -> None:
    organiser.get(f"{PAGE}/999", 404)
