"""The chain of an open week as it grows, for anyone to keep a head of: a page, and a file to save."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from quiz.services import contests, heads, reading
from quiz.services.contests import StoredWeek
from quiz.verification.rules import moment
from quiz.web.access import open_to_all
from quiz.web.readers import SHARED

bp = Blueprint("heads", __name__, url_prefix="/kiem-chung/tuan-<int:number>")
LAST = 1_000_000


@bp.get("/chuoi")
@open_to_all
def page(number: int) -> str:
    week, up_to = _week(number), _up_to()
    newest = heads.newest(reading(), week, 1)
    shown = heads.newest(reading(), week, up_to=up_to)
    last = newest[0].number if newest else 0
    return render_template(
        "public/heads.html",
        week=week,
        up_to=up_to,
        last=last,
        heads=shown,
        later=min(shown[0].number + heads.SHOWN, last) if shown else 0,
        earlier=shown[-1].number - 1 if shown else 0,
    )


@bp.get("/chuoi.txt")
@open_to_all
def file(number: int) -> Response:
    """One head a line, the newest first: its number, its time, the head."""
    found = heads.newest(reading(), _week(number), up_to=_up_to())
    lines = (f"{one.number} {moment(one.sealed_at)} {one.head}\n" for one in found)
    answer = Response("".join(lines), mimetype="text/plain")
    answer.headers["Cache-Control"] = SHARED
    return answer


def _up_to() -> int | None:
    """The batch that the reader asks for, with those before it; None for the newest."""
    asked = request.args.get("den", type=int)
    return None if asked is None else min(max(1, asked), LAST)


def _week(number: int) -> StoredWeek:
    return contests.get_week(reading(), contests.get_current(reading()), number)
