"""From a closed week to the published page and the signed-off documents, as the operating guide tells it.

Counts clicks and seconds. `--closed-week 35400` plays it with 30,000 attempts; CI does with a few.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Arrive, Visitor, serving_demo

PATIENCE = 600_000
"""In milliseconds: a large week is marked and its documents are made in the background."""


@dataclass
class Desk:
    """An organiser who counts clicks; typing is counted by fields."""

    visitor: Visitor
    clicks: int = 0
    fields: int = 0
    begun: float = field(default_factory=time.monotonic)
    steps: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.visitor.page

    def click(self, where: Locator) -> None:
        where.first.click()
        self.clicks += 1

    def link(self, name: str) -> None:
        self.click(self.page.get_by_role("link", name=name, exact=True))

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).fill(value)
        self.fields += 1

    def note(self, what: str) -> None:
        self.steps.append(f"{time.monotonic() - self.begun:6.1f} s  {self.clicks:3} clicks  {what}")

    def reload_until(self, text: str) -> None:
        """What the scheduler does takes a while; the page says so, and a reload shows it."""
        ends = time.monotonic() + PATIENCE / 1000
        while not self.page.get_by_text(text).count():
            assert time.monotonic() < ends, text
            time.sleep(1)
            self.page.reload()


@pytest.fixture(scope="module")
def closed_week(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a contest whose first week has just closed."""
    people = request.config.getoption("--closed-week")
    with serving_demo(tmp_path_factory.mktemp("closed"), "--closed-week", str(people)) as address:
        yield address


@pytest.fixture
def desk(visit: Arrive, closed_week: str) -> Desk:
    return Desk(visit(closed_week, "desk").sign_in("BTC"))


def test_from_a_closed_week_to_signed_off_documents(
    desk: Desk, visit: Arrive, closed_week: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Việc hôm nay")
    desk.reload_until("Tuần 1: xếp hạng tạm thời chờ kiểm tra")
    desk.note("the week is marked, and Today says that its ranking waits")
    winners = _review(desk)
    _publish(desk)
    desk.visitor.check_fits()
    assert desk.page.locator(".winner-name").all_inner_texts() == winners
    desk.note("published")
    _make_documents(desk, tmp_path)
    _look_at_the_log(visit(closed_week, "desk").sign_in("GS"))
    with capsys.disabled():
        print("", *desk.steps, f"{desk.clicks} clicks, {desk.fields} fields", sep="\n")


def _review(desk: Desk) -> list[str]:
    """The prizes as they stand, and the first fifty with what is remarkable about them."""
    desk.click(desk.page.get_by_role("link", name=re.compile("Tuần 1: xếp hạng tạm thời")))
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Tuần 1")
    names = desk.page.locator("table").first.locator("tbody tr td:nth-child(3)").all_inner_texts()
    assert len(names) == 6
    desk.link("Rà soát")
    expect(desk.page.locator("tbody tr").first).to_contain_text(names[0])
    desk.note("the first fifty looked at")
    desk.link("Phân tích câu hỏi")
    desk.reload_until("Câu cần xem lại")
    desk.note("the questions looked at")
    desk.link("Xếp hạng và công bố")
    return names


def _publish(desk: Desk) -> None:
    desk.click(desk.page.get_by_label("Tôi đã kiểm tra các giải và bảng tỷ lệ tham gia trên trang này."))
    desk.click(desk.page.get_by_role("button", name="Công bố kết quả tuần 1"))
    expect(desk.page.get_by_text("đã công bố kết quả lần 1")).to_be_visible()


def _make_documents(desk: Desk, folder: Path) -> None:
    desk.link("Ban Tổ chức")
    desk.link("Tuần 1")
    desk.link("Tài liệu")
    for name in ("Danh sách cá nhân đạt giải (tệp riêng)", "Báo cáo tỷ lệ tham gia", "Biên bản họp xác nhận kết quả"):
        desk.click(desk.page.get_by_label(name))
    desk.click(desk.page.get_by_text("Số, ngày, người ký, nơi nhận"))
    desk.fill("Số quyết định", "125")
    desk.fill("Họ và tên người ký", "Nguyễn Văn An")
    desk.click(desk.page.get_by_role("button", name="Lập văn bản Word (.docx)"))
    with desk.page.expect_download(timeout=PATIENCE) as download:
        link = desk.page.get_by_role("link", name=re.compile("Tải"))
        expect(link.first).to_be_visible(timeout=PATIENCE)
        desk.click(link)
    download.value.save_as(folder / "documents.zip")
    desk.note("the decision, the announcement, the report and the minutes on this computer")
    with zipfile.ZipFile(io.BytesIO((folder / "documents.zip").read_bytes())) as packed:
        assert len([name for name in packed.namelist() if name.endswith(".docx")]) == 5
    desk.page.goto(f"{desk.visitor.site}/ban-to-chuc/tuan-1/tai-lieu")
    desk.click(desk.page.get_by_role("button", name=re.compile("Lập bảng số liệu Excel")))
    link = desk.page.get_by_role("link", name=re.compile("Tải"))
    expect(link.first).to_be_visible(timeout=PATIENCE)
    desk.note("the tables as a workbook")


def _look_at_the_log(inspector: Visitor) -> None:
    """Every act of the walk is there, with who, when, what and why."""
    inspector.page.get_by_role("link", name="Nhật ký", exact=True).click()
    expect(inspector.page.get_by_role("heading", level=1)).to_have_text("Nhật ký hành động")
    log = inspector.page.locator("main").inner_text()
    for act in ("Chấm và xếp hạng", "Công bố kết quả", "Lập", "Ban Tổ chức giả lập"):
        assert act in log
