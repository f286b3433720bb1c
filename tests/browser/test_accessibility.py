"""Every page that any role can reach, in both themes, narrow and enlarged: axe finds nothing, nothing sticks out.

What is visited follows from the map of addresses: a new page that no link leads to, or that nobody may open, is found
missing here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from quiz.permissions import Role
from tests import makers
from tests.browser.busy_demo import CODES, BusyDemo, furnish
from tests.browser.conftest import AXE, SIZES, Arrive, Visitor, axe, serving, small_contest
from tests.browser.keyboard import tab_faults
from tests.browser.looking import look
from tests.browser.walking import NOT_PAGES, SAME_FOR_ALL, WHO, pages
from tests.makers import PASSWORD

ELSEWHERE = {
    "registration.enter",
    "registration.own",
    "key_openings.listing",
    "key_openings.one",
    "lots.listing",
    "lots.one",
}
"""Closed in the demo, whose contest has a roster, opens keys by itself and draws lots by a seed: looked at in
test_registration.py, and as pages in tests/web/test_key_openings.py and test_lots.py.
"""
PLAIN = "form[novalidate]:not([action])"
DECISIONS = "/ban-to-chuc/quyet-dinh"
FORMS = {
    "sign-in": (None, "/dang-nhap", PLAIN),
    "activation": (None, "/kich-hoat", PLAIN),
    "password": (Role.PARTICIPANT, "/tai-khoan", PLAIN),
    "headcount": (Role.COORDINATOR, "/co-quan/{agency}/tong-so", "form[action$='/khai']"),
    "new person": (Role.COORDINATOR, "/co-quan/{agency}/nguoi/them", PLAIN),
    "correction": (Role.COORDINATOR, "/co-quan/{agency}/nguoi/{person}", "form[action$='/sua']"),
    "exemption": (Role.COORDINATOR, "/co-quan/{agency}/nguoi/{person}", "form[action$='/mien']"),
    "move": (Role.COORDINATOR, "/co-quan/{agency}/nguoi/{person}", "form[action$='/chuyen']"),
    "leaving": (Role.COORDINATOR, "/co-quan/{agency}/nguoi/{person}", "form[action$='/thoi']"),
    "reminder": (Role.ORGANISER, "/co-quan/{other}/nhac-du-thi", "form[action$='/gui']"),
    "agency's headcount": (Role.ORGANISER, "/ban-to-chuc/co-quan/{agency}", "form[action$='/tong-so']"),
    "agency's exemption": (Role.ORGANISER, "/ban-to-chuc/co-quan/{agency}", "form[action$='/mien']"),
    "publication": (Role.ORGANISER, "/ban-to-chuc/tuan-2", "form[action$='/cong-bo']"),
    "strike": (Role.ORGANISER, "{winner}", "form[action$='/loai']"),
    "ruling": (Role.ORGANISER, "{question}", PLAIN),
    "appeal": (Role.ORGANISER, "/ban-to-chuc/khieu-nai/1", "form[action$='/tra-loi']"),
    "letters": (Role.ORGANISER, "/ban-to-chuc/tuan-1/van-ban", "form[action$='/van-ban']"),
    "template": (Role.ORGANISER, "/ban-to-chuc/mau-van-ban/thong-bao", PLAIN),
    "question": (Role.ORGANISER, "/ban-to-chuc/cau-hoi/moi", PLAIN),
    "questions' file": (Role.ORGANISER, "/ban-to-chuc/cau-hoi/nhap", PLAIN),
    "joining": (Role.ORGANISER, "/ban-to-chuc/nguoi/{person}", "form[action$='/gop']"),
    "roster": (Role.ORGANISER, "/ban-to-chuc/danh-sach", PLAIN),
    "allowance": (Role.ORGANISER, f"{DECISIONS}/them-gio", PLAIN),
    "revocation": (Role.ORGANISER, f"{DECISIONS}/them-gio/2/thu-hoi", PLAIN),
    "longer week": (Role.ORGANISER, f"{DECISIONS}/su-co?cach=keo-dai", PLAIN),
    "time back": (Role.ORGANISER, f"{DECISIONS}/su-co?cach=tra-thoi-gian", PLAIN),
    "another sitting": (Role.ORGANISER, f"{DECISIONS}/su-co?cach=thi-lai", PLAIN),
}
EMPTY_AND_SEND = """form => {
  for (const each of form.querySelectorAll("input:not([type=hidden]), textarea, select"))
    ["checkbox", "radio"].includes(each.type) ? (each.checked = false) : (each.value = "")
  form.noValidate = true
  form.requestSubmit()
}"""
WRONG = "main :is([aria-invalid=true], .field-wrong input[type=radio], [role=alert])"
UNTOLD = """() => [...document.querySelectorAll("main [aria-invalid=true]")].filter(each =>
  !(each.getAttribute("aria-describedby") || "").split(" ").some(id =>
    document.getElementById(id)?.matches(".error") && document.getElementById(id).textContent.trim()))
  .map(each => each.outerHTML)"""


@dataclass
class Walk:
    """What somebody saw: the endpoints that opened, and every fault with its page."""

    opened: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


Walks = Callable[[Role | None], Walk]
Arrivals = Callable[[Role | None], Visitor]


@pytest.fixture(scope="module")
def busy(site: str, demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> BusyDemo:
    """A copy of the running demo with one of everything in it."""
    assert site
    return furnish(demo_folder, tmp_path_factory.mktemp("busy"))


@pytest.fixture(scope="module")
def busy_site(busy: BusyDemo) -> Iterator[str]:
    """The address of a server over that copy."""
    with serving(busy.app) as address:
        yield address


@pytest.fixture(scope="module")
def arrive(browser: Browser, busy_site: str) -> Iterator[Arrivals]:
    """Each role at a browser of its own, signed in once."""
    there: dict[Role | None, Visitor] = {}

    def visitor(role: Role | None) -> Visitor:
        if role not in there:
            there[role] = Visitor(browser, busy_site)
            if role:
                there[role].sign_in(CODES[role])
        return there[role]

    yield visitor
    for each in there.values():
        each.context.close()


@pytest.fixture(scope="module")
def walks(arrive: Arrivals, busy: BusyDemo) -> Walks:
    """The walk of each role, taken once; a page that another role has seen just so is not looked at again."""
    taken: dict[Role | None, Walk] = {}
    seen: set[str] = set()

    def walk(role: Role | None) -> Walk:
        if role not in taken:
            taken[role] = _walk(arrive(role), busy, role, seen)
        return taken[role]

    return walk


def _walk(visitor: Visitor, busy: BusyDemo, role: Role | None, seen: set[str]) -> Walk:
    visitor.context.add_init_script(AXE)  # there at once; sending it to every page takes as long as looking
    walk = Walk()
    for shown in pages(visitor, busy, role):
        if shown.status == 200:
            walk.opened.add(shown.endpoint)
        words = f"{role if shown.endpoint == SAME_FOR_ALL else ''} {visitor.page.locator('main').inner_text()}"
        if words not in seen:
            walk.faults += [f"{shown.path}: {fault}" for fault in look(visitor.page)]
        seen.add(words)
    return walk


@pytest.mark.parametrize("role", WHO)
def test_every_page_is_accessible_to_every_role(walks: Walks, role: Role | None) -> None:
    assert walks(role).faults == []


def test_every_page_has_been_opened_by_somebody(walks: Walks, busy: BusyDemo) -> None:
    opened = {endpoint for role in WHO for endpoint in walks(role).opened}
    readable = {rule.endpoint for rule in busy.app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    assert readable - opened == set(NOT_PAGES) | ELSEWHERE


@pytest.mark.parametrize("what", FORMS)
def test_a_form_sent_empty_leads_to_what_is_wrong(arrive: Arrivals, busy: BusyDemo, what: str) -> None:
    role, address, form = FORMS[what]
    page = arrive(role).page
    given = {"agency": busy.agency_id, "person": busy.person_id, "other": busy.agency_id + 1}
    given |= {"winner": busy.winner, "question": busy.question}
    page.goto(arrive(role).site + address.format(**given))
    with page.expect_navigation() as sent:
        page.locator(f"main {form}").evaluate(EMPTY_AND_SEND)
    assert sent.value.status == 422
    first = page.locator(WRONG).first
    expect(first).to_be_focused()
    expect(first).to_be_in_viewport()
    assert page.evaluate(UNTOLD) == []
    assert look(page) == []


def test_an_approval_without_its_tick_leads_to_the_tick(browser: Browser, busy: BusyDemo, busy_site: str) -> None:
    second = Visitor(browser, busy_site).sign_in(busy.second_organiser)
    page = second.open(f"{DECISIONS}/su-co/1")
    page.get_by_role("button", name="Duyệt, có hiệu lực ngay").click()
    expect(page.locator("#checked")).to_be_focused()
    assert look(page) == []
    second.context.close()


def test_a_code_that_is_none_and_a_search_without_results_are_said(arrive: Arrivals) -> None:
    visitor = arrive(None)
    page = visitor.open("/xac-nhan?ma=khong-co")
    expect(page.get_by_role("alert")).to_be_focused()
    assert look(page) == []
    page = visitor.open("/ty-le-tham-gia?tim=khong-co-co-quan-nay")
    expect(page.get_by_role("status")).to_contain_text("Tìm thấy 0 trong")
    assert look(page) == []


def test_the_menu_opens_on_a_phone(arrive: Arrivals) -> None:
    visitor = arrive(Role.ORGANISER)
    page = visitor.open("/ban-to-chuc")
    page.locator("#menu summary").click()
    expect(page.get_by_role("navigation", name="Danh mục chính")).to_be_visible()
    assert axe(page) == []
    visitor.check_fits()


def test_the_hall_is_led_by_keyboard(arrive: Arrivals) -> None:
    page = arrive(None).open("/ket-qua/tuan-2/hoi-truong")
    places, said = page.locator("[data-place]:visible"), page.locator("#announcer")
    expect(places).to_have_count(0)
    for opened in range(1, 7):
        page.keyboard.press("ArrowRight")
        expect(places).to_have_count(opened)
    expect(said).to_contain_text("Giải Nhất")
    expect(page.locator("#next")).to_be_disabled()
    page.keyboard.press("ArrowLeft")
    page.locator("#next").focus()
    page.keyboard.press("Enter")
    expect(places).to_have_count(6)
    expect(page.locator("#back")).to_be_focused()
    assert look(page) == []


def test_the_winners_show_in_a_frame_of_another_site(arrive: Arrivals) -> None:
    visitor = arrive(None)
    other = Flask("another site")
    frame = f'<!doctype html><title>Sở</title><iframe title="Kết quả" src="{visitor.site}/nhung/ket-qua"></iframe>'
    other.add_url_rule("/", view_func=lambda: frame)
    with serving(other) as elsewhere:
        visitor.page.goto(elsewhere)
        expect(visitor.page.frame_locator("iframe").get_by_role("listitem")).to_have_count(6)


@pytest.mark.parametrize(
    ("role", "address"),
    [(Role.COORDINATOR, "/co-quan"), (None, "/ty-le-tham-gia"), (Role.PARTICIPANT, "/thi"), (None, "/dang-nhap")],
)
@pytest.mark.parametrize("size", SIZES)
def test_focus_goes_down_the_page_and_is_always_seen(
    arrive: Arrivals, role: Role | None, address: str, size: str
) -> None:
    page = arrive(role).page
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
    page.goto(arrive(role).site + address)
    assert tab_faults(page) == []
    page.set_viewport_size(dict(zip(("width", "height"), SIZES["phone"], strict=True)))


def test_the_skip_link_leads_past_the_menu(arrive: Arrivals) -> None:
    page = arrive(Role.COORDINATOR).open("/co-quan")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_nothing_lies_under_the_bars_of_the_paper(visit: Arrive, small_site: str) -> None:
    visitor = visit(small_site).sign_in("P17", PASSWORD)
    assert tab_faults(visitor.start()) == []


def test_the_paper_and_its_dialog_are_accessible(visit: Arrive, small_site: str) -> None:
    visitor = visit(small_site).sign_in("P18", PASSWORD)
    page = visitor.start()
    assert look(page) == []
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    assert look(page) == []
    page.locator("#really").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Biên nhận bài thi")
    assert look(page) == []


def test_a_wrong_sign_in_is_said(arrive: Arrivals) -> None:
    page = arrive(None).open("/dang-nhap")
    page.fill("#identifier", "HP99999")
    page.fill("#password", "sai mật khẩu rồi nhé")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_have_text("Mã cán bộ, thư điện tử hoặc mật khẩu không đúng.")
    expect(page.get_by_role("alert")).to_be_focused()
    assert look(page) == []


def test_a_contest_in_which_nothing_has_happened_is_accessible(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    app = small_contest(tmp_path_factory.mktemp("empty"))
    with app.app_context():
        agency = makers.add_agency("TRONG", "Cơ quan chưa có ai")
        makers.add_person("TC", agency, roles=[Role.ORGANISER])
    empty = BusyDemo(app=app, agency_id=agency, person_id=0, second_organiser="", winner="", question="", elsewhere=())
    with serving(app) as address:
        visitor = Visitor(browser, address).sign_in("TC", PASSWORD)
        assert _walk(visitor, empty, Role.ORGANISER, set()).faults == []
        visitor.context.close()
