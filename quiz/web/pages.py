"""What every page shares: figures and times in templates, headers, and the error pages."""

from __future__ import annotations

from flask import Flask, current_app, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from jinja2 import StrictUndefined
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response

from quiz import vietnamese
from quiz.config import Config
from quiz.errors import WORDS, Refused
from quiz.scoring.shares import shares
from quiz.services import reading
from quiz.web import access, journal, language

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
FRAMED_POLICY = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""For what other sites may show in a frame."""
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
NOT_FOUND_CODES = frozenset(
    {
        *("attempt_missing", "week_missing", "publication_missing", "agency_missing", "person_missing"),
        "ruling_question_missing",
        *("letter_missing", "unsubscribe_link_wrong", "document_missing", "certificate_missing"),
        *("roster_import_missing", "registration_missing", "decision_missing", "exemption_missing"),
        *("picture_not_drawn", "move_missing", "appeal_missing", "template_missing"),
        *("question_import_missing", "question_missing", "draft_missing"),
        *("not_ranked", "strike_missing", "request_missing", "commitment_missing"),
    }
)


def prepare(app: Flask) -> None:
    """Give templates their filters, answers their headers, and errors their page."""
    for name in ("percent", "exact_percent", "number", "share", "decimal", "grouped"):
        app.add_template_filter(getattr(vietnamese, name), name)
    app.add_template_filter(shares, "shares")
    for name in ("clock", "day", "moment", "closing", "duration"):
        app.add_template_filter(getattr(language, name), name)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.add_template_filter(language.round_name, "round_name")
    app.add_template_filter(lambda text: text[:1].upper() + text[1:], "capitalize_first")
    app.add_template_filter(lambda text: text[:1].lower() + text[1:], "lower_first")
    app.add_template_global(_takes_focus, "takes_focus")
    for name in ("_", "gettext"):
        app.add_template_global(language.in_template, name)
    app.context_processor(_shared)
    app.after_request(_add_headers)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _http_error)


def _takes_focus() -> bool:
    """True once in a page, where it is first asked: readers start at what is wrong first, a message or a field."""
    is_free = "focus_taken" not in g
    g.focus_taken = True
    return is_free


def words(refusal: Refused) -> str:
    """The sentence of a refusal in the visitor's language; its code is kept for whoever counts what goes wrong."""
    g.refused = refusal.code
    facts = refusal.facts | (
        {"week": language.round_name(str(refusal.facts["week"]))} if "week" in refusal.facts else {}
    )
    return str(gettext(WORDS[refusal.code]).format(**facts))


def wants_json() -> bool:
    """Whether the page's script asks, not a person."""
    return request.is_json


def _shared() -> dict[str, object]:
    around = access.around()
    return {
        "now": g.get("now"),
        "contest": around.contest,
        "is_demo": around.is_demo,
        "language": language.chosen(),
        "languages": language.LANGUAGES,
    }


def headers(config: Config) -> dict[str, str]:
    """What browsers are told with every answer."""
    return HEADERS | ({"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if config.https else {})


def _add_headers(response: Response) -> Response:
    given = {name.casefold() for name, _ in response.headers}
    for name, value in headers(current_app.config["QUIZ"]).items():
        if name.casefold() not in given:
            response.headers.add(name, value)
    if "cache-control" not in given and not (request.endpoint or "").endswith("static"):
        personal = response.status_code >= 500 or request.method != "GET" or current_user.is_authenticated
        response.headers["Cache-Control"] = "no-store" if personal else "no-cache"
    return response


def _refused(refusal: Refused) -> ResponseReturnValue:
    status = 404 if refusal.code in NOT_FOUND_CODES else 429 if refusal.code == "too_many_tries" else 409
    if wants_json():
        return jsonify(error=refusal.code, message=words(refusal)), status
    return render_template("error.html", title=gettext("Chưa thực hiện được"), message=words(refusal)), status


def _expired(_error: CSRFError) -> ResponseReturnValue:
    return error_page(400, gettext("Trang đã hết hiệu lực"), words(Refused("page_expired")), "page_expired")


def _http_error(error: HTTPException) -> ResponseReturnValue:
    titles = {
        403: (gettext("Không có quyền xem trang này"), gettext("Tài khoản của ông/bà không có quyền dùng trang này.")),
        404: (gettext("Không tìm thấy trang"), gettext("Địa chỉ này không có trang nào. Hãy kiểm tra lại đường dẫn.")),
        405: (gettext("Không dùng được theo cách này"), gettext("Hãy quay lại trang trước và dùng nút trên trang.")),
        413: (gettext("Tệp quá lớn"), _too_large()),
    }
    code = error.code or 500
    title, message = titles.get(code, (gettext("Yêu cầu không hợp lệ"), gettext("Hãy tải lại trang và thử lại.")))
    if code < 400 and error.response is not None:
        return error.response, code
    response = make_response(error_page(code, title, message))
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())
    return response


def _too_large() -> str:
    most = (request.max_content_length or 0) // 1024**2
    return str(gettext("Tệp gửi lên vượt quá dung lượng cho phép (%(most)s MB).", most=max(1, most)))


def error_page(status: int, title: str, message: str, error: str = "") -> ResponseReturnValue:
    """The page of an error, or JSON for the page's script; from 500 on with the id of the request."""
    if wants_json():
        number = {"id": journal.number()} if status >= 500 else {}
        return jsonify(error=error or str(status), message=message, **number), status
    try:
        reading().rollback()
        return render_template("error.html", title=title, message=message), status
    except SQLAlchemyError:  # the database is what failed, and every page asks it for the contest's name
        return bare_page(title, message), status, {"Cache-Control": "no-store"}


def bare_page(title: str, message: str) -> str:
    """A page for which nothing is asked of the database."""
    page = current_app.jinja_env.get_template("bare_error.html")
    return page.render(title=title, message=message, language=language.chosen(), contest=None, is_demo=False)
