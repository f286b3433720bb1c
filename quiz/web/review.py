"""The review of a week's ranking: first places with what is unusual, one person closely, strikes and undoing them."""

from __future__ import annotations

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.scoring.signals import CLOSE_MS, LEAST_COMMON, LEAST_MS_PER_QUESTION
from quiz.services import contests, reading, review, review_signals, strikes, transaction
from quiz.services.contests import StoredWeek
from quiz.services.review_comparison import NEAREST
from quiz.web import pages
from quiz.web.access import actor, requires
from quiz.web.forms import text
from quiz.web.review_forms import ConfirmForm, StrikeForm, UndoForm

bp = Blueprint("review", __name__, url_prefix="/ban-to-chuc/tuan-<int:number>/ra-soat")

LIMITS = {
    "seconds": LEAST_MS_PER_QUESTION // 1000,
    "close": CLOSE_MS // 1000,
    "common": LEAST_COMMON,
    "nearest": NEAREST,
}


@bp.get("")
@requires(Permission.SEE_RESULTS)
def listing(number: int) -> str:
    week = _week(number)
    is_ranked = week.marked_at is not None and not week.week.is_practice
    found = review.listing(reading(), week) if is_ranked else None
    far = review_signals.how_far(reading(), week) if found and found.signals is None else None
    return render_template("organise/review.html", week=week, found=found, far=far, limits=LIMITS)


@bp.get("/tien-do")
@requires(Permission.SEE_RESULTS)
def progress(number: int) -> Response:
    week = _week(number)
    far = review_signals.how_far(reading(), week)
    is_made = review_signals.find(reading(), week) is not None
    return jsonify(state="ready" if is_made else far.state, percent=far.percent)


@bp.post("/tien-do")
@requires(Permission.DECIDE_RESULTS)
def stop_or_begin(number: int) -> Response:
    act = review_signals.stop if request.form.get("act") == "stop" else review_signals.begin_again
    with transaction(actor()) as session:
        act(session, _week(number), actor(), g.now)
    return redirect(url_for(".listing", number=number))


@bp.get("/<int:person_id>")
@requires(Permission.SEE_RESULTS)
def person(number: int, person_id: int) -> str:
    return _person_page(_week(number), person_id)


@bp.post("/<int:person_id>/loai")
@requires(Permission.DECIDE_RESULTS)
def preview(number: int, person_id: int) -> tuple[str, int] | str:
    form = StrikeForm()
    if not form.validate_on_submit():
        return _person_page(_week(number), person_id, form), 422
    return _preview_page(_week(number), person_id, form)


@bp.post("/<int:person_id>/loai/xac-nhan")
@requires(Permission.DECIDE_RESULTS)
def strike(number: int, person_id: int) -> tuple[str, int] | Response:
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _preview_page(_week(number), person_id, form, checked=form), 422
    try:
        with transaction(actor()) as session:
            week = contests.get_week(session, contests.get_current(session), number)
            strikes.strike(session, week, person_id, form.terms, text(form.seen), actor(), g.now)
    except Refused as refusal:
        if refusal.code != "strike_changed":
            raise
        return _preview_page(_week(number), person_id, form, problem=pages.words(refusal)), 409
    flash(_("Đã loại kết quả này khỏi xét giải. Bảng xếp hạng tạm thời đã tính lại người được giải."))
    return redirect(url_for(".person", number=number, person_id=person_id))


@bp.post("/<int:person_id>/bo-loai/<int:strike_id>")
@requires(Permission.DECIDE_RESULTS)
def undo(number: int, person_id: int, strike_id: int) -> tuple[str, int] | Response:
    form = UndoForm()
    if not form.validate_on_submit():
        return _person_page(_week(number), person_id, undo=form), 422
    try:
        with transaction(actor()) as session:
            strikes.undo(session, strike_id, text(form.reason), text(form.seen), actor(), g.now)
    except Refused as refusal:
        if refusal.code != "strike_changed":
            raise
        return _person_page(_week(number), person_id, undo=form, problem=pages.words(refusal)), 409
    flash(_("Đã bỏ việc loại. Người này lại được xét giải; cả hai lần quyết định vẫn còn trong nhật ký."))
    return redirect(url_for(".person", number=number, person_id=person_id))


def _week(number: int) -> StoredWeek:
    return contests.get_week(reading(), contests.get_current(reading()), number)


def _person_page(
    week: StoredWeek,
    person_id: int,
    form: StrikeForm | None = None,
    undo: UndoForm | None = None,
    problem: str = "",
) -> str:
    """One person with what may be done: strike where no strike holds, else undo it, having seen what that changes."""
    found = review.closely(reading(), week, person_id)
    held = found.standing_strike
    back = strikes.undo_preview(reading(), held.id) if held else None
    undo = undo or UndoForm(formdata=None)
    if back:
        undo.seen.data = back.digest
    return render_template(
        "organise/review_person.html",
        week=week,
        found=found,
        form=form or StrikeForm(formdata=None),
        undo=undo,
        back=back,
        limits=LIMITS,
        problem=problem,
    )


def _preview_page(
    week: StoredWeek, person_id: int, form: StrikeForm, checked: ConfirmForm | None = None, problem: str = ""
) -> str:
    """What striking would change, with the form that confirms what is shown now."""
    terms = form.terms
    found = strikes.preview(reading(), week, person_id, whole_contest=terms.whole_contest)
    confirm = checked or ConfirmForm(formdata=None)
    confirm.seen.data = found.digest
    return render_template(
        "organise/review_strike.html",
        week=week,
        person=review.closely(reading(), week, person_id).reviewed.ranked,
        terms=terms,
        found=found,
        form=confirm,
        problem=problem,
    )
