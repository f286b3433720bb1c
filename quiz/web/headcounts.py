"""The coordinator's headcount: what the agency will be counted by in the next week, declared and confirmed."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import accounts, headcounts, reading, transaction
from quiz.web.access import actor, requires, visitor
from quiz.web.forms import text
from quiz.web.pages import words
from quiz.web.roster_care_forms import DeclareForm

bp = Blueprint("headcounts", __name__, url_prefix="/co-quan")


@bp.get("/<int:agency_id>/tong-so")
@requires(Permission.KEEP_OWN_AGENCY)
def one(agency_id: int) -> str:
    return _page(agency_id, DeclareForm(formdata=None))


@bp.post("/<int:agency_id>/tong-so/khai")
@requires(Permission.KEEP_OWN_AGENCY)
def declare(agency_id: int) -> tuple[str, int] | Response:
    accounts.get_agency(reading(), visitor(), agency_id)
    form = DeclareForm()
    if form.validate_on_submit():
        try:
            with transaction(actor()) as session:
                accounts.get_agency(session, visitor(), agency_id)
                headcounts.get_upcoming(session, g.now)
                headcounts.set_headcount(session, agency_id, int(text(form.headcount)), actor(), g.now, text(form.why))
        except Refused as refusal:
            form.headcount.errors = (*form.headcount.errors, words(refusal))
        else:
            flash(_("Đã ghi tổng số. Hãy xem lại số liệu và xác nhận."))
            return redirect(url_for(".one", agency_id=agency_id))
    return _page(agency_id, form), 422


@bp.post("/<int:agency_id>/tong-so/xac-nhan")
@requires(Permission.KEEP_OWN_AGENCY)
def confirm(agency_id: int) -> tuple[str, int] | Response:
    accounts.get_agency(reading(), visitor(), agency_id)
    try:
        with transaction(actor()) as session:
            accounts.get_agency(session, visitor(), agency_id)
            headcounts.confirm(session, agency_id, request.form.get("seen", ""), actor(), g.now)
    except Refused as refusal:
        return _page(agency_id, DeclareForm(formdata=None), words(refusal)), 409
    flash(_("Đã xác nhận số liệu của cơ quan."))
    return redirect(url_for(".one", agency_id=agency_id))


def _page(agency_id: int, form: DeclareForm, problem: str = "") -> str:
    agency = accounts.get_agency(reading(), visitor(), agency_id)
    upcoming = headcounts.find_upcoming(reading(), g.now)
    if not form.is_submitted() and agency.headcount is not None:
        form.headcount.data = str(agency.headcount)
    return render_template("agency/headcount.html", agency=agency, upcoming=upcoming, form=form, problem=problem)
