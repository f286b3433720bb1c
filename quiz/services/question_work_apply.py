"""Approved questions on their way into the bank file: every other byte of it stays, or nothing happens at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from quiz.errors import Refused
from quiz.models.question_work import DbQuestionDraft
from quiz.questions import wording
from quiz.questions.bank import Bank
from quiz.questions.bank_writer import Put, Remove, rewrite
from quiz.services import Actor, Transaction, audit, banks, contest_files, contests
from quiz.services.contests import StoredWeek
from quiz.services.question_work_drafts import (
    CurrentBank,
    Draft,
    Kind,
    State,
    Step,
    get_bank,
    held_bank,
    of_bank,
    read_all,
    tell,
)
from quiz.services.question_work_steps import unfit


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What was done: the ids of the questions, and what is still missing before weeks may open."""

    questions: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """Which weeks draw from what is applied now, and which keep the questions that they opened with."""

    ahead: tuple[StoredWeek, ...]
    kept: tuple[StoredWeek, ...]


def source_of(session: Transaction, name: str) -> bytes:
    """The file of the bank as the next weeks will freeze it; raises Refused as get_bank does."""
    return banks.source(session, get_bank(session, name).bank.digest)


def waiting(session: Transaction, current: CurrentBank) -> tuple[Draft, ...]:
    """The approved drafts of a bank, those approved first first."""
    return read_all(session, _approved(session, current))


def waiting_count(session: Transaction, current: CurrentBank) -> int:
    """How many drafts of a bank are approved."""
    return session.scalar(select(func.count()).where(*_is_approved(current))) or 0


def reach(session: Transaction, current: CurrentBank, now: datetime) -> Reach:
    """The rounds whose papers are drawn from this bank, by whether they can still get a new one."""
    rules = current.contest.rules
    drawing = [
        week
        for week in contests.rounds(session, current.contest)
        if current.name in {rules.paper_of(week.week, one.code).bank for one in rules.all_divisions}
    ]
    kept = [week for week in drawing if current.name in week.banks or week.week.opens_at <= now]
    return Reach(tuple(week for week in drawing if week not in kept), tuple(kept))


def apply(session: Transaction, name: str, seen: Collection[str], actor: Actor, now: datetime) -> Applied:
    """Write the approved drafts chosen, as they were `seen`, into the bank and load it for weeks that have not opened.

    Raises Refused: nothing_to_apply, question_changed (one of them meanwhile), question_base_changed,
    question_incomplete, bank_not_written, keys_sealed, those of get_bank; FaultyFile where the whole would not be a
    good bank.
    """
    if not seen:
        raise Refused("nothing_to_apply")
    contests.freeze_due_weeks(session, now)
    current = held_bank(session, name)
    current.check_open()
    rows = _approved(session, current)
    chosen = [(row, draft) for row, draft in zip(rows, read_all(session, rows), strict=True) if draft.seen in seen]
    if len(chosen) != len(set(seen)):
        raise Refused("question_changed")
    drafts = [draft for _, draft in chosen]
    for refusal in filter(None, (unfit(draft, current) for draft in drafts)):
        raise refusal
    written = rewrite(source_of(session, name), [_change(draft) for draft in drafts])
    problems = contest_files.load_bank(session, written, actor, now, name)
    loaded = get_bank(session, name)
    _check_written(current.bank, loaded.bank, drafts)
    for row, _ in chosen:
        row.state, row.version = State.APPLIED, row.version + 1
    tell(session, [row for row, _ in chosen], Step.APPLY, actor, now)
    digest, count = loaded.bank.digest, len(drafts)
    audit.record(session, audit.Act.APPLY_QUESTIONS, actor, now, bank=name, digest=digest, questions=count)
    return Applied(questions=tuple(draft.question_id for draft in drafts), problems=problems)


def _approved(session: Transaction, current: CurrentBank) -> Sequence[DbQuestionDraft]:
    ordered = (
        select(DbQuestionDraft).where(*_is_approved(current)).order_by(DbQuestionDraft.approved_at, DbQuestionDraft.id)
    )
    return session.scalars(ordered.execution_options(populate_existing=True)).all()


def _is_approved(current: CurrentBank) -> tuple[ColumnElement[bool], ...]:
    return *of_bank(current), DbQuestionDraft.state == State.APPROVED


def _change(draft: Draft) -> Put | Remove:
    return Remove(draft.question_id) if draft.kind is Kind.REMOVE else Put(draft.wording)


def _check_written(before: Bank, after: Bank, drafts: Sequence[Draft]) -> None:
    """The file says what was approved, and of every other question what it said before; raises bank_not_written."""
    wanted = {question.id: wording.of(question) for question in before.questions}
    wanted |= {draft.question_id: draft.wording for draft in drafts if draft.kind is not Kind.REMOVE}
    for draft in drafts:
        if draft.kind is Kind.REMOVE:
            del wanted[draft.question_id]
    found = {question.id: wording.of(question) for question in after.questions}
    for question_id in wanted.keys() | found.keys():
        if wanted.get(question_id) != found.get(question_id):
            raise Refused("bank_not_written", question=question_id)
