"""The participation report of an agency: choosing one of one's own and having it made."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quiz.permissions import Permission
from quiz.services import accounts, agency_reports, contests, reading, transaction
from quiz.services.agency_reports import Form
from quiz.web.access import actor, requires, visitor
from quiz.web.openings import settled_weeks

bp = Blueprint("agency_reports", __name__, url_prefix="/co-quan/bao-cao")


@bp.get("")
@requires(Permission.SEE_AGENCY)
def choose() -> str:
    agencies = accounts.agencies_of(reading(), visitor())
    chosen = request.args.get("co-quan", type=int) or visitor().agency_id
    return render_template("documents/agency_report.html", agencies=agencies, chosen=chosen)


@bp.post("")
@requires(Permission.SEE_AGENCY)
def ask() -> Response:
    agency_id, form = request.form.get("agency", type=int), request.form.get("form")
    if agency_id is None or form not in list(Form):
        abort(400)
    settled_weeks(contests.get_current(reading()))
    with transaction(actor()) as session:
        made = agency_reports.ask(session, agency_id, Form(form), visitor(), actor(), g.now)
    return redirect(url_for("documents.one", document_id=made))
