"""The save in front of Flask: the same answers as behind it, one statement, and nothing that is not allowed there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from quiz.app import create_app
from quiz.config import Config
from quiz.models import db
from quiz.models.people import DbPerson
from quiz.web import journal
from tests import makers
from tests.conftest import SECRET, Clock
from tests.services.test_direct import kill_connections
from tests.web import scenes
from tests.web.client import PageClient
from tests.web.scenes import COLLEAGUE, DURING, PARTICIPANT

SHEET = ["A", "B", "", "D", ""]


@pytest.fixture
def visitor(app: Flask, clock: Clock) -> PageClient:
    """A participant, signed in, in the open first week."""
    scenes.lay_out(app)
    clock.now = DURING
    return PageClient(app).sign_in(PARTICIPANT)


@pytest.fixture
def code(visitor: PageClient) -> str:
    """The participant's attempt, just started."""
    return scenes.start(visitor)


@pytest.fixture
def behind(own_app: Flask) -> Flask:
    """The application without what stands in front of it."""
    own_app.wsgi_app = own_app.wsgi_app._behind  # type: ignore[method-assign, attr-defined]
    return own_app


def cookies_of(client: PageClient, app: Flask) -> PageClient:
    """The same browser at another application."""
    other = PageClient(app)
    for name, path in (("quiz", "/"), ("device", "/thi")):
        other.http.set_cookie(name, client.http.get_cookie(name, path=path).value, path=path)  # type: ignore[union-attr]
    return other


def send(http: FlaskClient, code: str, seq: object, token: str, **how: object) -> TestResponse:
    """A save, as the page's script sends it unless said otherwise."""
    body = {"seq": seq, "answers": SHEET}
    return http.post(f"/thi/bai/{code}/luu", **{"json": body, "headers": {"X-CSRFToken": token}} | how)


def said(answer: TestResponse) -> tuple[object, ...]:
    """All of an answer but the id of the request."""
    headers = sorted((name, value) for name, value in answer.headers if name != journal.HEADER)
    return answer.status_code, answer.get_data(), headers


def test_a_save_is_one_statement(app: Flask, visitor: PageClient, code: str) -> None:
    token = visitor.token()
    with scenes.statements(app) as sent:
        assert send(visitor.http, code, 1, token).json == {"seq": 1, "left": 600_000}
    assert [statement.split()[0] for statement in sent] == ["UPDATE"]


def test_both_ways_answer_alike(app: Flask, behind: Flask, clock: Clock, visitor: PageClient, code: str) -> None:
    token, others = visitor.token(), PageClient(app).sign_in(COLLEAGUE).token()
    clock.now += timedelta(seconds=5)
    cases: list[tuple[object, dict[str, object]]] = [
        *((seq, {}) for seq in (1, 2, 2, 1, -1, "3", None, 2**40)),
        *((3, {"headers": headers}) for headers in ({}, {"X-CSRFToken": "x"}, {"X-CSRFToken": others})),
        *((3, {"json": body}) for body in ([], {}, {"seq": 3}, {"seq": 3, "answers": ["E"] * 5})),
        *((3, {"json": None, "data": data}) for data in (b"", b"{", b'{"seq": 3}', b"\xff")),
        (3, {"json": {"seq": 3, "answers": SHEET, "prediction": "many"}}),
        (3, {"json": {"seq": 3, "answers": SHEET, "more": "x" * 300_000}}),
        (3, {"json": None, "data": json.dumps({"seq": 3, "answers": SHEET}), "content_type": "text/plain"}),
        (4, {"headers": {"X-CSRF-Token": token}}),
    ]
    for seq, how in cases:
        before = scenes.attempt(app, code)
        here = said(send(visitor.http, code, seq, token, **how))
        put_back(app, code, before.seq, before.answers)
        there = said(send(cookies_of(visitor, behind).http, code, seq, token, **how))
        assert here == there, (seq, how)
    assert scenes.attempt(app, code).seq == 4


def put_back(app: Flask, code: str, seq: int, answers: str) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(
            update(db.metadata.tables["attempts"]).where(db.metadata.tables["attempts"].c.code == code),
            {"seq": seq, "answers": answers},
        )


