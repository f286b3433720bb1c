"""Pages for readers, who are many and all see the same: made once, so that they do not slow down those who sit."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Response, current_app, g, request, session
from flask_login import current_user

from quiz.services import contests, readership, reading
from quiz.services.readership import Edition
from quiz.web import language

MOST_PAGES = 128
SHARED = "public, max-age=0, s-maxage=10"
"""Browsers ask again each time and mostly hear that nothing is new; a proxy in front may answer for ten seconds."""


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as it was rendered, from which edition, and from when until when the time alone leaves it true."""

    edition: Edition
    since: datetime
    until: datetime | None
    body: str
    etag: str

    def holds(self, edition: Edition, now: datetime) -> bool:
        """Whether rendering it again would give the same."""
        return self.edition == edition and self.since <= now and (self.until is None or now < self.until)


def for_readers(view: Callable[..., str]) -> Callable[..., Response]:
    """Serve the page from memory to whoever is not signed in, until what it shows or a phase of a round changes."""
    return for_readers_as("text/html")(view)


def for_readers_as(mimetype: str) -> Callable[[Callable[..., str]], Callable[..., Response]]:
    """The same for what is no page."""

    def mark(view: Callable[..., str]) -> Callable[..., Response]:
        @wraps(view)
        def served(**values: Any) -> Response:
            if current_user.is_authenticated or "_flashes" in session:
                return Response(view(**values), mimetype=mimetype)
            is_asked = bool(request.query_string)
            answer = Response(view(**values), mimetype=mimetype) if is_asked else _kept(view, values, mimetype)
            answer.headers["Cache-Control"] = SHARED
            return answer

        return served

    return mark


def _kept(view: Callable[..., str], values: dict[str, Any], mimetype: str) -> Response:
    pages: OrderedDict[object, KeptPage] = current_app.extensions.setdefault("pages_for_readers", OrderedDict())
    key, edition = (request.host_url, request.path, language.chosen()), readership.edition(reading())
    page = pages.get(key)
    if page is None or not page.holds(edition, g.now):
        body = view(**values)
        etag = hashlib.sha256(body.encode()).hexdigest()[:20]
        page = KeptPage(edition, g.now, _next_change(g.now), body, etag)
        pages[key] = page
        while len(pages) > MOST_PAGES:
            pages.popitem(last=False)
    answer = Response(page.body, mimetype=mimetype)
    answer.set_etag(page.etag, weak=True)
    answer.make_conditional(request)
    return answer


def _next_change(now: datetime) -> datetime | None:
    contest = contests.find_current(reading())
    return contests.as_extended(reading(), contest).next_change(now) if contest else None
