"""The organiser's page of what is promised of a week: what it would hold, who waits for it, and its digest to print."""

from __future__ import annotations

from flask import Blueprint, flash, g, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import commitments, contests, reading, transaction
from quiz.services.contests import StoredWeek
from quiz.web import pages
from quiz.web.access import actor, requires

bp = Blueprint("commitments", __name__, url_prefix="/ban-to-chuc/tuan-<int:number>/cam-ket")


@bp.get("")
@requires(Permission.SEE_RESULTS)
def one(number: int) -> str:
    return _page(_week(number))


@bp.post("")
@requires(Permission.PUBLISH_RESULTS)
def ask(number: int) -> tuple[str, int] | Response:
    try:
        with transaction(actor()) as session:
            commitments.ask(session, _week(number).id, actor(), g.now)
    except Refused as refusal:
        return _page(_week(number), pages.words(refusal)), 409
    flash(_("Đã yêu cầu lập bản cam kết."))
    return redirect(url_for(".one", number=number))


@bp.get("/tien-do")
@requires(Permission.SEE_RESULTS)
def progress(number: int) -> Response:
    """For the page's script, which shows the version as soon as it is made."""
    return jsonify(state=_state(_week(number)), percent=0)


def _page(week: StoredWeek, problem: str = "") -> str:
    try:
        contents, missing = commitments.contents(reading(), week), ""
    except Refused as refusal:
        contents, missing = None, pages.words(refusal)
    return render_template(
        "organise/commitment.html",
        week=week,
        versions=commitments.of_week(reading(), week),
        contents=contents,
        is_settled=commitments.is_settled(week, g.now),
        asked_at=commitments.asked_at(reading(), week),
        state=_state(week),
        missing=missing,
        problem=problem,
    )


def _state(week: StoredWeek) -> str:
    return "waiting" if commitments.asked_at(reading(), week) else "done"


def _week(number: int) -> StoredWeek:
    """A week that counts: nothing is promised of the practice round. Raises Refused(week_missing)."""
    week = contests.get_week(reading(), contests.get_current(reading()), number)
    if week.week.is_practice:
        raise Refused("week_missing")
    return week
