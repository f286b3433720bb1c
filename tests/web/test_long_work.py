"""Long work on its way, on its pages: the bar, stopping it and having it begun again, by those who may decide."""

from __future__ import annotations

import pytest
from flask import Flask

from quiz.permissions import Role
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, COLLEAGUE, PARTICIPANT, STAFF, words
from tests.web.test_rulings import dealt, propose

WEEK = "/ban-to-chuc/tuan-1"


@scenes.laid_out
def marked(app: Flask) -> dict[str, int]:
    """A week that two people sat, marked."""
    ids = scenes.lay_out(app)
    scenes.sit(app, ids[PARTICIPANT], right=3)
    scenes.sit(app, ids[COLLEAGUE], right=5)
    scenes.mark(app, AFTER)
    return ids


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    clock.now = AFTER
    return marked(app)


@pytest.mark.parametrize("work", ["phan-tich", "ra-soat", "ruling"])
def test_work_is_stopped_and_begun_again_on_its_page(app: Flask, ids: dict[str, int], work: str) -> None:
    organiser = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    page = propose(organiser, dealt(app, ids[PARTICIPANT])[0]) if work == "ruling" else f"{WEEK}/{work}"
    progress = f"{page}/tien-do"
    inspector = PageClient(app).sign_in(STAFF[Role.INSPECTOR])
    for reader, may in ((organiser, True), (inspector, False)):
        shown = reader.get(page)
        assert "<progress" in shown
        assert ("Dừng lại" in shown) is may
    assert organiser.http.get(progress).json == {"state": "waiting", "percent": 0}
    assert organiser.post(progress, {"act": "stop"}) == page
    assert inspector.http.get(progress).json == {"state": "stopped", "percent": 0}
    shown = words(inspector.get(page))
    assert "đã được dừng" in shown
    assert "Làm lại từ đầu" not in shown
    assert "Hãy tải lại trang" in words(organiser.post(progress, {"act": "stop"}, 409))
    assert "Làm lại từ đầu" in organiser.get(page)
    assert organiser.post(progress, {"act": "begin"}) == page
    assert "<progress" in organiser.get(page)
