"""The coordinator's pages of people: own agencies only, in words, without scripts; figures of open weeks never move."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from quiz.models import db
from quiz.models.people import DbPerson, DbPersonGroup
from quiz.permissions import Role
from quiz.services import exemptions, transaction
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import CHILD, COLLEAGUE, PARTICIPANT, STAFF, STRANGER

NEW = {"staff_code": "CB99", "name": "Phạm Thị Mới", "position": "Chuyên viên", "email": "moi@example.vn"}
LABEL = "Danh sách cán bộ"
DIVIDED = (
    makers.CONTEST
    + """
divisions:
  - {code: cong-chuc, name: Bảng công chức}
  - {code: vien-chuc, name: Bảng viên chức}
"""
).replace("  thresholds:", "  groups:\n    - {code: mot-cua, name: Bộ phận Một cửa, percent: 100}\n  thresholds:")


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    """The people of the scenes on Tuesday of week 1."""
    clock.now = makers.WEEK_1 + timedelta(days=1)
    ids = scenes.lay_out(app)
    scenes.freeze(app, clock.now)
    return ids


@pytest.fixture
def coordinator(app: Flask, ids: dict[str, int]) -> PageClient:
    """The coordinator of Sở Nội vụ and the agency below."""
    return PageClient(app).sign_in(STAFF[Role.COORDINATOR])


def row(app: Flask, code: str) -> DbPerson | None:
    """Somebody's row as it stands."""
    with app.app_context():
        db.session.expire_all()
        found = db.session.scalar(select(DbPerson).where(DbPerson.staff_code == code))
        if found:
            db.session.expunge(found)
        return found


def test_people_of_the_own_agency_are_listed_and_searched(
    app: Flask, coordinator: PageClient, ids: dict[str, int]
) -> None:
    html = coordinator.get(f"/co-quan/{ids['SNV']}/nguoi")
    assert [cells[0] for cells in scenes.rows(html, LABEL)] == [
        *("Đỗ Admin", "Đỗ Coordinator", "Đỗ Inspector", "Trần Thị Bích Ngọc", "Đỗ Organiser", "Lê Văn Tám"),
    ]
    assert "Thay đổi ghi bây giờ được tính từ tuần 2 (mở 8 giờ 00 phút, thứ Hai ngày 14/10/2024)." in html
    assert "Chi cục Văn thư" in html
    html = coordinator.get(f"/co-quan/{ids['SNV']}/nguoi?tim=bich+ngoc")
    assert [cells[:4] for cells in scenes.rows(html, LABEL)] == [
        ["Trần Thị Bích Ngọc", "CB01", "Chuyên viên", "cb01@example.vn"],
    ]
    assert "Không tìm thấy ai như vậy." in coordinator.get(f"/co-quan/{ids['SNV']}/nguoi?tim=%22%3E%00x&trang=-9")
    assert "Không tìm thấy ai như vậy." in coordinator.get(f"/co-quan/{ids['SNV']}/nguoi?trang=99999999999999")


def test_somebody_is_added(app: Flask, coordinator: PageClient, ids: dict[str, int]) -> None:
    page = f"/co-quan/{ids['SNV']}/nguoi/them"
    assert coordinator.post(page, NEW, form=page) == f"/co-quan/{ids['SNV']}/nguoi"
    html = coordinator.get(f"/co-quan/{ids['SNV']}/nguoi")
    assert "Đã thêm Phạm Thị Mới vào danh sách." in html
    assert "7 người, xếp theo tên." in html


