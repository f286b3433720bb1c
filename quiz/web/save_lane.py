"""The save by the shortest way, in front of Flask: it says yes, or it has said nothing.

A save that is right by the session, the token of the page and one statement, which checks all the rest, is answered
here. Everything else goes on to the endpoint `play.save` as if nobody had looked: there every rule stands, and there
people are told what is wrong. Nothing passes here that would not pass there; tests hold both to the same answers.
"""

from __future__ import annotations

import hmac
import io
import json
import logging
import re
import time
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import Flask, Response
from flask.sessions import SecureCookieSession
from flask_wtf.csrf import same_origin
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wsgi import get_host

from quiz.errors import Refused
from quiz.models import db
from quiz.services import at_once
from quiz.services.at_once import Claim
from quiz.web import access, journal, pages, play
from quiz.web.sessions import Sessions

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENDPOINT = "play.save"
MOST_KNOWN = 4096
_ADDRESS = re.compile(r"/thi/bai/([A-Z2-7]{16})/luu")


class SaveLane:
    """Stands in front of an application that has been set up."""

    def __init__(self, app: Flask) -> None:
        assert isinstance(app.session_interface, Sessions)
        self._app = app
        self._behind: WSGIApplication = app.wsgi_app
        self._config, self._cookies = app.config["QUIZ"], app.session_interface
        self._cookie = f"{app.config['SESSION_COOKIE_NAME']}="
        self._tokens = URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token")
        self._known = lru_cache(maxsize=MOST_KNOWN)(self._verified)
        self._always = [*pages.headers(self._config).items(), ("Cache-Control", "no-store"), ("Vary", "Cookie")]
        with app.app_context():
            self._engine = db.engine

    def __call__(self, environ: WSGIEnvironment, answer: StartResponse) -> Iterable[bytes]:
        """Save, or let the application do what is to be done."""
        address = _ADDRESS.fullmatch(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "POST" else None
        if address is None:
            return self._behind(environ, answer)
        began, now = time.perf_counter(), self._app.config["CLOCK"]()
        session = self._session(environ)
        body = self._saved(address[1], session, environ, now) if session else None
        if session is None or body is None:
            return self._behind(environ, answer)
        number = journal.name_of(environ.get("HTTP_X_REQUEST_ID", ""), self._config)
        head = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), (journal.HEADER, number)]
        answer("200 OK", [*head, *self._always, *self._renewed(session, now)])
        self._tell(number, time.perf_counter() - began)
        return [body]

    def _session(self, environ: WSGIEnvironment) -> SecureCookieSession | None:
        """The signed session of a request that carries its page's token; None for any other."""
        held = environ.get("HTTP_COOKIE", "").split("; ")
        value = next((each[len(self._cookie) :] for each in held if each.startswith(self._cookie)), "")
        try:
            session, signed_at = self._known(value, environ.get("HTTP_X_CSRFTOKEN", ""))
        except BadData:
            return None
        is_good = self._cookies.is_fresh(signed_at) and self._comes_from_here(environ)
        return SecureCookieSession(session) if is_good else None

    def _verified(self, cookie: str, token: str) -> tuple[dict[str, Any], datetime]:
        """The session of a cookie that we signed, and when, if the token is its own; raises BadData.

        A page sends the same two with each save: what they are worth is found out once, how old they are every time.
        """
        session, signed_at = self._cookies.get_signing_serializer(self._app).loads(cookie, return_timestamp=True)
        theirs = self._tokens.loads(token)
        if not theirs or not hmac.compare_digest(session.get("csrf_token", ""), theirs):
            raise BadData("another session's token")
        return session, signed_at

    def _comes_from_here(self, environ: WSGIEnvironment) -> bool:
        """Over TLS a browser must say that the page was ours."""
        page, here = environ.get("HTTP_REFERER", ""), f"https://{get_host(environ)}/"
        return environ["wsgi.url_scheme"] != "https" or bool(same_origin(page, here))

    def _saved(self, code: str, session: SecureCookieSession, environ: WSGIEnvironment, now: datetime) -> bytes | None:
        """What the page is told of a sheet that has been stored."""
        claim = _claim(session)
        if claim is None or access.idle_for(session, now) > self._config.staff_idle:
            return None  # not even the strictest would have been idle too long
        try:
            sheet = play.read_sheet(_json(environ))
            saved = at_once.save(self._engine, claim, code, sheet.seq, sheet.answers, now, sheet.prediction)
        except Refused:
            return None
        return play.acknowledged(saved, now).encode() if saved else None

    def _renewed(self, session: SecureCookieSession, now: datetime) -> list[tuple[str, str]]:
        """The session's cookie, where it has to say anew that somebody is there."""
        if not access.note_seen(session, now):
            return []
        response = Response()
        self._cookies.save_session(self._app, session, response)
        return [("Set-Cookie", each) for each in response.headers.getlist("Set-Cookie")]

    def _tell(self, number: str, seconds: float) -> None:
        """The journal and the figures, as for any other answer."""
        if journal.log.isEnabledFor(logging.INFO):
            journal.tell(number, "POST", ENDPOINT, 200, seconds)
        if metrics := self._app.extensions.get("metrics"):
            metrics.request(ENDPOINT, "POST", 200, seconds)
            metrics.outcome("save", "done")


def _claim(session: SecureCookieSession) -> Claim | None:
    """Who the session says is asking; the statement finds out whether that still holds."""
    person, _, epoch = str(session.get("_user_id", "")).partition(".")
    return Claim(int(person), int(epoch)) if person.isdecimal() and epoch.isdecimal() else None


def _json(environ: WSGIEnvironment) -> object:
    """The body, if it is small and JSON; it can be read again by whoever comes next."""
    length = environ.get("CONTENT_LENGTH") or ""
    is_json = environ.get("CONTENT_TYPE", "").partition(";")[0].strip() == "application/json"
    if not is_json or not length.isdecimal() or int(length) > access.SMALL_BODY:
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        return json.loads(body)
    except ValueError:
        return None