@pytest.mark.parametrize("what", [{"session_epoch": 5}, {"left_at": DURING}])
def test_an_ended_session_is_sent_to_sign_in(
    app: Flask, visitor: PageClient, code: str, what: dict[str, object]
) -> None:
    token = visitor.token()
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(update(DbPerson).values(what))
    answer = send(visitor.http, code, 1, token)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/dang-nhap")
    assert scenes.attempt(app, code).seq == 0


def test_a_session_that_is_known_still_ends_with_its_time(app: Flask, visitor: PageClient, code: str) -> None:
    token = visitor.token()
    assert send(visitor.http, code, 1, token).status_code == 200
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.session_interface, "_longest", timedelta(seconds=-1))
        assert send(visitor.http, code, 2, token).status_code == 400  # its token went with it
    assert scenes.attempt(app, code).seq == 1
    assert send(visitor.http, code, 2, token).status_code == 200


def test_nobody_saves_for_somebody_else(app: Flask, visitor: PageClient, code: str) -> None:
    other = PageClient(app).sign_in(COLLEAGUE)
    assert send(other.http, code, 1, other.token()).status_code == 404
    assert scenes.attempt(app, code).seq == 0


def test_on_a_shared_device_idle_time_ends_the_session(app: Flask, clock: Clock, visitor: PageClient) -> None:
    shared = PageClient(app)
    shared.post("/dang-nhap", {"identifier": COLLEAGUE, "password": makers.PASSWORD, "shared": "y"})
    code, token = scenes.start(shared), shared.token()
    for seq, minutes, status in ((1, 9, 200), (2, 31, 302)):
        clock.now += timedelta(minutes=minutes)
        with app.app_context(), db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE attempts SET accept_until = '2030-01-01 00:00:00'")
        assert send(shared.http, code, seq, token).status_code == status
    assert scenes.attempt(app, code).seq == 1


def test_once_a_minute_the_session_notes_that_somebody_is_there(clock: Clock, visitor: PageClient, code: str) -> None:
    token, noted = visitor.token(), []
    for seq, seconds in enumerate((1, 60, 30, 31, 29), start=1):
        clock.now += timedelta(seconds=seconds)
        noted.append("Set-Cookie" in send(visitor.http, code, seq, token).headers)
    assert noted == [False, True, False, True, False]
    with visitor.http.session_transaction() as held:
        assert held["seen"] == (clock.now - timedelta(seconds=29)).timestamp()


def test_a_database_that_was_restarted_keeps_nobody_from_saving(app: Flask, visitor: PageClient, code: str) -> None:
    token = visitor.token()
    assert send(visitor.http, code, 1, token).status_code == 200
    with app.app_context():
        kill_connections()
    for seq in (2, 3):
        assert send(visitor.http, code, seq, token).json == {"seq": seq, "left": 600_000}
    assert scenes.attempt(app, code).seq == 3


@pytest.fixture
def secure(app: Flask, database_url: str, clock: Clock) -> Iterator[Flask]:
    """The application as it runs behind TLS, on the same database."""
    made = create_app(Config(database_url=database_url, secret_key=SECRET, https=True, testing=True), clock)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def test_over_tls_the_page_must_be_one_of_ours(secure: Flask, visitor: PageClient, code: str) -> None:
    client, value = secure.test_client(), visitor.http.get_cookie("quiz").value  # type: ignore[union-attr]
    token, site = visitor.token(), "https://localhost"
    value = visitor.http.get_cookie("quiz").value  # type: ignore[union-attr]
    client.set_cookie("__Host-quiz", value, secure=True)
    for seq, referrer, status in ((1, "", 400), (2, "https://evil.vn/", 400), (3, f"{site}/thi/bai/{code}", 200)):
        headers = {"X-CSRFToken": token} | ({"Referer": referrer} if referrer else {})
        answer = send(client, code, seq, token, headers=headers, base_url=site)
        assert answer.status_code == status, referrer
        assert answer.headers["Strict-Transport-Security"]
    assert scenes.attempt(secure, code).seq == 3
