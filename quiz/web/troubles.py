"""Counts what goes wrong as answers leave: server errors, saves that were refused, sign-ins stopped for a while."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from quiz.services import transaction, troubles
from quiz.services.troubles import REFUSED_SAVE, SERVER_ERROR, THROTTLED, Tally

SAVING = {"play.save", "play.review", "play.hand_in"}


def prepare(app: Flask) -> None:
    """Look at every answer; nothing is written for those without an error."""
    app.extensions["troubles"] = Tally()
    app.after_request(_count)


def _count(response: Response) -> Response:
    """A database that is away is not asked to count that: it would have everybody wait once more."""
    kind = _kind(response.status_code)
    if kind and "now" in g:
        tally: Tally = current_app.extensions["troubles"]
        if "database_away" not in g:
            _write(tally.note(kind, g.now))
    return response


def _kind(status: int) -> str:
    """What went wrong, '' for nothing; `refused` is the code of the refusal that was put into words."""
    refused = str(g.get("refused", status))
    if refused in ("too_many_tries", "busy"):
        return THROTTLED
    if status >= 500:
        return SERVER_ERROR
    return f"{REFUSED_SAVE}{refused}" if request.endpoint in SAVING and status >= 400 else ""


def _write(due: Mapping[troubles.Hour, int]) -> None:
    """In a transaction of its own; where the database is what failed, the log is all there is."""
    if not due:
        return
    try:
        with transaction() as session:
            troubles.write(session, due)
    except SQLAlchemyError:
        current_app.logger.warning("troubles could not be counted: %s", dict(due))
