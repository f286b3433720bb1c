"""Every page of the demo, for every role, in both themes: axe finds nothing, and nothing sticks out at 320 px."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quiz.demo import load
from quiz.permissions import Role
from tests.browser.conftest import Arrive
from tests.makers import PASSWORD

CODES = {account.role: account.staff_code for account in load.sign_ins()}
PAGES = {
    None: ("/", "/the-le", "/ket-qua", "/ket-qua/tuan-2", "/ty-le-tham-gia", "/dang-nhap", "/kich-hoat", "/khong-co"),
    Role.PARTICIPANT: ("/thi", "/tai-khoan"),
    Role.COORDINATOR: ("/co-quan",),
    Role.ORGANISER: ("/ban-to-chuc", "/ban-to-chuc/tuan-2", "/ban-to-chuc/tuan-3", "/ban-to-chuc/danh-sach"),
    Role.INSPECTOR: ("/giam-sat/nhat-ky",),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("role", PAGES)
def test_pages_are_accessible(visit: Arrive, site: str, role: Role | None, theme: str) -> None:
    visitor = visit(site)
    visitor.page.emulate_media(color_scheme=theme)
    if role:
        visitor.sign_in(CODES[role])
    for path in PAGES[role]:
        visitor.open(path)
        visitor.check_accessible()
        visitor.page.set_viewport_size({"width": 320, "height": 640})
        visitor.check_fits()
        visitor.page.set_viewport_size({"width": 360, "height": 740})
    visitor.errors.clear()  # the missing page is a 404 in the console


def test_the_paper_and_its_dialog_are_accessible(visit: Arrive, small_site: str) -> None:
    visitor = visit(small_site).sign_in("P17", PASSWORD)
    page = visitor.start()
    visitor.check_accessible()
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    visitor.check_accessible()
    page.locator("#really").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Biên nhận bài thi")
    visitor.check_accessible()


def test_questions_are_groups_with_a_name(visit: Arrive, small_site: str) -> None:
    visitor = visit(small_site).sign_in("P18", PASSWORD)
    page = visitor.start()
    expect(page.get_by_role("group")).to_have_count(5)
    assert page.locator("#cau-1").aria_snapshot().startswith('- group "Câu 1 Nội dung riêng')


def test_a_wrong_sign_in_ties_the_message_to_the_page(visit: Arrive, site: str) -> None:
    visitor = visit(site)
    page = visitor.open("/dang-nhap")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("#identifier")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#identifier")).to_have_attribute("aria-describedby", "identifier-error")
    visitor.check_accessible()
    page.fill("#identifier", "HP99999")
    page.fill("#password", "sai mật khẩu rồi nhé")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_have_text("Mã cán bộ, thư điện tử hoặc mật khẩu không đúng.")
    visitor.check_accessible()
    visitor.errors.clear()  # both answers are a 422 in the console
