"""The organiser keeps headcounts and exemptions, for weeks that have not opened."""

from __future__ import annotations

from flask import Flask

from quiz.permissions import Role
from quiz.services import contests, reading, transaction, turnout
from tests import makers
from tests.conftest import Clock
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
    client.post(f"{page}/mien", {"staff_code": "hp2", "reason": "Nghỉ thai sản"}, form=page)
    assert "Nghỉ thai sản" in client.get(page)
    client.post(f"{page}/mien", {"staff_code": "HP3", "reason": "Đi học nước ngoài"}, form=page)
    client.post(f"{page}/thoi-mien", {"staff_code": "HP3"}, form=page)
    assert base_of_week_1(app, clock) == (3, 1)


def test_exempting_somebody_elsewhere_is_refused_in_words(app: Flask, clock: Clock) -> None:
    client, agency = prepare(app, clock)
    page = f"/ban-to-chuc/co-quan/{agency}"
    html = client.post(f"{page}/mien", {"staff_code": "HP99", "reason": "Không rõ"}, status=422, form=page)
    assert "Không có người này trong phạm vi của ông/bà." in html


def test_list_shows_every_agency_with_its_people(app: Flask, clock: Clock) -> None:
    client, _ = prepare(app, clock)
    with app.app_context():
        makers.add_agency("BV", "Bệnh viện", parent="SNV", headcount=40)
    html = client.get("/ban-to-chuc/co-quan")
    assert html.index("Bệnh viện") < html.index(">Sở Nội vụ</a>")
    assert ">40</td>" in html
