"""The pages of decisions: propose, look, approve or withdraw; what a sitting participant and the public learn of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from quiz.permissions import Role
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import CHILD, COLLEAGUE, DURING, PARTICIPANT, STAFF, STRANGER

PAGES = "/ban-to-chuc/quyet-dinh"
MINUTE = timedelta(minutes=1)
SECOND_ORGANISER = "TC02"
PAPER = {"number": "12/QĐ-BTC", "reason": "Mất điện toàn trụ sở"}
GIVE_BACK = PAPER | {"week": "1", "began_at": "2024-10-07T09:01", "ended_at": "2024-10-07T09:05", "whom": "all"}
EXTEND = PAPER | {
    "week": "1",
    "began_at": "2024-10-11T16:50",
    "ended_at": "2024-10-11T16:58",
    "extended_to": "2024-10-12T17:00",
}


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    """Everybody of the scenes, and a second organiser."""
    ids = scenes.lay_out(app)
    with app.app_context():
        ids[SECOND_ORGANISER] = makers.add_person(SECOND_ORGANISER, ids["SNV"], "Bùi Thị Lan", [Role.ORGANISER])
    clock.now = DURING
    return ids


@pytest.fixture
def organiser(app: Flask, ids: dict[str, int]) -> PageClient:
    """The organiser who proposes."""
    return PageClient(app).sign_in(STAFF[Role.ORGANISER])


@pytest.fixture
def second(app: Flask, ids: dict[str, int]) -> PageClient:
    """The organiser who approves."""
    return PageClient(app).sign_in(SECOND_ORGANISER)


def propose(client: PageClient, fields: dict[str, object], how: str = "su-co?cach=tra-thoi-gian") -> str:
    """Send the form; the address of the decision."""
    return client.post(f"{PAGES}/{how}", fields)


def approve(client: PageClient, address: str, status: int = 302, **changed: object) -> str:
    """Tick the box and approve what the page shows."""
    found = re.search(r'name="seen"[^>]*value="(\w+)"', client.http.get(address).text)
    fields = {"seen": found[1] if found else "x" * 64, "checked": "y"} | changed
    return client.post(f"{address}/duyet", fields, status)


def test_time_given_back_reaches_an_open_page_at_its_next_save(
    app: Flask, clock: Clock, organiser: PageClient, second: PageClient
) -> None:
    participant = PageClient(app).sign_in(PARTICIPANT)
    code = scenes.start(participant)
    clock.now = DURING + 6 * MINUTE
    assert scenes.save(participant, code, 1, ["A"] * 5) == (200, {"seq": 1, "left": 4 * 60_000})
    address = propose(organiser, GIVE_BACK)
    assert scenes.save(participant, code, 2, ["B"] * 5) == (200, {"seq": 2, "left": 4 * 60_000})
    assert approve(second, address) == address
    assert "Đã duyệt và áp dụng cho 1 lượt thi." in second.get(address)
    assert scenes.save(participant, code, 3, ["C"] * 5) == (200, {"seq": 3, "left": 8 * 60_000})
    clock.now = DURING + 13 * MINUTE
    status, answer = scenes.save(participant, code, 4, ["D"] * 5)
    assert (status, answer["left"]) == (200, 60_000)
    assert scenes.attempt(app, code).answers == '["D", "D", "D", "D", "D"]'


def test_a_longer_week_reaches_an_open_page_at_its_next_save(
    app: Flask, clock: Clock, organiser: PageClient, second: PageClient
) -> None:
    participant = PageClient(app).sign_in(PARTICIPANT)
    clock.now = makers.WEEK_1_ENDS - 4 * MINUTE
    code = scenes.start(participant)
    clock.now += MINUTE
    assert scenes.save(participant, code, 1, ["A"] * 5)[1]["left"] == 3 * 60_000
    organiser.sign_in(STAFF[Role.ORGANISER])
    second.sign_in(SECOND_ORGANISER)
    address = propose(organiser, EXTEND, "su-co?cach=keo-dai")
    page = second.get(address)
    assert "Tuần 1 đóng lúc 17 giờ 00 phút, thứ Bảy ngày 12/10/2024, thay vì 17 giờ 00 phút" in scenes.words(page)
    assert "1 lượt đang làm bị giờ đóng cũ cắt ngắn" in page
    approve(second, address)
    assert scenes.save(participant, code, 2, ["A"] * 5)[1]["left"] == 9 * 60_000
    clock.now = makers.WEEK_1_ENDS + timedelta(hours=1)
    assert "17 giờ 00 phút, thứ Bảy ngày 12/10/2024" in PageClient(app).get("/")
    scenes.start(PageClient(app).sign_in(COLLEAGUE))


def test_people_sit_again_and_the_old_page_saves_nothing_more(
    app: Flask, clock: Clock, organiser: PageClient, second: PageClient
) -> None:
    participant = PageClient(app).sign_in(PARTICIPANT)
    code = scenes.start(participant)
    clock.now = DURING + 6 * MINUTE
    address = propose(organiser, GIVE_BACK, "su-co?cach=thi-lai")
    assert "Những người này được thi lại đến" in second.get(address)
    approve(second, address)
    status, answer = scenes.save(participant, code, 1, ["A"] * 5)
    assert (status, answer["error"]) == (409, "attempt_annulled")
    assert scenes.start(participant) != code


def test_the_proposer_is_told_to_find_somebody_else(
    app: Flask, clock: Clock, organiser: PageClient, second: PageClient
) -> None:
    scenes.start(PageClient(app).sign_in(PARTICIPANT))
    clock.now = DURING + 6 * MINUTE
    address = propose(organiser, GIVE_BACK)
    page = organiser.get(address)
    assert "Ông/bà là người đề xuất nên không tự duyệt được." in page
    assert "Duyệt, có hiệu lực ngay" not in page
    before = scenes.everything(app)
    assert "Người đề xuất không được tự duyệt." in approve(organiser, address, 409)
    assert scenes.everything(app) == before
    assert "Duyệt, có hiệu lực ngay" in second.get(address)


def test_the_box_must_be_ticked_and_what_was_seen_must_still_hold(
    app: Flask, clock: Clock, organiser: PageClient, second: PageClient
) -> None:
    scenes.start(PageClient(app).sign_in(PARTICIPANT))
    clock.now = DURING + 6 * MINUTE
    address = propose(organiser, GIVE_BACK)
    before = scenes.everything(app)
    assert "Hãy đánh dấu sau khi đã xem." in approve(second, address, 422, checked="")
    page = approve(second, address, 409, seen="x" * 64)
    assert "Phạm vi tác động đã thay đổi sau khi ông/bà xem." in page
    assert scenes.everything(app) == before
    approve(second, address)


def test_a_withdrawn_proposal_is_history(app: Flask, clock: Clock, organiser: PageClient, second: PageClient) -> None:
    scenes.start(PageClient(app).sign_in(PARTICIPANT))
    clock.now = DURING + 6 * MINUTE
    address = propose(organiser, GIVE_BACK)
    assert organiser.post(f"{address}/rut") == address
    page = second.get(address)
    assert "Đã rút, không có hiệu lực" in page
    assert "Duyệt, có hiệu lực ngay" not in page
    assert "đã được duyệt hoặc đã rút" in approve(second, address, 409)
    assert "đã được duyệt hoặc đã rút" in second.post(f"{address}/rut", status=409)


def test_extra_time_by_two_people(app: Flask, clock: Clock, organiser: PageClient, second: PageClient) -> None:
    address = propose(organiser, PAPER | {"staff_code": "cb01", "minutes": "15"}, "them-gio")
    page = second.get(address)
    assert "<h1>Thêm 15 phút cho Trần Thị Bích Ngọc</h1>" in page
    assert "Được thêm 15 phút ở: Tuần 1, Tuần 2." in page
    assert approve(second, address) == address
    participant = PageClient(app).sign_in(PARTICIPANT)
    code = scenes.start(participant)
    assert scenes.save(participant, code, 1, ["A"] * 5)[1]["left"] == 25 * 60_000
    assert scenes.rows(second.get(PAGES), "Thêm giờ cho từng người") == [
        ["Trần Thị Bích Ngọc", "Sở Nội vụ", "15 phút", "12/QĐ-BTC", "Đã duyệt, có hiệu lực"]
    ]


def test_the_rounds_of_extra_time_are_named_in_the_language_of_the_page(organiser: PageClient) -> None:
    address = propose(organiser, PAPER | {"staff_code": PARTICIPANT, "minutes": "15"}, "them-gio")
    organiser.post("/ngon-ngu", {"language": "en"})
    page = organiser.get(address)
    assert "Week 1" in page
    assert "Tuần" not in page


def test_extra_time_is_not_approved_during_the_sitting(app: Flask, organiser: PageClient, second: PageClient) -> None:
    address = propose(organiser, PAPER | {"staff_code": PARTICIPANT, "minutes": "15"}, "them-gio")
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', second.get(address))
    scenes.start(PageClient(app).sign_in(PARTICIPANT))
    page = second.get(address)
    assert "Chưa duyệt được: Người này đang làm bài." in scenes.words(page)
    assert seen
    assert "Người này đang làm bài." in second.post(f"{address}/duyet", {"seen": seen[1], "checked": "y"}, 409)


def test_only_the_agencies_ticked(app: Flask, ids: dict[str, int], clock: Clock, organiser: PageClient) -> None:
    for who in (PARTICIPANT, STRANGER):
        scenes.start(PageClient(app).sign_in(who))
    clock.now = DURING + 6 * MINUTE
    form = organiser.get(f"{PAGES}/su-co?cach=tra-thoi-gian")
    assert form.count('name="agencies"') == 3
    address = propose(organiser, GIVE_BACK | {"whom": "some", "agencies": [str(ids["CT"])]})
    page = scenes.words(organiser.get(address))
    assert "Áp dụng cho Cục Thuế" in page
    assert "Lượt thi 1 Người 1" in page


def test_people_pasted_beside_agencies_with_those_below(
    app: Flask, ids: dict[str, int], clock: Clock, organiser: PageClient, second: PageClient
) -> None:
    for who in (PARTICIPANT, CHILD, STRANGER):
        scenes.start(PageClient(app).sign_in(who))
    clock.now = DURING + 6 * MINUTE
    named = GIVE_BACK | {"whom": "some", "agencies": [str(ids["SNV"])], "people": "cb04\r\nCB04\r\n"}
    assert "Lượt thi 2 Người 2" in scenes.words(organiser.get(propose(organiser, named)))
    address = propose(organiser, named | {"with_below": "y"})
    page = scenes.words(second.get(address))
    assert "Áp dụng cho Chi cục Văn thư; Sở Nội vụ; 1 người được nêu tên" in page
    assert "Danh sách 1 người được nêu tên Vũ Quang Huy (CB04), Cục Thuế" in page
    assert "Danh sách 3 người chịu tác động" in page
    approve(second, address)
    public = scenes.words(PageClient(app).get("/the-le"))
    assert "Áp dụng cho 2 cơ quan, đơn vị và 1 người." in public
    assert "Vũ Quang Huy" not in public


def test_a_division_alone(app: Flask, clock: Clock) -> None:
    contest = makers.CONTEST + "divisions: [{code: cb, name: Bảng Cán bộ}, {code: nd, name: Bảng Nhân dân}]\n"
    scenes.lay_out(app, contest=contest)
    with app.app_context():
        agency = makers.add_agency("X", "Sở Y tế")
        makers.add_person(SECOND_ORGANISER, agency, "Bùi Thị Lan", [Role.ORGANISER])
        makers.add_person("ND1", agency, "Võ Nam", division="nd")
    clock.now = DURING
    organiser, second = (PageClient(app).sign_in(who) for who in (STAFF[Role.ORGANISER], SECOND_ORGANISER))
    for who in (PARTICIPANT, "ND1"):
        scenes.start(PageClient(app).sign_in(who))
    clock.now += 6 * MINUTE
    assert "Hãy chọn một mục trong danh sách." in organiser.post(
        f"{PAGES}/su-co?cach=tra-thoi-gian", GIVE_BACK | {"division": "khac"}, 422
    )
    address = propose(organiser, GIVE_BACK | {"division": "nd"})
    page = scenes.words(second.get(address))
    assert "Áp dụng cho Tất cả người dự thi Bảng thi Bảng Nhân dân" in page
    assert "Danh sách 1 người chịu tác động Võ Nam (ND1), Sở Y tế" in page
    approve(second, address)
    assert "Áp dụng cho tất cả. Chỉ bảng thi: Bảng Nhân dân." in scenes.words(PageClient(app).get("/the-le"))


def test_those_who_ran_out_sit_again_by_the_same_decision(
    app: Flask, clock: Clock, organiser: PageClient, second: PageClient
) -> None:
    participant = PageClient(app).sign_in(PARTICIPANT)
    code = scenes.start(participant)
    clock.now = DURING + 30 * MINUTE
    address = propose(organiser, GIVE_BACK | {"ended_at": "2024-10-07T09:20"})
    page = scenes.words(second.get(address))
    assert "1 lượt đã hết giờ vì sự cố" in page
    assert "người đề xuất chọn tại trang này" in page
    assert "Chỉ người đề xuất mới sửa được đề xuất." in second.post(f"{address}/thi-lai", {"chosen": "y"}, 409)
    assert "Thêm vào đề xuất này" in organiser.get(address)
    assert organiser.post(f"{address}/thi-lai", {"chosen": "y"}) == address
    page = scenes.words(second.get(address))
    assert "Kèm theo Người đã hết giờ vì sự cố được thi lại" in page
    assert "1 lượt đã hết giờ vì sự cố bị hủy để thi lại" in page
    assert "Trần Thị Bích Ngọc (CB01), Sở Nội vụ thi lại" in page
    assert "Bỏ phần cho thi lại khỏi đề xuất này" in organiser.get(address)
    approve(second, address)
    assert "Trong đó được thi lại 1" in scenes.words(second.get(address))
    assert scenes.start(participant) != code
    public = PageClient(app)
    assert "Người đã hết giờ vì sự cố được thi lại." in public.get("/the-le")
    clock.now = scenes.AFTER
    assert "Áp dụng cho 1 lượt thi. Trong đó 1 lượt được thi lại." in scenes.words(public.get("/the-le"))


def test_the_practice_round_is_among_the_rounds_except_for_sitting_again(app: Flask, clock: Clock) -> None:
    practice = "practice: {opens: 2024-10-01 08:00, closes: 2024-10-04 17:00}\n"
    scenes.lay_out(app, contest=makers.CONTEST + practice)
    clock.now = DURING
    organiser = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    for how, offered in (("keo-dai", True), ("tra-thoi-gian", True), ("thi-lai", False)):
        assert ("Thi thử" in organiser.get(f"{PAGES}/su-co?cach={how}")) == offered


def test_extra_time_is_revoked_by_two_people(
    app: Flask, clock: Clock, organiser: PageClient, second: PageClient
) -> None:
    granted = propose(organiser, PAPER | {"staff_code": PARTICIPANT, "minutes": "15"}, "them-gio")
    assert "Đề xuất thu hồi" not in organiser.get(granted)
    assert "không có hiệu lực" in organiser.post(f"{granted}/thu-hoi", PAPER, 422)
    approve(second, granted)
    assert f'href="{granted}/thu-hoi"' in organiser.get(granted)
    assert "15 phút theo quyết định số 12/QĐ-BTC" in organiser.get(f"{granted}/thu-hoi")
    assert "Cần điền ô này." in organiser.post(f"{granted}/thu-hoi", PAPER | {"reason": ""}, 422)
    clock.now += MINUTE
    address = propose(organiser, PAPER | {"number": "13/QĐ-BTC"}, granted.removeprefix(f"{PAGES}/") + "/thu-hoi")
    page = second.get(address)
    assert "<h1>Thu hồi thời gian cộng thêm của Trần Thị Bích Ngọc</h1>" in page
    assert "Làm bài theo thời gian chung ở: Tuần 1, Tuần 2." in page
    approve(second, address)
    assert "Việc thu hồi có hiệu lực" in second.get(address)
    participant = PageClient(app).sign_in(PARTICIPANT)
    assert scenes.save(participant, scenes.start(participant), 1, ["A"] * 5)[1]["left"] == 10 * 60_000
    listed = scenes.rows(second.get(PAGES), "Thêm giờ cho từng người")
    assert [row[2:4] for row in listed] == [["Thu hồi", "13/QĐ-BTC"], ["15 phút", "12/QĐ-BTC"]]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("how", "changed", "said"),
    [
        ("tra-thoi-gian", {"people": PARTICIPANT}, "Đã chọn tất cả nhưng lại nêu tên cơ quan hoặc người."),
        ("tra-thoi-gian", {"agencies": ["1"]}, "Đã chọn tất cả nhưng lại nêu tên cơ quan hoặc người."),
        ("thi-lai", {"whom": "some", "people": "CB01\nCB99"}, "ở những dòng sau: 2 (CB99)."),
        ("tra-thoi-gian", {"whom": "some"}, "Cần đánh dấu ít nhất một cơ quan, đơn vị hoặc ghi ít nhất một mã cán bộ"),
        ("tra-thoi-gian", {"whom": "some", "agencies": ["99", "x"]}, "Cần đánh dấu ít nhất một cơ quan"),
        ("tra-thoi-gian", {"whom": ""}, "Hãy chọn một mục trong danh sách."),
        ("tra-thoi-gian", {"week": "9"}, "Hãy chọn một mục trong danh sách."),
        ("tra-thoi-gian", {"began_at": "hôm qua"}, "Hãy ghi đủ ngày và giờ."),
        ("tra-thoi-gian", {"began_at": "0001-01-01T00:00"}, "Hãy ghi đủ ngày và giờ."),
        ("tra-thoi-gian", {"began_at": ""}, "Cần điền ô này."),
        ("tra-thoi-gian", {"number": ""}, "Cần điền ô này."),
        ("tra-thoi-gian", {"ended_at": "2024-10-07T09:30"}, "Sự cố chưa kết thúc thì chưa tính được."),
        ("tra-thoi-gian", {}, "Không có lượt thi nào trong khoảng thời gian và phạm vi đã chọn."),
        ("thi-lai", {}, "Không có lượt thi nào trong khoảng thời gian và phạm vi đã chọn."),
        ("keo-dai", {"extended_to": ""}, "Cần điền ô này."),
        ("keo-dai", {"extended_to": "2024-10-10T17:00"}, "Giờ đóng mới phải sau hiện tại"),
        ("keo-dai", {"extended_to": "2024-10-15T17:00"}, "Giờ đóng mới không được quá giờ mở của Tuần 2"),
    ],
)
def test_what_is_wrong_with_a_proposal_is_said_on_its_form(
    app: Flask, clock: Clock, organiser: PageClient, how: str, changed: dict[str, object], said: str
) -> None:
    clock.now = DURING + 6 * MINUTE
    before = scenes.everything(app)
    usual = EXTEND if how == "keo-dai" else GIVE_BACK
    page = organiser.post(f"{PAGES}/su-co?cach={how}", usual | changed, 422)
    assert said in page
    assert "Mất điện toàn trụ sở" in page
    assert scenes.everything(app) == before


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"staff_code": "CB99"}, "Không có ai trong danh sách dự thi mang mã cán bộ này."),
        ({"minutes": "0"}, "Số phút cộng thêm phải từ 1 đến 120."),
        ({"minutes": "121"}, "Số phút cộng thêm phải từ 1 đến 120."),
        ({"minutes": "-5"}, "Chỉ ghi chữ số."),
        ({"minutes": "9" * 400}, "Chỉ ghi chữ số."),
        ({"reason": ""}, "Cần điền ô này."),
    ],
)
def test_what_is_wrong_with_extra_time_is_said_on_its_form(
    app: Flask, organiser: PageClient, changed: dict[str, object], said: str
) -> None:
    before = scenes.everything(app)
    fields = PAPER | {"staff_code": PARTICIPANT, "minutes": "15"} | changed
    assert said in organiser.post(f"{PAGES}/them-gio", fields, 422)
    assert scenes.everything(app) == before


def test_an_organiser_chooses_among_three_ways(organiser: PageClient) -> None:
    for address in (f"{PAGES}/su-co", f"{PAGES}/su-co?cach=khac"):
        page = organiser.get(address)
        for how, title in (
            ("keo-dai", "Kéo dài thời gian mở"),
            ("tra-thoi-gian", "Trả lại thời gian bị mất"),
            ("thi-lai", "Cho thi lại"),
        ):
            assert f"/su-co?cach={how}" in page
            assert f"<h1>{title}</h1>" in organiser.get(f"{PAGES}/su-co?cach={how}")


def test_inspectors_read_and_decide_nothing(app: Flask, clock: Clock, organiser: PageClient) -> None:
    scenes.start(PageClient(app).sign_in(PARTICIPANT))
    clock.now = DURING + 6 * MINUTE
    addresses = [
        propose(organiser, GIVE_BACK),
        propose(organiser, PAPER | {"staff_code": COLLEAGUE, "minutes": "15"}, "them-gio"),
    ]
    inspector = PageClient(app).sign_in(STAFF[Role.INSPECTOR])
    page = inspector.get(PAGES)
    for address in addresses:
        assert f'href="{address}"' in page
        assert "<form" not in inspector.get(address).partition("<main")[2].partition("</main>")[0]
    assert "Đề xuất xử lý sự cố" not in page
    log = inspector.get("/giam-sat/nhat-ky")
    assert "Đề xuất xử lý sự cố" in log
    assert "Đề xuất cộng thêm giờ" in log


def test_the_public_reads_what_was_decided_and_no_names(
    app: Flask, ids: dict[str, int], clock: Clock, organiser: PageClient, second: PageClient
) -> None:
    scenes.sit(app, ids[PARTICIPANT])
    clock.now = DURING + 6 * MINUTE
    waiting = propose(organiser, GIVE_BACK | {"number": "99/QĐ-BTC"})
    approve(second, propose(organiser, GIVE_BACK))
    assert "Thời gian này đã được trả lại theo quyết định số 12/QĐ-BTC." in second.get(waiting)
    public = PageClient(app)
    said = (
        "Trả lại thời gian bị mất , Tuần 1: sự cố từ 9 giờ 01 phút, thứ Hai ngày 07/10/2024 đến 9 giờ 05 phút, "
        "thứ Hai ngày 07/10/2024. Áp dụng cho tất cả. Quyết định số 12/QĐ-BTC."
    )
    rules = public.get("/the-le")
    assert said in scenes.words(rules)
    assert "1 lượt thi" not in rules
    clock.now = scenes.AFTER
    scenes.publish(app, clock.now, ids[STAFF[Role.ORGANISER]])
    week = public.get("/ket-qua/tuan-1")
    assert f"{said} Áp dụng cho 1 lượt thi." in scenes.words(week)
    for page in (rules, week):
        for secret in ("99/QĐ-BTC", "Mất điện", "Bùi Thị Lan", "Đỗ Organiser"):
            assert secret not in page


def test_after_publication_the_page_says_why_nothing_can_be_approved(
    app: Flask, ids: dict[str, int], clock: Clock, organiser: PageClient, second: PageClient
) -> None:
    scenes.sit(app, ids[PARTICIPANT])
    clock.now = DURING + 6 * MINUTE
    address = propose(organiser, GIVE_BACK)
    clock.now = scenes.AFTER
    scenes.publish(app, clock.now, ids[STAFF[Role.ORGANISER]])
    second.sign_in(SECOND_ORGANISER)
    assert "Kết quả Tuần 1 đã công bố" in second.get(address)
    assert "Kết quả Tuần 1 đã công bố" in approve(second, address, 409)


def test_a_closed_week_warns_before_it_is_opened_again(
    app: Flask, ids: dict[str, int], clock: Clock, organiser: PageClient, second: PageClient
) -> None:
    scenes.sit(app, ids[PARTICIPANT])
    clock.now = scenes.AFTER
    scenes.mark(app, clock.now)
    organiser.sign_in(STAFF[Role.ORGANISER])
    second.sign_in(SECOND_ORGANISER)
    address = propose(organiser, EXTEND, "su-co?cach=keo-dai")
    page = scenes.words(second.get(address))
    assert "người đã thi có thể đã xem đáp án" in page
    assert "bảng tạm thời bị bỏ và hệ thống chấm lại" in page
    assert "các con số còn thay đổi" not in page
    again = propose(organiser, GIVE_BACK, "su-co?cach=thi-lai")
    assert "chưa ai thi lại được" in scenes.words(second.get(again))
    approve(second, address)
    assert "Đang mở, đến 17 giờ 00 phút, thứ Bảy ngày 12/10/2024" in scenes.words(organiser.get("/ban-to-chuc"))


def test_addresses_of_other_kinds_of_decisions_do_not_exist(organiser: PageClient) -> None:
    for address in ("su-co/7", "them-gio/7"):
        assert "Không có quyết định này." in organiser.get(f"{PAGES}/{address}", 404)
        for act in ("duyet", "rut"):
            assert "Không có quyết định này." in organiser.post(f"{PAGES}/{address}/{act}", status=404)
