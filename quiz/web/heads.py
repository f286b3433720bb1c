"""The chain of an open week as it grows, for anyone to keep a head of: a page, and a file to save."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from quiz.services import contests, heads, reading
from quiz.services.contests import StoredWeek
from quiz.verification.rules import moment
from quiz.web.access import open_to_all
from quiz.web.readers import SHARED

bp = Blueprint("heads", __name__, url_prefix="/kiem-chung/tuan-<int:number>")


@bp.get("/chuoi")
@open_to_all
def page(number: int) -> str:
    week = _week(number)
    return render_template("public/heads.html", week=week, heads=heads.newest(reading(), week))


@bp.get("/chuoi.txt")
@open_to_all
def file(number: int) -> Response:
    """One head a line, the newest first: its number, its time, the head."""
    found = heads.newest(reading(), _week(number))
    lines = (f"{one.number} {moment(one.sealed_at)} {one.head}\n" for one in found)
    answer = Response("".join(lines), mimetype="text/plain")
    answer.headers["Cache-Control"] = SHARED
    return answer


def _week(number: int) -> StoredWeek:
    return contests.get_week(reading(), contests.get_current(reading()), number)
