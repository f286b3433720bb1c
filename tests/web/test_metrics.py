"""The page of figures: not there without its token, and what it says is what happened, without anybody's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from quiz.app import create_app
from quiz.config import Config
from quiz.models import db
from quiz.web.metrics import outcome
from tests.conftest import SECRET, Clock
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import DURING, PARTICIPANT

TOKEN = "a token of monitoring"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watched(app: Flask, clock: Clock) -> Iterator[Flask]:
    """The application where monitoring is set up."""
    made = create_app(replace(app.config["QUIZ"], metrics_token=TOKEN), clock)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def figures(app: Flask) -> dict[str, float]:
    """Every figure by its name and labels."""
    answer = app.test_client().get("/metrics", headers=BEARER)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.headers["Cache-Control"] == "no-store"
    lines = (line for line in answer.text.splitlines() if not line.startswith("#"))
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


@pytest.mark.parametrize("header", [None, "", "Bearer ", "Bearer wrong", TOKEN, f"Basic {TOKEN}", "Bearer ạ"])
def test_without_the_token_the_page_is_not_there(app: Flask, watched: Flask, header: str | None) -> None:
    scenes.lay_out(app)
    headers = {} if header is None else {"Authorization": header.encode().decode("latin-1")}
    for each in (app, watched):
        assert each.test_client().get("/metrics", headers=headers).status_code == 404


def test_where_no_token_is_set_none_fits(app: Flask) -> None:
    scenes.lay_out(app)
    assert "metrics" not in app.extensions
    for header in (*BEARER.values(), "Bearer ", ""):
        assert app.test_client().get("/metrics", headers={"Authorization": header}).status_code == 404


def test_what_happened_is_counted(app: Flask, watched: Flask, clock: Clock) -> None:
    scenes.lay_out(app)
    clock.now = DURING
    client = PageClient(watched)
    client.post("/dang-nhap", {"identifier": PARTICIPANT, "password": "wrong"}, 422)
    client.sign_in(PARTICIPANT)
    code = scenes.start(client)
    for seq, status in ((1, 200), (2, 200), (1, 409)):
        assert scenes.save(client, code, seq, ["A"] + [""] * (4 if seq else 0))[0] == status
    found = figures(watched)
    assert found["quiz_open_attempts"] == 1
    client.post(f"/thi/bai/{code}/nop", {"seq": "3", "q1": "A"})
    client.get("/khong-co", 404)
    found = figures(watched)
    told = {
        'quiz_outcomes_total{act="sign_in",outcome="sign_in_failed"}': 1,
        'quiz_outcomes_total{act="sign_in",outcome="done"}': 1,
        'quiz_outcomes_total{act="save",outcome="done"}': 2,
        'quiz_outcomes_total{act="save",outcome="older_sheet"}': 1,
        'quiz_outcomes_total{act="hand_in",outcome="done"}': 1,
        'quiz_request_seconds_count{endpoint="play.save",method="POST",status="200"}': 2,
        'quiz_request_seconds_count{endpoint="-",method="GET",status="404"}': 1,
        "quiz_password_wait_seconds_count": 2,
        'quiz_build_info{version="0.1.0"}': 1,
        "quiz_open_attempts": 0,
        "quiz_letters_waiting": 0,
        "quiz_database_up": 1,
    }
    assert {name: found.get(name) for name in told} == told
    text = " ".join(found)
    assert all(canary not in text for canary in (code, PARTICIPANT, "/thi", "127.0.0.1"))


def test_an_unknown_method_is_no_label_of_its_own(app: Flask, watched: Flask) -> None:
    scenes.lay_out(app)
    watched.test_client().open("/", method="CANARY")
    assert not any("CANARY" in name for name in figures(watched))


def test_without_a_database_the_figures_say_that(clock: Clock) -> None:
    nowhere = Config(
        database_url="sqlite:////nowhere/quiz.sqlite3", secret_key=SECRET, https=False, metrics_token=TOKEN
    )
    made = create_app(nowhere, clock)
    assert made.test_client().get("/").status_code == 503
    found = figures(made)
    assert found["quiz_database_up"] == 0
    assert found['quiz_errors_total{kind="database_away"}'] == 1


def test_how_an_act_ended() -> None:
    assert outcome("account.sign_in", "POST", 422, "too_many_tries") == ("sign_in", "too_many_tries")
    assert outcome("account.sign_in", "POST", 302, "") == ("sign_in", "done")
    assert outcome("play.save", "POST", 503, "") == ("save", "503")
    assert outcome("account.sign_in", "GET", 200, "") is None
    assert outcome("public.front_page", "GET", 200, "") is None
