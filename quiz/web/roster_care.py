"""The coordinator's people: found, added, corrected, exempted; what changes counts for weeks that have not opened."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import (
    accounts,
    contests,
    exemptions,
    reading,
    roster_calendar,
    roster_care,
    roster_moves,
    transaction,
)
from quiz.web.access import actor, requires, visitor
from quiz.web.forms import text
from quiz.web.person_page import person_page
from quiz.web.roster_care_forms import DetailsForm, ExemptionForm, NewcomerForm, complain
from quiz.web.roster_care_words import exempted

bp = Blueprint("roster_care", __name__, url_prefix="/co-quan")
LAST = 100_000


@bp.get("/<int:agency_id>/nguoi")
@requires(Permission.KEEP_OWN_AGENCY)
def people(agency_id: int) -> str:
    agency = accounts.get_agency(reading(), visitor(), agency_id)
    wanted = request.args.get("tim", "").replace("\0", "").strip()
    number = min(max(1, request.args.get("trang", 1, type=int)), LAST)
    found, total = roster_care.people(reading(), agency_id, wanted, number, g.now)
    return render_template(
        "agency/people.html",
        agency=agency,
        agencies=accounts.agencies_of(reading(), visitor()),
        people=found,
        total=total,
        wanted=wanted,
        number=number,
        pages=max(1, -(-total // roster_care.SIZE)),
        waiting=roster_moves.waiting_for(reading(), agency_id),
        calendar=roster_calendar.get(reading(), g.now),
    )


@bp.route("/<int:agency_id>/nguoi/them", methods=["GET", "POST"])
@requires(Permission.KEEP_OWN_AGENCY)
def add(agency_id: int) -> tuple[str, int] | Response:
    agency = accounts.get_agency(reading(), visitor(), agency_id)
    form, problem = _newcomer_form(), ""
    if form.validate_on_submit():
        try:
            with transaction(actor()) as session:
                roster_care.add(session, visitor(), agency_id, form.newcomer, g.now)
        except Refused as refusal:
            problem = complain(form, refusal)
        else:
            flash(
                _("Đã thêm %(name)s vào danh sách. Hãy in phiếu kích hoạt để trao tài khoản.", name=form.details.name)
            )
            return redirect(url_for(".people", agency_id=agency_id))
    calendar = roster_calendar.get(reading(), g.now)
    page = render_template("agency/new_person.html", agency=agency, form=form, problem=problem, calendar=calendar)
    return page, 422 if form.is_submitted() else 200


@bp.get("/<int:agency_id>/nguoi/<int:person_id>")
@requires(Permission.KEEP_OWN_AGENCY)
def person(agency_id: int, person_id: int) -> str:
    return person_page(agency_id, person_id)


@bp.post("/<int:agency_id>/nguoi/<int:person_id>/sua")
@requires(Permission.KEEP_OWN_AGENCY)
def correct(agency_id: int, person_id: int) -> tuple[str, int] | Response:
    form, problem = DetailsForm(), ""
    if form.validate_on_submit():
        try:
            with transaction(actor()) as session:
                has_changed = roster_care.correct(session, visitor(), agency_id, person_id, form.details, g.now)
        except Refused as refusal:
            problem = complain(form, refusal)
        else:
            flash(_("Đã ghi thông tin mới.") if has_changed else _("Không có gì thay đổi."))
            return redirect(url_for(".person", agency_id=agency_id, person_id=person_id))
    return person_page(agency_id, person_id, form, problem), 422


@bp.post("/<int:agency_id>/nguoi/<int:person_id>/mien")
@requires(Permission.KEEP_OWN_AGENCY)
def exempt(agency_id: int, person_id: int) -> tuple[str, int] | Response:
    form, problem = ExemptionForm(prefix="mien-"), ""
    if form.validate_on_submit():
        try:
            with transaction(actor()) as session:
                accounts.get_agency(session, visitor(), agency_id)
                rounds = exemptions.exempt(
                    session,
                    agency_id,
                    person_id,
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
            return redirect(url_for(".person", agency_id=agency_id, person_id=person_id))
    return person_page(agency_id, person_id, form, problem), 422


@bp.post("/<int:agency_id>/mien/<int:exemption_id>/thoi")
@requires(Permission.KEEP_OWN_AGENCY)
def end_exemption(agency_id: int, exemption_id: int) -> Response:
    with transaction(actor()) as session:
        accounts.get_agency(session, visitor(), agency_id)
        person_id = exemptions.end(session, agency_id, exemption_id, actor(), g.now)
    flash(_("Đã thôi miễn. Người này được tính lại từ tuần chưa mở kế tiếp."))
    return redirect(url_for(".person", agency_id=agency_id, person_id=person_id))


def _newcomer_form() -> NewcomerForm:
    """The form with what the contest asks of its people: a division, compulsory groups, or neither."""
    form, contest = NewcomerForm(), contests.find_current(reading())
    form.division.choices = [(one.code, one.name) for one in contest.rules.divisions] if contest else []
    form.groups.choices = [(one.code, one.name) for one in contest.rules.participation.groups] if contest else []
    for name in ("division", "groups"):
        if not form[name].choices:
            del form[name]
    return form
