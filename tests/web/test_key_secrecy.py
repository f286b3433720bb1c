"""No key leaves the server before the week and its grace are over: two banks that differ only in keys look the same."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from quiz.models import db
from quiz.permissions import Role
from tests import conftest, makers
from tests.conftest import Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import AFTER, DURING, PARTICIPANT, SIGNS_IN, STAFF

pytestmark = pytest.mark.one_database
WORKBENCH = "/ban-to-chuc/cau-hoi"
"""Where those who keep the bank write it; nobody else gets there."""
CANARY = "hoangyenbaodong"
PAGES = ("bien-nhan", "dap-an")
GRACE_ENDS = makers.WEEK_1_ENDS + timedelta(seconds=5)
EVERYTHING = (
    makers.CONTEST.replace(
        "{questions: 5, minutes: 10}",
        "{questions: 5, minutes: 10, points: 4, needs_all_answers: true, avoid_seen: true}",
    )
    + """
practice: {opens: 2024-09-23 08:00, closes: 2024-09-27 17:00}
attempts: {per_day: 2, per_contest: 3, counts: best}
hours: {from: "07:30", until: "17:30"}
prediction: {text: Bao nhiêu người đúng tất cả các câu?, target: people_all_right}
ranking: [score, time_taken, prediction, lot]
divisions:
  - {code: can-bo, name: Cán bộ}
  - {code: nhan-dan, name: Nhân dân, paper: {questions: 3}}
"""
)
DIGEST = re.compile(r"(?:[0-9a-f]{4} ){15}[0-9a-f]{4}")
CHANGES = ("Set-Cookie", "Content-Length", "Date", "X-Request-ID")  # tokens, times, ids; bodies are compared whole


class Recorder:
    """Plays sessions and keeps every answer, byte for byte but for tokens and for what commits to the keys.

    What was promised of a week depends on them, under a salt that is as secret as they are.
    """

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.app, self.clock = app, clock
        self.answers: list[tuple[str, int, list[tuple[str, str]], str]] = []

    def note(self, client: PageClient, method: str, path: str, **how: object) -> TestResponse:
        """Send one request with a valid token and keep what comes back."""
        headers = {"X-CSRFToken": client.token()} if method == "POST" else {}
        answer = client.http.open(path, method=method, headers=headers, **how)  # type: ignore[arg-type]
        kept = [(name, value) for name, value in answer.headers if name not in CHANGES]
        text = DIGEST.sub("-", scenes.without_tokens(answer.text))
        self.answers.append((f"{method} {path}", answer.status_code, kept, text))
        return answer

    def visit(self, client: PageClient, *paths: str) -> None:
        """Read pages."""
        for path in paths:
            self.note(client, "GET", path)


def play(app: Flask, clock: Clock, bank_source: str, until: datetime, contest: str = makers.CONTEST) -> Recorder:
    """The same contest, people, choices and moments, whatever the keys; then everything is emptied."""
    ids = scenes.lay_out(app, bank_source, contest)
    scenes.promise(app)
    clock.now = DURING
    recorder = Recorder(app, clock)
    participant, colleague = PageClient(app), PageClient(app)
    for client, who in ((participant, PARTICIPANT), (colleague, scenes.COLLEAGUE)):
        recorder.note(client, "POST", "/dang-nhap", data={"identifier": who, "password": makers.PASSWORD})
        recorder.visit(client, "/thi")
    coordinator, organiser, inspector = (
        PageClient(app).sign_in(STAFF[role]) for role in (Role.COORDINATOR, Role.ORGANISER, Role.INSPECTOR)
    )
    sit(recorder, participant)
    leave_unfinished(recorder, colleague)
    clock.now += timedelta(minutes=1)
    for moment in (clock.now, until):
        clock.now = moment
        for client in (participant, colleague):
            recorder.visit(client, "/thi", *(f"/thi/bai/{code(n)}/{page}" for n in (1, 2) for page in PAGES))
        recorder.visit(PageClient(app), "/", "/the-le", "/ket-qua", "/ket-qua/tuan-1", "/ty-le-tham-gia")
        for client in (organiser, inspector):
            client.sign_in(STAFF[Role.ORGANISER if client is organiser else Role.INSPECTOR])
            recorder.visit(client, "/ban-to-chuc", "/ban-to-chuc/tuan-1", "/ban-to-chuc/tuan-2")
        recorder.visit(coordinator.sign_in(STAFF[Role.COORDINATOR]), "/co-quan", f"/co-quan?co-quan={ids['SNV-1']}")
        recorder.note(organiser, "POST", "/ban-to-chuc/tuan-1/cham")
        recorder.note(organiser, "POST", "/ban-to-chuc/tuan-1/cong-bo", data={"seen": "0" * 64, "checked": "y"})
    with app.app_context():
        db.session.remove()
        conftest._empty(db.engine)
    return recorder


def code(number: int) -> str:
    """The code of the n-th attempt."""
    return makers.code(900 + number)


def sit(recorder: Recorder, client: PageClient) -> None:
    """Start, look, save, review, hand in: every answer of the hot path, with right and wrong choices among them."""
    recorder.note(client, "POST", "/thi/tuan-1")
    paper = f"/thi/bai/{code(1)}"
    recorder.visit(client, paper)
    for seq, sheet in enumerate((["A"] * 5, ["B"] * 5, ["C", "D", "A", "", "B"]), start=1):
        recorder.clock.now += timedelta(seconds=20)
        recorder.note(client, "POST", f"{paper}/luu", json={"seq": seq, "answers": sheet, "prediction": 7 * seq})
        recorder.visit(client, paper)
    recorder.note(client, "POST", f"{paper}/luu", json={"seq": 1, "answers": ["D"] * 5})
    form = {"seq": "4", "q1": "A", "q2": "B", "q3": "C", "prediction": "1.250"}
    recorder.note(client, "POST", f"{paper}/xem-lai", data=form)
    recorder.visit(client, paper, f"{paper}/dap-an")
    recorder.note(client, "POST", f"{paper}/nop")
    recorder.note(client, "POST", f"{paper}/nop", data=form)
    recorder.visit(client, paper, f"{paper}/bien-nhan", f"{paper}/dap-an")


def leave_unfinished(recorder: Recorder, client: PageClient) -> None:
    """Start and save, and never hand in."""
    recorder.note(client, "POST", "/thi/tuan-1")
    recorder.note(client, "POST", f"/thi/bai/{code(2)}/luu", json={"seq": 1, "answers": list("ABCDA")})
    recorder.visit(client, f"/thi/bai/{code(2)}")


@pytest.fixture(autouse=True)
def _same_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes count from 1 in every play, so that papers are the same."""
    made: dict[str, int] = {}

    def next_code() -> str:
        made["n"] = made.get("n", 0) % 2 + 1
        return code(made["n"])

    monkeypatch.setattr("quiz.chance.code", next_code)


