"""Personal data: the public notice, everybody's own copy, and what they ask about it."""

from __future__ import annotations

import json

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField, TextAreaField

from quiz.contest.appeal_rules import checked_text
from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.personal_data.basis import PERFORMING_THE_PLAN, PersonalDataRules
from quiz.personal_data.holdings import HOLDINGS, figures
from quiz.personal_data.labels import CODES, LABELS
from quiz.personal_data.request_rules import ACKNOWLEDGED_WITHIN, KIND_WORDS, Kind
from quiz.services import contests, data_requests, own_data, reading, transaction
from quiz.web.access import actor, open_to_all, requires, visitor
from quiz.web.forms import REQUIRED, by_rule, one_of_choices, text
from quiz.web.pages import words
from quiz.web.readers import for_readers

bp = Blueprint("personal_data", __name__)


class RequestForm(FlaskForm):
    kind = RadioField(_l("Ông/bà yêu cầu"), [one_of_choices], validate_choice=False, choices=[])
    text = TextAreaField(_l("Nội dung yêu cầu"), [REQUIRED, by_rule(checked_text)], render_kw={"rows": 5})

    def __init__(self, **kept: object) -> None:
        super().__init__(**kept)
        self.kind.choices = [(str(kind), _(said)) for kind, said in KIND_WORDS.items()]


@bp.get("/du-lieu-ca-nhan")
@open_to_all
@for_readers
def notice() -> str:
    rules = _rules()
    return render_template(
        "public/personal_data.html",
        holdings=HOLDINGS,
        figures=figures(rules.months),
        basis=rules.legal_basis or _(PERFORMING_THE_PLAN),
        contact=rules.contact,
        kinds=Kind,
        acknowledged_within=ACKNOWLEDGED_WITHIN,
    )


@bp.get("/tai-khoan/du-lieu")
@requires(Permission.KEEP_OWN_ACCOUNT)
def own() -> str:
    return _page(RequestForm(formdata=None))


@bp.get("/tai-khoan/du-lieu/ban-sao.json")
@requires(Permission.KEEP_OWN_ACCOUNT)
def copy_for_machines() -> Response:
    made = own_data.copy(reading(), visitor().id, g.now).as_json()
    return _file(json.dumps(made, ensure_ascii=False, indent=2), "application/json", "du-lieu-cua-toi.json")


@bp.get("/tai-khoan/du-lieu/ban-sao.html")
@requires(Permission.KEEP_OWN_ACCOUNT)
def copy_for_readers() -> Response:
    made = own_data.copy(reading(), visitor().id, g.now)
    page = render_template(
        "account/own_copy.html", made=made, labels=LABELS, codes=CODES, figures=figures(_rules().months)
    )
    return _file(page, "text/html", "du-lieu-cua-toi.html")


@bp.post("/tai-khoan/du-lieu/yeu-cau")
@requires(Permission.KEEP_OWN_ACCOUNT)
def ask() -> tuple[str, int] | AnyResponse:
    form = RequestForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with transaction(actor()) as session:
            data_requests.ask(session, visitor().id, Kind(text(form.kind)), text(form.text), g.now)
    except Refused as refusal:
        return _page(form, words(refusal)), 409
    flash(_("Đã gửi yêu cầu. Trạng thái và câu trả lời hiện ở trang này."))
    return redirect(url_for(".own"))


@bp.post("/tai-khoan/du-lieu/yeu-cau/<int:request_id>/rut")
@requires(Permission.KEEP_OWN_ACCOUNT)
def withdraw(request_id: int) -> AnyResponse:
    with transaction(actor()) as session:
        data_requests.withdraw(session, request_id, visitor().id)
    flash(_("Đã rút yêu cầu."))
    return redirect(url_for(".own"))


def _page(form: RequestForm, problem: str = "") -> str:
    return render_template(
        "account/own_data.html",
        made=own_data.copy(reading(), visitor().id, g.now),
        labels=LABELS,
        codes=CODES,
        figures=figures(_rules().months),
        sent=data_requests.of_person(reading(), visitor().id),
        form=form,
        problem=problem,
    )


def _rules() -> PersonalDataRules:
    contest = contests.find_current(reading())
    return contest.rules.personal_data if contest else PersonalDataRules()


def _file(content: str, mimetype: str, name: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Cache-Control"] = "no-store"
    return answer
