"""The monitor: its figures, who may see them, what its script asks for, and that troubles are counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from quiz.app import create_app
from quiz.config import Config
from quiz.models import db
from quiz.permissions import Role
from quiz.services import SYSTEM, audit, heartbeats, room, transaction, troubles
from quiz.services.heartbeats import Part
from quiz.web import access
from quiz.web.monitor import in_bytes
from tests import makers
from tests.conftest import SECRET, Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, COLLEAGUE, DURING, PARTICIPANT, STAFF, rows, words
from tests.web.test_pages import crowd

MONITOR = "/ban-to-chuc/theo-doi"
FIGURES = f"{MONITOR}/so-lieu"
QUERIES = {MONITOR: 17, FIGURES: 13}


@pytest.fixture
def ids(app: Flask, clock: Clock) -> dict[str, int]:
    """One has handed in, one is sitting."""
    made = scenes.lay_out(app)
    scenes.freeze(app, DURING)
    scenes.sit(app, made[PARTICIPANT], starts_at=DURING - timedelta(minutes=10))
    clock.now = DURING
    scenes.start(PageClient(app).sign_in(COLLEAGUE))
    clock.now = DURING + timedelta(minutes=1)
    return made


def live(client: PageClient) -> str:
    """What the script gets."""
    answer = client.http.get(FIGURES)
    assert answer.status_code == 200
    return str((answer.json or {})["html"])


def troubled(app: Flask) -> list[tuple[str, int]]:
    """What was counted, by kind."""
    with app.app_context():
        found = [(one.kind, one.count) for one in troubles.since(db.session(), makers.WEEK_1)]
        db.session.rollback()
        return found


def test_the_figures_of_an_open_week(app: Flask, ids: dict[str, int]) -> None:
    page = PageClient(app).sign_in(STAFF[Role.ORGANISER]).get(MONITOR)
    told = words(page)
    assert "Đã bắt đầu 2 người 2 lượt thi" in told
    assert "Đang làm bài 1 người 1 lượt thi" in told
    assert "Đã kết thúc 1 người 1 lượt thi" in told
    assert "Trong số lượt đã kết thúc: 1 lượt tự nộp, 0 lượt hết giờ." in told
    assert "Lần lưu gần nhất 8 phút 00 giây trước" in told
    assert rows(page, "Lượt thi theo giờ") == [["09:00, 07/10/2024", "1", "0"], ["08:00, 07/10/2024", "1", "1"]]
    assert "0/3 cơ quan, đơn vị đã đạt chỉ tiêu, theo số liệu lúc 09:01:00." in told
    assert "Không có lỗi nào." in told


def test_agencies_are_searched_without_marks_and_put_in_order(app: Flask, ids: dict[str, int]) -> None:
    client = PageClient(app).sign_in(STAFF[Role.INSPECTOR])
    names = {
        query: [row[0] for row in rows(client.get(f"{MONITOR}?{query}"), "Tiến độ từng cơ quan")]
        for query in ("", "xep=ten", "xep=ty-le", "xep=tong-so", "tim=cuc+thue", "tim=khong+co", "xep=la")
    }
    by_missing = ["Sở Nội vụ", "Chi cục Văn thư", "Cục Thuế"]
    assert names == {
        "": by_missing,
        "xep=ten": ["Chi cục Văn thư", "Cục Thuế", "Sở Nội vụ"],
        "xep=ty-le": ["Sở Nội vụ", "Chi cục Văn thư", "Cục Thuế"],
        "xep=tong-so": ["Sở Nội vụ", "Chi cục Văn thư", "Cục Thuế"],
        "tim=cuc+thue": ["Cục Thuế"],
        "tim=khong+co": [],
        "xep=la": by_missing,
    }


def test_health_says_when_the_scheduler_is_silent(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    client = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    assert rows(live(client), "Tình trạng hệ thống")[0] == ["Bộ lập lịch", "Cần xem", "Chưa chạy lần nào"]
    with app.app_context(), transaction() as session:
        for part in (Part.CLOCK, Part.LONG):
            heartbeats.beat(session, part, clock.now)
    clock.now += timedelta(seconds=90)
    found = rows(live(client), "Tình trạng hệ thống")
    assert found[0] == ["Bộ lập lịch", "Ổn", "Lần làm việc gần nhất 1 phút 30 giây trước"]
    assert [row[0] for row in found] == [
        *("Bộ lập lịch", "Việc chạy lâu", "Bài hết giờ chưa ghi kết thúc", "Đồng hồ", "Máy chủ", "Lưu trữ"),
    ]
    clock.now += timedelta(seconds=1)
    assert rows(live(client), "Tình trạng hệ thống")[0][1] == "Cần xem"


def test_before_the_first_week_there_is_the_systems_health(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = makers.BEFORE
    page = PageClient(app).sign_in(STAFF[Role.ORGANISER]).get(MONITOR)
    assert "Chưa có tuần thi nào mở" in words(page)
    assert rows(page, "Tình trạng hệ thống")


def test_a_page_left_open_keeps_no_session_alive(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    client = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    client.get(MONITOR)
    for _ in range(3):
        clock.now += timedelta(minutes=10)
        live(client)
    clock.now += timedelta(seconds=1)
    assert client.http.get(FIGURES).status_code == 302
    assert client.get(MONITOR, 302).startswith("/dang-nhap")


def test_statements_are_few_and_do_not_grow(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    client = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    for more in (0, 300):
        if more:
            crowd(app, ids, clock.now, more)
        counted = {}
        for path in QUERIES:
            with scenes.statements(app) as sent:
                client.http.get(path)
            counted[path] = len(sent)
        assert all(counted[path] <= most for path, most in QUERIES.items()), counted


PREDICTION = """
prediction: {text: "Có bao nhiêu người dự thi?", target: people, of: all, equal_distance: same, whose: counted}
ranking: [score, prediction, time_taken, hand_in_moment, lot]
"""


@pytest.mark.parametrize("who", [PARTICIPANT, STAFF[Role.COORDINATOR], STAFF[Role.ADMIN], ""])
def test_who_may_predict_reads_nothing_here_and_who_reads_may_not_predict(app: Flask, clock: Clock, who: str) -> None:
    """Together with the crawl that finds no page of theirs change as others sit."""
    scenes.lay_out(app, contest=makers.CONTEST + PREDICTION)
    clock.now = DURING
    scenes.freeze(app, clock.now)
    client = PageClient(app).sign_in(who) if who else PageClient(app)
    answers = {client.http.get(path).status_code for path in (MONITOR, FIGURES, "/ban-to-chuc")}
    assert answers == {403 if who else 302}
    for staff in (STAFF[Role.ORGANISER], STAFF[Role.INSPECTOR]):
        reader = PageClient(app).sign_in(staff)
        assert "Người tổ chức, quản trị hoặc giám sát" in reader.post("/thi/tuan-1", status=409)


# What goes wrong


def test_refused_saves_are_counted_by_their_reason_and_good_ones_write_nothing(
    app: Flask, clock: Clock, ids: dict[str, int]
) -> None:
    client = PageClient(app).sign_in(PARTICIPANT)
    code = makers.code(ids[PARTICIPANT] * 10 + 1)
    token = client.token()
    assert scenes.save(client, code, 9, ["A"] * 5, token)[0] == 409
    assert troubled(app) == [("refused_save:already_handed_in", 1)]
    other = PageClient(app).sign_in(COLLEAGUE)
    theirs = other.get("/thi/tuan-1", 405) and scenes.start(other)
    clock.now += timedelta(seconds=2)
    assert scenes.save(other, theirs, 1, ["A"] * 5)[0] == 200
    assert troubled(app) == [("refused_save:already_handed_in", 1)]
    assert scenes.save(other, theirs, 2, ["A"] * 4)[0] == 409
    assert troubled(app) == [("refused_save:already_handed_in", 1), ("refused_save:bad_sheet", 1)]
    page = PageClient(app).sign_in(STAFF[Role.ORGANISER]).get(MONITOR)
    assert ["09:00, 07/10/2024", "Bài gửi sau khi đã nộp", "1"] in rows(page, "Lỗi theo giờ")
    assert ["09:00, 07/10/2024", "Bài lưu bị từ chối (mã bad_sheet)", "1"] in rows(page, "Lỗi theo giờ")


def test_sign_ins_that_are_stopped_are_counted_once_they_are_stopped(app: Flask, ids: dict[str, int]) -> None:
    client = PageClient(app)
    for tries in range(7):
        client.post("/dang-nhap", {"identifier": PARTICIPANT, "password": f"sai {tries}"}, 422)
    assert troubled(app) == [("throttled", 1)]  # the second came within the same second and waits


def test_server_errors_are_counted(app: Flask, database_url: str, clock: Clock, ids: dict[str, int]) -> None:
    made = create_app(Config(database_url=database_url, secret_key=SECRET, https=False, testing=False), clock)

    @access.open_to_all
    def breaks() -> str:
        raise ValueError

    made.add_url_rule("/hong", "breaks", breaks)
    assert PageClient(made).http.get("/hong").status_code == 500
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    assert troubled(app) == [("server_error", 1)]


def test_a_refusal_that_only_a_page_shows_is_no_trouble(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    clock.now = AFTER
    client = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    client.post("/ban-to-chuc/tuan-2/cham", status=409)
    assert client.http.get("/khong-co").status_code == 404
    assert troubled(app) == []


@pytest.mark.parametrize(
    ("size", "text"), [(512 << 10, "512 KB"), (12 << 20, "12,0 MB"), (3 << 30, "3,0 GB"), (100, "0 KB")]
)
def test_sizes_are_written_as_people_read_them(size: int, text: str) -> None:
    assert in_bytes(size) == text


def test_a_disk_nearly_full_or_elsewhere_is_told(
    app: Flask, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    organiser = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    scenes.fill_the_disk(app, monkeypatch)
    told = words(organiser.get(MONITOR))
    assert "Lưu trữ Cần xem" in told
    assert "đầy 90%; đang tạm ngừng nhận lượt thi mới" in told
    monkeypatch.setattr(room, "folder_of", lambda _: None)
    app.extensions["room"] = room.Room(app.config["QUIZ"])
    assert "ổ đĩa ở máy khác, không xem được từ đây" in live(organiser)


def test_a_restart_and_a_clock_that_was_set_are_told(app: Flask, clock: Clock, ids: dict[str, int]) -> None:
    organiser = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    assert "Máy chủ Ổn 24 giờ qua không khởi động lại" in words(organiser.get(MONITOR))
    with app.app_context():
        for act, seconds in ((audit.Act.FIND_RESTART, 95.0), (audit.Act.FIND_CLOCK_SET, -3600.0)):
            with transaction() as session:
                audit.record(session, act, SYSTEM, clock.now, seconds=seconds, attempts=12)
    told = words(organiser.get(MONITOR))
    assert "Máy chủ Cần xem Khởi động lại lúc" in told
    assert "bộ lập lịch ngừng 95,0 giây, 12 lượt thi đang mở" in told
    assert "Đồng hồ bị chỉnh lùi 3.600,0 giây lúc" in told
