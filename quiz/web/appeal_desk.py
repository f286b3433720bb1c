"""The organisers' answers to appeals: what waits, one appeal with its facts, the entry of the register before it is."""

from __future__ import annotations

import hashlib

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, TextAreaField

from quiz.config import Config
from quiz.contest.appeal_rules import OUTCOME_WORDS, Outcome, checked_text
from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.services import appeal_answers, appeal_desk, contests, letters, reading, transaction
from quiz.services.appeal_answers import Wording
from quiz.services.appeal_desk import PAGE, Facts
from quiz.services.appeals import STATE_WORDS, State
from quiz.services.audit import MOST_REASON
from quiz.services.letters import Site
from quiz.web.access import actor, requires
from quiz.web.forms import REQUIRED, at_most, by_rule, one_of_choices, text
from quiz.web.pages import words

bp = Blueprint("appeal_desk", __name__, url_prefix="/ban-to-chuc/khieu-nai")
LAST = 100_000
ANY = "tat-ca"
STATES = {"cho": State.WAITING, "da-tra-loi": State.ANSWERED, "da-rut": State.WITHDRAWN, ANY: None}
"""How the address of the list names the states."""


class AnswerForm(FlaskForm):
    """`seen` is the digest of the entry that the page has shown: only that very entry is published."""

    outcome = RadioField(_l("Kết luận"), [one_of_choices], validate_choice=False, choices=[])
    public_text = TextAreaField(
        _l("Nội dung phản ánh, viết lại để công khai"),
        [REQUIRED, by_rule(checked_text)],
        render_kw={"rows": 5},
    )
    answer = TextAreaField(_l("Câu trả lời"), [REQUIRED, by_rule(checked_text)], render_kw={"rows": 7})
    seen = HiddenField()

    def __init__(self, **kept: object) -> None:
        super().__init__(**kept)
        self.outcome.choices = {str(one): _(words) for one, words in OUTCOME_WORDS.items()}


class CorrectionForm(AnswerForm):
    """`version` is the one that was corrected on the page."""

    reason = TextAreaField(_l("Lý do sửa, hiện công khai"), [REQUIRED, at_most(MOST_REASON)], render_kw={"rows": 3})
    version = HiddenField()


@bp.app_template_global()
def appeals_waiting() -> int:
    """How many appeals wait for an answer, beside the link to them."""
    return appeal_desk.count_waiting(reading())


