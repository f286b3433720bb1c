"""The coordinator's pages: the rate with those below, who is missing, what a prediction hides, slips to print."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import update

from quiz.models import db
from quiz.models.people import DbAgency, DbExemption, DbPerson, DbPersonGroup
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
    assert rows(page, "Từng tuần") == [["Tuần 1", "7", "0", "0", "0,00%", "Còn thiếu 5 người"]]


def test_rate_stands_against_the_threshold_in_people(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient
) -> None:
    page = coordinator.get("/co-quan")
    assert words(page).count("Còn thiếu 5 người") == 2
    assert "0 người đã dự thi ít nhất một tuần, trên 7 người phải tính. Chỉ tiêu 70%." in words(page)
    assert rows(page, "Từng tuần") == [["Tuần 1", "7", "0", "0", "0,00%", "Còn thiếu 5 người"]]
    for who in (PARTICIPANT, COLLEAGUE, STAFF[Role.COORDINATOR]):
        scenes.sit(app, ids[who])
    page = coordinator.get("/co-quan")
    assert rows(page, "Từng tuần") == [["Tuần 1", "7", "0", "3", "42,85%", "Còn thiếu 2 người"]]
    assert "42,85% Còn thiếu 2 người 3 người đã dự thi" in words(page)


def test_an_agency_is_shown_with_those_below_it(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient
) -> None:
    for who in (PARTICIPANT, CHILD):
        scenes.sit(app, ids[who])
    page = coordinator.get("/co-quan")
    assert rows(page, "Từng tuần") == [["Tuần 1", "7", "0", "2", "28,57%", "Còn thiếu 3 người"]]
    assert "riêng cơ quan có 1 người dự thi trên 6 người phải tính." in words(page)
    assert rows(page, "Đơn vị trực thuộc") == [["Chi cục Văn thư", "1", "0", "1", "100,00%", "Đạt"]]
    assert f'href="/co-quan?co-quan={ids["SNV-1"]}"' in page
    assert rows(page, "Người chưa dự thi")[0][:2] == ["Đỗ Admin", "Sở Nội vụ"]
    child = coordinator.get(f"/co-quan?co-quan={ids['SNV-1']}")
    assert "riêng cơ quan" not in words(child)
    assert "Đơn vị trực thuộc" not in child


def test_agencies_that_stand_apart_are_shown_by_themselves(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app, contest=makers.CONTEST.replace("basis: contest", "basis: contest\n  children: apart"))
    clock.now = DURING
    scenes.sit(app, ids[CHILD])
    page = PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get("/co-quan")
    assert '<td class="num">1</td>' not in page
    assert rows(page, "Từng tuần") == [["Tuần 1", "6", "0", "0", "0,00%", "Còn thiếu 5 người"]]
    assert "riêng cơ quan có" not in words(page)
    assert rows(page, "Đơn vị trực thuộc") == [["Chi cục Văn thư", "1", "0", "1", "100,00%", "Đạt"]]


GROUPS = """
  groups:
    - {code: lanh-dao, name: Lãnh đạo cơ quan, least: 1}
    - {code: mot-cua, name: Công chức một cửa, percent: 100}