@pytest.mark.parametrize("contest", [makers.CONTEST, EVERYTHING])
def test_no_answer_before_the_end_depends_on_the_keys(app: Flask, clock: Clock, contest: str) -> None:
    banks = [makers.bank_text(key=key, explanation=f"Vì {key} đúng, câu") for key in "AC"]
    first, second = (play(app, clock, source, GRACE_ENDS, contest).answers for source in banks)
    assert len(first) == len(second) > 60
    assert [one for one, other in zip(first, second, strict=True) if one != other] == []
    assert {status for _, status, _, _ in first} == {200, 302, 404, 409}


def test_answers_after_the_end_do_depend_on_the_keys(app: Flask, clock: Clock) -> None:
    """The comparison above can see: a moment later, exactly what shows or uses keys differs."""
    banks = [makers.bank_text(key=key, explanation=f"Vì {key} đúng, câu") for key in "AC"]
    plays = [play(app, clock, source, GRACE_ENDS + timedelta(milliseconds=1)).answers for source in banks]
    assert {one[0] for one, other in zip(*plays, strict=True) if one != other} == {
        "GET /thi",  # the own results over the weeks
        f"GET /thi/bai/{code(1)}/dap-an",
        f"GET /thi/bai/{code(2)}/dap-an",
        "POST /ban-to-chuc/tuan-1/cong-bo",  # refused with the ranking that marking has just made
    }


def test_a_canary_in_every_explanation_is_seen_by_its_owner_only_and_only_after_the_end(
    app: Flask, clock: Clock
) -> None:
    ids = scenes.lay_out(app, makers.bank_text(explanation=CANARY))
    clock.now = DURING
    people = SIGNS_IN | {"colleague": scenes.COLLEAGUE}
    visitors = {who: PageClient(app).sign_in(code) for who, code in people.items()} | {"anonymous": PageClient(app)}
    codes = [scenes.start(visitors[who]) for who in ("participant", "colleague")]
    visitors["participant"].post(f"/thi/bai/{codes[0]}/nop", {"seq": "1", "q1": "A"})
    agencies = [ids["SNV"], ids["SNV-1"], ids["CT"]]
    during = {who: scenes.crawl(app, client, codes, agencies) for who, client in visitors.items()}
    assert all(len(pages) >= 25 for pages in during.values())
    assert "<fieldset" in during["colleague"][f"/thi/bai/{codes[1]}"].text
    told = [(who, path) for who, pages in during.items() for path, page in pages.items() if CANARY in page.text]
    assert {who for who, path in told if path.startswith(WORKBENCH)} == {"organiser"}
    assert [one for one in told if not one[1].startswith(WORKBENCH)] == []
    clock.now = AFTER
    scenes.publish(app, AFTER, ids[STAFF[Role.ORGANISER]])
    seen = []
    for who, client in visitors.items():
        if who in people:
            client.sign_in(people[who])
        seen += [
            (who, path) for path, page in scenes.crawl(app, client, codes, agencies).items() if CANARY in page.text
        ]
    desk = ("/ban-to-chuc/tuan-1/phan-tich", "/ban-to-chuc/tuan-1/cau-hoi-sai", WORKBENCH)
    assert {who for who, path in seen if path.startswith(desk)} <= {"organiser", "inspector"}
    assert [one for one in seen if not one[1].startswith(desk)] == [
        ("participant", f"/thi/bai/{codes[0]}/dap-an"),
        ("colleague", f"/thi/bai/{codes[1]}/dap-an"),
    ]
