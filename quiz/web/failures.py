"""What a visitor meets when something breaks: a page with the id of the request, by which the log tells more.

A database that is gone, full or overloaded comes back: then the answer is 503 and says when to try again, which the
page of a paper does by itself. Everything else that nobody foresaw is 500.
"""

from __future__ import annotations

import sqlite3

from flask import Flask, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.wrappers import Response

from quiz.web import journal, pages

RETRY_AFTER_SECONDS = 5
WAITS = {"busy": 3, "no_room": 60}
"""Seconds after which to come again, by the code of a refusal that will pass."""


def prepare(app: Flask) -> None:
    """Answer whatever no other handler expects."""
    app.register_error_handler(Exception, _failed)
    app.after_request(_ask_to_wait)


def _ask_to_wait(response: Response) -> Response:
    """Whoever was refused for what will pass, as when many came at once, may come again, whatever page says so."""
    if seconds := WAITS.get(g.get("refused", "")):
        response.status_code = 503
        response.headers["Retry-After"] = str(seconds)
    return response


def is_away(error: Exception) -> bool:
    """Whether the database cannot answer now and may later; a statement that is wrong stays wrong."""
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    is_wrong = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    return error.connection_invalidated or (isinstance(error, OperationalError | InterfaceError) and not is_wrong)


def note_away() -> None:
    """Nothing more is asked of the database in this request: each time might last until patience ends."""
    g.database_away = True


def _failed(error: Exception) -> ResponseReturnValue:
    away = is_away(error)
    current_app.logger.error(
        "database away" if away else "error",
        exc_info=error,
        extra={"facts": {"request": journal.number(), "endpoint": request.endpoint or journal.NO_ENDPOINT}},
    )
    if away:
        note_away()
        return _unavailable()
    if current_app.testing:
        raise error
    message = gettext(
        "Mã lỗi: %(number)s. Những gì đã lưu vẫn còn. Hãy thử lại; nếu vẫn lỗi, báo mã này cho Ban Tổ chức.",
        number=journal.number(),
    )
    return pages.error_page(500, gettext("Hệ thống gặp lỗi"), message)


def _unavailable() -> ResponseReturnValue:
    """Nothing here asks the database, not even for the name of the contest."""
    title = gettext("Hệ thống tạm thời bận")
    message = gettext(
        "Những gì đã lưu vẫn còn. Trang bài thi đang mở sẽ tự lưu lại; ở trang khác, chờ khoảng mười giây rồi thử "
        "lại. Mã lỗi: %(number)s.",
        number=journal.number(),
    )
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    if pages.wants_json():
        return jsonify(error="unavailable", message=message, id=journal.number()), 503, headers
    return pages.bare_page(title, message), 503, headers
