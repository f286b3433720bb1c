"""What those who sit ask for over and over, each in one statement by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Engine, Integer, Table, bindparam, select

from quiz.contest.attempt_rules import check_may_start, check_sheet
from quiz.errors import Refused
from quiz.models.contests import DbContest, DbWeek
from quiz.services import Transaction, attempts, contests, devices, entrants, stored_weeks
from quiz.services.attempt_statements import BEGIN_AT_ONCE, GET_AT_ONCE, SAVE_AND_END_AT_ONCE, SAVE_AT_ONCE
from quiz.services.attempt_values import Attempt, attempt_of
from quiz.services.attempts import Saved, sheet_facts
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.direct import Direct, Failed


@dataclass(frozen=True, slots=True)
class Claim:
    """Who somebody is by their session, where only the statement that writes finds out whether that still holds."""

    person_id: int
    epoch: int


def save(
    engine: Engine,
    claim: Claim,
    code: str,
    seq: int,
    answers: Sequence[str],
    now: datetime,
    prediction: int | None = None,
) -> Saved | None:
    """`attempts.save` in one statement, which checks the session, too; None where it stored nothing.

    Only `attempts.save` says why nothing was stored.
    Raises Refused: bad_sheet, bad_prediction.
    """
    sheet = check_sheet(answers, len(answers))
    facts = sheet_facts(code, claim.person_id, seq, sheet, prediction, now)
    try:
        stored = SAVE_AT_ONCE.first(engine, facts | {"epoch": claim.epoch})
    except Failed:
        return None
    return Saved(seq=seq, deadline_at=stored.deadline_at) if stored else None


def start(
    session: Transaction,
    person_id: int,
    contest: StoredContest,
    number: int,
    now: datetime,
    code: str,
    device: Callable[[int], str],
) -> bool:
    """`attempts.start` and `devices.note` in two statements: one reads, one writes if nothing has changed meanwhile.

    Whether an attempt was started. Only `attempts.start` says why not, goes on with one, or freezes a week that opens.
    """
    found = entrants.round_of(session, person_id, contest, number, now)
    if found is None:
        return False
    week, facts = found
    if facts.in_progress or week.frozen_at is None:
        return False
    try:
        check_may_start(facts.entrant, contest.rules, week.week, now)
        begun = attempts.beginning(session, person_id, week, facts, now)
    except Refused:
        return False
    values = begun | {"code": code, "closes_at": week.week.closes_at, "begun": facts.begun}
    return _done_with(BEGIN_AT_ONCE, session, values, code, device(week.id))


def hand_in(
    session: Transaction,
    code: str,
    person_id: int,
    seq: int,
    answers: Sequence[str],
    now: datetime,
    prediction: int | None,
    device: str,
) -> bool:
    """`attempts.hand_in` and `devices.note` in one; whether that has ended the attempt.

    Only `attempts.hand_in` says why not. Raises Refused: bad_sheet, bad_prediction.
    """
    sheet = check_sheet(answers, len(answers))
    facts = sheet_facts(code, person_id, seq, sheet, prediction, now)
    return _done_with(SAVE_AND_END_AT_ONCE, session, facts, code, device)


def _done_with(statement: Direct, session: Transaction, values: Mapping[str, object], code: str, device: str) -> bool:
    """Send it and, where it has written, note the device."""
    noted = (devices.NOTE_AT_ONCE, {"attempt_code": code, "device": device})
    try:
        return statement.first(session.get_bind(), values, noted) is not None  # type: ignore[arg-type]
    except Failed:
        return False


def attempt(session: Transaction, code: str, person_id: int) -> Attempt:
    """`attempts.get` as it stands outside any transaction, for pages that only show it; raises Refused alike."""
    row = GET_AT_ONCE.read(session, {"the_code": code, "person": person_id})
    if row is None:
        raise Refused("attempt_missing")
    return attempt_of(row)


def week(session: Transaction, week_id: int) -> StoredWeek:
    """`contests.get_week_by_id` as it stands outside any transaction."""
    row = _WEEK.read(session, {"week": week_id})
    assert row is not None
    return stored_weeks.of_columns(contests.known(session, row.contest_id, row.rules_digest), row)


_WEEKS = cast(Table, DbWeek.__table__)
_WEEK = Direct(
    select(*stored_weeks.columns(_WEEKS), DbContest.rules_digest)
    .join_from(_WEEKS, DbContest, DbContest.id == _WEEKS.c.contest_id)
    .where(_WEEKS.c.id == bindparam("week", type_=Integer))
)
