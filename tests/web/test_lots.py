"""Drawing lots in the hall: one organiser types the value, another signs it, and everybody reads how it was drawn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from quiz.permissions import Role
from quiz.services import heads, reading
from quiz.services.lot_ties import tickets
from tests import makers
from tests.conftest import Clock
from tests.services.results_scene import CLOSED, DAY, MINUTE, mark
from tests.web.client import PageClient

EVENT = "Giải đặc biệt xổ số ngày thứ Hai sau khi tuần thi đóng"
VALUE = "Giải đặc biệt 90817"
PAGE = "/ban-to-chuc/tuan-1/boc-tham"
TYPED = {"value": VALUE, "again": " Giải đặc biệt  90817", "number": "7/BB-BTC", "reason": "Bốc thăm theo thể lệ"}
LATER = CLOSED + timedelta(hours=3)


@pytest.fixture
def tied(app: Flask, clock: Clock) -> list[str]:
    """A marked week in which three people are equal at one first prize; their receipt codes."""
    clock.now = LATER
    with app.app_context():
        prizes = "prizes:\n  - {name: Giải Nhất, count: 1}\nparticipation"
        before, _, after = makers.CONTEST.partition("prizes:\n")
        contest = before + prizes + after.partition("participation")[2] + f"lot: {{event: {EVENT}}}\n"
        makers.load_contest(contest)
        agency = makers.add_agency("SNV")
        codes = [makers.sit(makers.add_person(code, agency, f"Lê Thị {code}"), DAY, MINUTE) for code in "ABC"]
        mark()
        for code, role in (("TC01", Role.ORGANISER), ("TC02", Role.ORGANISER), ("GS01", Role.INSPECTOR)):
            makers.add_person(code, agency, f"Đỗ {code}", [role])
    return sorted(codes)


def grouped(code: str) -> str:
    """A code as pages show it."""
    return " ".join(code[place : place + 4] for place in range(0, 16, 4))


def seen_on(page: str) -> str:
    """What the form sends back to say what was looked at."""
    return page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]


def publish(client: PageClient, reason: str = "") -> str:
    """Publish what the desk shows; the public page."""
    seen = seen_on(client.get("/ban-to-chuc/tuan-1"))
    client.post("/ban-to-chuc/tuan-1/cong-bo", {"seen": seen, "checked": "y", "reason": reason})
    return client.get("/ket-qua/tuan-1")


def test_a_lot_is_drawn_before_witnesses(app: Flask, clock: Clock, tied: list[str]) -> None:
    client, other = PageClient(app).sign_in("TC01"), PageClient(app).sign_in("TC02")
    assert f'Chờ bốc thăm theo <span lang="vi">“{EVENT}”' in client.get("/ban-to-chuc/tuan-1")
    assert f'3 người bằng nhau, chờ bốc thăm theo <span lang="vi">“{EVENT}”' in publish(client)
    page = client.get(PAGE)
    assert EVENT in page
    assert [grouped(code) in page for code in tied] == [True] * 3
    assert "Lê Thị" not in page
    assert "chưa giống nhau" in client.post(PAGE, TYPED | {"again": "90818"}, 422)
    client.post(PAGE, TYPED)
    path = "/ban-to-chuc/boc-tham/1"
    assert "không tự duyệt được" in client.get(path)
    other.post(f"{path}/duyet", {"seen": seen_on(other.get(path)), "checked": "y"})
    page = other.get(path)
    order = tickets(tied, VALUE)
    shown = [page.index(text) for code, ticket in order for text in (grouped(code), ticket[:8])]
    assert shown == sorted(shown)
    clock.now += MINUTE
    with app.app_context():
        mark(clock.now)
    public = publish(other, "Bốc thăm giải Nhất")
    section = public.partition('id="boc-tham"')[2].partition("</section>")[0]
    assert [text in section for text in (EVENT, VALUE, "7/BB-BTC", *(ticket for _, ticket in order))] == [True] * 6
    assert "chờ bốc thăm" not in public.partition('id="boc-tham"')[0]


def test_the_hall_sees_the_head_that_no_lot_can_change(app: Flask, tied: list[str]) -> None:
    page = PageClient(app).sign_in("TC01").get(PAGE)
    with app.app_context():
        [head] = heads.newest(reading(), makers.week(reading()), 1)
    assert "Mã đầu chuỗi cuối cùng, đã cố định trước khi bốc thăm" in page
    assert head.head in page.replace(" ", "")


def test_the_inspector_reads_and_the_rules_page_says_it(app: Flask, tied: list[str]) -> None:
    page = PageClient(app).sign_in("GS01").get(PAGE)
    assert grouped(tied[0]) in page
    assert "Gửi người thứ hai duyệt" not in page
    rules = PageClient(app).get("/the-le")
    assert f"“{EVENT}”" in rules
    assert "Cam kết bốc thăm" not in rules
