"""The organiser's pages: from the closed week to the published one, and what the public then sees."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from quiz.models import db
from quiz.models.contests import DbBarred
from quiz.models.people import DbRoleGrant
from quiz.permissions import Role
from quiz.services import results
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, DURING, STAFF, rows, words

WEEK = "/ban-to-chuc/tuan-1"
PUBLISH = f"{WEEK}/cong-bo"


@scenes.laid_out
def sat_by_eight(app: Flask) -> dict[str, int]:
    """Eight people who sat week 1 in so many minutes, all with five right answers but the last; the week is over."""
    made = scenes.lay_out(app)
    with app.app_context():
        for number in range(1, 9):
            agency = made["SNV" if number % 2 else "CT"]
            made[f"N{number}"] = makers.add_person(f"N{number}", agency, f"Người Thứ {number}")
    scenes.freeze(app, DURING)
    for number in range(1, 9):
        right = 5 if number < 8 else 1
        scenes.sit(app, made[f"N{number}"], lasts=timedelta(minutes=number, milliseconds=700), right=right)
    return made


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    clock.now = AFTER
    return sat_by_eight(app)


@pytest.fixture
def organiser(app: Flask, ids: dict[str, int]) -> PageClient:
    """An organiser, signed in after the week has closed."""
    return PageClient(app).sign_in(STAFF[Role.ORGANISER])


def seen(html: str) -> str:
    """The digest of the ranking in the form."""
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]{64})"', html)
    assert found
    return found[1]


def problem(html: str) -> str:
    """The message at the top of the page."""
    found = re.search(r'<div class="notice notice-bad" role="alert"[^>]*><p>(.*?)</p>', html)
    return found[1] if found else ""


def bar(app: Flask, person_id: int) -> None:
    """Put somebody on the barred list after they sat."""
    with app.app_context():
        db.session.add(DbBarred(contest_id=1, person_id=person_id, group_code="ban-to-chuc"))
        db.session.commit()


def publish(client: PageClient, **fields: str) -> str:
    """Tick the box and publish what the page shows."""
    page = client.get(WEEK)
    return client.post(PUBLISH, {"seen": seen(page), "checked": "y", **fields})


def test_overview_of_a_closed_week(app: Flask, ids: dict[str, int], organiser: PageClient) -> None:
    page = organiser.get("/ban-to-chuc")
    assert "8 lượt thi; 8 người đã dự thi trên 16 người (50,00%)." in words(page)
    assert "Chấm và xếp hạng" in words(page)
    assert "Tuần 2 Mở lúc 8 giờ 00 phút, thứ Hai ngày 14/10/2024" in words(page)
    scenes.mark(app, AFTER)
    assert "Kiểm tra và công bố" in words(organiser.get("/ban-to-chuc"))
    publish(organiser)
    assert "Đã công bố lần 1" in words(organiser.get("/ban-to-chuc"))


def test_overview_says_what_is_missing_before_opening(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app, makers.bank_text(3))
    clock.now = makers.BEFORE
    page = PageClient(app).sign_in(STAFF[Role.ORGANISER]).get("/ban-to-chuc")
    for problem in ("Tuần 1: bộ câu hỏi còn thiếu 2 câu.", "Tuần 2: bộ câu hỏi còn thiếu 2 câu."):
        assert problem in words(page)
    assert "Mới có 1 người có quyền Ban Tổ chức" in words(page)
    clock.now = makers.WEEK_2_ENDS
    assert "Mới có 1 người" not in PageClient(app).sign_in(STAFF[Role.ORGANISER]).get("/ban-to-chuc")


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        (makers.BEFORE, "Tuần 1 chưa mở."),
        (DURING, "Tuần 1 đang mở; chỉ chấm sau khi đóng."),
        (AFTER, "Tuần 1 đã đóng và chưa được chấm."),
    ],
)
def test_week_page_says_where_the_week_stands(app: Flask, clock: Clock, now: object, sentence: str) -> None:
    scenes.lay_out(app)
    clock.now = now  # type: ignore[assignment]
    page = PageClient(app).sign_in(STAFF[Role.ORGANISER]).get(WEEK)
    assert sentence in words(page)
    assert "/cong-bo" not in page
    assert ("/cham" in page) is (now is AFTER)


def test_marking_and_publishing_are_refused_before_the_week_and_its_grace_are_over(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = makers.WEEK_1_ENDS - timedelta(minutes=5)
    scenes.freeze(app, clock.now)
    client = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    before = scenes.everything(app)
    for moment in (clock.now, makers.WEEK_1_ENDS, makers.WEEK_1_ENDS + timedelta(seconds=5)):
        clock.now = moment
        refused = "Tuần 1 chưa đóng (đóng lúc 17 giờ 00 phút, thứ Sáu ngày 11/10/2024)"
        assert refused in client.post(f"{WEEK}/cham", status=409)
        assert refused in client.post(PUBLISH, {"seen": "0" * 64, "checked": "y"}, 409)
    assert scenes.everything(app) == before


def test_marking_by_hand_shows_the_ranking(ids: dict[str, int], organiser: PageClient) -> None:
    assert organiser.post(f"{WEEK}/cham") == WEEK
    page = organiser.get(WEEK)
    assert "Đã chấm 8 lượt thi." in page
    assert [row[:3] for row in rows(page, "Giải thưởng")] == [
        ["Giải Nhất", "1", "Người Thứ 1"],
        ["Giải Nhì", "2", "Người Thứ 2"],
        ["Giải Nhì", "3", "Người Thứ 3"],
        ["Giải Ba", "4", "Người Thứ 4"],
        ["Giải Ba", "5", "Người Thứ 5"],
        ["Giải Ba", "6", "Người Thứ 6"],
    ]
    ranking = rows(page, "Xếp hạng tạm thời")
    assert ranking[0] == [
        *("1", "Người Thứ 1", "Sở Nội vụ", "5/5", "1 phút 00 giây"),
        "Cùng 5/5 câu đúng, làm bài nhanh hơn hạng 2 là 1 phút 00 giây (1 phút 00 giây so với 2 phút 00 giây)",
    ]
    assert ranking[6][5] == "Đúng 5/5 câu, nhiều hơn hạng 8 (1/5 câu)"
    assert ranking[7] == ["8", "Người Thứ 8", "Cục Thuế", "1/5", "8 phút 00 giây", ""]
    assert rows(page, "Phân bố điểm") == [["5", "7", "87,50%"], ["1", "1", "12,50%"]]
    assert [row[:5] for row in rows(page, "Tỷ lệ tham gia")] == [
        ["Chi cục Văn thư", "1", "0", "0", "0,00%"],
        ["Cục Thuế", "5", "0", "4", "80,00%"],
        ["Sở Nội vụ", "11", "0", "4", "36,36%"],
    ]


def test_marking_twice_is_once(app: Flask, clock: Clock, ids: dict[str, int], organiser: PageClient) -> None:
    organiser.post(f"{WEEK}/cham")
    before = scenes.everything(app)
    clock.now += timedelta(minutes=1)
    organiser.post(f"{WEEK}/cham")
    assert scenes.everything(app) == before


def test_somebody_barred_after_sitting_is_struck_and_the_next_moves_up(
    app: Flask, ids: dict[str, int], organiser: PageClient
) -> None:
    scenes.mark(app, AFTER)
    bar(app, ids["N2"])
    with app.app_context():
        db.session.add(DbRoleGrant(person_id=ids["N4"], role=Role.INSPECTOR))
        db.session.commit()
    page = organiser.get(WEEK)
    assert [row[2] for row in rows(page, "Giải thưởng")] == [
        *("Người Thứ 1", "Người Thứ 3", "Người Thứ 5", "Người Thứ 6", "Người Thứ 7", "Người Thứ 8"),
    ]
    ranking = rows(page, "Xếp hạng tạm thời")
    assert ranking[1][:2] == ["2", "Người Thứ 2 Không xét giải: Thành viên Ban Tổ chức"]
    assert ranking[3][1] == "Người Thứ 4 Không xét giải: Người tổ chức, quản trị hoặc giám sát hội thi"
    assert page.count('class="struck"') == 2
    publish(organiser)
    public = PageClient(app).get("/ket-qua/tuan-1")
    assert "Người Thứ 2" not in public
    assert "Người Thứ 4" not in public
    assert "Không xét giải" not in public


def test_an_unticked_box_keeps_the_page_and_says_so(app: Flask, ids: dict[str, int], organiser: PageClient) -> None:
    scenes.mark(app, AFTER)
    first = organiser.get(WEEK)
    page = organiser.post(PUBLISH, {"seen": seen(first)}, 422)
    assert 'id="checked-error">Hãy đánh dấu sau khi đã kiểm tra.</p>' in page
    assert seen(page) == seen(first)
    assert rows(page, "Giải thưởng") == rows(first, "Giải thưởng")
    assert scenes.everything(app)["publications"] == []


def test_publishing_leads_to_the_public_page_and_leaves_a_trace(
    app: Flask, ids: dict[str, int], organiser: PageClient
) -> None:
    scenes.mark(app, AFTER)
    assert publish(organiser) == "/ket-qua/tuan-1"
    page = organiser.get("/ket-qua/tuan-1")
    assert "Tuần 1: đã công bố kết quả lần 1." in page
    assert "Công bố lần 1, lúc 17 giờ 01 phút, thứ Sáu ngày 11/10/2024." in words(page)
    acts = [row[2:4] for row in scenes.everything(app)["audit_entries"]]
    assert acts.count((ids[STAFF[Role.ORGANISER]], "publish_results")) == 1
    assert "Đã công bố lần 1 lúc 17 giờ 01 phút" in words(organiser.get(WEEK))


def test_a_ranking_that_changed_meanwhile_is_shown_before_it_is_published(
    app: Flask, ids: dict[str, int], organiser: PageClient
) -> None:
    scenes.mark(app, AFTER)
    shown = seen(organiser.get(WEEK))
    bar(app, ids["N1"])
    page = organiser.post(PUBLISH, {"seen": shown, "checked": "y"}, 409)
    assert problem(page) == ("Bảng xếp hạng Tuần 1 đã thay đổi sau khi ông/bà xem. Hãy xem lại trước khi công bố.")
    assert rows(page, "Giải thưởng")[0][2] == "Người Thứ 2"
    assert "<input checked" not in page
    assert scenes.everything(app)["publications"] == []
    assert seen(page) != shown
    assert organiser.post(PUBLISH, {"seen": seen(page), "checked": "y"}) == "/ket-qua/tuan-1"


def test_a_ranking_that_nobody_saw_is_not_published(app: Flask, ids: dict[str, int], organiser: PageClient) -> None:
    scenes.mark(app, AFTER)
    for shown in ("", "x", "0" * 64, "0" * 5000, "\x00"):
        organiser.post(PUBLISH, {"seen": shown, "checked": "y"}, 409 if shown else 422)
        assert scenes.everything(app)["publications"] == []


def test_a_correction_needs_a_reason_and_says_it_in_public(
    app: Flask, clock: Clock, ids: dict[str, int], organiser: PageClient
) -> None:
    scenes.mark(app, AFTER)
    publish(organiser)
    clock.now += timedelta(minutes=10)
    bar(app, ids["N1"])
    page = organiser.get(WEEK)
    assert "Công bố đính chính lần 2" in page
    for blank in ("", "  \n"):
        refused = organiser.post(PUBLISH, {"seen": seen(page), "checked": "y", "reason": blank}, 409)
        assert problem(refused) == "Cần ghi rõ lý do."
        assert "<input checked" in refused
    assert len(scenes.everything(app)["publications"]) == 1
    too_long = organiser.post(PUBLISH, {"seen": seen(page), "checked": "y", "reason": "x" * 1001}, 422)
    assert 'id="reason-error"' in too_long
    publish(organiser, reason="Một người thuộc Ban Tổ chức <b>")
    public = PageClient(app).get("/ket-qua/tuan-1")
    assert "Công bố lần 2, lúc 17 giờ 11 phút" in words(public)
    assert "Lý do đính chính: Một người thuộc Ban Tổ chức <b>" in words(public)
    assert "<b>" not in public
    assert re.findall(r'class="winner-name">(.*?)<', public)[0] == "Người Thứ 2"


def test_a_reason_typed_is_kept_where_the_ranking_changed(
    app: Flask, ids: dict[str, int], organiser: PageClient
) -> None:
    scenes.mark(app, AFTER)
    publish(organiser)
    page = organiser.post(PUBLISH, {"seen": "0" * 64, "checked": "y", "reason": "Lý do đã ghi"}, 409)
    assert "Lý do đã ghi</textarea>" in page


def test_the_public_sees_six_winners_by_name_and_agency_and_nothing_more_personal(
    app: Flask, ids: dict[str, int], organiser: PageClient
) -> None:
    scenes.mark(app, AFTER)
    publish(organiser)
    visitor = PageClient(app)
    pages = {path: visitor.get(path) for path in ("/", "/ket-qua", "/ket-qua/tuan-1", "/ty-le-tham-gia", "/the-le")}
    names = [f"Người Thứ {number}" for number in range(1, 7)]
    for path in ("/", "/ket-qua", "/ket-qua/tuan-1"):
        assert re.findall(r'class="winner-name">(.*?)<', pages[path]) == names
        assert re.findall(r'class="winner-agency">(.*?)<', pages[path]) == ["Sở Nội vụ", "Cục Thuế"] * 3
    assert "Hạng 1: cùng 5/5 câu đúng, làm bài nhanh hơn hạng 2 là 1 phút 00 giây" in words(pages["/ket-qua"])
    codes = [row[0] for row in scenes.everything(app)["attempts"]]
    private = ["example.vn", "Chuyên viên", "Người Thứ 7", "Người Thứ 8", "Thị Bích Ngọc", "Đỗ Organiser", *codes]
    private += [f"N{number}<" for number in range(1, 9)] + [f"09:0{number}" for number in range(1, 9)]
    private += [f"9 giờ 0{number}" for number in range(1, 9)]
    assert [(path, text) for path, page in pages.items() for text in private if text in page] == []


def test_public_figures_are_those_of_the_publication_and_stay(
    app: Flask, ids: dict[str, int], organiser: PageClient
) -> None:
    scenes.mark(app, AFTER)
    publish(organiser)
    page = PageClient(app).get("/ket-qua/tuan-1")
    assert "Người dự thi 8 Lượt thi 8 Người đúng cả 5 câu 7" in words(page)
    table = [row for row in rows(page, "Bảng tỷ lệ tham gia") if len(row) > 1]
    assert table == [
        ["Chi cục Văn thư", "1", "0", "0", "0,00%", "0", "0,00%", "Còn thiếu 1 người"],
        ["Sở Nội vụ", "11", "0", "4", "36,36%", "4", "36,36%", "Còn thiếu 4 người"],
        ["Cục Thuế", "5", "0", "4", "80,00%", "4", "80,00%", "Đạt"],
    ]
    with app.app_context():
        makers.add_person("X1", ids["CT"], "Người Mới")
    assert scenes.without_tokens(PageClient(app).get("/ket-qua/tuan-1")) == scenes.without_tokens(page)


def test_the_lot_seed_is_secret_until_it_is_published(app: Flask, ids: dict[str, int], organiser: PageClient) -> None:
    scenes.mark(app, AFTER)
    with app.app_context():
        seed = makers.week(db.session()).lot_seed.hex()
        commitment = makers.week(db.session()).lot_commitment
    visitor = PageClient(app)
    assert commitment in visitor.get("/the-le")
    pages = [organiser.get(path) for path in ("/", "/the-le", "/ket-qua", WEEK, "/ban-to-chuc")]
    assert [seed in page for page in pages] == [False] * 5
    publish(organiser)
    assert seed in visitor.get("/ket-qua/tuan-1")


def test_an_inspector_sees_the_ranking_but_cannot_publish_it(app: Flask, ids: dict[str, int]) -> None:
    scenes.mark(app, AFTER)
    client = PageClient(app).sign_in(STAFF[Role.INSPECTOR])
    page = client.get(WEEK)
    assert len(rows(page, "Giải thưởng")) == 6
    assert "cong-bo" not in page
    client.post(PUBLISH, {"seen": "0" * 64, "checked": "y"}, 403)
    assert scenes.everything(app)["publications"] == []


def test_a_week_that_nobody_sat_has_no_winners(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    scenes.freeze(app, DURING)
    clock.now = AFTER
    client = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    client.post(f"{WEEK}/cham")
    assert "Không có ai đủ điều kiện nhận giải." in client.get(WEEK)
    publish(client)
    assert "Người dự thi 0 Lượt thi 0" in words(PageClient(app).get("/ket-qua/tuan-1"))


ROUNDS = (
    makers.CONTEST.replace("paper: {questions: 5,", "paper: {questions: 5, points: 4,")
    + """one_prize: keep_best
