"""What every decision of two people has in common: its number and reason, where it stands, who may approve it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar, cast

from sqlalchemy import select

from quiz.errors import N_, Refused
from quiz.models.decisions import DecisionOfTwo
from quiz.models.people import DbPerson
from quiz.services import Actor, Transaction, audit
from quiz.vietnamese import clean

MOST_NUMBER = 80
Signed = TypeVar("Signed", bound=DecisionOfTwo)


class State(StrEnum):
    """How far a decision has come; only an approved one has an effect."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> str:
        """What the pages call it."""
        return _STATES[self]


_STATES = {
    State.PROPOSED: N_("Chờ người thứ hai duyệt"),
    State.APPROVED: N_("Đã duyệt, có hiệu lực"),
    State.WITHDRAWN: N_("Đã rút, không có hiệu lực"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The paper behind an allowance or an incident: who proposed it and when, who approved it."""

    id: int
    number: str
    reason: str
    state: State
    proposed_by: int
    proposer: str
    proposed_at: datetime
    approver: str
    approved_at: datetime | None
    withdrawn_at: datetime | None


def read(session: Transaction, row: DecisionOfTwo) -> Decision:
    """The decision of a row, with the names of those who signed it."""
    signed = [person for person in (row.proposed_by, row.approved_by) if person is not None]
    found = session.execute(select(DbPerson.id, DbPerson.name).where(DbPerson.id.in_(signed))).all()
    names = {one.id: one.name for one in found}
    return Decision(
        id=row.id,
        number=row.decision_number,
        reason=row.reason,
        state=state_of(row),
        proposed_by=row.proposed_by,
        proposer=names[row.proposed_by],
        proposed_at=row.proposed_at,
        approver=names.get(row.approved_by or 0, ""),
        approved_at=row.approved_at,
        withdrawn_at=row.withdrawn_at,
    )


def state_of(row: DecisionOfTwo) -> State:
    """Where the decision stands."""
    if row.withdrawn_at is not None:
        return State.WITHDRAWN
    return State.PROPOSED if row.approved_at is None else State.APPROVED


def proposal(number: str, reason: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The columns of a new proposal.

    Raises Refused: decision_number_missing, decision_number_long, reason_missing, reason_long.
    """
    return {
        "decision_number": _checked_number(number),
        "reason": audit.checked_reason(reason),
        "proposed_by": signer(actor),
        "proposed_at": now,
    }


def _checked_number(number: str) -> str:
    words = clean(number)
    if not words:
        raise Refused("decision_number_missing")
    if len(words) > MOST_NUMBER:
        raise Refused("decision_number_long", maximum=MOST_NUMBER)
    return words


def signer(actor: Actor) -> int:
    """Decisions are signed by people, never by a command on the server."""
    return cast(int, actor.id)


def locked(session: Transaction, table: type[Signed], decision_id: int) -> Signed:
    """The row, held until the transaction ends, so that two approvals at once are one.

    Raises Refused: decision_missing, decision_moved_on (approved or withdrawn before).
    """
    row = session.get(table, decision_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refused("decision_missing")
    if state_of(row) is not State.PROPOSED:
        raise Refused("decision_moved_on")
    return row


def approve(row: DecisionOfTwo, digest: str, seen: str, actor: Actor, now: datetime) -> None:
    """Sign as the second person what was `seen`; raises Refused: decision_needs_two, decision_changed."""
    if row.proposed_by == actor.id:
        raise Refused("decision_needs_two")
    if digest != seen:
        raise Refused("decision_changed")
    row.approved_by, row.approved_at = signer(actor), now


def digest_of(*seen: object) -> str:
    """What the approver has seen, in 64 characters."""
    return hashlib.sha256(json.dumps(seen, default=str, sort_keys=True).encode()).hexdigest()
