"""From a draft to an approved question: written, appraised and approved by three different people.

Whoever wrote last is the author. Approved drafts wait to be applied, see question_work_apply.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quiz.errors import Refused
from quiz.models.question_work import DbQuestionDraft
from quiz.questions import wording
from quiz.services import Actor, Transaction, audit
from quiz.services.question_work_checks import faults_in
from quiz.services.question_work_drafts import CurrentBank, Draft, Kind, State, Step, get_held, read, tell


class Decision(StrEnum):
    """What somebody may decide about an open draft."""

    APPRAISE = "appraise"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    DROP = "drop"


_ACTS = {
    Decision.APPRAISE: audit.Act.APPRAISE_QUESTION,
    Decision.APPROVE: audit.Act.APPROVE_QUESTION,
    Decision.SEND_BACK: audit.Act.SEND_BACK_QUESTION,
    Decision.DROP: audit.Act.DROP_QUESTION,
}
_FROM = {Decision.APPRAISE: {State.DRAFT}, Decision.APPROVE: {State.APPRAISED}}


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A question of several about which nothing was decided, and why."""

    question_id: str
    refusal: Refused


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a decision about several questions at once."""

    taken: tuple[str, ...]
    not_taken: tuple[NotTaken, ...]


def decide(
    session: Transaction, decision: Decision, draft_id: int, seen: str, actor: Actor, now: datetime, note: str = ""
) -> Draft:
    """Decide about one draft as it was `seen`; sending back and dropping need a note. The draft as it is now.

    Raises Refused: draft_missing, question_changed, reason_missing, reason_long, and whatever `why_not` says.
    """
    needs_note = decision in {Decision.SEND_BACK, Decision.DROP}
    words = audit.checked_reason(note) if needs_note else ""
    current, row = get_held(session, draft_id)
    draft = read(session, row)
    if seen != draft.seen:
        raise Refused("question_changed")
    if refusal := why_not(decision, draft, current, actor.id):
        raise refusal
    _settle(row, decision, actor, now)
    row.version += 1
    tell(session, [row], Step(decision), actor, now, words)
    facts = {"question": row.question_id, "bank": row.bank, "state": row.state}
    audit.record(session, _ACTS[decision], actor, now, **facts)  # the note may tell the key: it is in the history alone
    return read(session, row)


def decide_several(
    session: Transaction, decision: Decision, seen: Sequence[str], actor: Actor, now: datetime
) -> Report:
    """Appraise or approve every draft of a list for which this is allowed; the others are left as they are."""
    taken, not_taken = list[str](), list[NotTaken]()
    for one in seen:
        number = one.partition(".")[0]
        try:
            taken.append(decide(session, decision, int(number), one, actor, now).question_id)
        except Refused as refusal:
            row = session.get(DbQuestionDraft, int(number))
            not_taken.append(NotTaken(row.question_id if row else "–", refusal))
    return Report(tuple(taken), tuple(not_taken))


def why_not(decision: Decision, draft: Draft, current: CurrentBank, person_id: int | None) -> Refused | None:
    """Why this person may not decide so about the draft, None where they may.

    question_other_step, question_own_appraisal, question_own_approval, question_own_return, question_base_changed,
    question_incomplete.
    """
    if not draft.state.is_open or draft.state not in _FROM.get(decision, {draft.state}):
        return Refused("question_other_step")
    if decision is Decision.DROP:
        return None
    if decision is Decision.APPROVE and person_id in {draft.author_id, draft.appraiser_id}:
        return Refused("question_own_approval")
    if decision is Decision.APPRAISE and person_id == draft.author_id:
        return Refused("question_own_appraisal")
    if decision is Decision.SEND_BACK:
        return Refused("question_own_return") if person_id == draft.author_id else None
    return unfit(draft, current)


def unfit(draft: Draft, current: CurrentBank) -> Refused | None:
    """What keeps a draft out of the bank: the bank has moved on since it was written, or it is not complete."""
    if has_moved(draft, current):
        return Refused("question_base_changed", question=draft.question_id)
    if count := len(faults_of(draft, current)):
        return Refused("question_incomplete", count=count)
    return None


def has_moved(draft: Draft, current: CurrentBank) -> bool:
    """Whether the question now says something else in the bank than when its draft was written."""
    base = current.find(draft.question_id)
    return draft.base_digest != (wording.digest_of(base) if base else "")


def faults_of(draft: Draft, current: CurrentBank) -> tuple[wording.WordingFault, ...]:
    """What a bank would find wrong in the draft; nothing in a question that is to go."""
    return () if draft.kind is Kind.REMOVE else faults_in(draft.wording, current)


def _settle(row: DbQuestionDraft, decision: Decision, actor: Actor, now: datetime) -> None:
    match decision:
        case Decision.APPRAISE:
            row.state, row.appraised_by, row.appraised_at = State.APPRAISED, actor.id, now
        case Decision.APPROVE:
            row.state, row.approved_by, row.approved_at = State.APPROVED, actor.id, now
        case Decision.SEND_BACK:
            row.state = State.DRAFT
            row.appraised_by = row.appraised_at = row.approved_by = row.approved_at = None
        case Decision.DROP:
            row.state = State.DROPPED
