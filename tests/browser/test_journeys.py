"""A coordinator's week, an organiser's publication, signing in on a new device; and once the whole way in English.

Each on a server of its own whose clock the test moves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from quiz.app import create_app
from quiz.config import Config
from quiz.permissions import Role
from quiz.services import documents
from quiz.services.document_makers import MAKERS
from tests import makers
from tests.browser.conftest import Arrive, serving
from tests.conftest import SECRET, Clock, migrate
from tests.mailbox import Mailbox
from tests.makers import PASSWORD
from tests.web import scenes
from tests.web.scenes import AFTER, CHILD, COLLEAGUE, DURING, PARTICIPANT, STAFF, STRANGER

NEWCOMER = "CB09"
OWN_WORDS = "mua thu Hai Phong 2024"
NAMES = (
    *("Trần Thị Bích Ngọc", "Lê Văn Tám", "Phạm Thu Hà", "Vũ Quang Huy", "Hoàng Thị Mới", "Đỗ "),
    *("Sở Nội vụ", "Chi cục Văn thư", "Cục Thuế", "Hội thi thử nghiệm", "Tiếng Việt", "Chuyên viên"),
    *("Giải Nhất", "Giải Nhì", "Giải Ba", "Kế hoạch số 1/KH-UBND", "Văn bản thử nghiệm", "Thành viên Ban Tổ chức"),
)
"""The contest's own data, which stands in every language as it was given."""
VIETNAMESE = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
OURS = """() => {
  const ours = document.body.cloneNode(true)
  for (const theirs of ours.querySelectorAll("[lang=vi], script, noscript")) theirs.remove()
  return [...ours.querySelectorAll("*")].flatMap(each =>
    [...each.childNodes].filter(node => node.nodeType === 3).map(node => node.textContent.trim())
      .concat(["aria-label", "alt", "title", "placeholder", "data-label"].map(name => each.getAttribute(name) || "")))
    .filter(Boolean).join("\\n")
}"""
"""What the page says by itself: not what it marks as Vietnamese, which is the contest's own."""
QUESTION_WORDS = re.compile(r"Nội dung riêng .*? là gì\?|Phương án \w+ thứ \w|Giải thích của câu \d+")


@dataclass(frozen=True)
class Town:
    """A contest before its first week: the application, its clock, its address, ids by code."""

    app: Flask
    clock: Clock
    address: str
    ids: dict[str, int]

    def pass_to(self, clock_now: object) -> None:
        """Let the time pass, with what the scheduler does at it."""
        self.clock.now = clock_now  # type: ignore[assignment]
        scenes.freeze(self.app, self.clock.now)
        with self.app.app_context():
            documents.make_waiting(MAKERS, self.clock)


