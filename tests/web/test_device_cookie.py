"""The name of a device: only those who sit get one, it says nothing, and the database holds only its hash."""

from __future__ import annotations

from http.cookies import SimpleCookie

from flask import Flask
from sqlalchemy import select

from quiz.models import db
from quiz.models.reviews import DbAttemptDevice
from quiz.permissions import Role
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import COLLEAGUE, DURING, PARTICIPANT, STAFF


def device(client: PageClient) -> str:
    held = client.http.get_cookie("device", path="/thi")
    return held.value if held else ""


def noted(app: Flask) -> set[tuple[str, str]]:
    with app.app_context():
        rows = db.session.execute(select(DbAttemptDevice.attempt_code, DbAttemptDevice.device))
        return {tuple(row) for row in rows}  # type: ignore[misc]


def test_start_and_hand_in_note_each_device_once_and_saves_none(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    desk, phone = (PageClient(app).sign_in(PARTICIPANT) for _ in range(2))
    for client in (desk, phone):
        client.get("/thi")
    assert device(desk) != device(phone)
    code = scenes.start(desk)
    assert scenes.save(phone, code, 1, ["A"] * 5)[0] == 200
    assert len(noted(app)) == 1
    name = device(phone)
    phone.post(f"/thi/bai/{code}/nop")
    assert device(phone) == name
    assert {attempt for attempt, _ in noted(app)} == {code}
    assert len(noted(app)) == 2
    assert not {device(desk), device(phone)} & {hashed for _, hashed in noted(app)}
    PageClient(app).sign_in(PARTICIPANT).post(f"/thi/bai/{code}/nop")
    assert len(noted(app)) == 2


def test_two_people_on_one_device_share_its_hash(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(app)
    for who in (PARTICIPANT, COLLEAGUE):
        scenes.start(client.sign_in(who))
        client.post("/dang-xuat")
    assert len(noted(app)) == 2
    assert len({hashed for _, hashed in noted(app)}) == 1


def test_readers_and_staff_pages_set_no_name(app: Flask) -> None:
    scenes.lay_out(app)
    client = PageClient(app)
    for path in ("/", "/the-le", "/ket-qua", "/ty-le-tham-gia", "/dang-nhap"):
        client.get(path)
    client.sign_in(STAFF[Role.ORGANISER]).get("/ban-to-chuc")
    assert device(client) == ""


def test_the_cookie_is_closed_to_scripts_and_goes_to_the_pages_of_those_who_sit(app: Flask) -> None:
    scenes.lay_out(app)
    found = PageClient(app).sign_in(PARTICIPANT).http.get("/thi").headers.getlist("Set-Cookie")
    (cookie,) = [SimpleCookie(each)["device"] for each in found if each.startswith("device=")]
    assert (cookie["path"], bool(cookie["httponly"]), cookie["samesite"]) == ("/thi", True, "Lax")
    assert len(cookie.value) == len(makers.code(1))


def test_the_own_account_says_what_is_kept_of_a_device(app: Flask) -> None:
    scenes.lay_out(app)
    words = scenes.words(PageClient(app).sign_in(PARTICIPANT).get("/tai-khoan"))
    assert "hệ thống ghi một mã băm của thiết bị" in words
    assert "xóa mã này sau 180 ngày" in words
