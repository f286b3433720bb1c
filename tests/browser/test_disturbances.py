"""Everything that disturbs a sitting, done to a real browser: no answer is lost, by the sheet that the server holds.

The server's clock and the page's can be put forward. The table of all of it is docs/disturbances.md.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select, update

from quiz import clock
from quiz.models import db
from quiz.models.attempts import DbAttempt
from quiz.models.people import DbPerson
from tests.browser.conftest import Arrive, Visitor, free_port, granian, serving, small_contest
from tests.browser.test_sitting import chosen, hand_in
from tests.makers import PASSWORD

UNSAVED = "Chưa lưu: mất kết nối, đang thử lại"
CARRY_ON = "Cứ làm tiếp, không tải lại trang"
RESUME_SECONDS = 5
MINUTES = timedelta(minutes=1)
LATE = 10 * MINUTES + timedelta(seconds=6)


class Place:
    """A small contest on a server whose clock can be put forward, and what that server holds."""

    def __init__(self, folder: Path) -> None:
        self.ahead = timedelta(0)
        self.app: Flask = small_contest(folder, now=self.now)
        self.address = ""

    def now(self) -> datetime:
        """The server's time."""
        return clock.now() + self.ahead

    def attempts(self, who: str) -> list[DbAttempt]:
        """Every attempt of a person, as stored."""
        with self.app.app_context():
            rows = select(DbAttempt).join(DbPerson, DbPerson.id == DbAttempt.person_id)
            return list(db.session.scalars(rows.where(DbPerson.staff_code == who)))

    def stored(self, who: str) -> list[str]:
        """The answers of their only attempt, as stored."""
        (attempt,) = self.attempts(who)
        return list(json.loads(attempt.answers or "[]"))

    def give_time(self, who: str, more: timedelta) -> None:
        """Move the deadline of their only attempt, as a decision does."""
        (attempt,) = self.attempts(who)
        ends = {"deadline_at": attempt.deadline_at + more, "accept_until": attempt.accept_until + more}
        with self.app.app_context():
            db.session.execute(update(DbAttempt).where(DbAttempt.code == attempt.code).values(ends))
            db.session.commit()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One server for this module: its clock only ever goes forward."""
    made = Place(tmp_path_factory.mktemp("disturbed"))
    with serving(made.app) as made.address:
        yield made


def begin(visitor: Visitor, who: str, virtual_time: bool = False) -> Page:
    """Somebody signed in with their paper before them, the page's time in the test's hands where wanted."""
    if virtual_time:
        visitor.page.clock.install()
    visitor.sign_in(who, PASSWORD)
    return visitor.start()


def wait_receipt(page: Page) -> None:
    """Until the receipt is there."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Biên nhận bài thi", timeout=15000)


@contextmanager
def saved_in_time(visitor: Visitor) -> Iterator[None]:
    """What is done here brings the network back: everything is saved within five seconds, without a reload."""
    visitor.page.evaluate("window.same = true")
    yield
    back = time.monotonic()
    visitor.wait_saved()
    assert time.monotonic() - back < RESUME_SECONDS
    assert visitor.page.evaluate("window.same")
    expect(visitor.page.locator("#advice")).to_be_hidden()


def test_network_gone_for_five_minutes(visit: Arrive, place: Place) -> None:
    visitor = visit(place.address)
    page = begin(visitor, "P1", virtual_time=True)
    visitor.choose(1, "A")
    visitor.wait_saved()
    visitor.context.set_offline(True)
    visitor.choose(2, "B")
    expect(page.locator("#saved")).to_have_text(UNSAVED)
    expect(page.locator("#advice")).to_contain_text(CARRY_ON)
    expect(page.locator("#announcer")).to_contain_text(CARRY_ON)
    place.ahead += 5 * MINUTES
    page.clock.run_for("05:00")
    visitor.choose(3, "C")
    assert place.stored("P1") == ["A", "", "", "", ""]
    with saved_in_time(visitor):
        visitor.context.set_offline(False)
    assert place.stored("P1") == ["A", "B", "C", "", ""]
    expect(page.locator("#announcer")).to_have_text("Đã lưu tất cả")


def test_network_that_swallows_everything_without_a_word(visit: Arrive, place: Place) -> None:
    visitor = visit(place.address)
    page = begin(visitor, "P2", virtual_time=True)
    swallowed: list[Route] = []
    lasts = [True]
    page.route("**/luu", lambda route: swallowed.append(route) if lasts[0] else route.continue_())
    visitor.choose(1, "A")
    for tries in range(1, 4):
        while len(swallowed) < tries:
            page.wait_for_timeout(20)
        page.clock.run_for(11_000)
        expect(page.locator("#saved")).to_have_text(UNSAVED)
        page.clock.run_for(1_300)
    while len(swallowed) < 4:
        page.wait_for_timeout(20)
    with saved_in_time(visitor):
        lasts[0] = False
    assert place.stored("P2") == ["A", "", "", "", ""]


