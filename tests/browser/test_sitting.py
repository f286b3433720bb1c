"""The sitting in a real browser; what disturbs it from outside is in test_disturbances.py."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Arrive
from tests.makers import PASSWORD

QUESTIONS = 5
UNSAVED = "Chưa lưu: mất kết nối, đang thử lại"


def chosen(page: Page) -> list[str]:
    """What the page shows as chosen, question by question."""
    found = page.evaluate(
        "[...document.querySelectorAll('.question')].map(q => [...q.querySelectorAll('input:checked')]"
        ".map(i => i.value).join(''))"
    )
    return list(found)


def lose_acknowledgements(page: Page, arriving: int) -> None:
    """From now on no save of the page is answered; the first so many arrive at the server all the same."""
    arrivals = iter(range(arriving))

    def lose(route: Route) -> None:
        if next(arrivals, None) is not None:
            assert route.fetch().ok
        route.abort("internetdisconnected")

    page.route("**/luu", lose)


def hand_in(page: Page) -> None:
    """Review, confirm, and see the receipt."""
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    page.locator("#really").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Biên nhận bài thi", timeout=15000)


def test_a_whole_sitting_on_a_phone(visit: Arrive, small_site: str) -> None:
    visitor = visit(small_site).sign_in("P1", PASSWORD)
    page = visitor.start()
    for question in range(1, QUESTIONS):
        visitor.choose(question, "B")
    visitor.wait_saved()
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    expect(page.locator("#unanswered")).to_have_text("Còn 1 câu chưa trả lời.")
    page.locator("#back").click()
    visitor.choose(QUESTIONS, "C")
    hand_in(page)
    expect(page.locator(".facts").first).to_contain_text("5/5")
    visitor.open("/thi")
    expect(page.get_by_role("button", name="Bắt đầu làm bài")).to_have_count(0)


def test_a_choice_after_a_lost_acknowledgement_is_saved(visit: Arrive, small_site: str) -> None:
    visitor = visit(small_site).sign_in("P13", PASSWORD)
    page = visitor.start()
    lose_acknowledgements(page, arriving=1)
    visitor.choose(1, "A")
    expect(page.locator("#saved")).to_have_text(UNSAVED, timeout=15000)
    visitor.choose(2, "B")
    expect(page.locator("#saved")).to_have_text(UNSAVED, timeout=15000)
    page.unroute("**/luu")
    visitor.wait_saved()
    page.reload()
    assert chosen(page) == ["A", "B", "", "", ""]


def test_a_choice_after_a_lost_acknowledgement_survives_the_page(visit: Arrive, small_site: str) -> None:
    visitor = visit(small_site).sign_in("P14", PASSWORD)
    page = visitor.start()
    lose_acknowledgements(page, arriving=1)
    visitor.choose(1, "A")
    expect(page.locator("#saved")).to_have_text(UNSAVED, timeout=15000)
    visitor.choose(2, "B")
    address = page.url
    page.close()
    visitor.page = visitor.tab()
    for _visit in ("brought back by the device", "and by the server"):
        visitor.page.goto(address)
        visitor.wait_saved()
        assert chosen(visitor.page) == ["A", "B", "", "", ""]


def test_handing_in_after_a_lost_acknowledgement_counts_every_answer(visit: Arrive, small_site: str) -> None:
    visitor = visit(small_site).sign_in("P15", PASSWORD)
    page = visitor.start()
    lose_acknowledgements(page, arriving=1)
    visitor.choose(1, "A")
    expect(page.locator("#saved")).to_have_text(UNSAVED, timeout=15000)
    for question in range(2, QUESTIONS + 1):
        visitor.choose(question, "B")
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    page.locator("#really").click()
    expect(page.locator("#saved")).to_contain_text("Chưa nộp được vì mất kết nối", timeout=15000)
    page.unroute("**/luu")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Biên nhận bài thi", timeout=15000)
    expect(page.locator(".facts").first).to_contain_text("5/5")


def test_a_choice_made_before_the_script_has_come_is_saved(visit: Arrive, small_site: str) -> None:
    visitor = visit(small_site).sign_in("P16", PASSWORD)
    page = visitor.start()
    held: list[Route] = []
    page.route("**/paper.js*", lambda route: held.append(route))
    page.goto(page.url, wait_until="commit")
    visitor.choose(1, "C")
    held.pop().continue_()
    visitor.wait_saved()
    page.unroute("**/paper.js*")
    page.reload()
    assert chosen(page) == ["C", "", "", "", ""]


def test_a_wrong_device_clock_changes_nothing(visit: Arrive, small_site: str) -> None:
    visitor = visit(small_site).sign_in("P9", PASSWORD)
    visitor.page.clock.set_fixed_time("2031-01-01T00:00:00Z")
    page = visitor.start()
    expect(page.locator("#clock")).to_contain_text("9:5")
    visitor.choose(1, "A")
    visitor.wait_saved()


def test_sitting_without_javascript(visit: Arrive, small_site: str) -> None:
    visitor = visit(small_site, javascript=False).sign_in("P10", PASSWORD)
    page = visitor.open("/thi")
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    page.locator("#cau-1 .option").nth(0).click()
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem lại trước khi nộp")
    expect(page.locator("main")).to_contain_text("Đã lưu 1/5 câu trả lời")
    page.get_by_role("link", name="Làm tiếp").click()
    page.locator("#cau-2 .option").nth(1).click()
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.locator(".facts").first).to_contain_text("2/5")


def test_sitting_by_keyboard_only(visit: Arrive, small_site: str) -> None:
    visitor = visit(small_site, "desk").sign_in("P11", PASSWORD)
    page = visitor.start()
    page.locator("#cau-1 input").first.focus()
    page.keyboard.press("ArrowDown")
    visitor.wait_saved()
    assert chosen(page)[0] == "B"
    page.locator("#finish").focus()
    page.keyboard.press("Enter")
    for _link_to_an_unanswered_question in range(QUESTIONS - 1):
        page.keyboard.press("Tab")
    expect(page.locator("#really")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Biên nhận bài thi")


def test_what_holds_the_focus_is_never_under_the_bar_or_the_words(visit: Arrive, small_site: str) -> None:
    visitor = visit(small_site).sign_in("P5", PASSWORD)
    page = visitor.start()
    visitor.context.set_offline(True)
    visitor.choose(1, "A")
    expect(page.locator("#advice")).to_be_visible()
    covered = """() => {
        const focus = document.activeElement.getBoundingClientRect();
        const bar = document.querySelector(".sitting-bar").getBoundingClientRect();
        const words = document.querySelector(".sitting-words").getBoundingClientRect();
        return focus.top < bar.bottom - 1 || focus.bottom > words.top + 1;
    }"""
    for key in ("Tab",) * QUESTIONS + ("Shift+Tab",) * (QUESTIONS - 1):
        page.keyboard.press(key)
        page.wait_for_timeout(50)
        assert not page.evaluate(covered), page.evaluate("document.activeElement.outerHTML")
