"""What whatever stands in front asks: is this process alive, and can it serve? Neither opens a session."""

from __future__ import annotations

from functools import cache

from flask import Blueprint, Response, current_app
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from quiz.config import Config
from quiz.services import schema
from quiz.web.access import open_to_all
from quiz.web.failures import RETRY_AFTER_SECONDS, note_away

bp = Blueprint("health", __name__)
PATIENCE_SECONDS = 2


@bp.get("/healthz")
@open_to_all
def alive() -> Response:
    """Asks nobody: a process that is merely without its database must not be killed for it."""
    return _said("ok", 200)


@bp.get("/readyz")
@open_to_all
def ready() -> Response:
    """Over a connection of its own, so that a queue for the others does not look like a database that is gone."""
    config: Config = current_app.config["QUIZ"]
    try:
        with _engine(config.database_url).connect() as connection:
            if not config.is_sqlite:
                connection.execute(text(f"SET LOCAL statement_timeout = {PATIENCE_SECONDS * 1000}"))
            at = schema.found(connection)
    except SQLAlchemyError:
        note_away()
        return _said("database away", 503)
    return _said("ok", 200) if schema.fits(at) else _said("migrations missing", 503)


@cache
def _engine(url: str) -> Engine:
    """Keeps no connection; gives up soon where the server does not answer."""
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    waiting = {"timeout": PATIENCE_SECONDS} if is_sqlite else {"connect_timeout": PATIENCE_SECONDS}
    return create_engine(url, poolclass=NullPool, connect_args=waiting, hide_parameters=True)


def _said(word: str, status: int) -> Response:
    answer = Response(f"{word}\n", status, mimetype="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    if status == 503:
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer
