"""An inspector opens what the sealed records of a week hide."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from quiz.permissions import Permission
from quiz.services import contests, reading, sealed_openings, transaction
from quiz.services.audit import MOST_REASON
from quiz.web.access import actor, requires, visitor
from quiz.web.forms import REQUIRED, at_most, text

bp = Blueprint("sealed_openings", __name__, url_prefix="/giam-sat/niem-phong")


class OpenForm(FlaskForm):
    """Why they are opened."""

    reason = TextAreaField(_l("Lý do mở"), [REQUIRED, at_most(MOST_REASON)], render_kw={"rows": 3})


@bp.get("")
@requires(Permission.OPEN_RECORDS)
def listing() -> str:
    return render_template("oversight/openings.html", weeks=sealed_openings.weeks(reading()))


@bp.route("/tuan-<int:number>", methods=["GET", "POST"])
@requires(Permission.OPEN_RECORDS)
def ask(number: int) -> ResponseReturnValue:
    form = OpenForm()
    week = contests.get_week(reading(), contests.get_current(reading()), number)
    if not form.validate_on_submit():
        page = render_template("oversight/opening.html", week=week, form=form)
        return page, 422 if form.errors else 200
    with transaction(actor()) as session:
        made = sealed_openings.ask(session, week, text(form.reason), visitor(), actor(), g.now)
    return redirect(url_for("documents.one", document_id=made))
