"""The desk's page of what is promised of a week, the public page with it, and what those see who want to start."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import timedelta

from flask import Flask

from quiz import chance
from quiz.exports import verifiers
from quiz.permissions import Role
from quiz.services import commitment_making, commitments, contests, transaction
from tests import makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import PARTICIPANT, STAFF, words

HOUR = timedelta(hours=1)
ADDRESS = "/ban-to-chuc/tuan-1/cam-ket"


def make_due(app: Flask, clock: Clock) -> None:
    """What the scheduler does."""
    with app.app_context(), transaction() as session:
        contests.freeze_due_weeks(session, clock.now)
        for week, asked_by in commitment_making.due(session, clock.now):
            commitment_making.make(session, week, makers.sealer(), chance.seed, asked_by, clock.now)


def grouped(digest: str) -> str:
    """As pages show it."""
    return " ".join(re.findall("....", digest))


def newest(app: Flask, number: int = 1) -> str:
    """The digest."""
    with app.app_context(), transaction() as session:
        return commitments.of_week(session, makers.week(session, number))[0].digest


def test_an_organiser_sees_what_it_would_hold_and_has_it_made(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = makers.BEFORE + HOUR
    desk = PageClient(app).sign_in(STAFF[Role.ORGANISER])
    page = desk.get(ADDRESS)
    assert "12 câu, mỗi câu kèm đáp án" in words(page)
    assert "8 người ở 3 cơ quan, đơn vị" in words(page)
    assert desk.post(ADDRESS) == ADDRESS
    waiting = desk.get(ADDRESS)
    assert "Đang lập bản cam kết" in words(waiting)
    assert "Lập bản cam kết</button>" not in waiting
    assert desk.http.get(f"{ADDRESS}/tien-do").json["state"] == "waiting"
    make_due(app, clock)
    assert desk.http.get(f"{ADDRESS}/tien-do").json["state"] == "done"
    made = words(desk.get(ADDRESS))
    assert grouped(newest(app)) in made
    assert "Không cần lập bản khác" in made
    assert "Lập bản cam kết" not in made.partition("Nếu lập bây giờ")[2]


def test_an_inspector_reads_and_asks_for_nothing(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = makers.BEFORE + HOUR
    page = PageClient(app).sign_in(STAFF[Role.INSPECTOR]).get(ADDRESS)
    assert "8 người ở 3 cơ quan, đơn vị" in words(page)
    assert "<form" not in page.partition("<main")[2].partition("Nếu lập bây giờ")[2].partition("</main>")[0]


def test_everybody_reads_the_digest_and_gets_the_file_to_the_byte(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = makers.WEEK_1 - 30 * HOUR
    reader = PageClient(app)
    assert "Chậm nhất 24 giờ trước khi mở (8 giờ 00 phút, thứ Hai ngày 07/10/2024)" in words(reader.get("/kiem-chung"))
    clock.now = makers.WEEK_1 - 23 * HOUR
    make_due(app, clock)
    page, digest = reader.get("/kiem-chung"), newest(app)
    assert grouped(digest) in words(page)
    [address] = re.findall(r'href="(/kiem-chung/cam-ket[^"]+)"', page)
    for path in (address, "/kiem-chung/cam-ket-tuan-1.json"):
        answer = reader.http.get(path)
        assert hashlib.sha256(answer.data).hexdigest() == digest
        assert answer.headers["ETag"].strip('"') == digest
    assert reader.http.get(address, headers={"If-None-Match": f'"{digest}"'}).status_code == 304
    assert reader.http.get("/kiem-chung/cam-ket-tuan-2.json").status_code == 404


def test_the_page_of_the_verifier_runs_its_own_script_and_no_other(app: Flask) -> None:
    scenes.lay_out(app)
    answer = PageClient(app).http.get("/kiem-chung/kiem-chung.html")
    policy = answer.headers["Content-Security-Policy"]
    assert answer.data == verifiers.PAGE.read_bytes()
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        held = answer.text.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
        digest = base64.b64encode(hashlib.sha256(held.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_a_late_one_says_so_in_public_and_until_then_nobody_starts(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = makers.WEEK_1 + HOUR
    person = PageClient(app).sign_in(PARTICIPANT)
    refused = person.http.post("/thi/tuan-1", data={"csrf_token": person.token()})
    assert (refused.status_code, "chưa công bố bản cam kết của Tuần 1" in refused.text) == (409, True)
    assert "chưa ai bắt đầu làm bài được" in words(PageClient(app).sign_in(STAFF[Role.ORGANISER]).get("/ban-to-chuc"))
    make_due(app, clock)
    assert person.post("/thi/tuan-1").startswith("/thi/bai/")
    public = words(PageClient(app).get("/kiem-chung"))
    assert "Bản này được lập sau giờ mở của tuần thi (8 giờ 00 phút, thứ Hai ngày 07/10/2024)" in public
    assert "Tuần thi đã mở theo bản này" in public


def test_a_coordinator_has_the_digest_to_keep(app: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = makers.WEEK_1 - HOUR
    make_due(app, clock)
    assert grouped(newest(app)) in words(PageClient(app).sign_in(STAFF[Role.COORDINATOR]).get("/co-quan"))
