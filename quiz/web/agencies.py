"""The organiser's list of agencies: declared headcounts, and people exempt from taking part."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import agencies, exemptions, headcounts, reading, roster_calendar, transaction
from quiz.web.access import actor, requires
from quiz.web.forms import HeadcountForm, text
from quiz.web.pages import words
from quiz.web.roster_care_forms import ExemptByCodeForm, complain
from quiz.web.roster_care_words import exempted

bp = Blueprint("agencies", __name__, url_prefix="/ban-to-chuc/co-quan")

UNCONFIRMED, UNDECLARED = "chua-xac-nhan", "chua-khai"
"""What the list can be narrowed to: agencies that have not confirmed their figures, or not declared a total."""


@bp.get("")
@requires(Permission.KEEP_ROSTER)
def listing() -> str:
    upcoming, wanted = headcounts.find_upcoming(reading(), g.now), request.args.get("loc", "")
    rows = agencies.overview(reading(), g.now)
    waiting = {row.id for row in rows if upcoming and upcoming.waits_for(row.id)}
    undeclared = {row.id for row in rows if row.headcount is None and row.listed}
    shown = {UNCONFIRMED: waiting, UNDECLARED: undeclared}.get(wanted, {row.id for row in rows})
    return render_template(
        "organise/agencies.html",
        agencies=[row for row in rows if row.id in shown],
        upcoming=upcoming,
        wanted=wanted,
        filters=(("", len(rows)), (UNCONFIRMED, len(waiting)), (UNDECLARED, len(undeclared))),
    )


@bp.get("/<int:agency_id>")
@requires(Permission.KEEP_ROSTER)
def one(agency_id: int) -> str:
    return _page(agency_id, HeadcountForm(), ExemptByCodeForm())


@bp.post("/<int:agency_id>/tong-so")
@requires(Permission.KEEP_ROSTER)
def headcount(agency_id: int) -> tuple[str, int] | Response:
    form = HeadcountForm()
    if form.validate_on_submit():
        typed = text(form.headcount).strip()
        try:
            with transaction(actor()) as session:
                headcounts.set_headcount(
                    session, agency_id, int(typed) if typed else None, actor(), g.now, text(form.why)
                )
        except Refused as refusal:
            form.headcount.errors = (*form.headcount.errors, words(refusal))
        else:
            flash(_("Đã ghi tổng số. Số này dùng cho các tuần chưa mở."))
            return redirect(url_for(".one", agency_id=agency_id))
    return _page(agency_id, form, ExemptByCodeForm(formdata=None)), 422


@bp.post("/<int:agency_id>/mien")
@requires(Permission.KEEP_ROSTER)
def exempt(agency_id: int) -> tuple[str, int] | Response:
    form, problem = ExemptByCodeForm(), ""
    if form.validate_on_submit():
        try:
            with transaction(actor()) as session:
                rounds = exemptions.exempt(
                    session,
                    agency_id,
                    agencies.get_person_id(session, agency_id, text(form.staff_code)),
                    reason=text(form.reason),
                    first=form.first.day,
                    last=form.last.data,
                    actor=actor(),
                    now=g.now,
                )
        except Refused as refusal:
            problem = complain(form, refusal)
        else:
            flash(exempted(rounds))
            return redirect(url_for(".one", agency_id=agency_id))
    return _page(agency_id, HeadcountForm(formdata=None), form, problem), 422


@bp.post("/<int:agency_id>/mien/<int:exemption_id>/thoi")
@requires(Permission.KEEP_ROSTER)
def end_exemption(agency_id: int, exemption_id: int) -> Response:
    with transaction(actor()) as session:
        exemptions.end(session, agency_id, exemption_id, actor(), g.now)
    flash(_("Đã thôi miễn. Người này được tính lại từ tuần chưa mở kế tiếp."))
    return redirect(url_for(".one", agency_id=agency_id))


def _page(agency_id: int, headcount_form: HeadcountForm, exempt_form: ExemptByCodeForm, problem: str = "") -> str:
    agency = next((line for line in agencies.overview(reading(), g.now) if line.id == agency_id), None)
    if agency is None:
        raise Refused("agency_missing")
    if not headcount_form.is_submitted():
        headcount_form.headcount.data = "" if agency.headcount is None else str(agency.headcount)
    calendar = roster_calendar.get(reading(), g.now)
    if not exempt_form.is_submitted():
        exempt_form.first.data = calendar.day_for(g.now)
    return render_template(
        "organise/agency.html",
        agency=agency,
        headcount_form=headcount_form,
        exempt_form=exempt_form,
        exemptions=exemptions.of_agency(reading(), agency_id),
        history=headcounts.history(reading(), agency.code),
        calendar=calendar,
        problem=problem,
    )
