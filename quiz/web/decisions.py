"""The organisers' decisions of two people: extra time and incidents, proposed by one and approved by another."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from quiz.contest.schedule import Phase
from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import (
    Transaction,
    agencies,
    allowances,
    contests,
    incident_scope,
    incidents,
    reading,
    rulings,
    transaction,
)
from quiz.services.contests import StoredContest
from quiz.services.decisions import State
from quiz.services.incident_plan import Kind
from quiz.services.incident_scope import EVERYBODY, Scope
from quiz.services.incidents import Terms
from quiz.web.access import actor, requires
from quiz.web.decision_forms import ALL, SOME, AllowanceForm, ApproveForm, DecisionForm, IncidentForm
from quiz.web.forms import text
from quiz.web.language import round_name
from quiz.web.pages import words

bp = Blueprint("decisions", __name__, url_prefix="/ban-to-chuc/quyet-dinh")

KINDS = {"keo-dai": Kind.EXTEND, "tra-thoi-gian": Kind.GIVE_BACK, "thi-lai": Kind.RESIT}
"""How the address of the form names what is done."""


@bp.get("")
@requires(Permission.SEE_RESULTS)
def listing() -> str:
    contest = contests.get_current(reading())
    return render_template(
        "organise/decisions.html",
        allowances=allowances.listing(reading(), contest),
        incidents=incidents.listing(reading(), contest),
        rulings=rulings.of_contest(reading(), contest),
        kinds=KINDS,
    )


@bp.route("/them-gio", methods=["GET", "POST"])
@requires(Permission.DECIDE_INCIDENTS)
def propose_allowance() -> tuple[str, int] | Response:
    form, problem = AllowanceForm(), ""
    if form.validate_on_submit():
        try:
            with transaction(actor()) as session:
                made = allowances.propose(
                    session,
                    contests.get_current(session),
                    staff_code=text(form.staff_code),
                    minutes=int(text(form.minutes)),
                    number=text(form.number),
                    reason=text(form.reason),
                    actor=actor(),
                    now=g.now,
                )
        except Refused as refusal:
            problem = words(refusal)
        else:
            flash(_("Đã ghi đề xuất. Cần một thành viên khác của Ban Tổ chức duyệt."))
            return redirect(url_for(".allowance", decision_id=made))
    page = render_template("organise/decision_allowance_form.html", form=form, problem=problem)
    return page, 422 if form.is_submitted() else 200


@bp.get("/them-gio/<int:decision_id>")
@requires(Permission.SEE_RESULTS)
def allowance(decision_id: int) -> str:
    return _allowance_page(decision_id)


@bp.route("/them-gio/<int:decision_id>/thu-hoi", methods=["GET", "POST"])
@requires(Permission.DECIDE_INCIDENTS)
def propose_revocation(decision_id: int) -> tuple[str, int] | Response:
    found, form, problem = allowances.get(reading(), decision_id), DecisionForm(), ""
    if form.validate_on_submit():
        paper = {"number": text(form.number), "reason": text(form.reason)}
        try:
            with transaction(actor()) as session:
                made = allowances.propose_revocation(session, decision_id, **paper, actor=actor(), now=g.now)
        except Refused as refusal:
            problem = words(refusal)
        else:
            flash(_("Đã ghi đề xuất. Cần một thành viên khác của Ban Tổ chức duyệt."))
            return redirect(url_for(".allowance", decision_id=made))
    page = render_template("organise/decision_revocation_form.html", found=found, form=form, problem=problem)
    return page, 422 if form.is_submitted() else 200


@bp.post("/them-gio/<int:decision_id>/duyet")
@requires(Permission.DECIDE_INCIDENTS)
def approve_allowance(decision_id: int) -> tuple[str, int] | Response:
    found, form = allowances.get(reading(), decision_id), ApproveForm()
    if not form.validate_on_submit():
        return _allowance_page(decision_id, form), 422
    try:
        with transaction(actor()) as session:
            allowances.approve(session, decision_id, text(form.seen), actor(), g.now)
    except Refused as refusal:
        return _allowance_page(decision_id, problem=words(refusal)), 409
    if found.is_revocation:
        flash(_("Đã duyệt. Việc thu hồi có hiệu lực từ lần thi kế tiếp của người này."))
    else:
        flash(_("Đã duyệt. Thời gian cộng thêm có hiệu lực từ lần thi kế tiếp của người này."))
    return redirect(url_for(".allowance", decision_id=decision_id))


@bp.post("/them-gio/<int:decision_id>/rut")
@requires(Permission.DECIDE_INCIDENTS)
def withdraw_allowance(decision_id: int) -> Response:
    with transaction(actor()) as session:
        allowances.withdraw(session, decision_id, actor(), g.now)
    flash(_("Đã rút đề xuất. Không có gì thay đổi."))
    return redirect(url_for(".allowance", decision_id=decision_id))


@bp.route("/su-co", methods=["GET", "POST"])
@requires(Permission.DECIDE_INCIDENTS)
def propose_incident() -> tuple[str, int] | Response:
    contest, kind = contests.get_current(reading()), KINDS.get(request.args.get("cach", ""))
    if kind is None:
        return render_template("organise/incident_kinds.html", kinds=KINDS), 200
    form, problem = _incident_form(contest, kind), ""
    if form.validate_on_submit():
        try:
            with transaction(actor()) as session:
                week = contests.get_week(session, contests.get_current(session), int(form.week.data))
                scope = _scope(session, form) if form.whom else EVERYBODY
                made = incidents.propose(session, week, _terms(form, kind, contest, scope), actor(), g.now)
        except Refused as refusal:
            problem = words(refusal)
        else:
            flash(_("Đã ghi đề xuất. Cần một thành viên khác của Ban Tổ chức duyệt."))
            return redirect(url_for(".incident", decision_id=made))
    page = render_template("organise/incident_form.html", form=form, kind=kind, problem=problem)
    return page, 422 if form.is_submitted() else 200


@bp.get("/su-co/<int:decision_id>")
@requires(Permission.SEE_RESULTS)
def incident(decision_id: int) -> str:
    return _incident_page(decision_id)


@bp.post("/su-co/<int:decision_id>/thi-lai")
@requires(Permission.DECIDE_INCIDENTS)
def choose_sit_again(decision_id: int) -> tuple[str, int] | Response:
    incidents.get(reading(), decision_id)
    try:
        with transaction(actor()) as session:
            incidents.choose_sit_again(session, decision_id, bool(request.form.get("chosen")), actor(), g.now)
    except Refused as refusal:
        return _incident_page(decision_id, problem=words(refusal)), 409
    flash(_("Đã sửa đề xuất. Hãy xem lại phạm vi và tác động."))
    return redirect(url_for(".incident", decision_id=decision_id))


@bp.post("/su-co/<int:decision_id>/duyet")
@requires(Permission.DECIDE_INCIDENTS)
def approve_incident(decision_id: int) -> tuple[str, int] | Response:
    incidents.get(reading(), decision_id)
    form = ApproveForm()
    if not form.validate_on_submit():
        return _incident_page(decision_id, form), 422
    try:
        with transaction(actor()) as session:
            done = incidents.approve(session, decision_id, text(form.seen), actor(), g.now)
    except Refused as refusal:
        return _incident_page(decision_id, problem=words(refusal)), 409
    flash(_("Đã duyệt và áp dụng cho %(count)s lượt thi.", count=done.attempts))
    return redirect(url_for(".incident", decision_id=decision_id))


@bp.post("/su-co/<int:decision_id>/rut")
@requires(Permission.DECIDE_INCIDENTS)
def withdraw_incident(decision_id: int) -> Response:
    with transaction(actor()) as session:
        incidents.withdraw(session, decision_id, actor(), g.now)
    flash(_("Đã rút đề xuất. Không có gì thay đổi."))
    return redirect(url_for(".incident", decision_id=decision_id))


def _allowance_page(decision_id: int, form: ApproveForm | None = None, problem: str = "") -> str:
    found = allowances.get(reading(), decision_id)
    preview = None
    if found.decision.state is State.PROPOSED:
        preview = allowances.preview(reading(), decision_id, g.now)
    form = form or ApproveForm(formdata=None, seen=preview.digest if preview else "")
    return render_template(
        "organise/decision_allowance.html",
        found=found,
        preview=preview,
        in_force=allowances.is_in_force(reading(), decision_id),
        refusal=words(preview.refusal) if preview and preview.refusal else "",
        form=form,
        problem=problem,
    )


def _incident_page(decision_id: int, form: ApproveForm | None = None, problem: str = "") -> str:
    found = incidents.get(reading(), decision_id)
    waits = found.decision.state is State.PROPOSED
    preview = incidents.preview(reading(), decision_id, g.now) if waits else None
    form = form or ApproveForm(formdata=None, seen=preview.digest if preview else "")
    return render_template(
        "organise/incident.html",
        found=found,
        preview=preview,
        refusal=words(preview.refusal) if preview and preview.refusal else "",
        form=form,
        problem=problem,
    )


def _incident_form(contest: StoredContest, kind: Kind) -> IncidentForm:
    """The form with what the kind asks for; the round under way, or else the last that opened, is chosen.

    In the practice round everybody starts as often as they like: nobody needs to be let sit again.
    """
    rounds = contests.weeks(reading(), contest) if kind is Kind.RESIT else contests.rounds(reading(), contest)
    opened = [week for week in rounds if week.week.phase_at(g.now) is not Phase.TO_COME]
    form = IncidentForm(week=str(opened[-1].week.number) if opened else None)
    form.week.label.text = round_name(contest.rules.round_word)
    form.week.choices = {str(week.week.number): round_name(week.name) for week in opened}
    form.whom.choices = {
        ALL: _("Tất cả người dự thi"),
        SOME: _("Chỉ những cơ quan, đơn vị và những người nêu dưới đây"),
    }
    form.agencies.choices = {str(one.id): one.name for one in agencies.overview(reading(), g.now)}
    form.division.choices = {"": _("Mọi bảng thi")} | {one.code: one.name for one in contest.rules.divisions}
    for_whom = ("whom", "agencies", "with_below", "people", "division")
    for field in for_whom if kind is Kind.EXTEND else ("extended_to",):
        del form[field]
    if form.division and len(contest.rules.divisions) < 2:
        del form["division"]
    return form


def _scope(session: Transaction, form: IncidentForm) -> Scope:
    """For whom the form says; raises Refused: incident_nobody_named, incident_named_and_all, and for unknown codes."""
    known = {choice[0] for choice in form.agencies.iter_choices()}
    ticked = frozenset(int(one) for one in form.agencies.data or () if one in known)
    people = incident_scope.people_on_list(session, text(form.people))
    if form.whom.data == SOME and not ticked | people:
        raise Refused("incident_nobody_named")
    if form.whom.data == ALL and ticked | people:
        raise Refused("incident_named_and_all")
    named = agencies.with_those_below(session, ticked) if form.with_below.data else ticked
    return Scope(agencies=named, people=people, division=text(form.division) if form.division else "")


def _terms(form: IncidentForm, kind: Kind, contest: StoredContest, scope: Scope) -> Terms:
    zone = contest.rules.zone
    return Terms(
        kind=kind,
        began_at=form.began_at.moment(zone),
        ended_at=form.ended_at.moment(zone),
        extended_to=form.extended_to.moment(zone) if kind is Kind.EXTEND else None,
        scope=scope,
        number=text(form.number),
        reason=text(form.reason),
    )
