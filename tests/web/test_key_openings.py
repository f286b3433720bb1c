"""Sealed keys as people meet them: papers as ever, words where there are no answers yet, two people to open them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from quiz import jobs
from quiz.errors import Refused
from quiz.models import db
from quiz.models.audit import DbAuditEntry
from quiz.permissions import Role
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, DURING, PARTICIPANT, STAFF

CANARY = "hoangyenbaodong"
SOURCE = makers.bank_text(key="C", explanation=CANARY)
TWO = makers.CONTEST + "keys: {opened_by: two_people}\n"
WORKBENCH = "/ban-to-chuc/cau-hoi"


@pytest.fixture
def scheduler(app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The jobs about keys and marks, as the scheduler's next turn does them."""

    def turn() -> None:
        monkeypatch.setattr("quiz.clock.now", clock)
        monkeypatch.setattr("quiz.clock.start", lambda: None)  # no machine runs by this clock
        for job in jobs.JOBS:
            with app.app_context():
                try:
                    job()
                finally:
                    db.session.remove()

    return turn


def sealed_week(app: Flask, clock: Clock, scheduler: Callable[[], None], contest: str) -> dict[str, int]:
    """A week that is open, its keys sealed; ids by code."""
    ids = scenes.lay_out(app, SOURCE, contest)
    clock.now = DURING
    scheduler()
    return ids


def second_organiser(app: Flask, ids: dict[str, int]) -> PageClient:
    with app.app_context():
        makers.add_person("TC02", ids["SNV"], "Bùi Thị Hai", [Role.ORGANISER])
    return PageClient(app).sign_in("TC02")


def decide(client: PageClient, path: str, seen: str) -> int:
    """Approve what was seen; the status."""
    answer = client.http.post(f"{path}/duyet", data={"csrf_token": client.token(), "seen": seen, "checked": "y"})
    return answer.status_code


def seen_on(page: str) -> str:
    """What the form of the page sends back to say what was looked at."""
    return page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]


def test_a_paper_is_sat_without_keys_and_explained_when_they_are_open(
    app: Flask, clock: Clock, scheduler: Callable[[], None], seal_key: Path
) -> None:
    sealed_week(app, clock, scheduler, makers.CONTEST)
    seal_key.rename(seal_key.with_name("kept elsewhere"))  # the web server has none
    client = PageClient(app).sign_in(PARTICIPANT)
    code = scenes.start(client)
    assert client.get(f"/thi/bai/{code}").count("<fieldset") == 5
    assert scenes.save(client, code, 1, ["C"] * 5)[0] == 200
    client.post(f"/thi/bai/{code}/nop", {"seq": "2", **{f"q{number}": "C" for number in range(1, 6)}})
    clock.now = AFTER
    client.sign_in(PARTICIPANT)
    answers = f"/thi/bai/{code}/dap-an"
    for path in ("/thi", f"/thi/bai/{code}/bien-nhan"):
        assert answers not in client.get(path)
    early = client.http.get(answers)
    assert early.status_code == 409
    assert "Đáp án đang niêm phong" in early.text
    seal_key.with_name("kept elsewhere").rename(seal_key)
    scheduler()
    assert CANARY in client.get(answers)
    assert answers in client.get("/thi")


def test_a_lost_key_is_said_on_the_desk_and_loses_nothing(
    app: Flask, clock: Clock, scheduler: Callable[[], None], seal_key: Path
) -> None:
    sealed_week(app, clock, scheduler, makers.CONTEST)
    key = seal_key.read_bytes()
    seal_key.unlink()
    clock.now = AFTER.replace(minute=5)
    with pytest.raises(Refused, match="bản sao lưu"):
        scheduler()
    organiser = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    assert "không đọc được tệp khóa niêm phong" in organiser.get("/ban-to-chuc")
    assert "Đáp án đang niêm phong nên chưa chấm được" in organiser.get("/ban-to-chuc/tuan-1")
    seal_key.write_bytes(key)
    scheduler()
    assert "tệp khóa" not in organiser.get("/ban-to-chuc")


def test_two_people_open_the_keys_where_the_file_says_so(
    app: Flask, clock: Clock, scheduler: Callable[[], None]
) -> None:
    ids = sealed_week(app, clock, scheduler, TWO)
    assert "hai thành viên Ban Tổ chức cùng ký" in PageClient(app).get("/the-le")
    organiser = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    asking = {"number": "7/QĐ-BTC", "reason": "Tuần 1 đã kết thúc"}
    path = "/ban-to-chuc/tuan-1/mo-dap-an"
    assert organiser.http.post(path, data={"csrf_token": organiser.token(), **asking}).status_code == 409
    clock.now = AFTER
    scheduler()
    organiser.sign_in(STAFF[Role.ORGANISER])
    assert "đáp án chờ hai người quyết định mở" in scenes.words(organiser.get("/ban-to-chuc"))
    assert path in organiser.get("/ban-to-chuc/tuan-1")
    one = organiser.post(path, asking)
    other = second_organiser(app, ids)
    seen = seen_on(other.get(one))
    assert decide(organiser, one, seen) == 409  # who proposed it
    assert "chờ ông/bà duyệt (số 7/QĐ-BTC)" in scenes.words(other.get("/ban-to-chuc"))
    scheduler()
    assert "đang niêm phong" in other.get(one)
    assert decide(other, one, seen) == 302
    scheduler()
    assert "đã mở" in other.get(one)
    assert "Xếp hạng" in other.get("/ban-to-chuc/tuan-1")
    with app.app_context():
        acts = [row.act for row in db.session.query(DbAuditEntry).order_by(DbAuditEntry.id)]
    assert acts[-4:] == ["propose_opening", "approve_opening", "open_keys", "mark_week"]


def test_the_workbench_shows_a_sealed_bank_without_keys_and_takes_new_drafts_only(
    app: Flask, clock: Clock, scheduler: Callable[[], None]
) -> None:
    scenes.lay_out(app, SOURCE)
    organiser = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    assert CANARY in organiser.get(f"{WORKBENCH}/cau/T-001")  # so that this process holds the keys
    clock.now = DURING
    scheduler()
    organiser.sign_in(STAFF[Role.ORGANISER])
    for path in (WORKBENCH, f"{WORKBENCH}/cau/T-001"):
        page = organiser.get(path)
        assert "đang niêm phong" in page
        assert CANARY not in page
        assert "Nội dung riêng" in page
    for path in (f"{WORKBENCH}/cau/T-001/sua", f"{WORKBENCH}/dua-vao-bo"):
        answer = organiser.http.get(path)
        assert (answer.status_code, "đang niêm phong" in answer.text) == (409, True)
    page = organiser.get(f"{WORKBENCH}/xuat")
    assert ("lúc ấy mới xuất được" in page, 'name="form"' in page) == (True, False)
    export = {"bank": "", "form": "yaml", "topic": "chung", "csrf_token": organiser.token()}
    assert "đang niêm phong" in organiser.http.post(f"{WORKBENCH}/xuat", data=export).text
    new = {"topic": "chung", "text": "Câu mới soạn trong tuần?", "incomplete": "y"}
    assert organiser.post(f"{WORKBENCH}/moi", new) == f"{WORKBENCH}/cau/T-013"
    clock.now = AFTER
    scheduler()
    organiser.sign_in(STAFF[Role.ORGANISER])
    assert CANARY in organiser.get(f"{WORKBENCH}/cau/T-001")
    assert "đang niêm phong" not in organiser.get(WORKBENCH)
