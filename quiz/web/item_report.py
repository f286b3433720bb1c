"""What the questions of a closed week did: the figures of all, and of one with its options."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quiz.contest.schedule import Division
from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.scoring.item_analysis import QuestionAnalysis
from quiz.services import contests, item_report, item_workbook, reading, transaction
from quiz.services.contests import StoredWeek
from quiz.web.access import actor, requires, visitor

bp = Blueprint("item_report", __name__, url_prefix="/ban-to-chuc/tuan-<int:number>/phan-tich")


def _least(value: float | None) -> tuple[bool, float]:
    return value is None, value or 0.0


ORDERS: dict[str, Callable[[QuestionAnalysis], object]] = {
    "ma": lambda one: one.question.id,
    "de": lambda one: _least(one.figures.facility),
    "phan-biet": lambda one: _least(one.figures.discrimination),
    "luot": lambda one: -one.figures.dealt,
}
"""How the address names the order of the questions; the first is the usual one."""


@bp.get("")
@requires(Permission.SEE_RESULTS)
def overview(number: int) -> str:
    week = _week(number)
    division = _division(week)
    order = request.args.get("xep", "")
    order = order if order in ORDERS else next(iter(ORDERS))
    report = item_report.find(reading(), week, division.code)
    return render_template(
        "organise/item_report.html",
        week=week,
        division=division,
        report=report,
        far=None if report else item_report.how_far(reading(), week, division.code),
        order=order,
        questions=sorted(report.analysis.questions, key=ORDERS[order]) if report else (),  # type: ignore[arg-type]
    )


@bp.get("/tien-do")
@requires(Permission.SEE_RESULTS)
def progress(number: int) -> Response:
    week = _week(number)
    division = _division(week).code
    far = item_report.how_far(reading(), week, division)
    is_made = item_report.find(reading(), week, division) is not None
    return jsonify(state="ready" if is_made else far.state, percent=far.percent)


@bp.post("/tien-do")
@requires(Permission.DECIDE_RESULTS)
def stop_or_begin(number: int) -> Response:
    week = _week(number)
    division = _division(week).code
    act = item_report.stop if request.form.get("act") == "stop" else item_report.begin_again
    with transaction(actor()) as session:
        act(session, week, division, actor(), g.now)
    return redirect(url_for(".overview", number=number, bang=division or None))


@bp.get("/<question_id>")
@requires(Permission.SEE_RESULTS)
def question(number: int, question_id: str) -> str:
    week = _week(number)
    division = _division(week)
    report = item_report.find(reading(), week, division.code)
    found = report.find(question_id) if report else None
    if found is None:
        abort(404)
    return render_template("organise/item_report_question.html", week=week, division=division, one=found)


@bp.post("/bang-tinh")
@requires(Permission.SEE_RESULTS)
def ask(number: int) -> Response:
    week = _week(number)
    with transaction(actor()) as session:
        made = item_workbook.ask(session, week, _division(week).code, visitor(), actor(), g.now)
    return redirect(url_for("documents.one", document_id=made))


def _week(number: int) -> StoredWeek:
    """A week that has been marked; raises Refused: week_missing, not_marked."""
    found = contests.get_week(reading(), contests.get_current(reading()), number)
    if found.marked_at is None or found.week.is_practice:
        raise Refused("not_marked", week=found.name)
    return found


def _division(week: StoredWeek) -> Division:
    """The division asked for, or the first."""
    rules = week.contest.rules
    asked = request.values.get("bang", "")
    return next((one for one in rules.all_divisions if one.code == asked), rules.all_divisions[0])