def test_a_double_is_refused_at_its_field_and_nothing_is_told_of_strangers(
    app: Flask, coordinator: PageClient, ids: dict[str, int]
) -> None:
    page = f"/co-quan/{ids['SNV']}/nguoi/them"
    before = scenes.everything(app)
    for typed, field, said in (
        ({"staff_code": CHILD}, "staff_code", "Mã cán bộ này là của Phạm Thu Hà, Chi cục Văn thư. Hãy kiểm tra lại mã"),
        ({"staff_code": STRANGER}, "staff_code", "Mã cán bộ này đã có trong danh sách ở cơ quan khác."),
        ({"email": "cb04@example.vn"}, "email", "Thư điện tử này đã có trong danh sách ở cơ quan khác."),
        ({"staff_code": "a@b.vn"}, "staff_code", "Mã cán bộ gồm chữ cái La-tinh và chữ số"),
        ({"name": ""}, "name", "Cần điền ô này."),
        ({"email": "x"}, "email", "Đây không phải địa chỉ thư điện tử."),
    ):
        html = coordinator.post(page, NEW | typed, status=422, form=page)
        assert said in html.partition(f'id="{field}-error"')[2].partition("</p>")[0]
        assert "Vũ Quang Huy" not in html
        assert "Cục Thuế" not in html
    assert scenes.everything(app) == before


def test_divisions_and_groups_are_asked_where_the_contest_has_them(app: Flask, clock: Clock) -> None:
    clock.now = makers.BEFORE
    ids = scenes.lay_out(app, contest=DIVIDED)
    client, page = PageClient(app).sign_in(STAFF[Role.COORDINATOR]), f"/co-quan/{ids['SNV']}/nguoi/them"
    html = client.post(page, NEW, status=422, form=page)
    assert "Hãy chọn một mục trong danh sách." in html
    client.post(page, NEW | {"division": "vien-chuc", "groups": ["mot-cua", "khong-co"]}, form=page)
    added = row(app, "CB99")
    assert added
    assert added.division == "vien-chuc"
    with app.app_context():
        held = db.session.scalars(select(DbPersonGroup.group_code).where(DbPersonGroup.person_id == added.id)).all()
    assert held == ["mot-cua"]
    assert "<dd>Bảng viên chức</dd>" in client.get(f"/co-quan/{ids['SNV']}/nguoi/{added.id}")


def test_a_roster_that_is_full_says_so_above_the_form(app: Flask, coordinator: PageClient, ids: dict[str, int]) -> None:
    headcount, page = f"/co-quan/{ids['SNV']}/tong-so", f"/co-quan/{ids['SNV']}/nguoi/them"
    coordinator.post(f"{headcount}/khai", {"headcount": "6", "why": "Theo biên chế"}, form=headcount)
    html = coordinator.post(page, NEW, status=422, form=page)
    assert "danh sách đã đủ 6 người như tổng số khai báo của Sở Nội vụ." in html
    assert 'value="Phạm Thị Mới"' in html


def test_a_correction_is_made_or_refused_with_what_was_typed(
    app: Flask, coordinator: PageClient, ids: dict[str, int]
) -> None:
    page = f"/co-quan/{ids['SNV']}/nguoi/{ids[PARTICIPANT]}"
    typed = {"name": "Trần Bích Ngọc", "position": "Phó phòng", "email": "cb01@example.vn"}
    coordinator.post(f"{page}/sua", typed, form=page)
    assert "Đã ghi thông tin mới." in coordinator.get(page)
    coordinator.post(f"{page}/sua", typed, form=page)
    assert "Không có gì thay đổi." in coordinator.get(page)
    html = coordinator.post(f"{page}/sua", typed | {"email": "cb02@example.vn", "name": "Ngọc B"}, 422, form=page)
    assert "Thư điện tử này là của Lê Văn Tám, Sở Nội vụ." in html
    assert 'value="Ngọc B"' in html
    assert html.count("field-wrong") == 1


