"""Decisions of two people that a public value draws the lots of a week; the week is then ranked anew."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from quiz.errors import Refused
from quiz.models.contests import DbWeek
from quiz.models.decisions import DbLotValue
from quiz.services import (
    Actor,
    Transaction,
    audit,
    contests,
    decisions,
    incident_effects,
    lot_ties,
    sealing,
)
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.decisions import Decision, State
from quiz.services.lot_ties import Tie
from quiz.vietnamese import clean

MOST_VALUE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A public value with the decision about it, and the ties at a prize that it parts; `digest` is what is approved.

    What an approved value parted stays as it was then.
    """

    decision: Decision
    week: StoredWeek
    value: str
    ties: tuple[Tie, ...]
    digest: str

    @property
    def is_in_force(self) -> bool:
        """Whether the lots of the week are drawn by this value."""
        return self.decision.state is State.APPROVED and self.value == self.week.lot_value


def check(session: Transaction, week: StoredWeek, now: datetime) -> None:
    """Lots are drawn once everything they are drawn for is fixed.

    Raises Refused: lot_by_seed, not_closed, lot_before_final_head, not_marked.
    """
    if week.contest.rules.lot_event is None or week.week.is_practice:
        raise Refused("lot_by_seed", week=week.name)
    contests.check_closed(week, now)
    if not sealing.is_finished(session, week):
        raise Refused("lot_before_final_head", week=week.name)
    if week.marked_at is None:
        raise Refused("not_marked", week=week.name)


def propose(
    session: Transaction, week: StoredWeek, value: str, number: str, reason: str, actor: Actor, now: datetime
) -> int:
    """Put the value before a second person; the id. Where one is in force this is its correction.

    Raises Refused as `check` does, and: lot_value_missing, lot_value_long, lot_value_unreadable, lot_value_same,
    decision_number_missing, decision_number_long, reason_missing, reason_long.
    """
    check(session, week, now)
    row = DbLotValue(
        week_id=week.id, value=_checked_value(week, value), **decisions.proposal(number, reason, actor, now)
    )
    session.add(row)
    session.flush()
    _record(session, audit.Act.PROPOSE_LOT, week, row, actor, now)
    return row.id


def of_week(session: Transaction, week: StoredWeek) -> Sequence[tuple[Decision, str]]:
    """Every decision about the lots of a week with its value, the newest first."""
    rows = select(DbLotValue).where(DbLotValue.week_id == week.id).order_by(DbLotValue.id.desc())
    return [(decisions.read(session, row), row.value) for row in session.scalars(rows).all()]


def ties(session: Transaction, week: StoredWeek) -> tuple[Tie, ...]:
    """Whom the lot parts at a prize; nobody while the week is not marked."""
    return lot_ties.of_week(session, week) if week.marked_at else ()


def get(session: Transaction, contest: StoredContest, drawing_id: int) -> Drawing:
    """One decision of the contest; raises Refused(decision_missing)."""
    row = session.get(DbLotValue, drawing_id)
    week = contests.get_week_by_id(session, row.week_id) if row else None
    if row is None or week is None or week.contest.id != contest.id:
        raise Refused("decision_missing")
    found = _kept(row) if row.ties else ties(session, week)
    decision = decisions.read(session, row)
    return Drawing(decision=decision, week=week, value=row.value, ties=found, digest=_digest(row, found))


def approve(session: Transaction, drawing_id: int, seen: str, actor: Actor, now: datetime) -> None:
    """The second signature, and in the same transaction the places of the week are taken back, to be ranked anew.

    Raises Refused: decision_missing, decision_moved_on, decision_needs_two, decision_changed, lot_value_same, and as
    `check` does.
    """
    row = decisions.locked(session, DbLotValue, drawing_id)
    held = session.get_one(DbWeek, row.week_id, with_for_update=True, populate_existing=True)
    week = contests.get_week_by_id(session, row.week_id)
    check(session, week, now)
    _checked_value(week, row.value)
    found = ties(session, week)
    decisions.approve(row, _digest(row, found), seen, actor, now)
    row.ties = json.dumps([asdict(tie) for tie in found], ensure_ascii=False)
    held.lot_value = row.value
    incident_effects.unmark(session, held)
    session.flush()
    _record(session, audit.Act.APPROVE_LOT, week, row, actor, now)


def withdraw(session: Transaction, drawing_id: int, actor: Actor, now: datetime) -> None:
    """Take a proposal back before it is approved. Raises Refused: decision_missing, decision_moved_on."""
    row = decisions.locked(session, DbLotValue, drawing_id)
    row.withdrawn_at = now
    _record(session, audit.Act.WITHDRAW_LOT, contests.get_week_by_id(session, row.week_id), row, actor, now)


def _checked_value(week: StoredWeek, value: str) -> str:
    """The value in normal form, of characters that can be read and written down."""
    words = clean(value)
    if not words:
        raise Refused("lot_value_missing")
    if len(words) > MOST_VALUE:
        raise Refused("lot_value_long", maximum=MOST_VALUE)
    if any(unicodedata.category(character).startswith("C") for character in words):
        raise Refused("lot_value_unreadable")
    if words == week.lot_value:
        raise Refused("lot_value_same")
    return words


def _kept(row: DbLotValue) -> tuple[Tie, ...]:
    lists = ("prizes", "codes")
    return tuple(Tie(**tie | {name: tuple(tie[name]) for name in lists}) for tie in json.loads(row.ties))


def _digest(row: DbLotValue, found: Sequence[Tie]) -> str:
    terms = ("lot", row.id, row.week_id, row.value, row.decision_number, row.reason)
    return decisions.digest_of(*terms, [asdict(tie) for tie in found])


def _record(
    session: Transaction, act: audit.Act, week: StoredWeek, row: DbLotValue, actor: Actor, now: datetime
) -> None:
    facts = {"week": week.week.number, "value": row.value, "decision": row.decision_number}
    audit.record(session, act, actor, now, reason=row.reason, **facts)
