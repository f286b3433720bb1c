"""The session in a signed cookie: known again, and still found out when it is changed or too old."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask, flash, get_flashed_messages, session

from quiz import clock

NAME = "quiz"


def cookie(app: Flask, **said: object) -> str:
    """What a browser is given that has to remember this."""
    with app.test_request_context("/"):
        session.update(said)
        response = app.response_class()
        app.session_interface.save_session(app, session, response)  # type: ignore[arg-type]
        return response.headers["Set-Cookie"].partition("=")[2].partition(";")[0]


def opened(app: Flask, value: str) -> dict[str, object]:
    """What the application takes from the cookie."""
    with app.test_request_context("/", headers={"Cookie": f"{NAME}={value}"}):
        return dict(session)


def test_what_was_signed_is_read_each_time(app: Flask) -> None:
    value = cookie(app, person=7)
    assert opened(app, value) == opened(app, value) == {"person": 7}
    assert opened(app, "") == {}


def test_a_changed_cookie_says_nothing_though_the_good_one_is_known(app: Flask) -> None:
    value = cookie(app, person=7)
    assert opened(app, value)
    said, _, signature = value.partition(".")
    other = cookie(app, person=8).partition(".")[0]
    assert other != said
    for forged in (f"{other}.{signature}", value[:-1], f"{value}A", said):
        assert opened(app, forged) == {}


def test_a_known_cookie_ends_in_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    value, now, longest = cookie(app, person=7), clock.machine(), app.permanent_session_lifetime
    for later, is_good in ((longest - timedelta(minutes=1), True), (longest + timedelta(minutes=1), False)):
        monkeypatch.setattr(clock, "machine", lambda later=later: now + later)
        assert bool(opened(app, value)) is is_good


def test_a_clock_that_was_set_back_an_hour_signs_nobody_out(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    value, now = cookie(app, person=7), clock.machine()
    for back, is_good in ((timedelta(minutes=59), True), (timedelta(minutes=61), False)):
        monkeypatch.setattr(clock, "machine", lambda back=back: now - back)
        assert bool(opened(app, value)) is is_good


def test_what_one_request_adds_is_not_there_in_the_next(app: Flask) -> None:
    with app.test_request_context("/"):
        flash("Đã lưu")
        told = session["_flashes"]
    value = cookie(app, _flashes=told)
    for _ in range(2):
        with app.test_request_context("/", headers={"Cookie": f"{NAME}={value}"}):
            flash("Đã gửi")
            assert get_flashed_messages() == ["Đã lưu", "Đã gửi"]
