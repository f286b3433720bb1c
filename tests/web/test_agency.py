"""The coordinator's pages: the rate against the threshold, who is missing, slips to print; own agency and children."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from quiz.models import db
from quiz.models.people import DbAgency, DbExemption, DbPerson
from quiz.permissions import Role
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, CHILD, COLLEAGUE, DURING, PARTICIPANT, STAFF, STRANGER, rows, words


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    """The usual people on the first day of the first week, frozen by the scheduler."""
    made = scenes.lay_out(app)
    clock.now = DURING
    scenes.freeze(app, clock.now)
    return made


@pytest.fixture
def coordinator(app: Flask, ids: dict[str, int]) -> PageClient:
    """The coordinator of Sở Nội vụ, signed in."""
    return PageClient(app).sign_in(STAFF[Role.COORDINATOR])


def missing(html: str) -> list[str]:
    """The names of those who have not taken part."""
    return [row[0] for row in rows(html, "Người chưa dự thi")]


def test_before_the_first_week_slips_can_already_be_printed(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = makers.BEFORE
    client = PageClient(app).sign_in(STAFF[Role.COORDINATOR])
    page = client.get("/co-quan")
    assert "Chưa có tuần thi nào mở. Tuần 1 mở lúc 8 giờ 00 phút, thứ Hai ngày 07/10/2024." in words(page)
    assert "Từng tuần" not in page
    action = re.findall(r'action="(/co-quan/\d+/phieu-kich-hoat)"', page)
    assert len(action) == 1
    client.post(action[0], status=200)


def test_the_rate_is_there_from_the_opening_even_without_a_scheduler(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = makers.WEEK_1
    page = PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get("/co-quan")
    assert rows(page, "Từng tuần") == [["Tuần 1", "6", "0", "0", "0,00%", "Còn thiếu 5 người"]]


def test_rate_stands_against_the_threshold_in_people(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient
) -> None:
    page = coordinator.get("/co-quan")
    assert words(page).count("Còn thiếu 5 người") == 2
    assert "0 người đã dự thi ít nhất một tuần, trên 6 người phải tính. Chỉ tiêu 70%." in words(page)
    assert rows(page, "Từng tuần") == [["Tuần 1", "6", "0", "0", "0,00%", "Còn thiếu 5 người"]]
    for who in (PARTICIPANT, COLLEAGUE, STAFF[Role.COORDINATOR]):
        scenes.sit(app, ids[who])
    page = coordinator.get("/co-quan")
    assert rows(page, "Từng tuần") == [["Tuần 1", "6", "0", "3", "50,00%", "Còn thiếu 2 người"]]
    assert "50,00% Còn thiếu 2 người 3 người đã dự thi" in words(page)


def test_a_rate_over_the_threshold_is_reached(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient
) -> None:
    scenes.sit(app, ids[CHILD])
    page = coordinator.get(f"/co-quan?co-quan={ids['SNV-1']}")
    assert rows(page, "Từng tuần") == [["Tuần 1", "1", "0", "1", "100,00%", "Đạt"]]
    assert "Mọi người phải tính đều đã dự thi." in page
    assert missing(page) == []


def test_every_opened_week_has_its_line(app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient) -> None:
    scenes.sit(app, ids[PARTICIPANT])
    clock.now = makers.WEEK_2 + timedelta(hours=1)
    scenes.freeze(app, clock.now)
    page = PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get("/co-quan")
    assert [row[:4] for row in rows(page, "Từng tuần")] == [["Tuần 1", "6", "0", "1"], ["Tuần 2", "6", "0", "0"]]
    assert "Chưa dự thi tuần 2: 6 người" in page
    assert "1 người đã dự thi ít nhất một tuần" in page


def test_missing_people_are_the_own_ones_by_given_name(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient
) -> None:
    everyone = ["Đỗ Admin", "Đỗ Coordinator", "Đỗ Inspector", "Trần Thị Bích Ngọc", "Đỗ Organiser", "Lê Văn Tám"]
    assert missing(coordinator.get("/co-quan")) == everyone
    scenes.sit(app, ids[COLLEAGUE])
    page = coordinator.get("/co-quan")
    assert missing(page) == everyone[:-1]
    assert "Chưa dự thi tuần 1: 5 người" in page
    assert missing(coordinator.get(f"/co-quan?co-quan={ids['SNV-1']}")) == ["Phạm Thu Hà"]


def test_an_attempt_in_progress_is_still_missing_and_counts_once_over(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient
) -> None:
    scenes.start(PageClient(app).sign_in(PARTICIPANT))
    assert "Trần Thị Bích Ngọc" in missing(coordinator.get("/co-quan"))
    clock.now += timedelta(minutes=10, seconds=6)
    assert "Trần Thị Bích Ngọc" not in missing(coordinator.get("/co-quan"))


def test_somebody_exempt_is_neither_counted_nor_missing(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app)
    with app.app_context():
        db.session.add(DbExemption(person_id=ids[COLLEAGUE], reason="Nghỉ thai sản", since=makers.BEFORE))
        db.session.commit()
    clock.now = DURING
    scenes.freeze(app, clock.now)
    page = PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get("/co-quan")
    assert rows(page, "Từng tuần")[0][1:5] == ["6", "1", "0", "0,00%"]
    assert "Lê Văn Tám" not in page
    assert "Nghỉ thai sản" not in page


def test_no_page_of_a_coordinator_names_strangers(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient
) -> None:
    scenes.sit(app, ids[STRANGER])
    pages = [coordinator.get("/co-quan"), coordinator.get(f"/co-quan?co-quan={ids['SNV-1']}")]
    options = re.findall(r"<option[^>]*>(.*?)</option>", pages[0])
    assert options == ["Chi cục Văn thư", "Sở Nội vụ"]
    assert [("Vũ Quang Huy" in page, "Cục Thuế" in page) for page in pages] == [(False, False)] * 2


def test_an_organiser_may_look_at_every_agency(app: Flask, ids: dict[str, int]) -> None:
    client = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    page = client.get(f"/co-quan?co-quan={ids['CT']}")
    assert re.findall(r"<option[^>]*>(.*?)</option>", page) == ["Chi cục Văn thư", "Cục Thuế", "Sở Nội vụ"]
    assert missing(page) == ["Vũ Quang Huy"]
    assert rows(page, "Từng tuần") == [["Tuần 1", "1", "0", "0", "0,00%", "Còn thiếu 1 người"]]


def test_declared_headcount_is_the_denominator(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app)
    with app.app_context():
        db.session.execute(update(DbAgency).where(DbAgency.id == ids["SNV"]).values(headcount=40))
        db.session.commit()
    clock.now = DURING
    scenes.freeze(app, clock.now)
    scenes.sit(app, ids[PARTICIPANT])
    page = PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get("/co-quan")
    assert rows(page, "Từng tuần") == [["Tuần 1", "40", "0", "1", "2,50%", "Còn thiếu 27 người"]]


def test_slips_are_for_those_of_the_agency_who_have_no_password(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app)
    with app.app_context():
        for code, agency in (("MOI1", "SNV"), ("MOI2", "SNV-1"), ("MOI3", "CT")):
            makers.add_person(code, ids[agency], f"Ngô Văn {code}", activated=False)
    client = PageClient(app).sign_in(STAFF[Role.COORDINATOR])
    page = client.post(f"/co-quan/{ids['SNV']}/phieu-kich-hoat", status=200)
    assert re.findall(r'class="slip-name">(.*?)<', page) == ["Ngô Văn MOI1"]
    assert "Sở Nội vụ – 1 phiếu." in words(page)
    assert "http://localhost/kich-hoat" in page
    child = client.post(f"/co-quan/{ids['SNV-1']}/phieu-kich-hoat", status=200)
    assert re.findall(r'class="slip-name">(.*?)<', child) == ["Ngô Văn MOI2"]
    printed = re.findall(r"<code>(.*?)</code>", page)[0].replace("-", "")
    stored = str(scenes.everything(app)["people"])
    assert printed not in stored
    acts = scenes.everything(app)["audit_entries"][-2:]
    assert sorted((row[3], row[4]) for row in acts) == [
        ("issue_activation_codes", '{"agency": "SNV", "people": 1}'),
        ("issue_activation_codes", '{"agency": "SNV-1", "people": 1}'),
    ]


def test_figures_do_not_change_when_the_week_is_over(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient
) -> None:
    scenes.sit(app, ids[PARTICIPANT])
    before = rows(coordinator.get("/co-quan"), "Từng tuần")
    clock.now = AFTER
    with app.app_context():
        db.session.execute(update(DbPerson).where(DbPerson.id == ids[COLLEAGUE]).values(left_at=AFTER))
        db.session.commit()
    page = PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get("/co-quan")
    assert rows(page, "Từng tuần") == before
