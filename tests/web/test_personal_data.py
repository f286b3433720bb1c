"""Pages about personal data: the public notice, everybody's own copy and requests, the queue at the desk."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask

from quiz.models import db
from quiz.models.people import DbPerson
from quiz.permissions import Role
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, COLLEAGUE, DURING, PARTICIPANT, STAFF

NOTICE, OWN, DESK = "/du-lieu-ca-nhan", "/tai-khoan/du-lieu", "/ban-to-chuc/du-lieu-ca-nhan"


@scenes.laid_out
def published(app: Flask) -> dict[str, int]:
    """Week 1 published, with one attempt; nothing is open."""
    ids = scenes.lay_out(app)
    scenes.freeze(app, DURING)
    scenes.sit(app, ids[PARTICIPANT])
    scenes.publish(app, AFTER, ids[STAFF[Role.ORGANISER]])
    return ids


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    clock.now = AFTER + timedelta(hours=1)
    return published(app)


def test_the_notice_says_what_is_kept_why_and_for_how_long(app: Flask, ids: dict[str, int]) -> None:
    page = scenes.words(PageClient(app).get(NOTICE))
    for said in (
        "Điều 19 Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15",
        "Nghị định số 356/2025/NĐ-CP",
        "Đến 24 tháng sau khi tuần cuối của hội thi đóng",
        "từ mã ấy, mọi người xem được bài làm của người đạt giải",
        "Xóa dữ liệu: trong 20 ngày",
        "trong 2 ngày làm việc",
    ):
        assert said in page
    rows = scenes.rows(PageClient(app).get(NOTICE), "Dữ liệu được lưu")
    assert all(len(row) == 5 and all(row) for row in rows)
    assert len(rows) > 15


def test_the_contest_file_may_name_another_basis_and_contact(app: Flask) -> None:
    written = "personal_data: {legal_basis: sự đồng ý khi đăng ký, contact: Phòng CCHC, months: 6}\n"
    scenes.lay_out(app, contest=makers.CONTEST + written)
    page = scenes.words(PageClient(app).get(NOTICE))
    assert "Sự đồng ý khi đăng ký" in page
    assert "Phòng CCHC" in page
    assert "Đến 6 tháng sau khi tuần cuối" in page


@pytest.mark.parametrize("path", ["/", "/kich-hoat", "/the-le"])
def test_pages_lead_to_the_notice(app: Flask, ids: dict[str, int], path: str) -> None:
    assert f'href="{NOTICE}"' in PageClient(app).get(path)


def test_an_empty_installation_has_the_notice_too(app: Flask) -> None:
    assert "Dữ liệu cá nhân" in PageClient(app).get(NOTICE)


def test_the_own_copy_holds_the_own_data_and_nobody_elses(app: Flask, ids: dict[str, int]) -> None:
    client = PageClient(app).sign_in(PARTICIPANT)
    made = client.http.get(f"{OWN}/ban-sao.json")
    assert made.headers["Cache-Control"] == "no-store"
    parts = {part["table"]: part["rows"] for part in json.loads(made.text)["parts"]}
    assert parts["people"][0]["staff_code"] == PARTICIPANT
    assert parts["people"][0]["agency_id"] == "Sở Nội vụ"
    assert (parts["attempts"][0]["score"], parts["attempts"][0]["week_id"]) == (5, "Tuần 1")
    assert parts["standings"][0]["rank"] == 1
    assert [word for word in ("argon2", COLLEAGUE, "password", "activation") if word in made.text] == []
    readable = client.get(f"{OWN}/ban-sao.html")
    assert "Trần Thị Bích Ngọc" in readable
    assert "<link" not in readable
    assert "Giải Nhất" in client.get(OWN)


def test_what_is_not_published_is_not_in_the_copy(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(app).sign_in(PARTICIPANT)
    scenes.freeze(app, DURING)
    scenes.sit(app, ids[PARTICIPANT])
    scenes.mark(app, AFTER)
    clock.now = AFTER
    parts = {part["table"]: part["rows"] for part in client.http.get(f"{OWN}/ban-sao.json").json["parts"]}  # type: ignore[index]
    assert "standings" not in parts
    assert parts["attempts"][0]["score"] is None
    assert parts["attempts"][0]["answers"]


def test_a_request_goes_from_the_person_to_the_desk_and_back(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    person, staff = PageClient(app).sign_in(PARTICIPANT), PageClient(app).sign_in(STAFF[Role.ORGANISER])
    assert "Cần điền ô này." in person.post(f"{OWN}/yeu-cau", {"kind": "correct"}, 422)
    assert person.post(f"{OWN}/yeu-cau", {"kind": "correct", "text": "Sai chức vụ."}) == OWN
    assert "chờ trả lời" in person.post(f"{OWN}/yeu-cau", {"kind": "correct", "text": "Nữa."}, 409)
    assert "1 yêu cầu về dữ liệu cá nhân chờ tiếp nhận" in staff.get("/ban-to-chuc")
    assert "Sửa dữ liệu chưa đúng" in staff.get(DESK)
    assert staff.post(f"{DESK}/1/tiep-nhan") == f"{DESK}/1"
    assert "Đã tiếp nhận, chờ trả lời" in person.get(OWN)
    said = {"tra-loi-outcome": "granted", "tra-loi-answer": "Đã sửa chức vụ."}
    assert staff.post(f"{DESK}/1/tra-loi", said) == DESK
    assert "Đã sửa chức vụ." in person.get(OWN)
    assert "Không có yêu cầu nào." in staff.get(DESK)
    assert "Đã thực hiện" in staff.get(f"{DESK}?tat-ca=1")


def test_an_erasure_is_looked_at_confirmed_and_final(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    person, staff = PageClient(app).sign_in(PARTICIPANT), PageClient(app).sign_in(STAFF[Role.ADMIN])
    person.post(f"{OWN}/yeu-cau", {"kind": "erase", "text": "Xóa giúp tôi."})
    page = staff.get(f"{DESK}/1")
    assert "Giải Nhất (Tuần 1, Sở Nội vụ)" in page
    seen = page.partition('name="xoa-seen" type="hidden" value="')[2].partition('"')[0]
    fields: dict[str, object] = {"xoa-seen": seen, "xoa-answer": "Theo đơn."}
    assert "giải đã trao" in staff.post(f"{DESK}/1/xoa", fields, 409)
    assert staff.post(f"{DESK}/1/xoa", fields | {"xoa-prizes_paid": "y"}) == f"{DESK}/1"
    assert person.get(OWN, 302) == f"/dang-nhap?next={OWN}"
    assert "Trần Thị Bích Ngọc" in PageClient(app).get("/ket-qua/tuan-1"), "what was published stays"
    with app.app_context():
        row = db.session.get_one(DbPerson, ids[PARTICIPANT])
        assert row.staff_code.startswith("DX")
    assert "Người đã xóa thông tin" in staff.get(f"{DESK}/1")


def test_an_erasure_may_be_put_off_or_refused(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    person = PageClient(app).sign_in(PARTICIPANT)
    person.post(f"{OWN}/yeu-cau", {"kind": "erase", "text": "Xóa giúp tôi."})
    clock.now = makers.WEEK_2 + timedelta(hours=1)
    staff = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    assert "đang mở, nên chưa xóa được" in staff.get(f"{DESK}/1")
    assert staff.post(f"{DESK}/1/gia-han", {"gia-han-reason": "Tuần 2 đang mở."}) == f"{DESK}/1"
    granted = {"tra-loi-outcome": "granted", "tra-loi-answer": "x"}
    assert "Hãy chọn một mục" in staff.post(f"{DESK}/1/tra-loi", granted, 422), "an erasure is granted by erasing"
    refused = {"tra-loi-outcome": "refused", "tra-loi-answer": "Điều 19: hội thi đang diễn ra."}
    staff.post(f"{DESK}/1/tra-loi", refused)
    assert "Điều 19: hội thi đang diễn ra." in person.get(OWN)


def test_a_request_on_paper_is_recorded_at_the_desk(app: Flask, ids: dict[str, int]) -> None:
    staff = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    path = f"{DESK}/nguoi/{ids[COLLEAGUE]}"
    assert path in staff.get(f"/ban-to-chuc/nguoi/{ids[COLLEAGUE]}")
    staff.get(path)
    said = {"kind": "erase", "text": "Đơn số 5.", "received": "2024-10-08"}
    assert staff.post(path, said) == f"{DESK}/1"
    page = staff.get(f"{DESK}/1")
    assert "bằng văn bản; Đỗ Organiser ghi" in page
    assert "08/10/2024" in page
    seen = page.partition('name="xoa-seen" type="hidden" value="')[2].partition('"')[0]
    fields = {"xoa-seen": seen, "xoa-answer": "Theo đơn."}
    assert "Cần một người khác" in staff.post(f"{DESK}/1/xoa", fields, 409)


def test_the_desk_sees_what_expires_next(app: Flask, ids: dict[str, int]) -> None:
    page = PageClient(app).sign_in(STAFF[Role.ADMIN]).get(f"{DESK}/luu-tru")
    rows = {row[0]: row[1:] for row in scenes.rows(page, "Dữ liệu sắp hết hạn lưu")}
    assert rows["Ai được gửi thư gì"] == ["180 ngày sau khi viết thư", "0", "–"]


def test_somebody_elses_request_is_not_there(app: Flask, ids: dict[str, int]) -> None:
    PageClient(app).sign_in(PARTICIPANT).post(f"{OWN}/yeu-cau", {"kind": "copy", "text": "Bản sao."})
    assert "Không có yêu cầu này." in PageClient(app).sign_in(COLLEAGUE).post(f"{OWN}/yeu-cau/1/rut", status=404)
