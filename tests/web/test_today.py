"""The Today page: due things as sentences with links, in order, and what an inspector reads of them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from quiz.models import db
from quiz.models.contests import DbBarred
from quiz.permissions import Role
from quiz.services import heartbeats, transaction
from quiz.services.heartbeats import Part
from quiz.web import today as pages_today
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, DURING, STAFF, words

TODAY = "/ban-to-chuc"
SECOND_ORGANISER = "TC02"


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """A contest that has all it needs: a second organiser, and somebody who may not take part."""
    made = scenes.lay_out(app)
    with app.app_context():
        made[SECOND_ORGANISER] = makers.add_person(SECOND_ORGANISER, made["SNV"], "Đỗ Hai", [Role.ORGANISER])
        db.session.add(DbBarred(contest_id=1, person_id=made[scenes.STRANGER], group_code="ban-to-chuc"))
        db.session.commit()
    return made


def beat(app: Flask, clock: Clock) -> None:
    """The scheduler is at work."""
    with app.app_context(), transaction() as session:
        heartbeats.beat(session, Part.CLOCK, clock.now)


def due(html: str) -> list[tuple[str, str, str]]:
    """How urgent, the sentence, and the address of the link, '' for none."""
    part = html.partition('<ol class="due">')[2].partition("</ol>")[0]
    found = re.findall(
        r'<li class="due-(\w+)">.*?</span> (?:<a href="([^"]*)"[^>]*>|<span[^>]*>)(.*?)</', part, re.DOTALL
    )
    return [(urgency, unescape(sentence), address) for urgency, address, sentence in found]


def test_an_hour_and_forty_minutes_before_the_closing(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    scenes.promise(app)
    clock.now = makers.WEEK_1_ENDS - timedelta(minutes=100)
    page = PageClient(app).sign_in(STAFF[Role.ORGANISER]).get(TODAY)
    never = "Bộ lập lịch chưa chạy lần nào: tuần thi không được chấm, thư và tài liệu không được gửi."
    closing = "Tuần 1 đóng lúc 17 giờ 00 phút, thứ Sáu ngày 11/10/2024, còn 1 giờ 40 phút."
    assert due(page)[:3] == [
        ("now", closing, "/ban-to-chuc/theo-doi"),
        ("now", "3/3 cơ quan, đơn vị chưa đạt chỉ tiêu tham gia khi tuần 1 sắp đóng.", "/ban-to-chuc/theo-doi"),
        ("now", never, "/ban-to-chuc/theo-doi"),
    ]


def test_nothing_due_says_what_comes_next(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    scenes.promise(app)
    scenes.promise(app, 2)
    clock.now = DURING
    beat(app, clock)
    client = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    page = client.get(TODAY)
    left = [sentence for _, sentence, _ in due(page)]
    assert left == ["3/3 cơ quan, đơn vị chưa xác nhận số liệu trước khi tuần 2 mở."]
    clock.now = makers.WEEK_2 + timedelta(hours=1)
    beat(app, clock)
    scenes.publish(app, clock.now, ids[STAFF[Role.ORGANISER]])
    page = PageClient(app).sign_in(STAFF[Role.ORGANISER]).get(TODAY)
    assert due(page) == []
    assert (
        "Không có việc nào đến hạn. Tiếp theo: Tuần 2 đóng lúc 17 giờ 00 phút, thứ Sáu ngày 18/10/2024, "
        "còn 4 ngày 8 giờ." in words(page)
    )
    clock.now = makers.WEEK_2_ENDS + timedelta(hours=1)
    beat(app, clock)
    scenes.publish(app, clock.now, ids[STAFF[Role.ORGANISER]], 2)
    page = PageClient(app).sign_in(STAFF[Role.ORGANISER]).get(TODAY)
    assert "Không có việc nào đến hạn. Hội thi không còn tuần nào sắp mở." in words(page)


def test_an_inspector_reads_what_is_due_and_is_led_nowhere_closed(
    app: Flask, clock: Clock, ids: dict[str, int]
) -> None:
    clock.now = makers.WEEK_1 - timedelta(hours=20)
    inspector = PageClient(app).sign_in(STAFF[Role.INSPECTOR])
    found = {sentence: address for _, sentence, address in due(inspector.get(TODAY))}
    assert "chưa xác nhận số liệu trước khi tuần 1 mở." in " ".join(found)
    assert [address for sentence, address in found.items() if "xác nhận số liệu" in sentence] == [""]
    for address in filter(None, found.values()):
        inspector.get(address)
    organiser = due(PageClient(app).sign_in(STAFF[Role.ORGANISER]).get(TODAY))
    assert {sentence for _, sentence, _ in organiser} == set(found)
    assert all(address for _, _, address in organiser)


def test_the_page_is_told_in_english(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    clock.now = makers.WEEK_1_ENDS - timedelta(minutes=100)
    client = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    client.http.set_cookie("language", "en")
    closing = "Week 1 closes at 17:00, Friday 11/10/2024; 1 h 40 min left."
    assert closing in [sentence for _, sentence, _ in due(client.get(TODAY))]


def test_results_wait_to_be_checked_from_marking_to_publishing(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    scenes.sit(app, ids[scenes.PARTICIPANT])
    clock.now = AFTER
    beat(app, clock)
    scenes.mark(app, AFTER)
    client = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    waiting = ("today", "Tuần 1: xếp hạng tạm thời chờ kiểm tra và công bố.", "/ban-to-chuc/tuan-1")
    assert waiting in due(client.get(TODAY))
    scenes.publish(app, AFTER, ids[STAFF[Role.ORGANISER]])
    assert waiting not in due(client.get(TODAY))


def test_every_unit_that_is_left_has_its_english(app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": "language=en"}):
        lengths = (timedelta(seconds=5), timedelta(days=2, hours=3), timedelta(hours=1, minutes=40))
        assert [pages_today.left(length) for length in lengths] == ["less than 1 min", "2 d 3 h", "1 h 40 min"]
