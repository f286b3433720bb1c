"""The inspector's page: every act in order, page by page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from quiz.models import db
from quiz.models.audit import DbAuditEntry
from quiz.models.people import DbPerson
from quiz.permissions import Role
from quiz.services import audit, audit_check, reading, transaction
from quiz.services.audit import Act
from quiz.verification.audit_chain import GENESIS
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import DURING, STAFF, rows, words

LOG = "/giam-sat/nhat-ky"


def add_entries(app: Flask, count: int) -> None:
    """So many acts, a second apart, with their number as reason."""
    with app.app_context(), transaction(makers.CONSOLE) as session:
        for number in range(1, count + 1):
            at = DURING + timedelta(seconds=number)
            audit.record(session, Act.SET_PASSPHRASE, makers.CONSOLE, at, reason=f"số {number}", contest="cchc")


def person_id(app: Flask, staff_code: str) -> int:
    with app.app_context():
        return reading().scalars(select(DbPerson.id).where(DbPerson.staff_code == staff_code)).one()


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
        *("3", "09:00:00 07/10/2024", "Đỗ Coordinator", "In phiếu kích hoạt tài khoản", "cơ quan: SNV người: 0", "–"),
    ]
    assert [row[2:4] for row in table[1:]] == [
        ["Hệ thống", "Nạp bộ câu hỏi"],
        ["Hệ thống", "Nạp thể lệ hội thi"],
    ]
    assert "3 hành động, mới nhất trước." in words(page)


def test_log_calls_roles_and_documents_by_their_names(app: Flask, inspector: PageClient) -> None:
    with app.app_context(), transaction(makers.CONSOLE) as session:
        audit.record(session, Act.GRANT_ROLE, makers.CONSOLE, DURING, person="CB-01", role=Role.INSPECTOR)
        asked = {"week": 1, "number": 1, "documents": "bien-ban, thong-bao"}
        audit.record(session, Act.ASK_LETTERS, makers.CONSOLE, DURING, **asked)
    letters, granted, *_ = (row[4] for row in rows(inspector.get(LOG), "Nhật ký hành động"))
    assert letters == "văn bản: Biên bản xác nhận kết quả, Thông báo kết quả lần: 1 tuần: 1"
    assert granted == "cán bộ: CB-01 vai trò: Giám sát"


def test_log_has_fifty_acts_a_page_newest_first(app: Flask, inspector: PageClient) -> None:
    add_entries(app, 118)  # and two of the console
    reasons = [
        [row[5] for row in rows(inspector.get(f"{LOG}?trang={page}"), "Nhật ký hành động")] for page in (1, 2, 3)
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
    with app.app_context(), transaction(makers.CONSOLE) as session:
        audit.record(session, Act.GRANT_ROLE, makers.CONSOLE, makers.BEFORE, reason=typed, person="<b>", role="<i>")
    page = inspector.get(LOG)
    told = ["cán bộ: <b> vai trò: <i>", "\x1b[31m<script>alert(1)</script>{{7*7}}"]
    assert rows(page, "Nhật ký hành động")[0][4:] == told
    assert "<b>" not in page


def test_a_search_finds_by_who_act_time_words_and_week_and_the_address_keeps_it(
    app: Flask, inspector: PageClient
) -> None:
    organiser = makers.Actor(person_id(app, STAFF[Role.ORGANISER]))
    with app.app_context(), transaction(organiser) as session:
        for week in (1, 11):
            at = DURING + timedelta(days=week)
            facts = {"week": week, "people": 3, "attempts": 4}
            audit.record(session, Act.MARK_WEEK, organiser, at, reason="Chấm lại cả tuần", **facts)
    add_entries(app, 60)
    for query, found in {
        "nguoi=do+organ": 2,
        "nguoi=tc01": 2,
        "nguoi=console": 0,
        "viec=mark_week": 2,
        "tuan=1": 1,
        "chu=cham+LAI": 2,
        "chu=cham+khong": 0,
        "tu=2024-10-08T09:00&den=2024-10-08T09:00": 1,
        "den=2024-10-07T09:00": 61,
        "viec=mark_week&tuan=11&chu=lại": 1,
        "viec=&nguoi=&tu=&den=&chu=&tuan=&trang=": 64,
    }.items():
        page = inspector.get(f"{LOG}?{query}")
        assert (query, f" {found} hành động" in words(page)) == (query, True)
    page = inspector.get(f"{LOG}?chu=S%E1%BB%91&viec=set_passphrase")
    assert re.findall(r'href="/giam-sat/nhat-ky\?([^"]*trang[^"]*)"', page) == [
        "trang=2&amp;viec=set_passphrase&amp;chu=S%E1%BB%91"
    ]
    assert 'value="Số"' in page
    assert "Không có hành động nào như vậy." in words(inspector.get(f"{LOG}?chu=zzz"))


def test_what_is_wrong_with_a_search_is_said_at_its_field(inspector: PageClient) -> None:
    for query, said in {
        "tu=hôm+qua": "Hãy ghi đủ ngày và giờ.",
        "den=0001-01-01T00:00": "Hãy ghi đủ ngày và giờ.",
        "tu=2024-10-08T09:01&den=2024-10-08T09:00": "Lúc này sớm hơn lúc bắt đầu tìm.",
        "tuan=mot": "Chỉ ghi chữ số, hoặc để trống.",
        "viec=fly": "Hãy chọn một mục trong danh sách.",
        f"chu={'x' * 201}": "Dài tối đa 200 ký tự.",
    }.items():
        page = inspector.get(f"{LOG}?{query}", status=422)
        assert (query, said in words(page), "Trang 1" in words(page)) == (query, True, False)
    for query in ("chu=%25_%5C%00", "nguoi=%25", "nguoi=%00"):
        inspector.get(f"{LOG}?{query}")


def test_one_entry_has_its_own_page_with_its_place_in_the_chain(app: Flask, inspector: PageClient) -> None:
    first, second = inspector.get(f"{LOG}/1"), inspector.get(f"{LOG}/2")
    with app.app_context():
        one, two = reading().scalars(select(DbAuditEntry.link).order_by(DbAuditEntry.id))
    assert (GENESIS in first, one in first, one in second, two in second) == (True,) * 4
    assert ("Hành động trước" in words(first), "Hành động sau" in words(first)) == (False, True)
    assert f"Mã của hành động mới nhất {two}" in words(inspector.get(LOG))
    for missing in ("0", "3", "x", str(2**31), str(2**70)):
        inspector.get(f"{LOG}/{missing}", status=404)


def test_the_last_check_is_shown_and_what_it_found(app: Flask, inspector: PageClient) -> None:
    assert "chưa có; hệ thống tự kiểm tra mỗi ngày một lần" in words(inspector.get(LOG))
    with app.app_context():
        audit_check.verify_daily(DURING)
        assert "nguyên vẹn đến hành động số 2" in words(inspector.get(LOG))
        db.session.execute(update(DbAuditEntry).where(DbAuditEntry.id == 1).values(reason="khác"))
        db.session.commit()
        audit_check.verify_daily(DURING + timedelta(days=1))
    assert "phát hiện: Mục 1 đã bị sửa" in words(inspector.get(LOG))
