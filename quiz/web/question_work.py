"""The question workbench: found, looked at, written, appraised, approved, and put into the bank.

Everything here shows keys, so that nobody without the right to keep the bank sees any of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from quiz.errors import Refused
from quiz.permissions import Permission
from quiz.questions.bank import LETTERS, Option
from quiz.questions.wording_changes import changes
from quiz.services import contests, question_work, question_work_list, reading, transaction
from quiz.services.contest_files import MAIN_BANK
from quiz.services.question_work_apply import apply as apply_drafts
from quiz.services.question_work_apply import reach, waiting, waiting_count
from quiz.services.question_work_checks import faults_in
from quiz.services.question_work_drafts import CurrentBank, Draft, Event, Kind, find_open, get_bank, history, read
from quiz.services.question_work_steps import (
    Decision,
    Report,
    decide_several,
    faults_of,
    has_moved,
    why_not,
)
from quiz.services.question_work_steps import decide as take_step
from quiz.web.access import actor, requires, visitor
from quiz.web.forms import text
from quiz.web.pages import words
from quiz.web.question_work_forms import FIELD_WORDS, LEVELS, DecisionForm, QuestionForm, RemovalForm, asked
from quiz.yaml_text import FaultyFile

bp = Blueprint("question_work", __name__, url_prefix="/ban-to-chuc/cau-hoi")
bp.add_app_template_filter(lambda text: "/".join(reversed(text.split("-"))), "iso_day")
SEEN = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}")


@bp.get("")
@requires(Permission.KEEP_BANK)
def listing() -> str:
    return _list_page()


@bp.post("/nhieu-cau")
@requires(Permission.KEEP_BANK)
def several() -> str:
    """Appraise or approve the drafts marked in the list."""
    decision = request.form.get("decision", "")
    if decision not in {Decision.APPRAISE, Decision.APPROVE}:
        abort(400)
    with transaction(actor()) as session:
        report = decide_several(session, Decision(decision), _chosen(), actor(), g.now)
    return _list_page(report)


@bp.route("/moi", methods=["GET", "POST"])
@requires(Permission.KEEP_BANK)
def new() -> tuple[str, int] | Response:
    current = get_bank(reading(), _bank_name())
    form = QuestionForm()
    form.offer(current)
    if not form.is_submitted():
        form.topic.data = request.args.get("chu-de")
        return _edit_page(current, form), 200
    if not _is_good_enough(form, current, ""):
        return _edit_page(current, form), 422
    with transaction(actor()) as session:
        question_id = question_work.write_new(session, current.name, form.wording, actor(), g.now)
    flash(_("Đã lưu bản nháp câu %(id)s.", id=question_id))
    return redirect(_to_question(current, question_id))


@bp.get("/cau/<question_id>")
@requires(Permission.KEEP_BANK)
def one(question_id: str) -> str:
    return _question_page(question_id)


@bp.route("/cau/<question_id>/sua", methods=["GET", "POST"])
@requires(Permission.KEEP_BANK)
def edit(question_id: str) -> tuple[str, int] | Response:
    current, form, problem = get_bank(reading(), _bank_name()), QuestionForm(), ""
    form.offer(current)
    current.check_open(question_id)
    draft, base = _open_draft(current, question_id), current.find(question_id)
    stored = draft.wording if draft else base
    if stored is None:
        raise Refused("question_missing")
    seen = draft.seen if draft else question_work.seen_of(stored)
    if not form.is_submitted():
        form.fill(stored)
        form.seen.data = seen
        return _edit_page(current, form, question_id), 200
    if not _is_good_enough(form, current, question_id):
        return _edit_page(current, form, question_id), 422
    try:
        with transaction(actor()) as session:
            question_work.edit(session, current.name, question_id, form.wording, text(form.seen), actor(), g.now)
    except Refused as refusal:
        problem = words(refusal)
        form.seen.data = seen
        differing = changes(stored, form.wording) if refusal.code == "question_changed" else ()
        return _edit_page(current, form, question_id, problem, differing), 409
    flash(_("Đã lưu bản nháp câu %(id)s.", id=question_id))
    return redirect(_to_question(current, question_id))


@bp.post("/cau/<question_id>/de-nghi-bo")
@requires(Permission.KEEP_BANK)
def ask_removal(question_id: str) -> tuple[str, int] | Response:
    form, name = RemovalForm(), _bank_name()
    try:
        with transaction(actor()) as session:
            question_work.propose_removal(
                session, name, question_id, text(form.reason), text(form.seen), actor(), g.now
            )
    except Refused as refusal:
        return _question_page(question_id, words(refusal), removal=form), 409
    flash(_("Đã đề nghị bỏ câu %(id)s.", id=question_id))
    return redirect(_to_question(get_bank(reading(), name), question_id))


@bp.post("/cau/<question_id>/xu-ly")
@requires(Permission.KEEP_BANK)
def decide(question_id: str) -> tuple[str, int] | Response:
    """Appraise, approve, send back or drop the open draft that was seen."""
    form, seen = DecisionForm(), request.form.get("seen", "")
    decision = text(form.decision)
    if decision not in set(Decision) or not SEEN.fullmatch(seen):
        raise Refused("draft_missing")
    try:
        with transaction(actor()) as session:
            draft = take_step(
                session, Decision(decision), int(seen.partition(".")[0]), seen, actor(), g.now, text(form.note)
            )
    except Refused as refusal:
        return _question_page(question_id, words(refusal), note=text(form.note)), 409
    flash(_("Câu %(id)s: %(state)s.", id=draft.question_id, state=_(draft.state.words)))
    return redirect(_to_question(get_bank(reading(), draft.bank), draft.question_id))


@bp.route("/dua-vao-bo", methods=["GET", "POST"])
@requires(Permission.KEEP_BANK)
def apply() -> tuple[str, int] | Response:
    current = get_bank(reading(), _bank_name())
    if request.method == "GET":
        current.check_open()
        return _apply_page(current), 200
    try:
        with transaction(actor()) as session:
            done = apply_drafts(session, current.name, _chosen(), actor(), g.now)
    except Refused as refusal:
        return _apply_page(current, words(refusal)), 409
    except FaultyFile as faulty:
        return _apply_page(current, words(Refused("file_faulty", count=len(faulty.faults))), faulty), 409
    flash(_("Đã đưa %(count)s câu vào bộ câu hỏi.", count=len(done.questions)))
    for problem in done.problems:
        flash(problem)
    return redirect(url_for(".listing", bo=current.name or None))


def _bank_name() -> str:
    """The bank that the address names; the only one, or the first, where it names none."""
    names = contests.get_current(reading()).rules.banks
    return request.args.get("bo", names[0])


def _chosen() -> list[str]:
    """The drafts marked, as they were seen."""
    return [seen for seen in request.form.getlist("seen") if SEEN.fullmatch(seen)]


def _to_question(current: CurrentBank, question_id: str) -> str:
    return url_for(".one", question_id=question_id, bo=current.name or None)


def _open_draft(current: CurrentBank, question_id: str) -> Draft | None:
    row = find_open(reading(), current, question_id)
    return read(reading(), row) if row else None


def _is_good_enough(form: QuestionForm, current: CurrentBank, question_id: str) -> bool:
    """Whether what was typed may be kept: without faults, or incomplete where that was asked for."""
    if not form.validate_on_submit():
        return False
    checked = faults_in(form.as_question(question_id), current)
    if "incomplete" not in request.form:
        form.complain(checked)
    return "incomplete" in request.form or not checked


def _list_page(report: Report | None = None) -> str:
    current = get_bank(reading(), _bank_name())
    wanted = asked(current)
    found = question_work_list.page(reading(), current, wanted.filters, wanted.page)
    return render_template(
        "organise/question_list.html",
        current=current,
        banks=_banks(current),
        form=wanted.form,
        found=found,
        report=report,
        why=words,
        levels=LEVELS,
        quality=question_work_list.quality(current.bank),
        problems=contests.problems(reading(), current.contest),
        approved=waiting_count(reading(), current),
        asked=request.args.to_dict(),
    )


def _edit_page(
    current: CurrentBank,
    form: QuestionForm,
    question_id: str = "",
    problem: str = "",
    differing: tuple[object, ...] = (),
) -> str:
    return render_template(
        "organise/question_edit.html",
        current=current,
        form=form,
        question_id=question_id,
        problem=problem,
        differing=differing,
        field_words=FIELD_WORDS,
    )


def _question_page(question_id: str, problem: str = "", note: str = "", removal: RemovalForm | None = None) -> str:
    current = get_bank(reading(), _bank_name())
    draft, base = _open_draft(current, question_id), current.find(question_id)
    told = history(reading(), current, question_id)
    shown = draft.wording if draft else base or (told[0].wording if told else None)
    if shown is None:
        raise Refused("question_missing")
    is_sealed = current.bank.is_sealed and base is not None
    choices = {one: why_not(one, draft, current, visitor().id) for one in Decision} if draft and not is_sealed else {}
    return render_template(
        "organise/question_one.html",
        current=current,
        question_id=question_id,
        shown=shown,
        options=[Option(letter, said) for letter, said in zip(LETTERS, shown.options, strict=True)],
        base=base,
        base_seen=question_work.seen_of(base) if base else "",
        draft=draft,
        differing=changes(base, draft.wording) if base and draft and draft.kind is not Kind.REMOVE else (),
        is_sealed=is_sealed,
        several=len(shown.key) > 1 or (is_sealed and current.questions[question_id].has_several_keys),
        faults=faults_of(draft, current) if draft and not is_sealed else (),
        has_moved=bool(draft and not is_sealed and has_moved(draft, current)),
        choices={one: refusal and words(refusal) for one, refusal in choices.items()},
        history=_with_changes(told),
        around=question_work_list.neighbours(reading(), current, question_id) if draft or base else ("", ""),
        problem=problem,
        note=note,
        removal=removal or RemovalForm(formdata=None),
        field_words=FIELD_WORDS,
        levels=LEVELS,
    )


def _with_changes(told: Sequence[Event]) -> list[tuple[Event, list[str]]]:
    """Each line of a history with the fields that differ from the line before it."""
    befores = [*(event.wording for event in told[1:]), *(event.wording for event in told[-1:])]
    return [
        (event, [str(FIELD_WORDS[change.field]) for change in changes(before, event.wording)])
        for event, before in zip(told, befores, strict=True)
    ]


def _apply_page(current: CurrentBank, problem: str = "", faulty: FaultyFile | None = None) -> str:
    drafts = waiting(reading(), current)
    return render_template(
        "organise/question_apply.html",
        current=current,
        banks=_banks(current),
        drafts=drafts,
        moved={draft.id for draft in drafts if has_moved(draft, current)},
        reach=reach(reading(), current, g.now),
        problem=problem,
        faults=faulty.faults if faulty else (),
    )


def _banks(current: CurrentBank) -> list[tuple[str, str]]:
    """The banks of the contest by their names, where there are several."""
    names = current.contest.rules.banks
    return [(name, name or MAIN_BANK) for name in names] if len(names) > 1 else []
