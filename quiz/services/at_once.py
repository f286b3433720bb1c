"""What those who sit ask for over and over, each in one statement by itself."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Engine, Table

from quiz.contest.attempt_rules import check_may_start, check_sheet
from quiz.errors import Refused
from quiz.models.contests import DbContest, DbWeek
from quiz.services import Transaction, attempts, contests, entrants, receipts, stored_weeks
from quiz.services.attempt_statements import (
    ATTEMPTS,
    BEGIN_AT_ONCE,
    GET_AT_ONCE,
    OWN,
    SAVE_AND_END_AT_ONCE,
    SAVE_AT_ONCE,
)
from quiz.services.attempt_values import Attempt, attempt_of
from quiz.services.attempts import Saved, sheet_facts
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.direct import Direct, Failed
from quiz.services.receipts import Receipt


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
    """`attempts.start` and `devices.note`: one statement reads, one writes if nothing has changed meanwhile.

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
    values = {"code": code, "closes_at": week.week.closes_at, "begun": facts.begun, "device": device(week.id)}
    return _has_written(BEGIN_AT_ONCE, session, begun | values)


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
    return _has_written(SAVE_AND_END_AT_ONCE, session, facts | {"device": device})


def _has_written(statement: Direct, session: Transaction, values: Mapping[str, object]) -> bool:
    try:
        return statement.first(session.get_bind(), values) is not None  # type: ignore[arg-type]
    except Failed:
        return False


def attempt(session: Transaction, code: str, person_id: int) -> Attempt:
    """`attempts.get` as it stands outside any transaction, for pages that only show it; raises Refused alike."""
    row = GET_AT_ONCE.read(session, {"the_code": code, "person": person_id})
    if row is None:
        raise Refused("attempt_missing")
    return attempt_of(row)


@dataclass(frozen=True, slots=True)
class Sat:
    """An attempt and its round, for pages that only show them."""

    attempt: Attempt
    week: StoredWeek
    _row: Any

    @property
    def receipt(self) -> Receipt | None:
        """`receipts.of_attempt`."""
        return receipts.of_row(self.week, self._row)


def sat(session: Transaction, code: str, person_id: int) -> Sat:
    """The same with `contests.get_week_by_id`, in one statement."""
    row = _SAT.read(session, {"the_code": code, "person": person_id})
    if row is None:
        raise Refused("attempt_missing")
    of_round: Any = _OfRound._make(row[-len(_OF_ROUND) :])
    week = stored_weeks.of_columns(contests.known(session, of_round.contest_id, of_round.rules_digest), of_round)
    return Sat(attempt_of(row), week, row)


_WEEKS = cast(Table, DbWeek.__table__)
_OF_ROUND: Sequence[ColumnElement[Any]] = (*stored_weeks.columns(_WEEKS), DbContest.rules_digest.expression)
_OfRound = namedtuple("_OfRound", [str(column.key) for column in _OF_ROUND])  # type: ignore[misc]
_SAT = Direct(
    receipts.WITH_SEAL.add_columns(*(column.label(f"round_{column.key}") for column in _OF_ROUND))
    .join(_WEEKS, _WEEKS.c.id == ATTEMPTS.c.week_id)
    .join(DbContest, DbContest.id == _WEEKS.c.contest_id)
    .where(*OWN)
)
