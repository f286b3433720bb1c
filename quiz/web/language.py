"""The language of a page: Vietnamese, or English where the visitor asked for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from flask import current_app, has_request_context, request
from flask_babel import gettext
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from werkzeug.wrappers import Response

from quiz import vietnamese
from quiz.errors import N_

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
COOKIE = "language"
KEPT_SECONDS = 365 * 24 * 3600

HELD_BY_RULES = (
    N_("Thời gian"),
    N_("Đăng ký và đối tượng"),
    N_("Bảng thi"),
    N_("Đề thi"),
    N_("Niêm phong đáp án"),
    N_("Cam kết và kiểm chứng"),
    N_("Lượt thi"),
    N_("Thêm thời gian và sự cố"),
    N_("Câu hỏi có sai sót"),
    N_("Câu dự đoán"),
    N_("Cách xếp hạng"),
    N_("Giải thưởng"),
    N_("Tỷ lệ tham gia"),
    N_("Giải tập thể"),
    N_("Người không được dự thi"),
    N_("Phản ánh, khiếu nại"),
    N_("Cơ quan, đơn vị thuộc thành phố"),
    N_("Cơ quan Trung ương trên địa bàn"),
)
"""Headings and labels of the pure rules, which know no languages; templates look them up in the catalogue."""

ROUND_WORDS = (N_("Tuần"), N_("Đợt"), N_("Kỳ"), N_("Vòng"), N_("Tháng"), N_("Thi thử"))
"""What contests may call their rounds, and what the practice round is called."""


def chosen() -> str:
    """The visitor's language; Vietnamese where nothing else was chosen."""
    wanted = request.cookies.get(COOKIE, "vi") if has_request_context() else "vi"
    return wanted if wanted in LANGUAGES else "vi"


def remember(response: Response, wanted: str) -> None:
    """Let this browser see pages in that language: a cookie of its own, so that readers need no session."""
    if wanted in LANGUAGES:
        secure = current_app.config["QUIZ"].https
        response.set_cookie(COOKIE, wanted, max_age=KEPT_SECONDS, secure=secure, httponly=True, samesite="Lax")


@pass_context
def in_template(context: Context, text: str, /, **variables: object) -> str:
    """What `_()` gives in a template: Vietnamese is what is written there, and a plain text is the same each time."""
    words = text if chosen() == "vi" else str(gettext(text))
    if not context.eval_ctx.autoescape:
        return words % variables
    return _as_markup(words) % variables if variables else _plain(words)


@lru_cache(maxsize=4096)
def _plain(words: str) -> Markup:
    return _as_markup(words) % {}


def _as_markup(words: str) -> Markup:
    """The words of templates and of the catalogue are ours; what is put into them is escaped."""
    return Markup(words)  # noqa: S704


def round_name(name: str) -> str:
    """The name of a round in the visitor's language: 'Đợt 2' → 'Round 2'."""
    if name in ROUND_WORDS:
        return str(gettext(name))
    word, _, number = name.rpartition(" ")
    return f"{gettext(word)} {number}"


def clock(at: datetime) -> str:
    """A time of day to the second."""
    return at.astimezone(vietnamese.HANOI).strftime("%H:%M:%S")


def day(at: datetime) -> str:
    """A day in figures."""
    return at.astimezone(vietnamese.HANOI).strftime("%d/%m/%Y")


def moment(at: datetime) -> str:
    """A moment in the visitor's language: '08:05, Monday 07/10/2024'."""
    return vietnamese.moment(at) if chosen() == "vi" else f"{at.astimezone(vietnamese.HANOI):%H:%M, %A %d/%m/%Y}"


def closing(at: datetime) -> str:
    """A closing moment in the visitor's language: midnight belongs to the day that ends, '24:00, Friday …'."""
    local = at.astimezone(vietnamese.HANOI)
    if chosen() == "vi":
        return vietnamese.closing(at)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return moment(at)
    return f"24:00, {local - timedelta(days=1):%A %d/%m/%Y}"


def duration(length: timedelta) -> str:
    """Whole seconds in the visitor's language: '5 min 03 s'."""
    words = vietnamese.duration(length)
    if chosen() == "vi":
        return words
    return words.replace("giờ", "h").replace("phút", "min").replace("giây", "s")
