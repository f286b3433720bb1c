"""What can be taken from the publications of a week: public page, JSON, picture, workbook; official letters join in."""

from __future__ import annotations

from flask import Blueprint, render_template

from quiz.permissions import Permission
from quiz.services import contests, publication_history, reading
from quiz.web.access import requires

bp = Blueprint("week_documents", __name__, url_prefix="/ban-to-chuc/tuan-<int:number>/tai-lieu")


@bp.get("")
@requires(Permission.SEE_RESULTS)
def listing(number: int) -> str:
    contest = contests.get_current(reading())
    week = contests.get_week(reading(), contest, number)
    issues = publication_history.issues(reading(), contest, number)
    return render_template("organise/week_documents.html", week=week, issues=issues)
