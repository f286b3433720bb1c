"""What those who sit ask for over and over, each in one statement by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from quiz.contest.attempt_rules import check_sheet
from quiz.errors import Refused
from quiz.services import Transaction
from quiz.services.attempt_statements import GET_AT_ONCE, SAVE_AT_ONCE
from quiz.services.attempt_values import Attempt, attempt_of
from quiz.services.attempts import Saved, sheet_facts
from quiz.services.direct import Failed


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
