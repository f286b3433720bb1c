"""The organiser keeps headcounts and exemptions, for weeks that have not opened."""

from __future__ import annotations

import re

from flask import Flask

from quiz.permissions import Role
from quiz.services import contests, reading, transaction, turnout
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient


def prepare(app: Flask, clock: Clock) -> tuple[PageClient, int]:
    """An agency of three people, one of them the organiser, before week 1."""
    clock.now = makers.BEFORE
    with app.app_context():
        makers.load_contest()
        agency = makers.add_agency("SNV", "Sở Nội vụ")
        makers.add_person("HP1", agency, roles=[Role.ORGANISER])
        makers.add_person("HP2", agency, "Trần Văn An")
        makers.add_person("HP3", agency, "Lê Thị Bình")
    return PageClient(app).sign_in("HP1"), agency


def base_of_week_1(app: Flask, clock: Clock) -> tuple[int, int]:
    """Headcount and exempt people of the only agency in week 1, once it has opened."""
    clock.now = makers.WEEK_1
    with app.app_context():
        with transaction() as session:
            contests.freeze_due_weeks(session, clock.now)
        row = turnout.of_week(reading(), makers.week(reading()), clock.now)[0]
        return row.turnout.headcount, row.turnout.exempt


def test_headcount_is_kept_with_its_reason(app: Flask, clock: Clock) -> None:
    client, agency = prepare(app, clock)
    page = f"/ban-to-chuc/co-quan/{agency}"
    client.post(f"{page}/tong-so", {"headcount": "5", "why": "Theo báo cáo biên chế"}, form=page)
    assert "Đã ghi tổng số" in client.get(page)
    assert base_of_week_1(app, clock) == (5, 0)


def test_what_was_declared_before_stays_readable(app: Flask, clock: Clock) -> None:
    client, agency = prepare(app, clock)
    page = f"/ban-to-chuc/co-quan/{agency}"
    assert "Các lần khai và xác nhận" not in client.get(page)
    for total, why in (("40", "Theo báo cáo tháng 9"), ("45", "Thêm 5 người mới tuyển")):
        client.post(f"{page}/tong-so", {"headcount": total, "why": why}, form=page)
    said = scenes.words(client.get(page))
    assert "Sửa tổng số CBCCVC (mới: 45; cũ: 40), " in said
    assert said.index("Thêm 5 người mới tuyển") < said.index("Theo báo cáo tháng 9")


def test_headcount_below_the_list_is_refused_and_keeps_what_was_typed(app: Flask, clock: Clock) -> None:
    client, agency = prepare(app, clock)
    page = f"/ban-to-chuc/co-quan/{agency}"
    html = client.post(f"{page}/tong-so", {"headcount": "2", "why": "Nhầm"}, status=422, form=page)
    assert "từ 3 trở lên" in html
    assert 'value="2"' in html
    html = client.post(f"{page}/tong-so", {"headcount": "năm", "why": "Nhầm"}, status=422, form=page)
    assert "Chỉ ghi chữ số, hoặc để trống." in html
    assert base_of_week_1(app, clock) == (3, 0)


def test_an_exempt_person_leaves_the_denominator_until_the_exemption_ends(app: Flask, clock: Clock) -> None:
    client, agency = prepare(app, clock)
    page = f"/ban-to-chuc/co-quan/{agency}"
    fields = {"reason": "Nghỉ thai sản", "first": "2024-10-01"}
    client.post(f"{page}/mien", fields | {"staff_code": "hp2"}, form=page)
    html = client.get(page)
    assert "không tính vào mẫu số của: Tuần 1, Tuần 2." in html
    assert "từ ngày 01/10/2024: Nghỉ thai sản" in scenes.words(html)
    client.post(f"{page}/mien", fields | {"staff_code": "HP3", "last": "05/10/2024"}, form=page)
    html = client.get(page)
    assert "Không tuần nào mở trong những ngày này" in html
    assert "Ghi lúc 09:00:00 ngày 20/09/2024 bởi Nguyễn Thị Hương." in html
    endings = sorted(set(re.findall(r"/mien/\d+/thoi", html)))
    client.post(page + endings[0], form=page)
    assert "Thôi miễn lúc 09:00:00 ngày 20/09/2024" in client.get(page)
    assert base_of_week_1(app, clock) == (3, 0)


def test_wrong_days_are_said_at_their_fields_and_what_was_typed_stays(app: Flask, clock: Clock) -> None:
    _, agency = prepare(app, clock)
    clock.now = makers.WEEK_1
    client, page = PageClient(app).sign_in("HP1"), f"/ban-to-chuc/co-quan/{agency}"
    assert 'name="first" required type="date" value="2024-10-08"' in client.get(page)
    fields = {"staff_code": "HP2", "reason": "Đi học"}
    for days, field, said in (
        ({"first": "2024-10-07"}, "first", "Ngày sớm nhất là 08/10/2024."),
        ({"first": "31/02/2024"}, "first", "Hãy ghi đủ ngày, tháng, năm."),
        ({"first": ""}, "first", "Cần điền ô này."),
        ({"first": "0001-01-01"}, "first", "Ngày này không hợp lệ."),
        ({"first": "2024-10-09", "last": "2024-10-08"}, "last", "Ngày cuối phải từ ngày đầu trở đi."),
    ):
        html = client.post(f"{page}/mien", fields | days, status=422, form=page)
        assert said in html.partition(f'id="{field}-error"')[2].partition("</p>")[0]
        assert 'value="Đi học"' in html
    assert base_of_week_1(app, clock) == (3, 0)


def test_exempting_somebody_elsewhere_is_refused_in_words(app: Flask, clock: Clock) -> None:
    client, agency = prepare(app, clock)
    page = f"/ban-to-chuc/co-quan/{agency}"
    fields = {"staff_code": "HP99", "reason": "Không rõ", "first": "2024-10-01"}
    html = client.post(f"{page}/mien", fields, status=422, form=page)
    assert "Không có người này trong phạm vi của ông/bà." in html


def test_list_shows_every_agency_with_its_people(app: Flask, clock: Clock) -> None:
    client, _ = prepare(app, clock)
    with app.app_context():
        makers.add_agency("BV", "Bệnh viện", parent="SNV", headcount=40)
    html = client.get("/ban-to-chuc/co-quan")
    assert html.index("Bệnh viện") < html.index(">Sở Nội vụ</a>")
    assert ">40</td>" in html
