"""The coordinator declares and confirms what the agency is counted by; the organiser sees who has not."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from quiz.permissions import Role
from quiz.services import reading
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import STAFF


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    """The people of the scenes, before week 1."""
    clock.now = makers.BEFORE
    return scenes.lay_out(app)


@pytest.fixture
def coordinator(app: Flask, ids: dict[str, int]) -> PageClient:
    """The coordinator of Sở Nội vụ: six people, and one in the agency below."""
    return PageClient(app).sign_in(STAFF[Role.COORDINATOR])


def confirm(client: PageClient, page: str, status: int = 302) -> str:
    """Press the button under the figures shown."""
    found = re.search(r'name="seen" value="([^"]+)"', client.http.get(page).text)
    assert found
    return client.post(f"{page}/xac-nhan", {"seen": found[1]}, status, form=page)


def figures(html: str) -> list[str]:
    """What the card says."""
    return re.findall(r"<dd>([^<]*)</dd>", html)


def test_figures_are_shown_and_confirmed(app: Flask, coordinator: PageClient, ids: dict[str, int]) -> None:
    page = f"/co-quan/{ids['SNV']}/tong-so"
    html = coordinator.get(page)
    assert figures(html) == ["6", "chưa khai, đếm theo danh sách", "6", "0", "6"]
    assert "chốt lúc tuần 1 mở (8 giờ 00 phút, thứ Hai ngày 07/10/2024)" in html
    confirm(coordinator, page)
    html = coordinator.get(page)
    assert "Đã xác nhận Đỗ Coordinator, 09:00:00 20/09/2024" in scenes.words(html)
    assert "Xác nhận số liệu này" not in html


def test_a_new_total_drops_the_confirmation(app: Flask, coordinator: PageClient, ids: dict[str, int]) -> None:
    page = f"/co-quan/{ids['SNV']}/tong-so"
    confirm(coordinator, page)
    coordinator.post(f"{page}/khai", {"headcount": "9", "why": "Ba người đi biệt phái"}, form=page)
    html = coordinator.get(page)
    assert figures(html) == ["6", "9", "9", "0", "9"]
    assert "Đã thay đổi, cần xác nhận lại" in html
    assert "đã xác nhận mẫu số 6 lúc 09:00:00 ngày 20/09/2024, nhưng số liệu đã thay đổi sau đó." in html
    confirm(coordinator, page)
    assert "Đã xác nhận" in coordinator.get(page)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"headcount": "5", "why": "Nhầm"}, "từ 6 trở lên"),
        ({"headcount": "", "why": "Nhầm"}, "Cần điền ô này."),
        ({"headcount": "chín", "why": "Nhầm"}, "Chỉ ghi chữ số."),
        ({"headcount": "9", "why": " "}, "Cần ghi rõ lý do."),
        ({"headcount": "9", "why": "x" * 301}, "Dài tối đa 300 ký tự."),
    ],
)
def test_a_wrong_total_is_refused_in_words(
    app: Flask, coordinator: PageClient, ids: dict[str, int], typed: dict[str, object], said: str
) -> None:
    page = f"/co-quan/{ids['SNV']}/tong-so"
    assert said in coordinator.post(f"{page}/khai", typed, status=422, form=page)
    assert figures(coordinator.get(page))[1] == "chưa khai, đếm theo danh sách"


def test_figures_that_have_changed_meanwhile_are_shown_again(
    app: Flask, coordinator: PageClient, ids: dict[str, int]
) -> None:
    page = f"/co-quan/{ids['SNV']}/tong-so"
    html = coordinator.post(f"{page}/xac-nhan", {"seen": "5//0"}, status=409, form=page)
    assert "Số liệu của cơ quan đã thay đổi sau khi ông/bà xem." in html
    assert figures(html)[0] == "6"


def test_a_coordinator_keeps_the_agencies_below_and_no_others(
    app: Flask, coordinator: PageClient, ids: dict[str, int]
) -> None:
    below, other = f"/co-quan/{ids['SNV-1']}/tong-so", f"/co-quan/{ids['CT']}/tong-so"
    confirm(coordinator, below)
    before = scenes.everything(app)
    assert "Không có cơ quan, đơn vị này" in coordinator.get(other, 404)
    coordinator.post(f"{other}/khai", {"headcount": "9", "why": "Nhầm"}, status=404, form=below)
    coordinator.post(f"{other}/xac-nhan", {"seen": "1//0"}, status=404, form=below)
    assert scenes.everything(app) == before


def test_after_the_last_opening_there_is_nothing_to_confirm(
    app: Flask, coordinator: PageClient, clock: Clock, ids: dict[str, int]
) -> None:
    clock.now = makers.WEEK_2
    page = f"/co-quan/{ids['SNV']}/tong-so"
    html = PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get(page)
    assert "Không còn tuần thi nào sắp mở" in html
    assert "<form" not in html.partition("<main")[2].partition("</main>")[0]


def test_the_organiser_sees_who_has_not_confirmed_or_declared(
    app: Flask, coordinator: PageClient, ids: dict[str, int]
) -> None:
    with app.app_context():
        makers.add_agency("X", "Ban chưa có người")
        reading().rollback()
    confirm(coordinator, f"/co-quan/{ids['SNV']}/tong-so")
    organiser, label = PageClient(app).sign_in(STAFF[Role.ORGANISER]), "Cơ quan, đơn vị dự thi"
    html = organiser.get("/ban-to-chuc/co-quan")
    assert [row[-1].split(" Đỗ")[0] for row in scenes.rows(html, label)] == [
        *("–", "Chưa xác nhận", "Chưa xác nhận", "Đã xác nhận"),
    ]
    assert [text in html for text in ("Tất cả (4)", "Chưa xác nhận (2)", "Chưa khai tổng số (3)")] == [True] * 3
    html = organiser.get("/ban-to-chuc/co-quan?loc=chua-xac-nhan")
    assert [row[0] for row in scenes.rows(html, label)] == ["Chi cục Văn thư", "Cục Thuế"]
    assert len(scenes.rows(organiser.get("/ban-to-chuc/co-quan?loc=chua-khai"), label)) == 3
    assert len(scenes.rows(organiser.get("/ban-to-chuc/co-quan?loc=khac"), label)) == 4
