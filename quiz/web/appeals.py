"""Appeals: the form on a question of the own paper or on the own result, the own appeals, and the public register."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from quiz.contest.appeal_rules import MOST_PER_WEEK, OUTCOME_WORDS, checked_text
from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import appeal_register, appeals, contests, reading, transaction
from quiz.services.own_place import own_place
from quiz.web.access import actor, open_to_all, requires, visitor
from quiz.web.forms import REQUIRED, by_rule, text
from quiz.web.pages import words
from quiz.web.readers import for_readers

bp = Blueprint("appeals", __name__)


class AppealForm(FlaskForm):
    text = TextAreaField(_l("Nội dung phản ánh, khiếu nại"), [REQUIRED, by_rule(checked_text)], render_kw={"rows": 7})


@bp.get("/phan-anh")
@open_to_all
@for_readers
def register() -> str:
    contest = contests.get_current(reading())
    weeks = appeal_register.register(reading(), contest)
    return render_template("public/register.html", rules=contest.rules, weeks=weeks)


@bp.get("/thi/phan-anh")
@requires(Permission.TAKE_QUIZ)
def own() -> str:
    contest = contests.get_current(reading())
    sent = appeals.of_person(reading(), visitor().id, contest)
    return render_template(
        "play/appeals.html", rules=contest.rules, sent=sent, states=appeals.STATE_WORDS, outcomes=OUTCOME_WORDS
    )


@bp.get("/thi/bai/<code>/phan-anh")
@requires(Permission.TAKE_QUIZ)
def form(code: str) -> str:
    """About the question of that number on the paper, or, without a number, about the own result of the week."""
    return _form_page(code, AppealForm(formdata=None))


@bp.post("/thi/bai/<code>/phan-anh")
@requires(Permission.TAKE_QUIZ)
def send(code: str) -> str | tuple[str, int] | Response:
    form = AppealForm()
    if not form.validate_on_submit():
        return _form_page(code, form), 422
    try:
        with transaction(actor()) as session:
            appeals.send(session, visitor().id, code, _number(), text(form.text), g.now)
    except Refused as refusal:
        return _form_page(code, form, words(refusal)), 409
    flash(_("Đã gửi phản ánh. Câu trả lời sẽ hiện ở trang này."))
    return redirect(url_for(".own"))


@bp.post("/thi/phan-anh/<int:appeal_id>/rut")
@requires(Permission.TAKE_QUIZ)
def withdraw(appeal_id: int) -> Response:
    with transaction(actor()) as session:
        appeals.withdraw(session, appeal_id, visitor().id, g.now)
    flash(_("Đã rút phản ánh."))
    return redirect(url_for(".own"))


def _number() -> int | None:
    return request.args.get("cau", type=int)


def _form_page(code: str, form: AppealForm, problem: str = "") -> str:
    topic = appeals.topic(reading(), visitor().id, code, _number(), g.now)
    refusal = None
    try:
        appeals.check_open(reading(), topic.week, topic.about, g.now)
    except Refused as refused:
        refusal = words(refused)
    is_published = refusal is None and topic.item is None
    return render_template(
        "play/appeal.html",
        form=form,
        problem=problem,
        refusal=refusal,
        topic=topic,
        place=own_place(reading(), topic.week, visitor().id) if is_published else None,
        ends_at=appeals.ends_at(reading(), topic.week),
        most=MOST_PER_WEEK,
    )
