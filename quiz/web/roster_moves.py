"""People who move between agencies or leave: proposed on the person's page, accepted on that of the other agency."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import accounts, reading, roster_calendar, roster_moves, transaction
from quiz.services.roster_moves import State
from quiz.web.access import actor, requires, visitor
from quiz.web.forms import text
from quiz.web.person_page import move_form, person_page
from quiz.web.roster_care_forms import LeavingForm, complain

bp = Blueprint("roster_moves", __name__, url_prefix="/co-quan")


@bp.get("/<int:agency_id>/dieu-chuyen")
@requires(Permission.KEEP_OWN_AGENCY)
def listing(agency_id: int) -> str:
    return render_template(
        "agency/moves.html",
        agency=accounts.get_agency(reading(), visitor(), agency_id),
        moves=roster_moves.of_agency(reading(), agency_id),
        calendar=roster_calendar.get(reading(), g.now),
    )


@bp.post("/<int:agency_id>/nguoi/<int:person_id>/chuyen")
@requires(Permission.KEEP_OWN_AGENCY)
def propose(agency_id: int, person_id: int) -> tuple[str, int] | Response:
    form, problem = move_form(reading(), agency_id, sent=True), ""
    if form.validate_on_submit():
        try:
            with transaction(actor()) as session:
                move = roster_moves.propose(
                    session,
                    visitor(),
                    agency_id,
                    person_id,
                    receiver_id=int(text(form.receiver)),
                    first=form.first.day,
                    reason=text(form.reason),
                    now=g.now,
                )
        except Refused as refusal:
            problem = complain(form, refusal)
        else:
            flash(_said(move.state, move.receiver))
            return redirect(url_for(".listing", agency_id=agency_id))
    return person_page(agency_id, person_id, form, problem), 422


@bp.post("/<int:agency_id>/nguoi/<int:person_id>/thoi")
@requires(Permission.KEEP_OWN_AGENCY)
def leave(agency_id: int, person_id: int) -> tuple[str, int] | Response:
    form, problem = LeavingForm(prefix="thoi-"), ""
    if form.validate_on_submit():
        try:
            with transaction(actor()) as session:
                move = roster_moves.leave(
                    session,
                    visitor(),
                    agency_id,
                    person_id,
                    first=form.first.day,
                    reason=text(form.reason),
                    now=g.now,
                )
        except Refused as refusal:
            problem = complain(form, refusal)
        else:
            done = move.state is State.DONE
            flash(_("Đã cho rời danh sách.") if done else _("Đã ghi. Người này rời danh sách khi đến ngày."))
            return redirect(url_for(".listing", agency_id=agency_id))
    return person_page(agency_id, person_id, form, problem), 422


@bp.post("/<int:agency_id>/dieu-chuyen/<int:move_id>/nhan")
@requires(Permission.KEEP_OWN_AGENCY)
def accept(agency_id: int, move_id: int) -> Response:
    with transaction(actor()) as session:
        move = roster_moves.accept(session, visitor(), agency_id, move_id, g.now)
    flash(_said(move.state, move.receiver))
    return redirect(url_for(".listing", agency_id=agency_id))


@bp.post("/<int:agency_id>/dieu-chuyen/<int:move_id>/bo")
@requires(Permission.KEEP_OWN_AGENCY)
def drop(agency_id: int, move_id: int) -> Response:
    with transaction(actor()) as session:
        roster_moves.drop(session, visitor(), agency_id, move_id, g.now)
    flash(_("Đã bỏ đề nghị. Không có gì thay đổi."))
    return redirect(url_for(".listing", agency_id=agency_id))


def _said(state: State, receiver: str) -> str:
    if state is State.DONE:
        return str(_("Đã chuyển sang %(agency)s.", agency=receiver))
    if state is State.AGREED:
        return str(_("Hai bên đã thống nhất. Người này chuyển sang %(agency)s khi đến ngày.", agency=receiver))
    return str(_("Đã gửi đề nghị. Người này chuyển sang %(agency)s sau khi cơ quan đó đồng ý.", agency=receiver))