def test_reload_with_answers_that_could_not_be_sent(visit: Arrive, place: Place) -> None:
    visitor = visit(place.address)
    page = begin(visitor, "P3")
    visitor.choose(1, "A")
    visitor.wait_saved()
    visitor.context.set_offline(True)
    visitor.choose(2, "D")
    expect(page.locator("#saved")).to_have_text(UNSAVED)
    address = page.url
    page.close()
    visitor.context.set_offline(False)
    visitor.page = visitor.tab()
    for _visit in ("brought back by the device", "and by the server"):
        visitor.page.goto(address)
        visitor.wait_saved()
        assert chosen(visitor.page) == place.stored("P3") == ["A", "D", "", "", ""]
        assert visitor.page.evaluate("localStorage.length") == 0


def test_back_and_forward_during_the_sitting_and_after_it(visit: Arrive, place: Place) -> None:
    visitor = visit(place.address)
    page = begin(visitor, "P4")
    visitor.choose(1, "A")
    visitor.wait_saved()
    page.go_back()
    page.go_forward()
    page.locator("#paper").wait_for()
    assert chosen(page) == place.stored("P4") == ["A", "", "", "", ""]
    visitor.choose(2, "B")
    hand_in(page)
    page.go_back()
    expect(page.locator("#paper")).to_have_count(0)
    page.go_forward()
    wait_receipt(page)
    assert place.stored("P4") == ["A", "B", "", "", ""]


def test_double_click_on_start_and_on_handing_in(visit: Arrive, place: Place) -> None:
    visitor = visit(place.address).sign_in("P5", PASSWORD)
    page = visitor.open("/thi")
    page.get_by_role("button", name="Bắt đầu làm bài").dblclick()
    page.locator("#paper").wait_for()
    visitor.choose(1, "C")
    page.get_by_role("button", name="Xem lại và nộp bài").dblclick()
    page.locator("#really").dblclick()
    wait_receipt(page)
    (attempt,) = place.attempts("P5")
    assert (json.loads(attempt.answers)[0], attempt.ended_by) == ("C", "person")


def test_two_tabs_take_over_what_the_other_has_saved(visit: Arrive, place: Place) -> None:
    visitor = visit(place.address)
    first = begin(visitor, "P6")
    second = visitor.tab()
    second.goto(place.address + "/thi")
    second.get_by_role("link", name="Làm tiếp bài đang dở").click()
    second.locator("#cau-1 .option", has=second.locator("[value=B]")).click()
    expect(second.locator("#saved")).to_have_text("Đã lưu tất cả")
    visitor.choose(2, "C")
    expect(first.locator("#advice")).to_have_text(
        "Bài này còn được làm ở cửa sổ hoặc thiết bị khác. Trang đã lấy thêm những câu đã lưu ở đó."
    )
    visitor.wait_saved()
    assert chosen(first) == place.stored("P6") == ["B", "C", "", "", ""]
    second.locator("#cau-2 .option", has=second.locator("[value=D]")).click()
    expect(second.locator("#advice")).to_contain_text("Câu đã được trả lời khác ở đó, hãy xem lại: 2.")
    expect(second.locator("#saved")).to_have_text("Đã lưu tất cả")
    assert chosen(second) == place.stored("P6") == ["B", "C", "", "", ""]


def test_two_devices_of_which_one_was_without_a_network(visit: Arrive, place: Place) -> None:
    phone = visit(place.address)
    begin(phone, "P7")
    phone.choose(1, "C")
    phone.wait_saved()
    desk = visit(place.address, "desk").sign_in("P7", PASSWORD)
    desk.open("/thi")
    desk.page.get_by_role("link", name="Làm tiếp bài đang dở").click()
    desk.page.locator("#paper").wait_for()
    assert chosen(desk.page) == ["C", "", "", "", ""]
    phone.context.set_offline(True)
    phone.choose(2, "A")
    expect(phone.page.locator("#saved")).to_have_text(UNSAVED)
    desk.choose(3, "B")
    desk.choose(4, "D")
    desk.wait_saved()
    phone.context.set_offline(False)
    phone.wait_saved()
    assert chosen(phone.page) == place.stored("P7") == ["C", "A", "B", "D", ""]


def test_laptop_asleep_until_before_the_deadline(visit: Arrive, place: Place) -> None:
    visitor = visit(place.address, "desk")
    page = begin(visitor, "P8", virtual_time=True)
    visitor.choose(1, "A")
    visitor.wait_saved()
    sleep(visitor, place, 4 * MINUTES)
    expect(page.locator("#clock")).to_contain_text("5:")
    visitor.choose(2, "B")
    visitor.wait_saved()
    assert place.stored("P8") == ["A", "B", "", "", ""]


