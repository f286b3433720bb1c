"""Questions found wrong: voided, given another key, or with several answers accepted, by a decision of two people.

Only once the week has closed, also after its results are published. Approving signs, and in the same transaction takes
the marks of the week back; it is then marked anew from the sheets, and no score is ever changed by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, true

from quiz.errors import Refused
from quiz.models.contests import DbWeek
from quiz.models.rulings import DbRuling
from quiz.questions.bank import Question
from quiz.scoring.rulings import Kind, Ruling, read_ruling
from quiz.services import (
    Actor,
    Transaction,
    audit,
    contests,
    decisions,
    incident_effects,
    long_work,
    ruling_preview,
    rulings_questions,
)
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.decisions import Decision
from quiz.services.long_work import HowFar
from quiz.services.ruling_preview import Preview
from quiz.services.rulings_in_force import question_of, rows_in_force, ruling_of, texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is decided about a question; `letters` are the answers as somebody writes them, parted by '/'."""

    bank: str
    question_id: str
    kind: Kind
    letters: str
    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedQuestion:
    """A ruling with the decision about it; `answers` are the texts of the options. The last approved is in force."""

    decision: Decision
    week: StoredWeek
    bank: str
    question: Question
    ruling: Ruling
    answers: tuple[tuple[str, ...], ...]
    is_in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the approver is shown: the preview once it is computed, how far it is, and why it cannot be approved."""

    preview: Preview | None
    far: HowFar
    refusal: Refused | None
    digest: str


def propose(session: Transaction, week: StoredWeek, terms: Terms, actor: Actor, now: datetime) -> int:
    """Put a decision about a question before a second person; the id. Nothing has an effect yet.

    Raises Refused as `check` does, and decision_number_missing, decision_number_long, reason_missing, reason_long.
    """
    ruling = _check(session, week, terms.bank, terms.question_id, terms.kind, terms.letters, now)
    row = DbRuling(
        week_id=week.id,
        bank=terms.bank,
        question_id=terms.question_id,
        kind=terms.kind,
        letters=ruling.letters,
        **decisions.proposal(terms.number, terms.reason, actor, now),
    )
    session.add(row)
    session.flush()
    audit.record(session, audit.Act.PROPOSE_RULING, actor, now, reason=row.reason, **_facts(week, row))
    return row.id


def get(session: Transaction, contest: StoredContest, ruling_id: int) -> DecidedQuestion:
    """One ruling of the contest; raises Refused(decision_missing)."""
    found = next((one for one in _listing(session, contest, DbRuling.id == ruling_id)), None)
    if found is None:
        raise Refused("decision_missing")
    return found


def of_week(session: Transaction, week: StoredWeek) -> tuple[DecidedQuestion, ...]:
    """Every ruling proposed about the questions of a week, the newest first."""
    return _listing(session, week.contest, DbRuling.week_id == week.id)


def of_contest(session: Transaction, contest: StoredContest) -> tuple[DecidedQuestion, ...]:
    """Every ruling proposed in the contest, the newest first."""
    return _listing(session, contest, true())


def shown(session: Transaction, ruling_id: int, now: datetime) -> Shown:
    """What approving would change, as far as it is computed; raises Refused(decision_missing)."""
    row = session.get(DbRuling, ruling_id)
    if row is None:
        raise Refused("decision_missing")
    week, refusal = contests.get_week_by_id(session, row.week_id), None
    is_fresh = row.computed_from == ruling_preview.state_of(session, week)
    preview = ruling_preview.read(row) if is_fresh else None
    try:
        _check_row(session, week, row, now)
    except Refused as refused:
        refusal = refused
    return Shown(
        preview=preview,
        far=long_work.how_far(row),
        refusal=refusal,
        digest=_digest(row) if preview else "",
    )


def approve(session: Transaction, ruling_id: int, seen: str, actor: Actor, now: datetime) -> None:
    """The second signature, and in the same transaction the marks of the week are taken back, to be made anew.

    What was `seen` must have been computed from the state as it is. Holding the week's row keeps marking and publishing
    out until the end. Raises Refused: decision_missing, decision_moved_on, decision_needs_two, decision_changed, and as
    `check` does.
    """
    row = decisions.locked(session, DbRuling, ruling_id)
    held = session.get_one(DbWeek, row.week_id, with_for_update=True, populate_existing=True)
    week = contests.get_week_by_id(session, row.week_id)
    _check_row(session, week, row, now)
    if row.computed_from != ruling_preview.state_of(session, week):
        raise Refused("decision_changed")
    decisions.approve(row, _digest(row), seen, actor, now)
    incident_effects.unmark(session, held)
    session.flush()
    audit.record(session, audit.Act.APPROVE_RULING, actor, now, reason=row.reason, **_facts(week, row))


def withdraw(session: Transaction, ruling_id: int, actor: Actor, now: datetime) -> None:
    """Take a proposal back before it is approved. Raises Refused: decision_missing, decision_moved_on."""
    row = decisions.locked(session, DbRuling, ruling_id)
    row.withdrawn_at = now
    week = contests.get_week_by_id(session, row.week_id)
    audit.record(session, audit.Act.WITHDRAW_RULING, actor, now, reason=row.reason, **_facts(week, row))


def stop_preview(session: Transaction, ruling_id: int, actor: Actor, now: datetime) -> None:
    """Have what a proposal would change not computed, until somebody wants it.

    Raises Refused: decision_missing, decision_moved_on, work_moved_on.
    """
    row = decisions.locked(session, DbRuling, ruling_id)
    week = contests.get_week_by_id(session, row.week_id)
    long_work.stop(session, row, week, f"xem trước cách xử lý câu {row.question_id}", actor, now)


def preview_again(session: Transaction, ruling_id: int, actor: Actor, now: datetime) -> None:
    """Have a preview computed that was stopped; raises as `stop_preview` does."""
    row = decisions.locked(session, DbRuling, ruling_id)
    week = contests.get_week_by_id(session, row.week_id)
    long_work.begin_again(session, row, week, f"xem trước cách xử lý câu {row.question_id}", actor, now)


def check_open_to_rulings(week: StoredWeek, now: datetime) -> None:
    """Questions are looked at once nobody can sit any more. Raises Refused: ruling_practice, not_closed."""
    if week.week.is_practice:
        raise Refused("ruling_practice", week=week.name)
    contests.check_closed(week, now)


def _check(
    session: Transaction, week: StoredWeek, bank: str, question_id: str, kind: Kind, letters: str, now: datetime
) -> Ruling:
    """The ruling, if it may be proposed and approved now.

    Raises Refused: ruling_practice, not_closed, ruling_question_missing, ruling_already, and as `read_ruling` does.
    """
    check_open_to_rulings(week, now)
    found = rulings_questions.find(session, week, bank, question_id)
    ruling = read_ruling(kind, letters, found.question)
    if ruling == (found.ruling or Ruling(Kind.KEEP)):
        raise Refused("ruling_already")
    return ruling


def _check_row(session: Transaction, week: StoredWeek, row: DbRuling, now: datetime) -> None:
    _check(session, week, row.bank, row.question_id, Kind(row.kind), row.letters, now)


def _digest(row: DbRuling) -> str:
    """The terms, what they were seen to change, and all that it was computed from."""
    terms = (row.id, row.bank, row.question_id, row.kind, row.letters, row.decision_number, row.reason)
    return decisions.digest_of(*terms, row.preview, row.computed_from)


def _facts(week: StoredWeek, row: DbRuling) -> dict[str, object]:
    return {
        "week": week.week.number,
        "bank": row.bank,
        "question": row.question_id,
        "kind": Kind(row.kind).words,
        "letters": row.letters,
        "decision": row.decision_number,
    }


def _listing(session: Transaction, contest: StoredContest, which: ColumnElement[bool]) -> tuple[DecidedQuestion, ...]:
    rows = session.scalars(
        select(DbRuling)
        .join(DbWeek, DbWeek.id == DbRuling.week_id)
        .where(DbWeek.contest_id == contest.id, which)
        .order_by(DbRuling.id.desc())
    ).all()
    in_force = {one.id for week_id in {row.week_id for row in rows} for one in rows_in_force(session, week_id)}
    weeks = {week_id: contests.get_week_by_id(session, week_id) for week_id in {row.week_id for row in rows}}
    return tuple(_decided(session, weeks[row.week_id], row, row.id in in_force) for row in rows)


def _decided(session: Transaction, week: StoredWeek, row: DbRuling, is_in_force: bool) -> DecidedQuestion:
    question, ruling = question_of(session, week, row), ruling_of(row)
    return DecidedQuestion(
        decision=decisions.read(session, row),
        week=week,
        bank=row.bank,
        question=question,
        ruling=ruling,
        answers=texts(question, ruling),
        is_in_force=is_in_force,
    )
