"""The organisers' pages of questions found wrong: look for one, propose what is done, see what changes, approve."""

from __future__ import annotations

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField

from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.scoring.rulings import Kind
from quiz.services import contests, reading, rulings, rulings_questions, transaction
from quiz.services.contests import StoredWeek
from quiz.services.decisions import State
from quiz.services.rulings import Terms
from quiz.services.rulings_questions import MOST_LISTED, WeekQuestion
from quiz.web.access import actor, requires
from quiz.web.decision_forms import ApproveForm, DecisionForm
from quiz.web.forms import at_most, one_of_choices, text
from quiz.web.pages import words

bp = Blueprint("rulings", __name__, url_prefix="/ban-to-chuc")
LONGEST_SEARCH = 100


class RulingForm(DecisionForm):
    kind = RadioField(_l("Cách xử lý"), [one_of_choices], validate_choice=False, choices=[])
    letters = StringField(
        _l("Đáp án được tính đúng"),
        [at_most(40)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


@bp.get("/tuan-<int:number>/cau-hoi-sai")
@requires(Permission.SEE_RESULTS)
def listing(number: int) -> str:
    week, wanted = _week(number), request.args.get("tim", "")[:LONGEST_SEARCH]
    rulings.check_open_to_rulings(week, g.now)
    found = rulings_questions.of_week(reading(), week, wanted)
    return render_template(
        "organise/rulings.html",
        week=week,
        wanted=wanted,
        found=found[:MOST_LISTED],
        count=len(found),
        decided=rulings.of_week(reading(), week),
    )


@bp.route("/tuan-<int:number>/cau-hoi-sai/<question_id>", methods=["GET", "POST"])
@requires(Permission.DECIDE_RESULTS)
def propose(number: int, question_id: str) -> tuple[str, int] | Response:
    week, bank = _week(number), request.args.get("bo", "")
    rulings.check_open_to_rulings(week, g.now)
    found = rulings_questions.find(reading(), week, bank, question_id)
    form, problem = _form(found), ""
    if form.validate_on_submit():
        terms = Terms(
            bank=bank,
            question_id=question_id,
            kind=Kind(text(form.kind)),
            letters=text(form.letters),
            number=text(form.number),
            reason=text(form.reason),
        )
        try:
            with transaction(actor()) as session:
                made = rulings.propose(session, contests.get_week_by_id(session, week.id), terms, actor(), g.now)
        except Refused as refusal:
            problem = words(refusal)
        else:
            flash(_("Đã ghi đề xuất. Cần một thành viên khác của Ban Tổ chức duyệt."))
            return redirect(url_for(".one", decision_id=made))
    page = render_template("organise/ruling_form.html", week=week, found=found, form=form, problem=problem)
    return page, 422 if form.is_submitted() else 200


@bp.get("/cau-hoi-sai/<int:decision_id>")
@requires(Permission.SEE_RESULTS)
def one(decision_id: int) -> str:
    return _page(decision_id)


@bp.get("/cau-hoi-sai/<int:decision_id>/tien-do")
@requires(Permission.SEE_RESULTS)
def progress(decision_id: int) -> Response:
    shown = rulings.shown(reading(), decision_id, g.now)
    return jsonify(state="ready" if shown.preview else shown.far.state, percent=shown.far.percent)


@bp.post("/cau-hoi-sai/<int:decision_id>/tien-do")
@requires(Permission.DECIDE_RESULTS)
def stop_or_begin(decision_id: int) -> Response:
    act = rulings.stop_preview if request.form.get("act") == "stop" else rulings.preview_again
    with transaction(actor()) as session:
        act(session, decision_id, actor(), g.now)
    return redirect(url_for(".one", decision_id=decision_id))


@bp.post("/cau-hoi-sai/<int:decision_id>/duyet")
@requires(Permission.DECIDE_RESULTS)
def approve(decision_id: int) -> tuple[str, int] | Response:
    found, form = rulings.get(reading(), contests.get_current(reading()), decision_id), ApproveForm()
    if not form.validate_on_submit():
        return _page(decision_id, form), 422
    try:
        with transaction(actor()) as session:
            rulings.approve(session, decision_id, text(form.seen), actor(), g.now)
    except Refused as refusal:
        return _page(decision_id, problem=words(refusal)), 409
    flash(_("Đã duyệt. Hệ thống chấm và xếp hạng lại trong vòng một phút; cũng có thể chấm ngay."))
    return redirect(url_for("organise.week", number=found.week.week.number))


@bp.post("/cau-hoi-sai/<int:decision_id>/rut")
@requires(Permission.DECIDE_RESULTS)
def withdraw(decision_id: int) -> Response:
    with transaction(actor()) as session:
        rulings.withdraw(session, decision_id, actor(), g.now)
    flash(_("Đã rút đề xuất. Không có gì thay đổi."))
    return redirect(url_for(".one", decision_id=decision_id))


def _week(number: int) -> StoredWeek:
    return contests.get_week(reading(), contests.get_current(reading()), number)


def _form(found: WeekQuestion) -> RulingForm:
    """To keep the bank's key is a choice only where something else is in force."""
    form = RulingForm()
    kinds = [kind for kind in Kind if kind is not Kind.KEEP or found.ruling]
    form.kind.choices = {str(kind): f"{_(kind.words)}. {_(kind.about)}" for kind in kinds}
    return form


def _page(decision_id: int, form: ApproveForm | None = None, problem: str = "") -> str:
    found = rulings.get(reading(), contests.get_current(reading()), decision_id)
    waits = found.decision.state is State.PROPOSED
    shown = rulings.shown(reading(), decision_id, g.now) if waits else None
    form = form or ApproveForm(formdata=None, seen=shown.digest if shown else "")
    return render_template(
        "organise/ruling.html",
        found=found,
        week=found.week,
        shown=shown,
        preview=shown.preview if shown else None,
        refusal=words(shown.refusal) if shown and shown.refusal else "",
        form=form,
        problem=problem,
    )
