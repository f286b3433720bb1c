"""The pages of the item analysis: for those who may see results, after marking, with the workbook."""

from __future__ import annotations

import pytest
from flask import Flask

from quiz.permissions import Role
from quiz.services import documents, item_report
from quiz.services.document_makers import MAKERS
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, COLLEAGUE, PARTICIPANT, STAFF, words

ADDRESS = "/ban-to-chuc/tuan-1/phan-tich"


@pytest.fixture
def desk(app: Flask, clock: Clock) -> PageClient:
    """An organiser, after a week in which two people have sat and which is not marked yet."""
    ids = scenes.lay_out(app)
    scenes.sit(app, ids[PARTICIPANT], right=3, blank=1)
    scenes.sit(app, ids[COLLEAGUE], right=5)
    clock.now = AFTER
    return PageClient(app).sign_in(STAFF[Role.ORGANISER])


def analyse(app: Flask) -> None:
    scenes.mark(app, AFTER)
    with app.app_context():
        item_report.analyse_due(lambda: AFTER)


def test_nothing_is_said_before_the_week_is_marked(app: Flask, desk: PageClient) -> None:
    assert "chưa được chấm" in desk.get(ADDRESS, 409)
    scenes.mark(app, AFTER)
    assert "Đang phân tích các câu hỏi" in desk.get(ADDRESS)
    assert "đang được phân tích" in desk.post(f"{ADDRESS}/bang-tinh", status=409)


def test_the_figures_of_all_and_of_one(app: Flask, desk: PageClient) -> None:
    analyse(app)
    page = words(desk.get(ADDRESS))
    assert "2 lượt thi được xếp hạng, mỗi người một lượt" in page
    assert "Điểm trung bình 4,00" in page
    assert "Không có câu nào cần xem lại." in page, "two attempts are no reason for remarks"
    for order in ("ma", "de", "phan-biet", "luot", "khong-co"):
        assert "T-0" in desk.get(f"{ADDRESS}?xep={order}")
    with app.app_context():
        found = item_report.find(item_report.reading(), scenes.makers.week(item_report.reading()), "")
    assert found
    one = found.analysis.questions[0].question.id
    assert "Bỏ trống" in words(desk.get(f"{ADDRESS}/{one}"))
    assert desk.get(f"{ADDRESS}/T-999", 404)


def test_the_workbook_is_made_in_the_background(app: Flask, desk: PageClient) -> None:
    analyse(app)
    address = desk.post(f"{ADDRESS}/bang-tinh", status=302)
    with app.app_context():
        assert documents.make_waiting(MAKERS, lambda: AFTER) == 1
    assert "Phân tích câu hỏi Tuần 1.xlsx" in words(desk.get(address))


def test_an_inspector_may_read_it_too(app: Flask, desk: PageClient) -> None:
    analyse(app)
    assert "Từng câu hỏi" in PageClient(app).sign_in(STAFF[Role.INSPECTOR]).get(ADDRESS)
