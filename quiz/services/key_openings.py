"""Decisions of two people to open the sealed keys of a round that is over; the scheduler carries them out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from quiz.contest.due import Due, Urgency
from quiz.contest.key_rules import OpenedBy
from quiz.errors import N_, Refused
from quiz.models.decisions import DbKeyOpening
from quiz.permissions import Permission
from quiz.services import Actor, Transaction, audit, contests, decisions
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.decisions import Decision, State
from quiz.services.today_desk import Desk
from quiz.services.today_results import MARKED_WITHIN
from quiz.services.today_waiting import signatures
from quiz.services.today_weeks import round_page


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOpening:
    """A decision to open the keys of a round; `digest` is what its approver has seen."""

    decision: Decision
    week: StoredWeek
    digest: str


def check(week: StoredWeek, now: datetime) -> None:
    """Raises Refused: not_closed, opening_not_needed, keys_open_already."""
    contests.check_closed(week, now)
    if week.contest.rules.keys_opened_by is not OpenedBy.TWO_PEOPLE or week.week.is_practice:
        raise Refused("opening_not_needed", week=week.name)
    if not week.keys_sealed:
        raise Refused("keys_open_already", week=week.name)


def propose(session: Transaction, week: StoredWeek, number: str, reason: str, actor: Actor, now: datetime) -> int:
    """Put the opening before a second person; the id.

    Raises Refused as `check` does, and: decision_number_missing, decision_number_long, reason_missing, reason_long.
    """
    check(week, now)
    row = DbKeyOpening(week_id=week.id, **decisions.proposal(number, reason, actor, now))
    session.add(row)
    session.flush()
    _record(session, audit.Act.PROPOSE_OPENING, week, row, actor, now)
    return row.id


def of_week(session: Transaction, week: StoredWeek) -> tuple[KeyOpening, ...]:
    """Every decision about the keys of a round, the newest first."""
    rows = select(DbKeyOpening).where(DbKeyOpening.week_id == week.id).order_by(DbKeyOpening.id.desc())
    return tuple(_opening(session, week, row) for row in session.scalars(rows).all())


def get(session: Transaction, contest: StoredContest, opening_id: int) -> KeyOpening:
    """One decision of the contest; raises Refused(decision_missing)."""
    row = session.get(DbKeyOpening, opening_id)
    week = contests.get_week_by_id(session, row.week_id) if row else None
    if row is None or week is None or week.contest.id != contest.id:
        raise Refused("decision_missing")
    return _opening(session, week, row)


def approve(session: Transaction, opening_id: int, seen: str, actor: Actor, now: datetime) -> None:
    """The second signature: at its next turn the scheduler opens the keys, and marks.

    Raises Refused: decision_missing, decision_moved_on, decision_needs_two, decision_changed, and as `check` does.
    """
    row = decisions.locked(session, DbKeyOpening, opening_id)
    week = contests.get_week_by_id(session, row.week_id)
    check(week, now)
    decisions.approve(row, _digest(row), seen, actor, now)
    _record(session, audit.Act.APPROVE_OPENING, week, row, actor, now)


def withdraw(session: Transaction, opening_id: int, actor: Actor, now: datetime) -> None:
    """Take a proposal back before it is approved. Raises Refused: decision_missing, decision_moved_on."""
    row = decisions.locked(session, DbKeyOpening, opening_id)
    row.withdrawn_at = now
    _record(session, audit.Act.WITHDRAW_OPENING, contests.get_week_by_id(session, row.week_id), row, actor, now)


def waiting(session: Transaction, desk: Desk) -> Iterator[Due]:
    """Keys of weeks that are over: to be decided, to be signed, or not opened by the scheduler in time."""
    for week in desk.over:
        if not week.keys_sealed:
            continue
        stands = {one.decision.state for one in of_week(session, week)}
        if week.contest.rules.keys_opened_by is OpenedBy.CLOSING or State.APPROVED in stands:
            yield from _not_opened(desk, week)
        elif State.PROPOSED not in stands:
            words = N_("%(round)s: đáp án chờ hai người quyết định mở, sau đó mới chấm.")
            facts, given = {"round": week.name}, {"number": week.week.number}
            yield Due(words=words, facts=facts, urgency=Urgency.NOW, page="key_openings.listing", given=given)
        else:
            yield from _unsigned(session, desk, week)


def _not_opened(desk: Desk, week: StoredWeek) -> Iterator[Due]:
    if desk.now - week.week.closes_at - week.contest.rules.attempts.grace >= MARKED_WITHIN:
        words = N_(
            "%(round)s đã đóng mà đáp án chưa mở: bộ lập lịch có thể không chạy, hoặc không đọc được tệp khóa niêm "
            "phong."
        )
        yield Due(words=words, facts={"round": week.name}, urgency=Urgency.NOW, **round_page(week))


def _unsigned(session: Transaction, desk: Desk, week: StoredWeek) -> Iterator[Due]:
    return signatures(
        session,
        desk,
        DbKeyOpening,
        DbKeyOpening.week_id == week.id,
        words=(
            N_("%(count)s quyết định mở đáp án chờ ông/bà duyệt (số %(numbers)s)."),
            N_("%(count)s quyết định mở đáp án chờ người thứ hai duyệt (số %(numbers)s)."),
        ),
        page="key_openings.one",
        listing="key_openings.listing",
        listed={"number": week.week.number},
        permission=Permission.DECIDE_RESULTS,
    )


def _opening(session: Transaction, week: StoredWeek, row: DbKeyOpening) -> KeyOpening:
    return KeyOpening(decision=decisions.read(session, row), week=week, digest=_digest(row))


def _digest(row: DbKeyOpening) -> str:
    return decisions.digest_of("open keys", row.id, row.week_id, row.decision_number, row.reason)


def _record(
    session: Transaction, act: audit.Act, week: StoredWeek, row: DbKeyOpening, actor: Actor, now: datetime
) -> None:
    audit.record(session, act, actor, now, reason=row.reason, week=week.week.number, decision=row.decision_number)
