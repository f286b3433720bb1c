"""The review of a ranking: what staff see of the first places, a strike in two steps, and what nobody else learns."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from quiz.permissions import Role
from quiz.services import devices, review_signals, transaction
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, DURING, STAFF, rows, words

WEEK = "/ban-to-chuc/tuan-1"
REVIEW = f"{WEEK}/ra-soat"
STRIKE = {"reason": "Thi hộ", "evidence": "Biên bản số 3 <b>\ndòng hai", "scope": "week"}


@scenes.laid_out
def marked(app: Flask) -> dict[str, int]:
    """Eight people who sat week 1 in so many minutes, N1 and N3 on one device; the week is over and marked."""
    made = scenes.lay_out(app)
    with app.app_context():
        for number in range(1, 9):
            agency = made["SNV" if number % 2 else "CT"]
            made[f"N{number}"] = makers.add_person(f"N{number}", agency, f"Người Thứ {number}")
    codes = {
        number: scenes.sit(app, made[f"N{number}"], lasts=timedelta(minutes=number, milliseconds=412), right=4)
        for number in range(1, 9)
    }
    with app.app_context():
        for number, device in ((1, "office"), (1, "phone"), (3, "office"), (5, "own")):
            with transaction() as session:
                devices.note(session, codes[number], device)
    scenes.mark(app, AFTER)
    return made


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    clock.now = AFTER
    return marked(app)


@pytest.fixture
def organiser(app: Flask, ids: dict[str, int]) -> PageClient:
    """An organiser, signed in after the week was marked."""
    return PageClient(app).sign_in(STAFF[Role.ORGANISER])


def work_out(app: Flask) -> None:
    with app.app_context():
        review_signals.work_out_due()


def seen(html: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]{64})"', html)
    assert found
    return found[1]


def of(ids: dict[str, int], code: str) -> str:
    return f"{REVIEW}/{ids[code]}"


def strike(client: PageClient, ids: dict[str, int], code: str, **fields: str) -> str:
    """Look at what it would change, tick the box and strike."""
    preview = client.post(f"{of(ids, code)}/loai", {**STRIKE, **fields}, 200)
    return client.post(f"{of(ids, code)}/loai/xac-nhan", {**STRIKE, **fields, "seen": seen(preview), "checked": "y"})


def test_the_first_places_stand_with_figures_devices_and_signals(
    app: Flask, ids: dict[str, int], organiser: PageClient
) -> None:
    assert "Đang tính tín hiệu" in organiser.get(REVIEW)
    work_out(app)
    page = organiser.get(REVIEW)
    found = rows(page, "50 người đầu")
    assert found[0] == [
        *("1", "Người Thứ 1 Sở Nội vụ", "4/5", "1 phút 00,412 giây 09:01:00,412 ngày 07/10", "2", "1"),
        "Cùng 4/5 câu đúng, làm bài nhanh hơn hạng 2 là 1 phút 00 giây (1 phút 00 giây so với 2 phút 00 giây)",
        "Chung thiết bị: 1 người khác Loại khỏi xét giải : Người Thứ 1",
    ]
    assert [row[4] for row in found] == ["2", "–", "1", "–", "1", "–", "–", "–"]
    assert "Tín hiệu chỉ là thông tin để xem xét, không phải kết luận." in words(page)
    assert "Mức phổ biến: 1 trên 3 (33,33%) thiết bị có từ hai người trở lên." in words(page)
    assert "Mức phổ biến: 0 trên 8 (0,00%) lượt được xếp hạng." in words(page)


def test_one_person_closely(app: Flask, ids: dict[str, int], organiser: PageClient) -> None:
    work_out(app)
    page = words(organiser.get(of(ids, "N1")))
    assert "đúng 4, sai 1, bỏ trống 0" in page
    assert "Cùng thiết bị với Người Thứ 3. Mức phổ biến: 1 trên 3 (33,33%)." in page
    assert "Người Thứ 3 , Sở Nội vụ: 09:00:00 – 09:03:00 07/10/2024; đứng thứ 3" in page.replace("–", " – ")
    assert page.count("Không có ai khác.") == 1
    assert "Không có tín hiệu nào." in organiser.get(of(ids, "N5"))
    assert "Người này không có tên trong bảng xếp hạng Tuần 1." in organiser.get(of(ids, scenes.PARTICIPANT), 404)


def test_an_inspector_reads_and_cannot_strike(app: Flask, ids: dict[str, int]) -> None:
    client = PageClient(app).sign_in(STAFF[Role.INSPECTOR])
    for path in (REVIEW, of(ids, "N1")):
        page = client.get(path)
        assert "Loại khỏi xét giải" not in page
        assert "/loai" not in page
    client.post(f"{of(ids, 'N1')}/loai", STRIKE, 403)


def test_a_strike_is_shown_before_it_is_done_and_the_next_moves_up(
    app: Flask, ids: dict[str, int], organiser: PageClient
) -> None:
    before = scenes.everything(app)
    preview = organiser.post(f"{of(ids, 'N2')}/loai", STRIKE, 200)
    assert scenes.everything(app) == before
    assert rows(preview, "Tuần 1") == [
        ["Giải Nhất", "Người Thứ 1 (Sở Nội vụ)", "không đổi"],
        ["Giải Nhì", "Người Thứ 2 (Cục Thuế)", "Người Thứ 3 (Sở Nội vụ)"],
        ["Giải Nhì", "Người Thứ 3 (Sở Nội vụ)", "Người Thứ 4 (Cục Thuế)"],
        ["Giải Ba", "Người Thứ 4 (Cục Thuế)", "Người Thứ 5 (Sở Nội vụ)"],
        ["Giải Ba", "Người Thứ 5 (Sở Nội vụ)", "Người Thứ 6 (Cục Thuế)"],
        ["Giải Ba", "Người Thứ 6 (Cục Thuế)", "Người Thứ 7 (Sở Nội vụ)"],
    ]
    confirm = {**STRIKE, "seen": seen(preview)}
    unticked = organiser.post(f"{of(ids, 'N2')}/loai/xac-nhan", confirm, 422)
    assert 'id="checked-error"' in unticked
    assert seen(unticked) == seen(preview)
    assert scenes.everything(app) == before
    assert organiser.post(f"{of(ids, 'N2')}/loai/xac-nhan", {**confirm, "checked": "y"}) == of(ids, "N2")
    week = organiser.get(WEEK)
    assert [row[2] for row in rows(week, "Giải thưởng")][:2] == ["Người Thứ 1", "Người Thứ 3"]
    assert "Không xét giải: bị loại: Thi hộ" in words(week)
    page = words(organiser.get(of(ids, "N2")))
    assert "Căn cứ: Biên bản số 3 <b> dòng hai" in page
    assert "Bỏ việc loại" in page


def test_a_preview_grown_old_is_shown_anew(app: Flask, ids: dict[str, int], organiser: PageClient) -> None:
    preview = organiser.post(f"{of(ids, 'N2')}/loai", STRIKE, 200)
    strike(organiser, ids, "N1")
    old = {**STRIKE, "seen": seen(preview), "checked": "y"}
    page = organiser.post(f"{of(ids, 'N2')}/loai/xac-nhan", old, 409)
    assert "Người được giải đã thay đổi sau khi ông/bà xem." in page
    assert seen(page) != seen(preview)
    again = {**STRIKE, "seen": seen(page), "checked": "y"}
    assert organiser.post(f"{of(ids, 'N2')}/loai/xac-nhan", again) == of(ids, "N2")


def test_what_is_missing_is_asked_for(app: Flask, ids: dict[str, int], organiser: PageClient) -> None:
    for field in ("reason", "evidence", "scope"):
        page = organiser.post(f"{of(ids, 'N1')}/loai", {**STRIKE, field: ""}, 422)
        assert f'id="{field}-error"' in page
    strike(organiser, ids, "N1")
    assert "đã bị loại khỏi xét giải trước đó" in organiser.post(f"{of(ids, 'N1')}/loai", STRIKE, 409)


def test_undoing_is_an_act_of_its_own(app: Flask, ids: dict[str, int], organiser: PageClient) -> None:
    strike(organiser, ids, "N1")
    page = organiser.get(of(ids, "N1"))
    assert rows(page, "Tuần 1")[0] == ["Giải Nhất", "Người Thứ 2 (Cục Thuế)", "Người Thứ 1 (Sở Nội vụ)"]
    undo = f"{of(ids, 'N1')}/bo-loai/1"
    assert 'id="reason-error"' in organiser.post(undo, {"seen": seen(page), "reason": ""}, 422)
    assert organiser.post(undo, {"seen": seen(page), "reason": "Nhầm người"}) == of(ids, "N1")
    assert "đã được bỏ trước đó" in organiser.post(undo, {"seen": seen(page), "reason": "Nhầm người"}, 409)
    assert rows(organiser.get(WEEK), "Giải thưởng")[0][2] == "Người Thứ 1"
    log = words(PageClient(app).sign_in(STAFF[Role.INSPECTOR]).get("/giam-sat/nhat-ky"))
    assert "Bỏ việc loại kết quả" in log
    assert "Loại kết quả khỏi xét giải" in log
    assert "Lý do: Nhầm người" in words(organiser.get(REVIEW))


def test_a_strike_after_publication_asks_for_a_correction(
    app: Flask, ids: dict[str, int], organiser: PageClient
) -> None:
    scenes.publish(app, AFTER, ids[STAFF[Role.ORGANISER]])
    notice = "Cần công bố đính chính"
    assert notice not in organiser.get(WEEK)
    strike(organiser, ids, "N1")
    assert notice in organiser.get(WEEK)


def test_the_public_never_learns_who_was_struck(
    app: Flask, clock: Clock, ids: dict[str, int], organiser: PageClient
) -> None:
    strike(organiser, ids, "N1")
    scenes.publish(app, AFTER, ids[STAFF[Role.ORGANISER]])
    visitor = PageClient(app)
    for path in ("/", "/ket-qua", "/ket-qua/tuan-1", "/ty-le-tham-gia", "/the-le"):
        page = visitor.get(path)
        assert "Người Thứ 1<" not in page
        assert "Thi hộ" not in page
        assert "bị loại:" not in page
    bodies = scenes.everything(app)["publications"]
    assert "Người Thứ 1" not in repr(bodies)
    other = PageClient(app).sign_in("N2")
    assert "Thi hộ" not in other.get("/thi")


def test_whoever_is_struck_is_told_politely_and_keeps_the_score(
    app: Flask, ids: dict[str, int], organiser: PageClient
) -> None:
    own = PageClient(app).sign_in("N1")
    [path] = re.findall(r'href="(/thi/bai/[A-Z2-7]+/dap-an)"', own.get("/thi"))[:1]
    told = "Kết quả Tuần 1 của ông/bà không được xét giải."
    assert told not in words(own.get(path))
    strike(organiser, ids, "N1")
    page = words(own.get(path))
    assert told in page
    assert "khiếu nại" in page
    assert "Đúng 4/5 câu" in page
    assert "Thi hộ" not in page


def test_a_week_not_marked_says_so(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    assert "Tuần 1 chưa được chấm." in client.get(REVIEW)
    client.get(f"{REVIEW}/1", 409)