"""


@pytest.mark.parametrize("basis", ["week", "contest"])
def test_compulsory_groups_say_what_is_asked_and_who_is_missing(app: Flask, clock: Clock, basis: str) -> None:
    text = makers.CONTEST.replace("  basis: contest", f"  basis: {basis}" + GROUPS.rstrip())
    ids = scenes.lay_out(app, contest=text)
    with app.app_context():
        held = ((PARTICIPANT, "mot-cua"), (COLLEAGUE, "mot-cua"), (CHILD, "mot-cua"), (COLLEAGUE, "lanh-dao"))
        db.session.add_all(DbPersonGroup(person_id=ids[who], group_code=code) for who, code in held)
        db.session.commit()
    clock.now = DURING
    scenes.sit(app, ids[PARTICIPANT])
    page = PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get("/co-quan")
    assert rows(page, "Nhóm bắt buộc dự thi") == [
        ["Lãnh đạo cơ quan", "Ít nhất 1 người", "1", "0", "Còn thiếu 1 người"],
        ["Công chức một cửa", "Tất cả mọi người", "3", "1", "Còn thiếu 2 người"],
    ]
    of = {row[0]: row[-1] for row in rows(page, "Người chưa dự thi")}
    assert (of["Lê Văn Tám"], of["Đỗ Admin"]) == ("Lãnh đạo cơ quan; Công chức một cửa", "–")
    clock.now = makers.WEEK_2 + timedelta(hours=1)
    page = PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get("/co-quan")
    took_part = [row[3] for row in rows(page, "Nhóm bắt buộc dự thi")]
    assert took_part == (["0", "0"] if basis == "week" else ["0", "1"])


def test_without_compulsory_groups_none_are_mentioned(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient
) -> None:
    assert "Nhóm bắt buộc" not in coordinator.get("/co-quan")


PREDICTION = """
prediction: {text: "Có bao nhiêu người dự thi?", target: people, of: all, equal_distance: same, whose: counted}
ranking: [score, prediction, time_taken, hand_in_moment, lot]
"""
HIDDEN = "Số liệu đang diễn ra và danh sách người chưa dự thi của tuần 1 chưa hiện: thể lệ có câu dự đoán"


def test_who_sees_many_people_sees_no_live_figures_of_what_is_predicted(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app, contest=makers.CONTEST + PREDICTION)
    clock.now = DURING
    scenes.sit(app, ids[PARTICIPANT])
    page = PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get("/co-quan")
    told = words(page)
    assert f"{HIDDEN}, và phạm vi của ông/bà gồm hơn một phần mười số người được tính" in told
    assert "Trong lúc đó ông/bà vẫn nhắc chung mọi người của cơ quan dự thi và tạo được phiếu kích hoạt để in." in told
    assert "Tạo phiếu kích hoạt để in" in page
    for figure in ("Cả hội thi đến nay", "Từng tuần", "người chưa dự thi</h2>", "Đơn vị trực thuộc", "Lê Văn Tám"):
        assert figure not in page
    child = PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get(f"/co-quan?co-quan={ids['SNV-1']}")
    assert HIDDEN in words(child)
    assert "Phạm Thu Hà" not in child


def test_figures_hidden_from_a_predictor_are_there_when_the_week_is_over(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app, contest=makers.CONTEST + PREDICTION)
    clock.now = DURING
    scenes.sit(app, ids[PARTICIPANT])
    clock.now = makers.WEEK_2 + timedelta(hours=1)
    page = PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get("/co-quan")
    assert HIDDEN.replace("tuần 1", "tuần 2") in words(page)
    assert [row[0] for row in rows(page, "Từng tuần")] == ["Tuần 1"]
    assert "1 người đã dự thi ít nhất một tuần, trên 7 người phải tính" in words(page)
    assert "Tuần 1: 6 người chưa dự thi" in words(page)


def test_who_sees_a_tenth_of_the_people_may_chase_them_whatever_is_predicted(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app, contest=makers.CONTEST + PREDICTION)
    with app.app_context():
        for number in range(11):
            makers.add_person(f"N{number}", ids["SNV"], activated=False)
        makers.add_person("DM02", ids["CT"], "Đỗ Đầu Mối", [Role.COORDINATOR])
    clock.now = DURING
    page = PageClient(app).sign_in("DM02").get("/co-quan")
    assert "chưa hiện" not in words(page)
    assert missing(page) == ["Vũ Quang Huy", "Đỗ Đầu Mối"] or missing(page) == ["Đỗ Đầu Mối", "Vũ Quang Huy"]


def test_an_organiser_takes_no_part_and_sees_live_figures(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app, contest=makers.CONTEST + PREDICTION)
    clock.now = DURING
    page = PageClient(app).sign_in(STAFF[Role.ORGANISER]).get("/co-quan")
    assert [row[0] for row in rows(page, "Từng tuần")] == ["Tuần 1"]


@pytest.mark.one_database
@pytest.mark.parametrize("who", [None, PARTICIPANT, STAFF[Role.COORDINATOR]])
def test_no_page_of_anybody_who_may_take_part_changes_as_others_sit(app: Flask, clock: Clock, who: str | None) -> None:
    """So nothing can be read off any page about how many people or attempts there are in the open week."""
    ids = scenes.lay_out(app, contest=makers.CONTEST + PREDICTION)
    scenes.promise(app)
    clock.now = DURING
    scenes.freeze(app, clock.now)
    client = PageClient(app).sign_in(who) if who else PageClient(app)
    agencies = [ids["SNV"], ids["SNV-1"], ids["CT"]]

    def every_page() -> dict[str, tuple[int, str]]:
        read = scenes.crawl(app, client, [], agencies)
        return {path: (page.status, scenes.without_tokens(page.text)) for path, page in read.items()}

    before = every_page()
    for other in (COLLEAGUE, CHILD, STRANGER):
        scenes.sit(app, ids[other])
    assert every_page() == before


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
    assert [row[:4] for row in rows(page, "Từng tuần")] == [["Tuần 1", "7", "0", "1"], ["Tuần 2", "7", "0", "0"]]
    assert "Tuần 2: 7 người chưa dự thi" in page
    assert "1 người đã dự thi ít nhất một tuần" in page


def test_missing_people_are_those_of_the_agency_and_below_by_given_name(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient
) -> None:
    everyone = [
        *("Đỗ Admin", "Đỗ Coordinator", "Phạm Thu Hà", "Đỗ Inspector"),
        *("Trần Thị Bích Ngọc", "Đỗ Organiser", "Lê Văn Tám"),
    ]
    assert missing(coordinator.get("/co-quan")) == everyone
    scenes.sit(app, ids[COLLEAGUE])
    page = coordinator.get("/co-quan")
    assert missing(page) == everyone[:-1]
    assert "Tuần 1: 6 người chưa dự thi" in page
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
    assert rows(page, "Từng tuần")[0][1:5] == ["7", "1", "0", "0,00%"]
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
    assert rows(page, "Từng tuần") == [["Tuần 1", "41", "0", "1", "2,43%", "Còn thiếu 28 người"]]


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


def test_a_long_list_comes_in_pages(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app)
    with app.app_context():
        for number in range(10, 0, -1):
            makers.add_person(f"N{number}", ids["CT"], f"Người Thứ {number:02d}", activated=False)
    clock.now = DURING
    client = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    address = f"/co-quan?co-quan={ids['CT']}"
    first, second = client.get(address), client.get(f"{address}&trang=2")
    assert (len(missing(first)), missing(second)) == (10, ["Vũ Quang Huy"])
    assert "Trang 1/2 Trang sau" in words(first)
    assert "Trang trước Trang 2/2" in words(second)
    for wrong in ("0", "99", "-1"):
        client.get(f"{address}&trang={wrong}")


def test_the_week_is_shown_day_by_day_up_to_today(
    app: Flask, clock: Clock, ids: dict[str, int], coordinator: PageClient
) -> None:
    scenes.sit(app, ids[PARTICIPANT])
    scenes.sit(app, ids[CHILD], starts_at=DURING + timedelta(days=2))
    scenes.sit(app, ids[STRANGER])
    clock.now = DURING + timedelta(days=2, hours=1)
    page = PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get("/co-quan")
    days = re.findall(
        r'<th scope="row">(\d\d/\d\d/\d{4})</th><td class="num">(\d+)</td><td class="num">(\d+)</td>', page
    )
    assert days == [("07/10/2024", "1", "1"), ("08/10/2024", "0", "1"), ("09/10/2024", "1", "2")]


def test_an_agency_is_compared_with_its_kind_without_names(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    scenes.sit(app, ids[CHILD])
    page = PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get("/co-quan")
    assert "Đứng thứ 2 trong 2 cơ quan, đơn vị cùng khối, cả hội thi đến nay: 14,28%." in words(page)
    assert "Ở giữa khối: 57,14%; cao nhất: 100,00%; thấp nhất: 14,28%." in words(page)
    alone = PageClient(app).sign_in(STAFF[Role.ORGANISER]).get(f"/co-quan?co-quan={ids['CT']}")
    assert "cùng khối" not in alone


def test_a_comparison_tells_nothing_of_a_week_in_which_people_are_predicted(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app, contest=makers.CONTEST + PREDICTION)
    with app.app_context():
        ids["KB"] = makers.add_agency("KB", "Kho bạc", kind="central")
        for number in range(30):
            makers.add_person(f"N{number}", ids["KB"], activated=False)
        makers.add_person("DM02", ids["CT"], "Đỗ Đầu Mối", [Role.COORDINATOR])
    clock.now = DURING
    scenes.freeze(app, clock.now)
    page = PageClient(app).sign_in("DM02").get("/co-quan")
    assert "chưa hiện" not in words(page)
    assert "cùng khối" not in page
    clock.now = AFTER
    assert "cùng khối" in PageClient(app).sign_in("DM02").get("/co-quan")


def test_the_picture_of_a_slip_leads_to_a_page_that_asks_for_a_password_only(app: Flask, clock: Clock) -> None:
    ids = scenes.lay_out(app)
    with app.app_context():
        makers.add_person("MOI/1", ids["SNV"], "Ngô Văn Mới", activated=False)
    addresses: list[str] = []

    def read(address: str) -> str:
        addresses.append(address)
        return ""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("quiz.web.qr.drawn", read)
        PageClient(app).sign_in(STAFF[Role.COORDINATOR]).post(f"/co-quan/{ids['SNV']}/phieu-kich-hoat", status=200)
    path = addresses[0].removeprefix("http://localhost")
    page = PageClient(app).get(path)
    assert 'value="MOI/1"' in page
    form = {name: parse_qs(urlsplit(path).query)[key][0] for name, key in (("identifier", "can-bo"), ("code", "ma"))}
    entered = form | {"password": "mat khau dai du muoi bon", "again": "mat khau dai du muoi bon"}
    assert PageClient(app).post("/kich-hoat", entered) == "/thi"
