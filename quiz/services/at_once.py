"""What those who sit ask for over and over, each in one statement by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Engine, Integer, String, Table, bindparam, case, func, literal_column, select

from quiz.contest.attempt_rules import check_sheet
from quiz.errors import Refused
from quiz.models.contests import DbBank, DbContest, DbWeek, DbWeekBank
from quiz.services import Transaction, contests
from quiz.services.attempt_statements import GET_AT_ONCE, SAVE_AT_ONCE
from quiz.services.attempt_values import Attempt, attempt_of
from quiz.services.attempts import Saved, sheet_facts
from quiz.services.contests import StoredWeek
from quiz.services.direct import Direct, Failed
from quiz.services.stored_weeks import stored_week


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
    kept = (each for each in (row.frozen or "").split(_END) if each)
    frozen = {each[1 + _DIGEST :]: (each[1 : 1 + _DIGEST], each[0] == _SEALED) for each in kept}
    return stored_week(contests.known(session, row.contest_id, row.rules_digest), row, frozen)


_DIGEST, _SEALED, _END = 64, "1", "\x1e"
_FROZEN = (
    case((DbBank.source.is_(None), literal_column(f"'{_SEALED}'", String)), else_=literal_column("'0'", String))
    + DbWeekBank.digest
    + DbWeekBank.name
)
_ALL_FROZEN = (
    select(func.aggregate_strings(_FROZEN, literal_column(f"'{_END}'")))  # type: ignore[arg-type]
    .join_from(DbWeekBank, DbBank, DbBank.digest == DbWeekBank.digest)
    .where(DbWeekBank.week_id == DbWeek.id)
)
_WEEK = Direct(
    select(*cast(Table, DbWeek.__table__).c, DbContest.rules_digest, _ALL_FROZEN.scalar_subquery().label("frozen"))
    .join_from(DbWeek, DbContest, DbContest.id == DbWeek.contest_id)
    .where(DbWeek.id == bindparam("week", type_=Integer))
)
"""The frozen banks stand in one text: of each whether its keys are sealed, its digest and its name."""
