"""The inspector's page: every act in order, page by page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from quiz.models import db
from quiz.models.audit import DbAuditEntry
from quiz.permissions import Role
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import DURING, STAFF, rows, words

LOG = "/giam-sat/nhat-ky"


def add_entries(app: Flask, count: int) -> None:
    """So many acts, a second apart, with their number as reason."""
    with app.app_context():
        db.session.add_all(
            DbAuditEntry(at=DURING + timedelta(seconds=number), act="bar_person", facts="{}", reason=f"số {number}")
            for number in range(1, count + 1)
        )
        db.session.commit()


@pytest.fixture
def inspector(app: Flask) -> PageClient:
    """An inspector, signed in."""
    scenes.lay_out(app)
    return PageClient(app).sign_in(STAFF[Role.INSPECTOR])


def test_log_tells_who_did_what_when_with_facts_and_reason(app: Flask, clock: Clock, inspector: PageClient) -> None:
    clock.now = DURING
    coordinator = PageClient(app).sign_in(STAFF[Role.COORDINATOR])
    with app.app_context():
        agency = scenes.everything(app)["agencies"][0][0]
    coordinator.post(f"/co-quan/{agency}/phieu-kich-hoat", status=200)
    inspector = PageClient(app).sign_in(STAFF[Role.INSPECTOR])
    page = inspector.get(LOG)
    table = rows(page, "Nhật ký hành động")
    assert table[0] == [
        *("09:00:00 07/10/2024", "Đỗ Coordinator", "In phiếu kích hoạt tài khoản", "cơ quan: SNV người: 0", "–"),
    ]
    assert [row[1:3] for row in table[1:]] == [
        ["Hệ thống (lệnh trên máy chủ)", "Nạp bộ câu hỏi"],
        ["Hệ thống (lệnh trên máy chủ)", "Nạp thể lệ hội thi"],
    ]
    assert "3 hành động, mới nhất trước." in words(page)


def test_log_has_fifty_acts_a_page_newest_first(app: Flask, inspector: PageClient) -> None:
    add_entries(app, 118)  # and two of the console
    reasons = [
        [row[4] for row in rows(inspector.get(f"{LOG}?trang={page}"), "Nhật ký hành động")] for page in (1, 2, 3)
    ]
    assert reasons == [
        [f"số {number}" for number in range(118, 68, -1)],
        [f"số {number}" for number in range(68, 18, -1)],
        [*(f"số {number}" for number in range(18, 0, -1)), "–", "–"],
    ]


def test_log_pages_lead_to_their_neighbours(app: Flask, inspector: PageClient) -> None:
    add_entries(app, 118)
    links = [re.findall(r'href="/giam-sat/nhat-ky\?trang=(\d+)"', inspector.get(f"{LOG}?trang={n}")) for n in (1, 2, 3)]
    assert links == [["2"], ["1", "3"], ["2"]]
    assert "Trang 2/3" in words(inspector.get(f"{LOG}?trang=2"))


def test_a_page_that_is_no_number_is_the_first(inspector: PageClient) -> None:
    for wanted in ("0", "-1", "x", "", "1.5", "%00", "9" * 5000):
        assert "Trang 1/1" in words(inspector.get(f"{LOG}?trang={wanted}"))


def test_a_page_beyond_the_last_is_empty(inspector: PageClient) -> None:
    for wanted in (2, 999, 2**31, 2**63, 10**30):
        assert "Chưa có hành động nào." in words(inspector.get(f"{LOG}?trang={wanted}"))


def test_what_was_typed_as_a_reason_is_text_on_one_line(app: Flask, inspector: PageClient) -> None:
    typed = "\r\n\x1b[31m<script>alert(1)</script>{{7*7}}"
    with app.app_context():
        db.session.add(DbAuditEntry(at=makers.BEFORE, act="bar_person", facts='{"person": "<b>"}', reason=typed))
        db.session.commit()
    page = inspector.get(LOG)
    assert rows(page, "Nhật ký hành động")[0][3:] == ["cán bộ: <b>", "\x1b[31m<script>alert(1)</script>{{7*7}}"]
    assert "<b>" not in page
