"""Everyone's pages: what they say before, during and after a week."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask

from quiz.permissions import Role
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient


def test_front_page_of_an_empty_installation_says_what_to_do(app: Flask) -> None:
    assert "Chưa có hội thi nào" in PageClient(app).get("/")


def test_front_page_says_which_week_is_open_and_until_when(app: Flask, clock: Clock) -> None:
    with app.app_context():
        makers.load_contest()
    clock.now = makers.WEEK_1
    page = PageClient(app).get("/")
    assert "Tuần 1 đang mở" in page
    assert "17 giờ 00 phút, thứ Sáu ngày 11/10/2024" in page
    clock.now = makers.WEEK_1 - timedelta(milliseconds=1)
    assert "Tuần 1 sắp mở" in PageClient(app).get("/")
    clock.now = makers.WEEK_2_ENDS
    assert "Hội thi đã kết thúc" in PageClient(app).get("/")


RULES = makers.CONTEST.replace(
    "paper: {questions: 5, minutes: 10}",
    """paper: {questions: 5, minutes: 10, quotas: [{topic: chung, count: 2}]}
practice: {opens: 2024-10-01 08:00, closes: 2024-10-02 17:00}
hours: {from: "08:00", until: "17:00", days: [mon, tue, wed, thu, fri]}
round_word: Đợt
divisions:
  - {code: can-bo, name: Cán bộ}
  - {code: nguoi-dan, name: Người dân, ranking: [score, lot], paper: {minutes: 15}}""",
)


def test_rules_page_prints_the_whole_rule_book_with_names_of_topics(app: Flask) -> None:
    with app.app_context():
        makers.load_contest(RULES)
    page = PageClient(app).get("/the-le")
    headings = re.findall(r"<h2>(.*?)</h2>", page)
    assert [heading for heading in headings if "xếp hạng" in heading] == [
        "Cách xếp hạng: Cán bộ",
        "Cách xếp hạng: Người dân",
    ]
    steps = [re.findall(r"<li>(.*?)</li>", chain) for chain in re.findall(r"<ol>(.*?)</ol>", page, re.DOTALL)]
    assert [len(chain) for chain in steps] == [4, 2]
    assert "<li>Cơ cấu đề: 2 câu về Chủ đề chung; 3 câu thuộc bất kỳ chủ đề, mức độ nào.</li>" in page
    assert "<li>Người dân – Mỗi đề thi gồm 5 câu hỏi trắc nghiệm, làm trong 15 phút, " in page
    assert "<li>Mỗi người được thi một lần mỗi đợt.</li>" in page
    assert "<li>Đợt 1: mở lúc 8 giờ 00 phút, thứ Hai ngày 07/10/2024; " in page
    assert "<li>Thi thử: mở lúc 8 giờ 00 phút, thứ Ba ngày 01/10/2024; " in page
    assert "<dt>Đợt 1</dt>" in page


def test_participation_names_one_threshold_for_a_kind_or_each_agencys_own(app: Flask, clock: Clock) -> None:
    by_size = "city: [{below: 5, percent: 30}, {percent: 20}]"
    ids = scenes.lay_out(app, contest=makers.CONTEST.replace("city: 70", by_size))
    scenes.sit(app, ids[scenes.PARTICIPANT])
    scenes.publish(app, scenes.AFTER, ids[scenes.STAFF[Role.ORGANISER]])
    clock.now = scenes.AFTER
    table = scenes.rows(PageClient(app).get("/ty-le-tham-gia"), "Bảng tỷ lệ tham gia")
    assert [[row[0], row[-1]] for row in table] == [
        ["Cơ quan, đơn vị thuộc thành phố"] * 2,
        ["Chi cục Văn thư", "Còn thiếu 1 người chỉ tiêu 30%"],
        ["Sở Nội vụ", "Còn thiếu 1 người chỉ tiêu 20%"],
        ["Cơ quan Trung ương trên địa bàn – chỉ tiêu 50%"] * 2,
        ["Cục Thuế", "Còn thiếu 1 người"],
    ]
