"""Entering an open contest at a browser: by keyboard, on a phone, with many agencies, and with every field wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from quiz import clock
from quiz.app import create_app
from quiz.config import Config
from quiz.vietnamese import HANOI
from tests import makers
from tests.browser.conftest import Arrive, Quiet, promise
from tests.conftest import SECRET, migrate

LONG = "Trung tâm Phục vụ hành chính công và Kiểm soát thủ tục hành chính thuộc Văn phòng Ủy ban nhân dân thành phố"
DIVISIONS = "divisions:\n  - {code: can-bo, name: Cán bộ}\n  - {code: nguoi-dan, name: Người dân}\n"
PASSWORD = "con sông quê hương em"


@pytest.fixture(scope="module")
def open_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An open contest whose first week is open now, with 81 agencies to choose from."""
    folder = tmp_path_factory.mktemp("open")
    url = f"sqlite:///{folder / 'quiz.sqlite3'}"
    migrate(url)
    app = create_app(Config(database_url=url, secret_key=SECRET, https=False, testing=True))
    hours = (clock.now() + timedelta(hours=step) for step in (-1, 2, 3, 4))
    text = makers.OPEN + DIVISIONS
    for written, moment in zip(("07 08:00", "11 17:00", "14 08:00", "18 17:00"), hours, strict=True):
        text = text.replace(f"2024-10-{written}", moment.astimezone(HANOI).strftime("%Y-%m-%d %H:%M:%S"))
    with app.app_context():
        makers.open_registration(text)
        makers.add_agency("DAI", LONG)
        for number in range(1, 81):
            makers.add_agency(f"P{number}", f"Ủy ban nhân dân phường số {number}")
        promise(folder)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_form_is_accessible_empty_and_wrong(visit: Arrive, open_site: str, size: str, theme: str) -> None:
    visitor = visit(open_site, size)
    visitor.page.emulate_media(color_scheme=theme)
    page = visitor.open("/dang-ky")
    visitor.check_accessible()
    page.select_option("#agency", label=LONG)
    expect(page.locator("#agency-chosen")).to_have_text(LONG)
    page.get_by_role("button", name="Đồng ý và đăng ký").click()
    expect(page.get_by_role("alert")).to_contain_text("Cần sửa những ô sau:")
    expect(page.locator("#phone")).to_have_attribute("aria-describedby", "phone-hint phone-error")
    expect(page.locator("#agency-chosen")).to_have_text(LONG)
    visitor.check_accessible()
    visitor.check_fits()
    page.get_by_role("alert").get_by_role("link", name="Số điện thoại").click()
    expect(page.locator("#phone")).to_be_focused()
    page.set_viewport_size({"width": 320, "height": 640})
    visitor.check_fits()
    visitor.errors.clear()  # the answer is a 422 in the console


def test_by_keyboard_from_the_front_page_to_the_first_paper(visit: Arrive, open_site: str) -> None:
    visitor = visit(open_site)
    page = visitor.open("/")
    page.locator(".now-card").get_by_role("link", name="Đăng ký dự thi").click()
    keys = page.keyboard
    page.locator("#passphrase").focus()
    keys.type(makers.PASSPHRASE)
    keys.press("Tab")
    keys.type("Lê Thị Ánh Nguyệt")
    keys.press("Tab")
    keys.type("uy ban so 77")
    expect(page.locator("#agency-found")).to_have_text("Còn 1 mục trong danh sách dưới đây.")
    keys.press("Enter")
    expect(page.locator("#agency")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.press("Space")
    keys.press("ArrowDown")
    for typed in ("0912 345 678", "nguyet@example.vn", "031 085 001 234", PASSWORD, PASSWORD):
        keys.press("Tab")
        keys.type(typed)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã đăng ký dự thi")
    expect(page.locator(".facts")).to_contain_text("Ủy ban nhân dân phường số 77")
    expect(page.locator(".facts")).to_contain_text("Người dân")
    visitor.check_accessible()
    visitor.start()


def test_without_a_script_the_list_is_whole(visit: Arrive, open_site: str) -> None:
    visitor = visit(open_site, javascript=False)
    page = visitor.open("/dang-ky")
    expect(page.locator("#agency-words")).to_be_hidden()
    expect(page.locator("#agency option")).to_have_count(82)
