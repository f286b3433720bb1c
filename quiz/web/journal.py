"""Every request has an id, which its answer and every line about it carry, and one line in the log as it ends.

The line names the endpoint and never the address, which may hold codes; nothing of who asked or of what was sent.
"""

from __future__ import annotations

import logging
import re
import time

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

from quiz import chance
from quiz.config import Config

HEADER = "X-Request-ID"
NO_ENDPOINT = "-"
_GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
log = logging.getLogger("quiz.requests")


def prepare(app: Flask) -> None:
    """Watch every request; must come before anything that looks at it."""
    app.before_request(_begin)
    app.after_request(_end)


def number() -> str:
    """The id of this request, by which whoever runs the server finds its lines."""
    return str(g.get("request_id", ""))


def seconds() -> float:
    """How long this request has taken so far."""
    return time.perf_counter() - float(g.began)


def _begin() -> None:
    g.began = time.perf_counter()
    g.request_id = name_of(request.headers.get(HEADER, ""), current_app.config["QUIZ"])


def name_of(given: str, config: Config) -> str:
    """The id under which the proxy in front knows the request, or one of our own; nobody else may choose one."""
    return given if config.trusted_proxies and _GIVEN.fullmatch(given) else chance.request_id()


def _end(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    if log.isEnabledFor(logging.INFO):
        tell(g.request_id, request.method, request.endpoint or NO_ENDPOINT, response.status_code, seconds())
    return response


def tell(request_id: str, method: str, endpoint: str, status: int, took: float) -> None:
    """One line. As `log.info`, but without looking for the place in the code, which takes longer than all the rest."""
    record = logging.LogRecord(log.name, logging.INFO, "", 0, "request", (), None)
    record.facts = {
        "request": request_id,
        "method": method,
        "endpoint": endpoint,
        "status": status,
        "ms": round(took * 1000, 1),
    }
    log.handle(record)