@bp.get("")
@requires(Permission.SEE_RESULTS)
def listing() -> str:
    contest = contests.get_current(reading())
    chosen = request.args.get("trang-thai", "cho")
    state, week = STATES.get(chosen, State.WAITING), request.args.get("tuan", type=int)
    number = min(max(1, request.args.get("trang", 1, type=int)), LAST)
    listed, total = appeal_desk.listing(reading(), contest, state, week, number, g.now)
    return render_template(
        "organise/appeals.html",
        weeks=contests.weeks(reading(), contest),
        listed=listed,
        total=total,
        number=number,
        pages=max(1, -(-total // PAGE)),
        chosen=chosen if chosen in STATES else "cho",
        week=week,
        states=STATES,
        words_of=STATE_WORDS,
        takes_appeals=contest.rules.appeals is not None,
    )


@bp.get("/<int:appeal_id>")
@requires(Permission.SEE_RESULTS)
def one(appeal_id: int) -> str:
    facts = _facts(appeal_id)
    newest = facts.answers[0] if facts.answers else None
    if newest is None:
        form = AnswerForm(formdata=None, public_text=facts.text)
        return _page(facts, form)
    form = CorrectionForm(
        formdata=None,
        outcome=newest.outcome,
        public_text=newest.public_text,
        answer=newest.answer,
        version=str(newest.version),
    )
    return _page(facts, form)


@bp.post("/<int:appeal_id>/tra-loi")
@requires(Permission.ANSWER_APPEALS)
def answer(appeal_id: int) -> str | tuple[str, int] | Response:
    facts, form = _facts(appeal_id), AnswerForm()
    if facts.state is not State.WAITING:
        raise Refused("appeal_moved_on")
    chosen = _chosen(facts)
    if not form.validate_on_submit():
        return _page(facts, form), 422
    try:
        wording = appeal_answers.checked(reading(), _wording(form), chosen)
        if text(form.seen) != _digest(wording, chosen):
            return _preview(facts, form, wording, chosen)
        with transaction(actor()) as session:
            contest = contests.get_current(session)
            number = appeal_answers.answer(session, contest, chosen, wording, _site(), actor(), g.now)
    except Refused as refusal:
        return _problem(facts, form, refusal)
    flash(_("Đã trả lời và ghi vào sổ công khai, số %(number)s.", number=number))
    return redirect(url_for(".listing"))


@bp.post("/<int:appeal_id>/sua")
@requires(Permission.ANSWER_APPEALS)
def correct(appeal_id: int) -> str | tuple[str, int] | Response:
    facts, form = _facts(appeal_id), CorrectionForm()
    if facts.entry is None:
        raise Refused("appeal_moved_on")
    if not form.validate_on_submit():
        return _page(facts, form), 422
    alike, reason = [row.id for row in facts.alike], text(form.reason)
    try:
        wording = appeal_answers.checked(reading(), _wording(form), alike, reason)
        if text(form.seen) != _digest(wording, alike, reason):
            return _preview(facts, form, wording, alike, reason)
        with transaction(actor()) as session:
            contest, version = contests.get_current(session), form.version.data or ""
            seen = int(version) if version.isdecimal() and len(version) < 6 else 0
            appeal_answers.correct(session, contest, facts.entry, seen, wording, reason, _site(), actor(), g.now)
    except Refused as refusal:
        return _problem(facts, form, refusal)
    flash(_("Đã sửa câu trả lời số %(number)s trong sổ công khai.", number=facts.entry))
    return redirect(url_for(".one", appeal_id=appeal_id))


def _facts(appeal_id: int) -> Facts:
    return appeal_desk.one(reading(), contests.get_current(reading()), appeal_id, g.now)


def _wording(form: AnswerForm) -> Wording:
    return Wording(outcome=Outcome(text(form.outcome)), public_text=text(form.public_text), answer=text(form.answer))


def _digest(wording: Wording, appeal_ids: list[int], reason: str = "") -> str:
    """What somebody has seen before they say yes to it."""
    seen = (wording.outcome, wording.public_text, wording.answer, sorted(appeal_ids), reason)
    return hashlib.sha256(repr(seen).encode()).hexdigest()


def _chosen(facts: Facts) -> list[int]:
    """Which of the appeals that can be answered together are ticked."""
    ticked = set(request.form.getlist("appeal", type=int))
    return [row.id for row in facts.alike if row.id in ticked]


def _problem(facts: Facts, form: AnswerForm, refusal: Refused) -> tuple[str, int]:
    if refusal.code == "appeal_moved_on":
        raise refusal
    return _page(facts, form, words(refusal)), 409


def _preview(facts: Facts, form: AnswerForm, wording: Wording, chosen: list[int], reason: str = "") -> str:
    if not chosen:
        raise Refused("appeals_none_chosen")
    form.seen.data = _digest(wording, chosen, reason)
    return _page(facts, form, preview=wording)


def _page(facts: Facts, form: AnswerForm, problem: str = "", preview: Wording | None = None) -> str:
    if preview is None:
        form.seen.data = ""
    return render_template(
        "organise/appeal.html",
        facts=facts,
        form=form,
        problem=problem,
        preview=preview,
        chosen=_chosen(facts) if form.is_submitted() else [row.id for row in facts.alike],
        outcomes=OUTCOME_WORDS,
        states=STATE_WORDS,
    )


def _site() -> Site | None:
    config: Config = current_app.config["QUIZ"]
    return letters.site(config) if config.mail else None