@pytest.fixture
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Mail is set up; somebody has not activated the own account."""
    url = f"sqlite:///{tmp_path_factory.mktemp('town') / 'quiz.sqlite3'}"
    migrate(url)
    clock = Clock(makers.WEEK_1 - timedelta(days=1))
    config = Config(database_url=url, secret_key=SECRET, https=False, testing=True)
    app = create_app(replace(config, mail=Mailbox(25).settings()), clock)
    ids = scenes.lay_out(app)
    with app.app_context():
        ids[NEWCOMER] = makers.add_person(NEWCOMER, ids["SNV"], "Hoàng Thị Mới", activated=False)
    with serving(app) as address:
        yield Town(app, clock, address, ids)


def test_a_coordinators_week(town: Town, visit: Arrive) -> None:
    coordinator = visit(town.address, "desk").sign_in(STAFF[Role.COORDINATOR], PASSWORD)
    page = coordinator.page
    page.get_by_role("link", name="Xác nhận tổng số").click()
    page.get_by_role("button", name="Xác nhận số liệu này").click()
    expect(page.locator(".now-card")).to_contain_text("Đỗ Coordinator")
    town.pass_to(DURING)
    scenes.sit(town.app, town.ids[COLLEAGUE])
    town.pass_to(DURING + timedelta(hours=1))
    coordinator.sign_in(STAFF[Role.COORDINATOR], PASSWORD)
    missing = page.get_by_role("region", name="Người chưa dự thi", exact=True)
    expect(missing).to_contain_text("Trần Thị Bích Ngọc")
    expect(missing).not_to_contain_text("Lê Văn Tám")
    page.get_by_role("link", name="Nhắc người chưa dự thi").click()
    expect(page.locator("main")).to_contain_text("Kính gửi ông/bà")
    page.get_by_role("button", name="Gửi thư nhắc").click()
    expect(page.get_by_role("status")).to_contain_text("thư nhắc vào hàng gửi.")
    coordinator.open("/co-quan")
    page.get_by_role("link", name="Báo cáo tỷ lệ tham gia").click()
    page.get_by_role("button", name="Lập bảng tính Excel (.xlsx)").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    town.pass_to(town.clock.now)
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tệp về").click(timeout=20000)
    assert download.value.suggested_filename.endswith(".xlsx")
    coordinator.open("/co-quan")
    page.get_by_role("button", name="Tạo phiếu kích hoạt để in").click()
    expect(page.locator(".slip-name")).to_have_text(["Hoàng Thị Mới"])
    coordinator.check_fits()


def test_an_organisers_publication_and_its_correction(town: Town, visit: Arrive) -> None:
    town.pass_to(DURING)
    for right, code in ((5, PARTICIPANT), (4, CHILD), (3, STRANGER)):
        scenes.sit(town.app, town.ids[code], right=right)
    town.pass_to(AFTER)
    organiser, public = visit(town.address, "desk").sign_in(STAFF[Role.ORGANISER], PASSWORD), visit(town.address)
    page = organiser.open("/ban-to-chuc/tuan-1")
    page.get_by_role("button", name="Chấm ngay").click()
    expect(page.get_by_role("region", name="Giải thưởng")).to_contain_text("Trần Thị Bích Ngọc")
    expect(public.open("/ket-qua").locator("main")).not_to_contain_text("Trần Thị Bích Ngọc")
    page.get_by_label("Tôi đã kiểm tra").check()
    page.get_by_role("button", name="Công bố kết quả tuần 1").click()
    expect(page.get_by_role("status")).to_have_text("Tuần 1: đã công bố kết quả lần 1.")
    told = public.open("/ket-qua/tuan-1")
    expect(told.locator(".winner-name")).to_have_text(["Trần Thị Bích Ngọc", "Phạm Thu Hà", "Vũ Quang Huy"])
    hall = public.open("/ket-qua/tuan-1/hoi-truong")
    for _place in range(3):
        hall.get_by_role("button", name="Mở giải tiếp theo").click()
    expect(hall.locator("[data-place]:visible .hall-name").last).to_have_text("Trần Thị Bích Ngọc")
    organiser.open("/ban-to-chuc/tuan-1")
    page.fill("#reason", "Sửa chức vụ của người đạt giải Nhất.")
    page.get_by_label("Tôi đã kiểm tra").check()
    page.get_by_role("button", name="Công bố đính chính lần 2").click()
    expect(page.get_by_role("status")).to_have_text("Tuần 1: đã công bố kết quả lần 2.")
    expect(public.open("/ket-qua/tuan-1").locator("main")).to_contain_text("Sửa chức vụ của người đạt giải Nhất.")


def test_signing_in_on_a_new_device(town: Town, visit: Arrive) -> None:
    town.pass_to(DURING)
    coordinator = visit(town.address).sign_in(STAFF[Role.COORDINATOR], PASSWORD)
    coordinator.page.get_by_role("button", name="Tạo phiếu kích hoạt để in").click()
    code = coordinator.page.locator(".slip code").inner_text()
    first = visit(town.address)
    page = first.open("/")
    page.get_by_role("link", name="Vào thi", exact=True).click()
    page.get_by_role("link", name="Kích hoạt tài khoản").click()
    page.get_by_label("Mã cán bộ").fill(NEWCOMER)
    page.get_by_label("Mã kích hoạt in trên phiếu").fill(code)
    page.get_by_label("Mật khẩu mới").fill(OWN_WORDS)
    page.get_by_role("button", name="Kích hoạt và đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bài thi của tôi")
    second = visit(town.address, "desk")
    page = second.open("/tai-khoan")
    page.get_by_label("Mã cán bộ hoặc thư điện tử").fill(NEWCOMER)
    page.get_by_label("Mật khẩu", exact=True).fill(OWN_WORDS)
    page.get_by_label("Máy dùng chung").check()
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tài khoản")
    address = second.start().url
    second.choose(1, "A")
    second.wait_saved()
    town.pass_to(DURING + timedelta(minutes=31))
    second.page.goto(address)
    expect(second.page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    second.page.fill("#identifier", NEWCOMER)
    second.page.fill("#password", OWN_WORDS)
    second.page.get_by_role("button", name="Đăng nhập").click()
    second.page.wait_for_url(f"{address}**")
    expect(first.open("/thi").get_by_role("heading", level=1)).to_have_text("Bài thi của tôi")


def test_the_whole_way_in_english(town: Town, visit: Arrive) -> None:
    town.pass_to(DURING)
    participant = visit(town.address)
    page = participant.open("/")
    read: dict[str, list[str]] = {}

    def note() -> None:
        text = QUESTION_WORDS.sub("", f"{page.title()}\n{page.evaluate(OURS)}")
        for name in NAMES:
            text = text.replace(name, "")
        read[page.url] = [line for line in text.splitlines() if VIETNAMESE.search(line)]

    page.get_by_role("button", name="English").click()
    note()
    page.get_by_role("link", name="Take the quiz", exact=True).click()
    note()
    page.get_by_role("button", name="Sign in").click()
    note()
    participant.errors.clear()  # the answer is a 422 in the console
    page.fill("#identifier", PARTICIPANT)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Start the paper").wait_for()
    note()
    page.get_by_role("button", name="Start the paper").click()
    page.locator("#paper").wait_for()
    participant.choose(1, "A")
    expect(page.locator("#saved")).to_have_text("All saved")
    page.locator("#finish").click()
    note()
    page.locator("#really").click()
    page.locator("#copy").wait_for()
    note()
    receipt = page.url
    town.pass_to(AFTER)
    scenes.publish(town.app, AFTER, town.ids[STAFF[Role.ORGANISER]])
    for path in ("/", "/the-le", "/ket-qua/tuan-1", "/ket-qua/tuan-1/hoi-truong", "/ty-le-tham-gia", "/thi"):
        participant.open(path)
        note()
    page.goto(receipt.replace("bien-nhan", "dap-an"))
    note()
    assert [line for lines in read.values() for line in lines] == []
