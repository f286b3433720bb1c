"""What can be taken from the publications of a week: public page, JSON, picture, workbook; official letters join in."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from quiz.permissions import Permission
from quiz.services import contests, publication_history, publication_tables, reading, transaction
from quiz.web.access import actor, requires, visitor

bp = Blueprint("week_documents", __name__, url_prefix="/ban-to-chuc/tuan-<int:number>/tai-lieu")


@bp.get("")
@requires(Permission.SEE_RESULTS)
def listing(number: int) -> str:
    contest = contests.get_current(reading())
    week = contests.get_week(reading(), contest, number)
    issues = publication_history.issues(reading(), contest, number)
    return render_template("organise/week_documents.html", week=week, issues=issues, form=None)


@bp.post("/lan-<int:issue>/bang-so-lieu")
@requires(Permission.SEE_RESULTS)
def ask(number: int, issue: int) -> Response:
    with transaction(actor()) as session:
        week = contests.get_week(session, contests.get_current(session), number)
        made = publication_tables.ask(session, week, issue, visitor(), actor(), g.now)
    return redirect(url_for("documents.one", document_id=made))