def test_somebody_is_exempted_with_days_and_counted_again(
    app: Flask, coordinator: PageClient, ids: dict[str, int]
) -> None:
    page = f"/co-quan/{ids['SNV']}/nguoi/{ids[COLLEAGUE]}"
    assert "Chưa được miễn lần nào." in coordinator.get(page)
    html = coordinator.post(f"{page}/mien", {"mien-reason": "Nghỉ ốm", "mien-first": "2024-10-07"}, 422, form=page)
    assert "Ngày sớm nhất là 08/10/2024." in html
    assert html.count("field-wrong") == 1
    typed = {"mien-reason": "Nghỉ ốm", "mien-first": "2024-10-08", "mien-last": "2024-10-31"}
    coordinator.post(f"{page}/mien", typed, form=page)
    html = coordinator.get(page)
    assert "không tính vào mẫu số của: Tuần 2." in html
    assert "từ ngày 08/10/2024 đến hết ngày 31/10/2024: Nghỉ ốm Đang miễn" in scenes.words(html)
    assert "bởi Đỗ Coordinator." in html
    assert "Đang miễn" in coordinator.get(f"/co-quan/{ids['SNV']}/nguoi?tim=tam")
    (ending,) = set(re.findall(r'action="([^"]+/thoi)"', html)) - {f"{page}/thoi"}
    assert coordinator.post(ending, form=page) == page
    assert "Đã hết" in coordinator.get(page)


def test_people_elsewhere_and_those_with_roles_are_out_of_reach(
    app: Flask, coordinator: PageClient, ids: dict[str, int]
) -> None:
    with app.app_context(), transaction(makers.CONSOLE) as session:
        exemptions.exempt(
            session,
            ids["CT"],
            ids[STRANGER],
            reason="Nghỉ",
            first=(makers.WEEK_1 + timedelta(days=2)).date(),
            last=None,
            actor=makers.CONSOLE,
            now=makers.WEEK_1 + timedelta(days=1),
        )
    own, form = f"/co-quan/{ids['SNV']}/nguoi", f"/co-quan/{ids['SNV']}/nguoi/them"
    before = scenes.everything(app)
    details = {"name": "X Y", "email": "cua.toi@example.vn"}
    exempting = {"mien-reason": "Nghỉ", "mien-first": "2024-10-08", "mien-last": "2024-10-08"}
    for there in (f"/co-quan/{ids['CT']}/nguoi", f"/co-quan/{ids['CT']}/nguoi/{ids[STRANGER]}"):
        assert "Huy" not in coordinator.get(there, 404)
    for base in (f"/co-quan/{ids['CT']}/nguoi/{ids[STRANGER]}", f"{own}/{ids[STRANGER]}", f"{own}/{ids[CHILD]}"):
        for path, typed in ((f"{base}/sua", details), (f"{base}/mien", exempting)):
            coordinator.post(path, typed, status=404, form=form)
    for agency in (ids["CT"], ids["SNV"]):
        coordinator.post(f"/co-quan/{agency}/mien/1/thoi", status=404, form=form)
    coordinator.post(f"/co-quan/{ids['CT']}/nguoi/them", NEW, status=404, form=form)
    organiser = f"{own}/{ids[STAFF[Role.ORGANISER]]}"
    assert f'action="{organiser}/sua"' not in coordinator.get(organiser)
    assert "chỉ Ban Tổ chức" in coordinator.post(f"{organiser}/sua", details, status=422, form=form)
    assert scenes.everything(app) == before


def test_an_organiser_keeps_the_people_of_every_agency(app: Flask, ids: dict[str, int]) -> None:
    organiser = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    page = f"/co-quan/{ids['CT']}/nguoi/them"
    assert f"/co-quan/{ids['CT']}/nguoi" in organiser.get(f"/ban-to-chuc/co-quan/{ids['CT']}")
    organiser.post(page, NEW, form=page)
    assert "Phạm Thị Mới" in organiser.get(f"/co-quan/{ids['CT']}/nguoi")
    coordinator = f"/co-quan/{ids['SNV']}/nguoi/{ids[STAFF[Role.COORDINATOR]]}"
    organiser.post(f"{coordinator}/sua", {"name": "Đỗ Điều Phối", "email": ""}, form=coordinator)
    changed = row(app, STAFF[Role.COORDINATOR])
    assert changed
    assert (changed.name, changed.email) == ("Đỗ Điều Phối", None)
