"""Drawing lots by a public value, on a screen before witnesses: typed by one organiser, signed by another."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import contests, heads, lots, reading, transaction
from quiz.services.awarding import SHOWN
from quiz.services.contests import StoredWeek
from quiz.services.decisions import State
from quiz.services.heads import Head
from quiz.services.lot_ties import Tie, tickets
from quiz.web.access import actor, requires
from quiz.web.decision_forms import ApproveForm, LotForm
from quiz.web.forms import text
from quiz.web.pages import words

bp = Blueprint("lots", __name__, url_prefix="/ban-to-chuc")
SHORT = 8
"""So many hexadecimal digits of a ticket are shown: enough to see the order."""


@bp.get("/tuan-<int:number>/boc-tham")
@requires(Permission.SEE_RESULTS)
def listing(number: int) -> str:
    return _list_page(number, LotForm(formdata=None))


@bp.post("/tuan-<int:number>/boc-tham")
@requires(Permission.DECIDE_RESULTS)
def propose(number: int) -> tuple[str, int] | Response:
    form = LotForm()
    if not form.validate_on_submit():
        return _list_page(number, form), 422
    typed = (text(form.value), text(form.number), text(form.reason))
    try:
        with transaction(actor()) as session:
            week = contests.get_week(session, contests.get_current(session), number)
            made = lots.propose(session, week, *typed, actor(), g.now)
    except Refused as refusal:
        return _list_page(number, form, words(refusal)), 409
    return redirect(url_for(".one", decision_id=made))


@bp.get("/boc-tham/<int:decision_id>")
@requires(Permission.SEE_RESULTS)
def one(decision_id: int) -> str:
    return _page(decision_id)


@bp.post("/boc-tham/<int:decision_id>/duyet")
@requires(Permission.DECIDE_RESULTS)
def approve(decision_id: int) -> tuple[str, int] | Response:
    form = ApproveForm()
    if not form.validate_on_submit():
        return _page(decision_id, form), 422
    try:
        with transaction(actor()) as session:
            lots.approve(session, decision_id, text(form.seen), actor(), g.now)
    except Refused as refusal:
        return _page(decision_id, problem=words(refusal)), 409
    return redirect(url_for(".one", decision_id=decision_id))


@bp.post("/boc-tham/<int:decision_id>/rut")
@requires(Permission.DECIDE_RESULTS)
def withdraw(decision_id: int) -> Response:
    with transaction(actor()) as session:
        lots.withdraw(session, decision_id, actor(), g.now)
    return redirect(url_for(".one", decision_id=decision_id))


def _list_page(number: int, form: LotForm, problem: str = "") -> str:
    week = contests.get_week(reading(), contests.get_current(reading()), number)
    refusal = ""
    try:
        lots.check(reading(), week, g.now)
    except Refused as refused:
        refusal = words(refused)
    if not form.is_submitted() and week.lot_value is None:
        form.reason.data = _("Bốc thăm theo thể lệ")
    return render_template(
        "organise/lots.html",
        week=week,
        head=_head(week),
        found=lots.of_week(reading(), week),
        ties=() if refusal else lots.ties(reading(), week),
        form=form,
        refusal=refusal,
        problem=problem,
        most=SHOWN,
    )


def _page(decision_id: int, form: ApproveForm | None = None, problem: str = "") -> str:
    found = lots.get(reading(), contests.get_current(reading()), decision_id)
    return render_template(
        "organise/lot.html",
        found=found,
        week=found.week,
        head=_head(found.week),
        waits=found.decision.state is State.PROPOSED,
        drawn=[(tie, _drawn(tie, found.value)) for tie in found.ties],
        form=form or ApproveForm(formdata=None, seen=found.digest),
        problem=problem,
        most=SHOWN,
    )


def _head(week: StoredWeek) -> Head | None:
    """The newest head of the week, which is final by then: what is drawn cannot change what was sealed."""
    return next(iter(heads.newest(reading(), week, 1)), None)


def _drawn(tie: Tie, value: str) -> list[tuple[int, str, str]]:
    """Place, receipt code and the beginning of the ticket, in the order drawn; the first of them."""
    order = tickets(tie.codes, value)[:SHOWN]
    return [(place, code, ticket[:SHORT]) for place, (code, ticket) in enumerate(order, tie.place)]
