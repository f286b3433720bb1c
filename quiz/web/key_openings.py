"""Opening the sealed answer keys of a closed week, where the contest file wants two people to decide it."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import contests, key_openings, reading, transaction
from quiz.services.decisions import State
from quiz.web.access import actor, requires
from quiz.web.decision_forms import ApproveForm, DecisionForm
from quiz.web.forms import text
from quiz.web.pages import words

bp = Blueprint("key_openings", __name__, url_prefix="/ban-to-chuc")


@bp.get("/tuan-<int:number>/mo-dap-an")
@requires(Permission.SEE_RESULTS)
def listing(number: int) -> str:
    return _list_page(number, DecisionForm(formdata=None))


@bp.post("/tuan-<int:number>/mo-dap-an")
@requires(Permission.DECIDE_RESULTS)
def propose(number: int) -> tuple[str, int] | Response:
    form = DecisionForm()
    if not form.validate_on_submit():
        return _list_page(number, form), 422
    try:
        with transaction(actor()) as session:
            week = contests.get_week(session, contests.get_current(session), number)
            made = key_openings.propose(session, week, text(form.number), text(form.reason), actor(), g.now)
    except Refused as refusal:
        return _list_page(number, form, words(refusal)), 409
    flash(_("Đã ghi đề xuất. Cần một thành viên khác của Ban Tổ chức duyệt."))
    return redirect(url_for(".one", decision_id=made))


@bp.get("/mo-dap-an/<int:decision_id>")
@requires(Permission.SEE_RESULTS)
def one(decision_id: int) -> str:
    return _page(decision_id)


@bp.post("/mo-dap-an/<int:decision_id>/duyet")
@requires(Permission.DECIDE_RESULTS)
def approve(decision_id: int) -> tuple[str, int] | Response:
    form = ApproveForm()
    if not form.validate_on_submit():
        return _page(decision_id, form), 422
    try:
        with transaction(actor()) as session:
            key_openings.approve(session, decision_id, text(form.seen), actor(), g.now)
    except Refused as refusal:
        return _page(decision_id, problem=words(refusal)), 409
    flash(_("Đã duyệt. Bộ lập lịch mở đáp án rồi chấm bài trong vòng một phút."))
    return redirect(url_for(".one", decision_id=decision_id))


@bp.post("/mo-dap-an/<int:decision_id>/rut")
@requires(Permission.DECIDE_RESULTS)
def withdraw(decision_id: int) -> Response:
    with transaction(actor()) as session:
        key_openings.withdraw(session, decision_id, actor(), g.now)
    flash(_("Đã rút đề xuất. Không có gì thay đổi."))
    return redirect(url_for(".one", decision_id=decision_id))


def _list_page(number: int, form: DecisionForm, problem: str = "") -> str:
    week = contests.get_week(reading(), contests.get_current(reading()), number)
    refusal = ""
    try:
        key_openings.check(week, g.now)
    except Refused as refused:
        refusal = words(refused)
    return render_template(
        "organise/key_openings.html",
        week=week,
        found=key_openings.of_week(reading(), week),
        form=form,
        refusal=refusal,
        problem=problem,
    )


def _page(decision_id: int, form: ApproveForm | None = None, problem: str = "") -> str:
    found = key_openings.get(reading(), contests.get_current(reading()), decision_id)
    return render_template(
        "organise/key_opening.html",
        found=found,
        week=found.week,
        waits=found.decision.state is State.PROPOSED,
        is_open=not found.week.keys_sealed,
        form=form or ApproveForm(formdata=None, seen=found.digest),
        problem=problem,
    )