def test_laptop_asleep_until_after_the_deadline(visit: Arrive, place: Place) -> None:
    visitor = visit(place.address, "desk")
    page = begin(visitor, "P9", virtual_time=True)
    visitor.choose(1, "A")
    visitor.wait_saved()
    sleep(visitor, place, LATE)
    wait_receipt(page)
    assert place.stored("P9") == ["A", "", "", "", ""]


def sleep(visitor: Visitor, place: Place, lasts: timedelta) -> None:
    """The lid is closed: the page is frozen and its own timer stands still, while everybody else's time goes on."""
    page = visitor.page
    cdp = visitor.context.new_cdp_session(page)
    cdp.send("Page.setWebLifecycleState", {"state": "frozen"})
    place.ahead += lasts
    cdp.send("Page.setWebLifecycleState", {"state": "active"})
    page.clock.set_system_time(clock.now() + lasts)


def test_deadline_passes_while_there_is_no_network(visit: Arrive, place: Place) -> None:
    visitor = visit(place.address)
    page = begin(visitor, "P10", virtual_time=True)
    visitor.choose(1, "A")
    visitor.wait_saved()
    visitor.context.set_offline(True)
    visitor.choose(2, "B")
    expect(page.locator("#saved")).to_have_text(UNSAVED)
    place.ahead += LATE
    page.clock.run_for("10:06")
    expect(page.locator("#saved")).to_contain_text("Các câu đã lưu vẫn được tính")
    assert page.evaluate("document.getElementById('paper').inert")
    visitor.context.set_offline(False)
    wait_receipt(page)
    expect(page.locator("main")).to_contain_text("Bài thi kết thúc khi hết giờ; những câu đã lưu được tính.")
    assert place.stored("P10") == ["A", "", "", "", ""]
    assert page.evaluate("localStorage.length") == 0


def test_time_runs_out_in_front_of_the_page(visit: Arrive, place: Place) -> None:
    visitor = visit(place.address)
    page = begin(visitor, "P11", virtual_time=True)
    for passes, spoken, label in ((301, "Còn 5 phút.", "Sắp hết"), (240, "Còn 1 phút.", "Phút cuối")):
        place.ahead += timedelta(seconds=passes)
        page.clock.run_for(passes * 1000)
        expect(page.locator("#announcer")).to_have_text(spoken)
        expect(page.locator("#clock-label")).to_have_text(label)
    visitor.choose(5, "D")
    place.ahead += MINUTES
    page.clock.run_for("01:00")
    wait_receipt(page)
    assert place.stored("P11") == ["", "", "", "", "D"]


def test_time_given_back_is_known_before_the_page_hands_in(visit: Arrive, place: Place) -> None:
    visitor = visit(place.address)
    page = begin(visitor, "P12", virtual_time=True)
    place.give_time("P12", 15 * MINUTES)
    place.ahead += LATE
    page.clock.run_for("10:01")
    expect(page.locator("#clock")).to_contain_text("14:")
    visitor.choose(1, "A")
    visitor.wait_saved()
    (attempt,) = place.attempts("P12")
    assert (attempt.handed_in_at, place.stored("P12")) == (None, ["A", "", "", "", ""])


def test_handing_in_without_a_network_waits_for_it(visit: Arrive, place: Place) -> None:
    visitor = visit(place.address)
    page = begin(visitor, "P13")
    visitor.context.set_offline(True)
    visitor.choose(1, "A")
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    page.locator("#really").click()
    expect(page.locator("#saved")).to_contain_text("Chưa nộp được vì mất kết nối")
    visitor.context.set_offline(False)
    wait_receipt(page)
    assert place.stored("P13") == ["A", "", "", "", ""]


def test_session_that_ends_keeps_the_answers_on_the_device(visit: Arrive, place: Place) -> None:
    visitor = visit(place.address)
    page = begin(visitor, "P14")
    visitor.context.clear_cookies()
    visitor.choose(1, "B")
    expect(page.locator("#trouble")).to_contain_text("Phiên đăng nhập đã hết")
    page.get_by_role("link", name="Đăng nhập lại").click()
    page.fill("#identifier", "P14")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.locator("#paper").wait_for()
    visitor.wait_saved()
    assert chosen(page) == place.stored("P14") == ["B", "", "", "", ""]
    visitor.errors.clear()  # the refused save is a 400 in the console


def test_server_killed_and_started_again(visit: Arrive, tmp_path: Path) -> None:
    place, port = Place(tmp_path), free_port()
    with granian(tmp_path, port) as server:
        visitor = visit(f"http://127.0.0.1:{port}")
        begin(visitor, "P15")
        visitor.choose(1, "A")
        visitor.wait_saved()
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        visitor.choose(2, "B")
        expect(visitor.page.locator("#saved")).to_have_text(UNSAVED)
    with saved_in_time(visitor), granian(tmp_path, port):
        visitor.wait_saved()
    assert place.stored("P15") == ["A", "B", "", "", ""]
