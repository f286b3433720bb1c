"""Ids of requests and what the log keeps of them: enough to find a fault, and nothing about anybody."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from quiz import logs
from quiz.app import create_app
from quiz.models import db
from quiz.services import attempts
from tests.conftest import Clock
from tests.makers import PASSWORD
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import DURING, PARTICIPANT

HOSTILE = "x\x1b[31m\x9b\u202e"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What this process writes down as JSON lines."""
    out, root, ours = io.StringIO(), logging.getLogger(), logging.getLogger("quiz")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    root.handlers = []
    logs.prepare({"QUIZ_LOG": "json"}, out)
    yield out
    root.handlers = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


@pytest.fixture
def behind_a_proxy(app: Flask, clock: Clock) -> Iterator[Flask]:
    made = create_app(replace(app.config["QUIZ"], trusted_proxies=1, testing=False), clock)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_every_request_leaves_one_line_under_the_id_of_its_answer(app: Flask, log: io.StringIO) -> None:
    scenes.lay_out(app)
    http = app.test_client()
    answers = [http.get("/"), http.get("/khong-co/ABCDEFGH?q=secret"), http.post("/dang-nhap"), http.get("/thi")]
    ids = [answer.headers["X-Request-ID"] for answer in answers]
    assert all(re.fullmatch(r"[0-9a-f]{12}", each) for each in ids)
    assert len(set(ids)) == 4
    told = [(line["request"], line["method"], line["endpoint"], line["status"]) for line in lines(log)]
    assert told == [
        (ids[0], "GET", "public.front_page", 200),
        (ids[1], "GET", "-", 404),
        (ids[2], "POST", "account.sign_in", 400),
        (ids[3], "GET", "play.home", 302),
    ]
    names = {"at", "level", "logger", "message", "pid", "request", "method", "endpoint", "status", "ms"}
    assert all(set(line) == names for line in lines(log))


def test_only_a_trusted_proxy_may_name_a_request_and_only_plainly(app: Flask, behind_a_proxy: Flask) -> None:
    scenes.lay_out(app)
    given = "9f3a0c12e77b4a01b5d2c6ff00aa1234"
    ask = [given, "short", "x" * 65, "with space in it", "semi;colon;here", "chữ-có-dấu-1", ""]
    by_proxy = [behind_a_proxy.test_client().get("/", headers={"X-Request-ID": each}) for each in ask]
    assert [answer.headers["X-Request-ID"] == each for answer, each in zip(by_proxy, ask, strict=True)] == [
        True,
        *[False] * 6,
    ]
    assert app.test_client().get("/", headers={"X-Request-ID": given}).headers["X-Request-ID"] != given


def test_a_whole_sitting_and_an_error_leave_nothing_of_anybody_in_the_log(
    app: Flask, behind_a_proxy: Flask, clock: Clock, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(behind_a_proxy)
    client.http.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.77"
    client.http.post(
        "/dang-nhap",
        data={"csrf_token": client.token(), "identifier": f"nobody@canary.vn{HOSTILE}", "password": "canary-password"},
    )
    client.sign_in(PARTICIPANT)
    code = scenes.start(client)
    scenes.save(client, code, 1, ["A", "B", "", "", ""])
    scenes.save(client, code, 1, ["D", "D", "D", "D", "D"])
    client.get(f"/thi/bai/{code}?canary={HOSTILE}")

    def broken(*_: object) -> None:
        held = (code, PASSWORD, "Trần Thị Bích Ngọc")
        raise ValueError(f"canary: {held} {HOSTILE}")

    with monkeypatch.context() as patched:
        patched.setattr(attempts, "save", broken)
        status, said = scenes.save(client, code, 2, ["CANARYANSWER"] * 5)
    assert (status, said["error"]) == (500, "500")
    client.post(f"/thi/bai/{code}/nop", {"seq": "3", "q1": "A"})
    text = log.getvalue()
    for canary in (
        *(code, PARTICIPANT, "Bích Ngọc", "Ngọc", PASSWORD, "canary", "CANARY", "203.0.113.77", "127.0.0.1"),
        *("@", "?", "SELECT", "UPDATE", "\x1b", "\x9b", "\u202e", "password", "cookie", "token"),
    ):
        assert canary not in text, canary
    assert ids[PARTICIPANT]
    assert text.replace("\n", "").isprintable()
    failed = [line for line in lines(log) if line.get("request") == said["id"]]
    assert [line["message"] for line in failed] == ["error", "request"]
    assert [cause["kind"] for cause in failed[0]["errors"]] == ["ValueError"]  # type: ignore[union-attr, attr-defined]
    assert "quiz/web/play.py" in str(failed[0]["errors"])


def test_without_the_information_level_nothing_is_told(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    scenes.lay_out(app)
    with caplog.at_level(logging.WARNING, "quiz"):
        app.test_client().get("/")
    assert caplog.records == []
