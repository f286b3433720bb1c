"""Flask's sessions in signed cookies, of which each comes again with every request."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadData, URLSafeTimedSerializer

from quiz import clock

MOST_KNOWN = 4096
AHEAD = timedelta(hours=1)
"""So far another machine's clock may be ahead of this one's, or this one be set back, and nobody is signed out."""


class Sessions(SecureCookieSessionInterface):
    """That we have signed a cookie is found out once, how old it is every time; what it says is read anew each time,
    for whoever reads it may change it.
    """

    def __init__(self, app: Flask) -> None:
        signing = super().get_signing_serializer(app)
        assert signing is not None
        self._signing = signing
        self._longest = app.permanent_session_lifetime
        self._unsigned = lru_cache(maxsize=MOST_KNOWN)(self._unsign)

    def get_signing_serializer(self, _app: Flask) -> URLSafeTimedSerializer:
        """The same for every request."""
        return self._signing

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """What the cookie of a request says; nothing where it is none of ours, or too old."""
        try:
            said, signed_at = self._unsigned(request.cookies.get(self.get_cookie_name(app), ""))
            return self.session_class(self._signing.load_payload(said) if self.is_fresh(signed_at) else None)
        except BadData:
            return self.session_class()

    def is_fresh(self, signed_at: datetime) -> bool:
        """Whether a cookie that was signed then still counts; one from the near future does, too."""
        return -AHEAD <= clock.machine() - signed_at <= self._longest

    def _unsign(self, cookie: str) -> tuple[bytes, datetime]:
        """What was signed, and when; raises BadData."""
        signer = next(iter(self._signing.iter_unsigners()))
        return signer.unsign(cookie, return_timestamp=True)
