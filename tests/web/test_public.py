"""Everyone's pages: what they say before, during and after a week."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from tests import makers
from tests.conftest import Clock
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
