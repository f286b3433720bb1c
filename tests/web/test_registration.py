"""The registration form: every fault at its field, nothing typed is lost, one account each, no ID number anywhere."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from quiz.contest import entry_rules
from quiz.models import db
from quiz.models.people import DbMembership, DbPerson, DbRegistration, DbSignInFailure
from quiz.permissions import Role
from quiz.services import accounts, registrations
from tests import makers
from tests.conftest import SECRET, Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import PARTICIPANT, STAFF
from tests.web.test_account import alert, errors, failures, sign_in, value

DIVISIONS = "divisions:\n  - {code: can-bo, name: Cán bộ}\n  - {code: nguoi-dan, name: Người dân}\n"
ID_NUMBER = "031085001234"
PASSWORD = "con sông quê hương em"
TAKEN = "Số căn cước, số điện thoại hoặc thư điện tử này đã đăng ký. Hãy đăng nhập, hoặc liên hệ Ban Tổ chức."


def lay_out(app: Flask, contest: str = makers.OPEN) -> dict[str, int]:
    """An open contest with its passphrase, and the people of the scenes."""
    ids = scenes.lay_out(app, contest=contest)
    with app.app_context():
        makers.open_registration(contest)
    return ids


def form(ids: dict[str, int], **otherwise: str) -> dict[str, object]:
    """A form filled in rightly, but for what is said otherwise."""
    return {
        "passphrase": makers.PASSPHRASE,
        "name": "Lê Thị Ánh  Nguyệt",
        "agency": str(ids["SNV"]),
        "phone": "+84 912 345 678",
        "email": "Nguyet@Example.vn",
        "id_number": "031 085 001 234",
        "password": PASSWORD,
        "again": PASSWORD,
        **otherwise,
    }


def send(client: PageClient, data: dict[str, object], status: int = 422) -> str:
    """Send the form."""
    return client.post("/dang-ky", data, status)


def notice(html: str) -> str:
    """The notice at the top as text."""
    found = re.search(r'<div class="notice notice-bad mb-3" role="alert"[^>]*>(.*?)</div>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def people(app: Flask) -> list[int]:
    """How many people, memberships and registrations there are."""
    with app.app_context():
        tables = (DbPerson, DbMembership, DbRegistration)
        return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


# Registering


def test_registering_signs_in_and_shows_the_code(app: Flask) -> None:
    ids = lay_out(app)
    client = PageClient(app)
    assert send(client, form(ids), 302) == "/dang-ky/cua-toi"
    page = client.get("/dang-ky/cua-toi")
    found = re.search(r'<p class="own-code"><code>(DK[A-Z2-7]{8})</code></p>', page)
    assert found
    said = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))
    assert said == {
        "Họ và tên": "Lê Thị Ánh Nguyệt",
        "Cơ quan, đơn vị": "Sở Nội vụ",
        "Số điện thoại": "0912345678",
        "Thư điện tử": "nguyet@example.vn",
        "Số căn cước": "bốn số cuối 1234",
        "Đăng ký lúc": "9 giờ 00 phút, thứ Ba ngày 08/10/2024",
    }
    assert "Bắt đầu" in client.get("/thi")
    for identifier in (found[1].lower(), "0912 345 678", "nguyet@example.vn"):
        assert sign_in(PageClient(app), identifier, PASSWORD) == "/thi"


def test_a_division_is_chosen_where_there_are_several(app: Flask) -> None:
    ids = lay_out(app, makers.OPEN + DIVISIONS)
    client = PageClient(app)
    page = send(client, form(ids))
    assert errors(page) == {"division": "Hãy chọn một mục trong danh sách."}
    assert re.findall(r'type="radio" value="([^"]*)"', page) == ["can-bo", "nguoi-dan"]
    assert errors(send(client, form(ids, division="khong-co"))) == {"division": "Hãy chọn một mục trong danh sách."}
    send(client, form(ids, division="nguoi-dan"), 302)
    assert "<dt>Bảng thi</dt><dd>Người dân</dd>" in client.get("/dang-ky/cua-toi")


def test_an_address_is_not_needed(app: Flask) -> None:
    ids = lay_out(app)
    client = PageClient(app)
    send(client, form(ids, email=""), 302)
    assert "Thư điện tử</dt>" not in client.get("/dang-ky/cua-toi")


def test_the_list_holds_every_agency_by_kind(app: Flask) -> None:
    ids = lay_out(app)
    page = PageClient(app).get("/dang-ky")
    groups = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', page, re.DOTALL)
    listed = {label: re.findall(r'<option value="(\d+)">([^<]+)<', options) for label, options in groups}
    assert listed == {
        "Cơ quan, đơn vị thuộc thành phố": [(str(ids["SNV-1"]), "Chi cục Văn thư"), (str(ids["SNV"]), "Sở Nội vụ")],
        "Cơ quan Trung ương trên địa bàn": [(str(ids["CT"]), "Cục Thuế")],
    }


def test_the_kinds_are_called_as_the_contest_calls_them(app: Flask) -> None:
    lay_out(app, makers.OPEN.replace("thresholds:", "kinds: {city: 'Cơ quan, đơn vị thuộc tỉnh'}\n  thresholds:"))
    labels = re.findall(r'<optgroup label="([^"]+)">', PageClient(app).get("/dang-ky"))
    assert labels == ["Cơ quan, đơn vị thuộc tỉnh", "Cơ quan Trung ương trên địa bàn"]


# Faults


def test_an_empty_form_says_what_is_missing_at_each_field(app: Flask) -> None:
    lay_out(app)
    page = send(PageClient(app), {})
    needed = ("passphrase", "name", "phone", "id_number", "password", "again")
    assert errors(page) == dict.fromkeys(needed, "Cần điền ô này.") | {"agency": "Hãy chọn một mục trong danh sách."}
    linked = re.findall(r'<li><a href="#(\w+)">', page)
    assert sorted(linked) == sorted([*needed, "agency"])
    assert people(app)[2] == failures(app) == 0


def test_every_fault_is_said_at_once_and_what_was_typed_stays(app: Flask) -> None:
    ids = lay_out(app)
    wrong = {
        "passphrase": "sai mã",
        "name": "Hương 2",
        "phone": "0225 3821 234",
        "email": "nguyet@",
        "id_number": "031085 00123",
        "password": "bảy chữ số",
        "again": "dài",
    }
    page = send(PageClient(app), form(ids, **wrong))
    assert errors(page) == {
        "passphrase": "Mã tham gia không đúng. Mã ghi trong văn bản hướng dẫn của Ban Tổ chức.",
        "name": "Hãy ghi họ và tên bằng chữ, như trên căn cước.",
        "phone": "Số điện thoại di động gồm 10 chữ số, ví dụ 0912 345 678.",
        "email": "Đây không phải địa chỉ thư điện tử. Hãy sửa, hoặc để trống.",
        "id_number": "Số căn cước gồm 12 chữ số (chứng minh nhân dân cũ: 9 chữ số). Hãy kiểm tra lại từng số.",
        "password": "Mật khẩu cần ít nhất 14 ký tự. Có thể dùng một câu ngắn dễ nhớ, có dấu cách.",
        "again": "Hai lần nhập mật khẩu chưa giống nhau.",
    }
    assert {field: value(page, field) for field in ("name", "phone", "email")} == {
        field: wrong[field] for field in ("name", "phone", "email")
    }
    assert f'<option value="{ids["SNV"]}" selected>' in page
    assert [text for text in (wrong["passphrase"], wrong["id_number"], wrong["password"]) if text in page] == []
    assert [value(page, field) for field in ("passphrase", "id_number", "password", "again")] == [""] * 4
    assert people(app)[2] == 0


@pytest.mark.parametrize("agency", ["", "0", "999999", "x", "1 OR 1=1"])
def test_an_agency_that_is_not_in_the_list_is_refused(app: Flask, agency: str) -> None:
    ids = lay_out(app)
    assert errors(send(PageClient(app), form(ids, agency=agency))) == {"agency": "Hãy chọn một mục trong danh sách."}


@pytest.mark.parametrize("password", ["lê thị ánh nguyệt", "031085001234 aa", "0912345678 0912345678"])
def test_a_password_of_what_was_declared_is_refused(app: Flask, password: str) -> None:
    ids = lay_out(app)
    page = send(PageClient(app), form(ids, phone="0912345678", id_number=ID_NUMBER, password=password, again=password))
    assert list(errors(page)) == ["password"]
    assert people(app)[2] == 0


# Once


def test_whoever_is_known_is_told_no_more_than_that(app: Flask) -> None:
    ids = lay_out(app)
    send(PageClient(app), form(ids), 302)
    password = PASSWORD + " khác"
    other = {"phone": "0987654321", "id_number": "031085009999", "email": "khac@example.vn"}
    other |= {"password": password, "again": password}
    pages = [send(PageClient(app), form(ids, **{**other, field: str(form(ids)[field])})) for field in list(other)[:3]]
    said = "Để giữ kín, xin nhập lại mã tham gia, số căn cước và mật khẩu."
    assert [notice(page) for page in pages] == [f"{TAKEN} {said}"] * 3
    assert [errors(page) for page in pages] == [{}] * 3
    assert people(app)[2] == 1
    with app.app_context():
        of_here = select(func.count()).where(DbSignInFailure.address == "127.0.0.1")
        assert db.session.scalar(of_here) == 3


def test_a_form_that_comes_twice_signs_in(app: Flask) -> None:
    ids = lay_out(app)
    send(PageClient(app), form(ids), 302)
    client = PageClient(app)
    assert send(client, form(ids), 302) == "/dang-ky/cua-toi"
    assert "Lê Thị Ánh Nguyệt" in client.get("/dang-ky/cua-toi")
    assert people(app)[2] == 1


def test_passwords_cannot_be_guessed_by_registering_again(app: Flask, clock: Clock) -> None:
    ids = lay_out(app)
    send(PageClient(app), form(ids), 302)
    guess = form(ids, password="một mật khẩu khác", again="một mật khẩu khác")
    said = [notice(send(PageClient(app), guess)) for _ in range(accounts.TRIES_PER_ACCOUNT + 1)]
    assert all(text.startswith(TAKEN) for text in said[:-1])
    assert said[-1].startswith("Đã nhập sai quá nhiều lần. Vui lòng thử lại sau 15 phút.")
    assert alert(sign_in(PageClient(app), "0912345678", PASSWORD, 422)).startswith("Đã nhập sai quá nhiều lần.")


def test_somebody_signed_in_does_not_register_again(app: Flask) -> None:
    ids = lay_out(app)
    client = PageClient(app).sign_in(PARTICIPANT)
    assert "Đang đăng nhập bằng tài khoản của Trần Thị Bích Ngọc." in client.get("/dang-ky")
    assert "Đang đăng nhập" in send(client, form(ids), 200)
    assert client.http.get("/dang-ky/cua-toi").headers["Location"] == "/tai-khoan"
    assert people(app)[2] == 0


# Closed, and throttled


def test_there_is_no_form_where_people_come_by_roster(app: Flask) -> None:
    scenes.lay_out(app)
    client = PageClient(app)
    assert "Hội thi này không tự đăng ký" in client.get("/dang-ky", 404)
    client.post("/dang-ky", {}, 404)
    assert "/dang-ky" not in client.get("/") + client.get("/dang-nhap")


def test_there_is_no_form_before_the_passphrase_and_after_the_last_week(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app, contest=makers.OPEN)
    client = PageClient(app)
    assert "Ban Tổ chức chưa mở đăng ký dự thi." in client.get("/dang-ky", 409)
    with app.app_context():
        makers.open_registration()
    assert client.get("/").count('href="/dang-ky"') == 2
    assert 'href="/dang-ky"' in client.get("/dang-nhap")
    clock.now = makers.WEEK_2_ENDS
    assert "Đã hết hạn đăng ký dự thi lúc 17 giờ 00 phút, thứ Sáu ngày 18/10/2024." in client.get("/dang-ky", 409)
    client.post("/dang-ky", {}, 409)


def test_guessing_the_passphrase_is_held_by_address(app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "TRIES_PER_ADDRESS", 3)
    ids = lay_out(app)
    for _ in range(3):
        assert list(errors(send(PageClient(app), form(ids, passphrase="đoán mò")))) == ["passphrase"]
    assert notice(send(PageClient(app), form(ids))).startswith("Đã nhập sai quá nhiều lần.")
    assert people(app)[2] == 0
    clock.now += accounts.WINDOW
    send(PageClient(app), form(ids), 302)


def test_a_flood_from_one_network_is_held(app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registrations, "MOST_AN_HOUR", 1)
    ids = lay_out(app)
    send(PageClient(app), form(ids), 302)
    other = form(ids, phone="0987654321", id_number="031085009999", email="")
    words = "Trong một giờ qua đã có quá nhiều lượt đăng ký từ mạng này. Vui lòng thử lại sau 60 phút."
    assert notice(send(PageClient(app), other)).startswith(words)
    clock.now += timedelta(hours=1)
    send(PageClient(app), other, 302)


# Secrecy


def test_an_id_number_is_nowhere_but_in_the_request(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ids = lay_out(app)
    client = PageClient(app)
    pages = [
        send(client, form(ids, id_number=ID_NUMBER, passphrase="sai")),
        send(client, form(ids, id_number=ID_NUMBER), 302),
        client.get("/dang-ky/cua-toi"),
        client.get("/thi"),
        client.get("/tai-khoan"),
        send(PageClient(app), form(ids, id_number=ID_NUMBER, password=PASSWORD + "!", again=PASSWORD + "!")),
        PageClient(app).sign_in(STAFF[Role.ADMIN]).get("/giam-sat/nhat-ky"),
    ]
    kept = repr(scenes.everything(app))
    key = app.config["QUIZ"].id_number_key
    assert entry_rules.keyed_hash(ID_NUMBER, key) in kept
    places = {"pages": "".join(pages), "database": kept, "log": caplog.text}
    assert [name for name, text in places.items() if ID_NUMBER in re.sub(r"[ .-]", "", text)] == []
    assert ID_NUMBER[:-4] not in kept
    assert makers.PASSPHRASE not in kept


def test_the_key_of_the_hashes_is_the_installations_own_and_not_its_secret(app: Flask) -> None:
    key = app.config["QUIZ"].id_number_key
    assert len(key) == 32
    assert SECRET.encode() not in key
    assert key == app.config["QUIZ"].id_number_key
