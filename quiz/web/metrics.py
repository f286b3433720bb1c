"""What monitoring is told: each answer counted, and a page of figures for whoever knows the token."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from quiz.config import Config
from quiz.metrics import CONTENT_TYPE, Metrics, may_read
from quiz.services import monitor_health, passwords, reading
from quiz.web import journal
from quiz.web.access import open_to_all

bp = Blueprint("metrics", __name__)
ACTS = {"play.save": "save", "play.review": "save", "play.hand_in": "hand_in", "account.sign_in": "sign_in"}
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def prepare(app: Flask) -> None:
    """Count where a token is set; elsewhere not even the library is loaded."""
    config: Config = app.config["QUIZ"]
    if not config.metrics_token:
        return
    metrics = app.extensions["metrics"] = Metrics()
    passwords.tell_waits(metrics.password_waited)
    app.after_request(_count)


@bp.get("/metrics")
@open_to_all
def page() -> Response:
    """Not there without the token; a session does not help."""
    config: Config = current_app.config["QUIZ"]
    if not may_read(config.metrics_token, request.headers.get("Authorization")):
        abort(404)
    metrics: Metrics = current_app.extensions["metrics"]
    answer = Response(metrics.page(_now()), content_type=CONTENT_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def outcome(endpoint: str, method: str, status: int, refused: str) -> tuple[str, str] | None:
    """The act that monitoring counts and how it ended: 'done', why it was refused, or the status; None for others."""
    act = ACTS.get(endpoint)
    if act is None or method != "POST":
        return None
    return act, refused or ("done" if status < 400 else str(status))


def _count(response: Response) -> Response:
    metrics: Metrics = current_app.extensions["metrics"]
    endpoint, status = request.endpoint or journal.NO_ENDPOINT, response.status_code
    method = request.method if request.method in METHODS else "other"
    metrics.request(endpoint, method, status, journal.seconds())
    if ended := outcome(endpoint, method, status, str(g.get("refused", ""))):
        metrics.outcome(*ended)
    if status >= 500:
        metrics.error("database_away" if "database_away" in g else "error")
    return response


def _now() -> Mapping[str, float]:
    """Where the database is away, that is all there is to say of it."""
    try:
        health = monitor_health.look(reading(), g.now)
        open_attempts = monitor_health.open_attempts(reading(), g.now)
    except SQLAlchemyError:
        return {"database_up": 0}
    return {
        "database_up": 1,
        "database_bytes": health.storage.size,
        "open_attempts": open_attempts,
        "overdue_attempts": health.backlog.attempts,
        "letters_waiting": health.backlog.letters,
        "documents_waiting": health.backlog.documents,
        "rosters_waiting": health.backlog.rosters,
        **{f"heartbeat_{part}_age_seconds": (g.now - at).total_seconds() for part, at in health.beats.items()},
    }
