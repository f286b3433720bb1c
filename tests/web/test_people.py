"""The organiser's people: found without marks, looked at, given a new code, two entries joined."""

from __future__ import annotations

import pytest
from flask import Flask

from quiz.permissions import Role
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, DURING, PARTICIPANT, STAFF, STRANGER, words

ADDRESS = "/ban-to-chuc/nguoi"


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    return scenes.lay_out(app)


@pytest.fixture
def desk(app: Flask, ids: dict[str, int]) -> PageClient:
    return PageClient(app).sign_in(STAFF[Role.ORGANISER])


def test_people_are_found_without_marks_by_code_and_by_address(desk: PageClient) -> None:
    assert "Gõ không dấu cũng được" in desk.get(ADDRESS)
    assert "Gõ không dấu cũng được" in desk.get(f"{ADDRESS}?tim=a")
    for wanted in ("bich ngoc", "BÍCH", "cb01", "cb01@example.vn"):
        page = words(desk.get(f"{ADDRESS}?tim={wanted}"))
        assert "1 người phù hợp" in page
        assert "Trần Thị Bích Ngọc" in page
    assert "Không tìm thấy ai như vậy" in desk.get(f"{ADDRESS}?tim=khong-co-ai")


def test_a_new_code_ends_the_password_and_the_sessions(app: Flask, desk: PageClient, ids: dict[str, int]) -> None:
    theirs = PageClient(app).sign_in(PARTICIPANT)
    assert "Trần Thị Bích Ngọc" in theirs.get("/tai-khoan")
    slip = words(desk.post(f"{ADDRESS}/{ids[PARTICIPANT]}/kich-hoat", status=200))
    assert "Mã kích hoạt" in slip
    theirs.get("/tai-khoan", 302)
    assert "Chưa kích hoạt" in words(desk.get(f"{ADDRESS}/{ids[PARTICIPANT]}"))


def test_those_who_decide_get_no_code_from_the_desk(desk: PageClient, ids: dict[str, int]) -> None:
    other = ids[STAFF[Role.INSPECTOR]]
    assert "chỉ người vận hành máy chủ" in desk.get(f"{ADDRESS}/{other}")
    assert "chỉ người vận hành máy chủ" in desk.post(f"{ADDRESS}/{other}/kich-hoat", status=409)
    assert "Cấp mã mới" in desk.get(f"{ADDRESS}/{ids[STAFF[Role.COORDINATOR]]}")


def test_two_entries_are_compared_and_joined(app: Flask, clock: Clock, desk: PageClient, ids: dict[str, int]) -> None:
    scenes.sit(app, ids[STRANGER], starts_at=DURING)
    clock.now = AFTER
    desk.sign_in(STAFF[Role.ORGANISER])
    address = f"{ADDRESS}/{ids[PARTICIPANT]}"
    assert "Hãy nhập mã cán bộ." in desk.get(f"{address}/gop", 422)
    assert "chính mã cán bộ đang xem" in desk.get(f"{address}/gop?staff_code={PARTICIPANT}", 422)
    page = desk.get(f"{address}/gop?staff_code={STRANGER.lower()}")
    assert "Hai mã ghi tên khác nhau" in page
    assert "Lượt thi Tuần 1 chuyển sang mã CB01" in words(page)
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    given = {"staff_code": STRANGER, "seen": seen}
    assert "Hãy nêu lý do." in desk.post(f"{address}/gop/ghi", given, status=422)
    desk.post(f"{address}/gop/ghi", given | {"reason": "Một người, hai cơ quan"}, status=302)
    assert "Đã vào thi Tuần 1" in words(desk.get(address))
    assert "Mã này đã được gộp vào mã CB01" in words(desk.get(f"{ADDRESS}/{ids[STRANGER]}"))
    PageClient(app).post("/dang-nhap", {"identifier": STRANGER, "password": makers.PASSWORD}, status=422)
