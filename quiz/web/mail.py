"""Mail: the coordinator's reminder, the link in letters by which anybody refuses more, and what staff see of it all."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from quiz.config import Config
from quiz.errors import Refused
from quiz.models.people import DbAgency
from quiz.permissions import Permission
from quiz.services import (
    accounts,
    contests,
    letters,
    mail_care,
    prediction_secrecy,
    reading,
    reminders,
    transaction,
    unsubscribing,
)
from quiz.services.contests import StoredWeek
from quiz.services.reminders import Reached
from quiz.vietnamese import number
from quiz.web.access import actor, open_to_all, requires, visitor
from quiz.web.forms import REQUIRED, at_most, text
from quiz.web.openings import settled_weeks
from quiz.web.pages import words

bp = Blueprint("mail", __name__)


class ReminderForm(FlaskForm):
    text = TextAreaField(_l("Nội dung thư nhắc"), [REQUIRED, at_most(reminders.MOST_TEXT)], render_kw={"rows": 8})


@bp.get("/co-quan/<int:agency_id>/nhac-du-thi")
@requires(Permission.SEND_REMINDERS)
def reminder(agency_id: int) -> str:
    agency = accounts.get_agency(reading(), visitor(), agency_id)
    return _reminder_page(agency, ReminderForm(formdata=None, text=reminders.USUAL_TEXT))


@bp.post("/co-quan/<int:agency_id>/nhac-du-thi/gui")
@requires(Permission.SEND_REMINDERS)
def remind(agency_id: int) -> str | tuple[str, int] | Response:
    agency = accounts.get_agency(reading(), visitor(), agency_id)
    form = ReminderForm()
    if not form.validate_on_submit():
        return _reminder_page(agency, form), 422
    if "preview" in request.form:
        return _reminder_page(agency, form)
    try:
        site, week = letters.site(_config()), _open_week()
        with transaction(actor()) as session:
            count = reminders.remind(session, site, week, agency, text(form.text), actor(), g.now)
    except Refused as refusal:
        form.text.errors = (*form.text.errors, words(refusal))
        return _reminder_page(agency, form), 422
    if _is_hidden(week):
        flash(_("Đã xếp thư nhắc vào hàng gửi."))
    else:
        flash(_("Đã xếp %(count)s thư nhắc vào hàng gửi.", count=number(count)))
    return redirect(url_for(".reminder", agency_id=agency_id))


@bp.get("/thu/ngung/<token>")
@open_to_all
def refusing(token: str) -> str:
    return _refusing_page(token)


@bp.post("/thu/ngung/<token>")
@open_to_all
def refuse(token: str) -> str:
    """Also the one click of a mail program (RFC 8058), which brings no session: the signed link alone decides."""
    person_id, kind = letters.read_token(_config().secret_key, token)
    with transaction() as session:
        unsubscribing.refuse(session, person_id, kind, g.now)
    return _refusing_page(token)


@bp.post("/thu/nhan/<token>")
@open_to_all
def accept(token: str) -> Response:
    person_id, kind = letters.read_token(_config().secret_key, token)
    with transaction() as session:
        unsubscribing.accept(session, person_id, kind)
    return redirect(url_for(".refusing", token=token))


@bp.get("/ban-to-chuc/thu")
@requires(Permission.KEEP_MAIL)
def care() -> str:
    return render_template(
        "mail/care.html",
        is_on=_config().mail is not None,
        counts=mail_care.counts(reading()),
        doubtful=mail_care.doubtful(reading(), g.now),
        refused=mail_care.refused_addresses(reading()),
    )


@bp.post("/ban-to-chuc/thu/<int:letter_id>/gui-lai")
@requires(Permission.KEEP_MAIL)
def send_again(letter_id: int) -> Response:
    with transaction(actor()) as session:
        mail_care.send_again(session, letter_id, actor(), g.now)
    flash(_("Thư đã được xếp lại vào hàng gửi."))
    return redirect(url_for(".care"))


@bp.post("/ban-to-chuc/thu/dia-chi")
@requires(Permission.KEEP_MAIL)
def allow() -> Response:
    with transaction(actor()) as session:
        mail_care.allow(session, request.form.get("address", ""), actor(), g.now)
    flash(_("Địa chỉ này sẽ lại nhận thư."))
    return redirect(url_for(".care"))


def _reminder_page(agency: DbAgency, form: ReminderForm) -> str:
    """What stands in the way, or the letter as it will be read; no number and no name where a prediction hides them."""
    try:
        site, week = letters.site(_config()), _open_week()
    except Refused as refusal:
        return render_template("agency/reminder.html", agency=agency, problem=words(refusal))
    is_hidden = _is_hidden(week)
    everybody = (
        ()
        if is_hidden
        else reminders.to_remind(reading(), week, reminders.with_those_below(reading(), agency.id), g.now)
    )
    return render_template(
        "agency/reminder.html",
        agency=agency,
        problem="",
        form=form,
        week=week,
        is_hidden=is_hidden,
        reached=sum(one.reached is Reached.YES for one in everybody),
        not_reached=[one for one in everybody if one.reached is not Reached.YES],
        reasons=reminders.REACHED_WORDS,
        asked_at=reminders.asked_on(reading(), week, agency.id, g.now),
        letter=reminders.wording(site, week, agency.name, "…", text(form.text), site.page("/thu/ngung/…")),
    )


def _refusing_page(token: str) -> str:
    person_id, kind = letters.read_token(_config().secret_key, token)
    return render_template(
        "mail/refusing.html",
        token=token,
        kind=mail_care.KIND_WORDS[kind],
        has_refused=unsubscribing.has_refused(reading(), person_id, kind),
    )


def _open_week() -> StoredWeek:
    contest = contests.get_current(reading())
    settled_weeks(contest)
    return reminders.open_week(reading(), contest, g.now)


def _is_hidden(week: StoredWeek) -> bool:
    seen = {agency.id for agency in accounts.agencies_of(reading(), visitor())}
    return prediction_secrecy.hides(reading(), week, visitor().roles, seen, g.now)


def _config() -> Config:
    config: Config = current_app.config["QUIZ"]
    return config