practice: {opens: 2024-10-01 08:00, closes: 2024-10-04 17:00}
prediction: {text: "Bao nhiêu lượt thi?", target: attempts}
ranking: [score, prediction, time_taken, lot]
divisions:
  - {code: can-bo, name: Bảng cán bộ}
  - {code: nguoi-dan, name: Bảng người dân, prizes: [{name: Giải Vàng, count: 1}]}
"""
)


@pytest.fixture
def divided(app: Flask, clock: Clock) -> dict[str, int]:
    """Two divisions, questions worth four points each, a practice round and a prediction; week 1 is over and marked."""
    made = scenes.lay_out(app, contest=ROUNDS)
    with app.app_context():
        for number, division in ((1, "can-bo"), (2, "can-bo"), (3, "nguoi-dan")):
            made[f"N{number}"] = makers.add_person(f"N{number}", made["SNV"], f"Người Thứ {number}", division=division)
    scenes.sit(app, made["N1"], starts_at=makers.WEEK_1 - timedelta(days=6), number=0)
    scenes.freeze(app, DURING)
    for number, right, predicted in ((1, 4, 5), (2, 4, 2), (3, 3, None)):
        scenes.sit(app, made[f"N{number}"], right=right, prediction=predicted)
    clock.now = AFTER
    scenes.mark(app, AFTER)
    return made


def test_each_division_stands_apart_with_its_points_and_the_figure_predicted(
    app: Flask, divided: dict[str, int]
) -> None:
    page = PageClient(app).sign_in(STAFF[Role.ORGANISER]).get(WEEK)
    why = "Cùng 16/20 điểm, dự đoán 2 lượt, lệch 1 so với 3; hạng 2 lệch 2"
    assert rows(page, "Giải thưởng: Bảng cán bộ")[0] == ["Giải Nhất", "1", "Người Thứ 2", "Sở Nội vụ", why]
    assert rows(page, "Giải thưởng: Bảng người dân") == [
        ["Giải Vàng", "1", "Người Thứ 3", "Sở Nội vụ", "Không có ai xếp sau"]
    ]
    assert [row[3] for row in rows(page, "Xếp hạng tạm thời: Bảng cán bộ")] == ["16/20", "16/20"]
    assert rows(page, "Phân bố điểm: Bảng cán bộ") == [["16", "2", "100,00%"]]
    assert "Phân bố điểm (theo người): Bảng người dân Điểm Số người Tỷ lệ 12 1 100,00%" in words(page)
    assert words(page).count("Kết quả phải dự đoán: 3.") == 2


def test_a_better_prize_in_a_later_week_asks_for_a_correction_of_the_earlier_one(
    app: Flask, clock: Clock, divided: dict[str, int]
) -> None:
    organiser = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    publish(organiser)
    notice = "Bảng xếp hạng hiện nay trao giải khác lần công bố gần nhất."
    assert notice not in organiser.get(WEEK)
    scenes.sit(app, divided["N1"], starts_at=DURING + timedelta(days=7), number=2)
    clock.now = makers.WEEK_2_ENDS + timedelta(minutes=1)
    scenes.mark(app, clock.now, 2)
    organiser.sign_in(STAFF[Role.ORGANISER])
    page = organiser.get(WEEK)
    assert notice in page
    assert [row[2] for row in rows(page, "Giải thưởng: Bảng cán bộ")] == ["Người Thứ 2"]
    publish(organiser, reason="Một người được giải cao hơn ở tuần sau")
    assert notice not in organiser.get(WEEK)


def test_the_practice_round_is_marked_as_counting_for_nothing(app: Flask, divided: dict[str, int]) -> None:
    organiser = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    overview = words(organiser.get("/ban-to-chuc"))
    assert "Thi thử Thi thử, không tính kết quả Đã đóng lúc 17 giờ 00 phút, thứ Sáu ngày 04/10/2024 1 lượt thi." in (
        overview
    )
    assert overview.count("Kiểm tra và công bố") == 1
    for is_marked in (False, True):
        page = organiser.get("/ban-to-chuc/tuan-0")
        assert "Thi thử, không tính kết quả: không xếp hạng, không công bố." in words(page)
        assert "/cong-bo" not in page
        assert ("/cham" in page) is not is_marked
        assert "Tỷ lệ tham gia" not in words(page)
        scenes.mark(app, AFTER, 0)
    refused = organiser.post("/ban-to-chuc/tuan-0/cong-bo", {"seen": "0" * 64, "checked": "y"}, 409)
    assert problem(refused) == "Thi thử chưa được chấm."
    assert scenes.everything(app)["publications"] == []


def test_every_place_can_be_read_page_by_page(
    app: Flask, organiser: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes.mark(app, AFTER)
    assert "Các trang" not in organiser.get(WEEK)
    monkeypatch.setattr(results, "SHOWN", 3)
    read = []
    path = WEEK
    while path:
        page = organiser.get(path)
        read += [(row[0], row[1], bool(row[5])) for row in rows(page, "Xếp hạng tạm thời")]
        found = re.search(r'href="([^"#]*)[^"]*">Trang sau', page)
        path = found[1].replace("&amp;", "&") if found else ""
    assert read == [(str(number), f"Người Thứ {number}", number < 8) for number in range(1, 9)]
    assert "Trang 3/3" in words(organiser.get(f"{WEEK}?trang=99"))


def test_a_page_asked_for_is_that_of_its_division(app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    divisions = "divisions: [{code: can-bo, name: Cán bộ}, {code: nguoi-dan, name: Người dân}]\n"
    ids = scenes.lay_out(app, contest=makers.CONTEST + divisions)
    with app.app_context():
        people = [
            makers.add_person(f"N{number}", ids["CT"], f"Người Thứ {number}", division=division, activated=False)
            for number, division in enumerate(("can-bo", "can-bo", "nguoi-dan", "nguoi-dan"))
        ]
    scenes.freeze(app, DURING)
    for number, person in enumerate(people):
        scenes.sit(app, person, lasts=timedelta(minutes=1 + number))
    clock.now = AFTER
    scenes.mark(app, AFTER)
    monkeypatch.setattr(results, "SHOWN", 1)
    page = PageClient(app).sign_in(STAFF[Role.ORGANISER]).get(f"{WEEK}?bang=nguoi-dan&trang=2")
    first, second = (rows(page, f"Xếp hạng tạm thời: {name}") for name in ("Cán bộ", "Người dân"))
    assert [[row[1] for row in one] for one in (first, second)] == [["Người Thứ 0"], ["Người Thứ 3"]]
