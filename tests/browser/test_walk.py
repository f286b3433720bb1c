"""The walk that the product exists for: sit this week's paper on a phone, find last week's winners published."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from quiz.demo import load
from quiz.permissions import Role
from tests.browser.conftest import SIZES, Arrive, Visitor

CODES = {account.role: account.staff_code for account in reversed(load.sign_ins())}


class Camera:
    """Takes pictures of the walk where `--screenshots` asks for them."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def take(self, visitor: Visitor, name: str) -> None:
        """The page at both sizes."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        before = visitor.page.viewport_size
        for size, (width, height) in SIZES.items():
            visitor.page.set_viewport_size({"width": width, "height": height})
            visitor.page.screenshot(path=self.folder / f"{name}-{size}.png")
        visitor.page.set_viewport_size(before)


@pytest.fixture
def camera(request: pytest.FixtureRequest) -> Camera:
    return Camera(request.config.getoption("--screenshots"))


def test_participant_sits_this_weeks_paper(visit: Arrive, site: str, camera: Camera) -> None:
    visitor = visit(site)
    page = visitor.open("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tuần 3 đang mở")
    camera.take(visitor, "front")
    page.get_by_role("link", name="Vào thi", exact=True).click()
    camera.take(visitor, "sign-in")
    page.fill("#identifier", CODES[Role.PARTICIPANT])
    page.fill("#password", load.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bài thi của tôi")
    camera.take(visitor, "own-weeks")
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    _answer_everything(visitor, camera)
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    expect(page.locator("#unanswered")).to_have_text("Đã trả lời tất cả các câu.")
    camera.take(visitor, "hand-in")
    page.locator("#really").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Biên nhận bài thi – Tuần 3")
    expect(page.locator(".facts").first).to_contain_text("20/20")
    camera.take(visitor, "receipt")
    visitor.open("/thi")
    page.get_by_role("link", name="Xem đáp án và giải thích").first.click()
    expect(page.locator(".marked-question")).to_have_count(20)
    camera.take(visitor, "answers")


def test_organiser_sees_last_week_ranked_and_the_public_its_winners(visit: Arrive, site: str, camera: Camera) -> None:
    organiser = visit(site, "desk").sign_in(CODES[Role.ORGANISER])
    expect(organiser.page.get_by_role("heading", level=1)).to_have_text("Việc hôm nay")
    camera.take(organiser, "organiser")
    organiser.open("/ban-to-chuc/tuan-2")
    expect(organiser.page.locator("table").first.locator("tbody tr")).to_have_count(6)
    camera.take(organiser, "ranking")
    winners = organiser.page.locator("table").first.locator("tbody tr td:nth-child(3)").all_inner_texts()
    public = visit(site)
    page = public.open("/ket-qua/tuan-2")
    assert page.locator(".winner-name").all_inner_texts() == winners
    camera.take(public, "winners")
    page = public.open("/ty-le-tham-gia")
    expect(page.locator("table.participation tbody tr:not(.group)")).to_have_count(60)
    camera.take(public, "participation")


def test_organiser_publishes_a_correction(visit: Arrive, site: str) -> None:
    organiser = visit(site, "desk").sign_in(CODES[Role.ORGANISER])
    page = organiser.open("/ban-to-chuc/tuan-1")
    page.fill("#reason", "Sửa tên cơ quan của một người đạt giải.")
    page.get_by_label("Tôi đã kiểm tra").check()
    page.get_by_role("button", name="Công bố đính chính lần 2").click()
    expect(page.get_by_role("status")).to_have_text("Tuần 1: đã công bố kết quả lần 2.")
    expect(page.locator("main")).to_contain_text("Sửa tên cơ quan của một người đạt giải.")


def test_coordinator_sees_the_rate_and_who_is_missing(visit: Arrive, site: str, camera: Camera) -> None:
    coordinator = visit(site).sign_in(CODES[Role.COORDINATOR])
    expect(coordinator.page.get_by_role("heading", level=1)).to_have_text("Sở Y tế")
    expect(coordinator.page.locator(".big-figure")).to_contain_text("%")
    camera.take(coordinator, "agency")


def test_inspector_reads_the_log(visit: Arrive, site: str, camera: Camera) -> None:
    inspector = visit(site, "desk").sign_in(CODES[Role.INSPECTOR])
    inspector.open("/giam-sat/nhat-ky")
    expect(inspector.page.locator("tbody")).to_contain_text("Công bố kết quả")
    camera.take(inspector, "log")


def _answer_everything(visitor: Visitor, camera: Camera) -> None:
    page: Page = visitor.page
    expect(page.locator(".question")).to_have_count(20)
    for number in range(1, 21):
        page.locator(f"#cau-{number} .option").nth(number % 4).click()
        if number == 2:
            visitor.wait_saved()
            camera.take(visitor, "paper")
    visitor.wait_saved()
