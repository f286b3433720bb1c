"""Writing questions: new ones, changes, proposals for removal, and whole files taken in, all as drafts.

Nothing of it stands in the bank before two other people have looked at it and it is applied.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from sqlalchemy import select

from quiz.errors import Refused
from quiz.models.question_work import DbQuestionDraft
from quiz.questions import question_ids, wording
from quiz.questions.wording import Wording
from quiz.services import Actor, Transaction, audit
from quiz.services.question_work_drafts import (
    CurrentBank,
    Kind,
    State,
    Step,
    find_open,
    held_bank,
    of_bank,
    tell,
)


def seen_of(question: Wording) -> str:
    """What a form sends back to say which wording of the bank was looked at."""
    return f"0.{wording.digest_of(question)}"


def take_in(
    session: Transaction, bank: str, wordings: Sequence[Wording], source: str, actor: Actor, now: datetime
) -> int:
    """Put questions into the workbench as drafts of new ones, whatever is still missing in them; how many.

    Each gets the next free id of its topic; `source` is the note in its history. The caller audits the import as one
    act. Raises Refused: contest_missing, bank_unknown, bank_not_loaded.
    """
    current = held_bank(session, bank)
    numbered = _Numbering(current, _taken(session, current))
    rows = [
        _new(current, replace(typed, id=numbered.next(typed.topic)), actor, now)
        for typed in map(wording.tidied, wordings)
    ]
    session.add_all(rows)
    tell(session, rows, Step.TAKE_IN, actor, now, source)
    return len(rows)


def write_new(session: Transaction, bank: str, typed: Wording, actor: Actor, now: datetime) -> str:
    """Start a new question; the id that it got. Raises Refused: contest_missing, bank_unknown, bank_not_loaded."""
    current = held_bank(session, bank)
    given = _Numbering(current, _taken(session, current)).next(typed.topic)
    row = _new(current, replace(wording.tidied(typed), id=given), actor, now)
    session.add(row)
    _written(session, row, Step.WRITE, actor, now)
    return given


def edit(
    session: Transaction, bank: str, question_id: str, typed: Wording, seen: str, actor: Actor, now: datetime
) -> None:
    """Write a question anew: its open draft, or a draft of a change; whatever was appraised has to be so again.

    Raises Refused: keys_sealed, question_missing, question_changed (since it was `seen`), question_unchanged,
    question_removal.
    """
    current = held_bank(session, bank)
    current.check_open(question_id)
    text, base = replace(wording.tidied(typed), id=question_id), current.find(question_id)
    row = find_open(session, current, question_id)
    if row is None:
        row = _change(current, _seen_base(base, seen), Kind.CHANGE, actor, now)
        if text == base:
            raise Refused("question_unchanged")
        session.add(row)
    else:
        _check_seen(row, seen)
        if row.kind == Kind.REMOVE:
            raise Refused("question_removal")
        row.kind, row.base_digest = (Kind.CHANGE, wording.digest_of(base)) if base else (Kind.NEW, "")
        row.state, row.version = State.DRAFT, row.version + 1
        row.author_id, row.edited_at = _author(actor), now
        row.appraised_by = row.appraised_at = row.approved_by = row.approved_at = None
    row.body = wording.as_text(text)
    _written(session, row, Step.WRITE, actor, now)


def propose_removal(
    session: Transaction, bank: str, question_id: str, reason: str, seen: str, actor: Actor, now: datetime
) -> None:
    """Ask that a question of the bank be taken out.

    Raises Refused: keys_sealed, question_missing, question_changed, question_has_draft, reason_missing, reason_long.
    """
    words = audit.checked_reason(reason)
    current = held_bank(session, bank)
    current.check_open()
    if find_open(session, current, question_id):
        raise Refused("question_has_draft")
    row = _change(current, _seen_base(current.find(question_id), seen), Kind.REMOVE, actor, now)
    session.add(row)
    _written(session, row, Step.ASK_REMOVAL, actor, now, words)


class _Numbering:
    """Gives ids that no question of the bank and no draft has or had."""

    def __init__(self, current: CurrentBank, taken: Collection[str]) -> None:
        self._questions, self._taken = current.bank.questions, taken
        self._numbers: dict[str, Iterator[str]] = {}
        self._prefixes: dict[str, str] = {}

    def next(self, topic: str) -> str:
        """The next id of this topic."""
        if topic not in self._prefixes:
            self._prefixes[topic] = question_ids.prefix_of(topic, self._questions)
        prefix = self._prefixes[topic]
        if prefix not in self._numbers:
            self._numbers[prefix] = question_ids.next_ids(prefix, self._taken)
        return next(self._numbers[prefix])


def _taken(session: Transaction, current: CurrentBank) -> set[str]:
    drafted = session.scalars(select(DbQuestionDraft.question_id).where(*of_bank(current)))
    return {*drafted, *(question.id for question in current.bank.questions)}


def _new(current: CurrentBank, text: Wording, actor: Actor, now: datetime) -> DbQuestionDraft:
    return DbQuestionDraft(
        contest_id=current.contest.id,
        bank=current.name,
        question_id=text.id,
        kind=Kind.NEW,
        body=wording.as_text(text),
        base_digest="",
        state=State.DRAFT,
        version=1,
        author_id=_author(actor),
        edited_at=now,
    )


def _change(current: CurrentBank, base: Wording, kind: Kind, actor: Actor, now: datetime) -> DbQuestionDraft:
    row = _new(current, base, actor, now)
    row.kind, row.base_digest = kind, wording.digest_of(base)
    return row


def _seen_base(base: Wording | None, seen: str) -> Wording:
    if base is None:
        raise Refused("question_missing")
    if seen != seen_of(base):
        raise Refused("question_changed")
    return base


def _check_seen(row: DbQuestionDraft, seen: str) -> None:
    if seen != f"{row.id}.{row.version}":
        raise Refused("question_changed")


def _written(
    session: Transaction, row: DbQuestionDraft, step: Step, actor: Actor, now: datetime, note: str = ""
) -> None:
    tell(session, [row], step, actor, now, note)
    audit.record(
        session,
        audit.Act.EDIT_QUESTION,
        actor,
        now,
        question=row.question_id,
        bank=row.bank,
        state=row.state,
    )


def _author(actor: Actor) -> int:
    """Questions are written by people, never by a command on the server."""
    return cast(int, actor.id)
