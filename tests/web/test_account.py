"""Signing in, activating an account from a printed slip, changing the password, choosing the language."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from quiz.models import db
from quiz.models.people import DbPerson, DbSignInFailure
from quiz.permissions import Role
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import DURING, PARTICIPANT, STAFF

WRONG = "Mã cán bộ, thư điện tử hoặc mật khẩu không đúng."
NEW = "con sông quê hương em"


def alert(html: str) -> str:
    """The message at the top of a form, '' where there is none."""
    found = re.search(r'<div class="notice notice-bad" role="alert"[^>]*><p>(.*?)</p>', html)
    return found[1] if found else ""


def flashed(html: str) -> list[str]:
    """The messages about what was just done."""
    return re.findall(r'<p class="notice notice-good" role="status">(.*?)</p>', html)


def errors(html: str) -> dict[str, str]:
    """The message beside each field."""
    return dict(re.findall(r'<p class="error" id="([a-z_]+)-error">(.*?)</p>', html))


def value(html: str, field: str) -> str:
    """What a field of the form holds."""
    found = re.search(rf'<input[^>]*id="{field}"[^>]*value="([^"]*)"', html)
    assert found
    return found[1]


def sign_in(client: PageClient, identifier: str, password: str, status: int = 302) -> str:
    """Send the sign-in form."""
    return client.post("/dang-nhap", {"identifier": identifier, "password": password}, status)


def failures(app: Flask) -> int:
    """How many wrong passwords and codes are counted."""
    with app.app_context():
        return db.session.scalar(select(func.count(DbSignInFailure.id))) or 0


def with_code(app: Flask, clock: Clock, *people: str) -> dict[str, str]:
    """People of Sở Nội vụ who have no password yet; the codes that their coordinator printed."""
    ids = scenes.lay_out(app)
    with app.app_context():
        for code in people:
            makers.add_person(code, ids["SNV"], f"Ngô Văn {code}", activated=False)
    coordinator = PageClient(app).sign_in(STAFF[Role.COORDINATOR])
    page = coordinator.post(f"/co-quan/{ids['SNV']}/phieu-kich-hoat", status=200)
    return dict(re.findall(r"<strong>(\w+)</strong></p>\s*<p>Mã kích hoạt: <code>([A-Z2-7-]+)</code>", page))


@pytest.mark.parametrize("identifier", ["CB01", " cb01 ", "cb01@example.vn", "CB01@Example.VN"])
def test_sign_in_by_code_or_mail_however_typed(app: Flask, identifier: str) -> None:
    scenes.lay_out(app)
    client = PageClient(app)
    assert sign_in(client, identifier, makers.PASSWORD) == "/thi"
    page = client.get("/tai-khoan")
    assert "<dt>Mã cán bộ</dt><dd>CB01</dd>" in page
    assert "<dt>Họ và tên</dt><dd>Trần Thị Bích Ngọc</dd>" in page


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.COORDINATOR, "/co-quan"),
        (Role.ORGANISER, "/ban-to-chuc"),
        (Role.INSPECTOR, "/ban-to-chuc"),
        (Role.ADMIN, "/giam-sat/nhat-ky"),
    ],
)
def test_staff_land_on_the_page_of_their_work(app: Flask, role: Role, home: str) -> None:
    scenes.lay_out(app)
    client = PageClient(app)
    assert sign_in(client, STAFF[role], makers.PASSWORD) == home
    client.get(home)


def test_wrong_password_reads_as_an_unknown_or_not_activated_person(app: Flask, clock: Clock) -> None:
    with_code(app, clock, "MOI1")
    pages = [
        sign_in(PageClient(app), identifier, password, 422)
        for identifier, password in ((PARTICIPANT, "x"), ("NOBODY", "x"), ("MOI1", makers.PASSWORD), ("A\x00B", "x"))
    ]
    assert [alert(page) for page in pages] == [WRONG] * 4
    blanked = {re.sub(r'value="[^"]*"', "", scenes.without_tokens(page)) for page in pages}
    assert len(blanked) == 1
    assert value(pages[0], "identifier") == PARTICIPANT
    assert not re.search(r'<input[^>]*type="password"[^>]*value="[^"]+"', pages[0])
    assert failures(app) == 4


def test_empty_fields_are_said_beside_them(app: Flask) -> None:
    scenes.lay_out(app)
    page = PageClient(app).post("/dang-nhap", {}, 422)
    assert errors(page) == {"identifier": "Cần điền ô này.", "password": "Cần điền ô này."}
    assert failures(app) == 0


def test_five_wrong_passwords_close_every_way_in_for_a_quarter_of_an_hour(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    client = PageClient(app)
    for identifier in ("CB01", "cb01", " CB01", "Cb01", "CB01 "):
        assert alert(sign_in(client, identifier, "x", 422)) == WRONG
        clock.now += timedelta(minutes=1)
    wait = "Đã nhập sai quá nhiều lần. Vui lòng thử lại sau 10 phút."
    assert alert(sign_in(client, PARTICIPANT, makers.PASSWORD, 422)) == wait
    form = {"identifier": PARTICIPANT, "code": "A" * 14, "password": NEW, "again": NEW}
    assert alert(client.post("/kich-hoat", form, 422)) == wait
    assert failures(app) == 5
    clock.now += timedelta(minutes=10)
    assert sign_in(client, PARTICIPANT, makers.PASSWORD) == "/thi"
    assert failures(app) == 0


def test_wrong_codes_and_own_passwords_count_as_wrong_passwords(app: Flask) -> None:
    scenes.lay_out(app)
    stranger, own = PageClient(app), PageClient(app).sign_in(PARTICIPANT)
    form = {"identifier": PARTICIPANT, "code": "A" * 14, "password": NEW, "again": NEW}
    said = [alert(stranger.post("/kich-hoat", form, 422)) for _ in range(2)]
    assert said == ["Mã cán bộ hoặc mã kích hoạt không đúng, hoặc mã đã được dùng."] * 2
    form = {"current": "x", "password": NEW, "again": NEW}
    said = [alert(own.post("/tai-khoan", form, 422)) for _ in range(4)]
    assert said == ["Mật khẩu hiện tại không đúng."] * 3 + ["Đã nhập sai quá nhiều lần. Vui lòng thử lại sau 15 phút."]
    assert failures(app) == 5


def test_somebody_else_is_not_throttled_with_the_one_who_errs(app: Flask) -> None:
    scenes.lay_out(app)
    for _ in range(5):
        sign_in(PageClient(app), PARTICIPANT, "x", 422)
    assert sign_in(PageClient(app), scenes.COLLEAGUE, makers.PASSWORD) == "/thi"


def test_activation_from_the_printed_slip_to_the_own_page(app: Flask, clock: Clock) -> None:
    codes = with_code(app, clock, "MOI1", "MOI2")
    assert sorted(codes) == ["MOI1", "MOI2"]
    assert all(re.fullmatch(r"[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{4}", code) for code in codes.values())
    client = PageClient(app)
    typed = codes["MOI1"].replace("-", " ").lower()
    form = {"identifier": "moi1", "code": typed, "password": NEW, "again": NEW}
    assert client.post("/kich-hoat", form) == "/thi"
    page = client.get("/thi")
    assert flashed(page) == ["Tài khoản đã được kích hoạt."]
    assert "Ngô Văn MOI1 – Sở Nội vụ" in page
    assert flashed(client.get("/thi")) == []
    assert sign_in(PageClient(app), "MOI1", NEW) == "/thi"
    again = PageClient(app).post("/kich-hoat", form | {"password": NEW + "!", "again": NEW + "!"}, 422)
    assert alert(again) == "Mã cán bộ hoặc mã kích hoạt không đúng, hoặc mã đã được dùng."
    with app.app_context():
        assert db.session.scalar(select(DbPerson.activation_hash).where(DbPerson.staff_code == "MOI1")) is None


def test_a_slip_opens_no_other_account_and_a_new_slip_ends_it(app: Flask, clock: Clock) -> None:
    codes = with_code(app, clock, "MOI1", "MOI2")
    form = {"identifier": "MOI2", "code": codes["MOI1"], "password": NEW, "again": NEW}
    failed = "Mã cán bộ hoặc mã kích hoạt không đúng, hoặc mã đã được dùng."
    assert alert(PageClient(app).post("/kich-hoat", form, 422)) == failed
    coordinator = PageClient(app).sign_in(STAFF[Role.COORDINATOR])
    with app.app_context():
        agency = db.session.scalar(select(DbPerson.agency_id).where(DbPerson.staff_code == "MOI1"))
    coordinator.post(f"/co-quan/{agency}/phieu-kich-hoat", status=200)
    form = {"identifier": "MOI1", "code": codes["MOI1"], "password": NEW, "again": NEW}
    assert alert(PageClient(app).post("/kich-hoat", form, 422)) == failed


def test_weak_passwords_keep_the_form(app: Flask, clock: Clock) -> None:
    codes = with_code(app, clock, "MOI1")
    client = PageClient(app)
    cases = {
        "ngắn": "Mật khẩu cần ít nhất 14 ký tự. Có thể dùng một câu ngắn dễ nhớ, có dấu cách.",
        "x" * 129: "Mật khẩu dài tối đa 128 ký tự.",
        "ngo van moi1 11": "Mật khẩu này dễ đoán (trùng tên, mã cán bộ hoặc lặp lại ký tự). Hãy chọn một câu khác.",
        "ababababababab": "Mật khẩu này dễ đoán (trùng tên, mã cán bộ hoặc lặp lại ký tự). Hãy chọn một câu khác.",
    }
    for password, message in cases.items():
        form = {"identifier": "MOI1", "code": codes["MOI1"], "password": password, "again": password}
        page = client.post("/kich-hoat", form, 422)
        assert alert(page) == message
        assert (value(page, "identifier"), value(page, "code")) == ("MOI1", codes["MOI1"])
    form = {"identifier": "MOI1", "code": codes["MOI1"], "password": NEW, "again": NEW + "x"}
    page = client.post("/kich-hoat", form, 422)
    assert errors(page) == {"again": "Hai lần nhập mật khẩu chưa giống nhau."}
    assert client.post("/kich-hoat", form | {"again": NEW}) == "/thi"


def test_the_address_on_a_slip_leaves_only_a_password_to_choose(app: Flask, clock: Clock) -> None:
    codes = with_code(app, clock, "MOI1")
    client = PageClient(app)
    address = f"/kich-hoat?ma={codes['MOI1']}&can-bo=MOI1"
    page = client.get(address)
    assert (value(page, "identifier"), value(page, "code")) == ("MOI1", codes["MOI1"])
    assert "Chỉ còn đặt mật khẩu." in page
    assert "Chỉ còn đặt mật khẩu." not in client.get("/kich-hoat")
    form = {"identifier": "MOI1", "code": codes["MOI1"], "password": NEW}
    assert client.post(address, form) == "/thi"
    assert sign_in(PageClient(app), "MOI1", NEW) == "/thi"


def test_signing_in_and_activating_lead_on_to_the_page_that_was_wanted(app: Flask, clock: Clock) -> None:
    codes = with_code(app, clock, "MOI1")
    client = PageClient(app)
    wanted = client.get("/tai-khoan", 302)
    assert wanted == "/dang-nhap?next=/tai-khoan"
    assert 'href="/kich-hoat?next=/tai-khoan"' in client.get(wanted)
    page = client.get("/kich-hoat?next=/tai-khoan")
    assert 'href="/dang-nhap?next=/tai-khoan"' in page
    assert "evil" not in client.get("/kich-hoat?next=//evil.example/")
    form = {"identifier": "MOI1", "code": codes["MOI1"], "password": NEW}
    assert client.post("/kich-hoat?next=/tai-khoan", form) == "/tai-khoan"


def test_a_shared_device_forgets_who_signed_in(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    own, shared = PageClient(app), PageClient(app)
    form = {"identifier": PARTICIPANT, "password": makers.PASSWORD}
    for client, data in ((own, form), (shared, form | {"shared": "y"})):
        client.post("/dang-nhap", data)
        cookie = client.http.get_cookie("quiz")
        assert cookie
        assert (cookie.expires is None) == (client is shared)
    for client in (own, shared, own, shared):
        clock.now += timedelta(minutes=12)
        client.get("/thi")
    clock.now += timedelta(minutes=31)
    own.get("/thi")
    assert shared.get("/thi", 302).startswith("/dang-nhap")


def test_changing_the_password(app: Flask) -> None:
    scenes.lay_out(app)
    client = PageClient(app).sign_in(PARTICIPANT)
    form = {"current": makers.PASSWORD, "password": NEW, "again": NEW}
    assert alert(client.post("/tai-khoan", form | {"current": "x"}, 422)) == "Mật khẩu hiện tại không đúng."
    assert client.post("/tai-khoan", form) == "/thi"
    assert flashed(client.get("/thi")) == ["Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất."]
    assert alert(sign_in(PageClient(app), PARTICIPANT, makers.PASSWORD, 422)) == WRONG
    assert sign_in(PageClient(app), PARTICIPANT, NEW) == "/thi"


def test_language_to_english_and_back(app: Flask) -> None:
    scenes.lay_out(app)
    client = PageClient(app)
    assert client.get("/the-le").startswith('<!doctype html>\n<html lang="vi">')
    assert client.post("/ngon-ngu", {"language": "en", "next": "/the-le"}) == "/the-le"
    page = client.get("/the-le")
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert re.findall(r'name="language" value="(\w+)" lang="\w+">(.*?)<', page) == [("vi", "Tiếng Việt")]
    sign_in(client, PARTICIPANT, makers.PASSWORD)
    assert '<html lang="en">' in client.get("/thi")
    assert client.post("/ngon-ngu", {"language": "xx", "next": "/thi"}) == "/thi"
    assert '<html lang="en">' in client.get("/thi")
    assert client.post("/ngon-ngu", {"language": "vi", "next": "/thi"}) == "/thi"
    assert '<html lang="vi">' in client.get("/thi")


def test_signed_in_time_is_that_of_the_clock(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(app).sign_in(PARTICIPANT)
    with client.http.session_transaction() as held:
        assert held["seen"] == DURING.timestamp()
