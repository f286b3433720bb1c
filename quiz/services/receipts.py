"""Receipts: what is promised of an attempt once it has ended, from its own row alone, and where it was sealed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, and_, bindparam, select

from quiz.contest.attempt_rules import credited
from quiz.models.seals import DbBatch, DbSealedRecord
from quiz.services import Transaction
from quiz.services.attempt_statements import ATTEMPTS
from quiz.services.contests import StoredWeek
from quiz.services.result_rows import EPOCH, MILLISECOND
from quiz.verification import records
from quiz.verification.canonical import canonical
from quiz.verification.records import Sitting

RECORDS, BATCHES = cast(Table, DbSealedRecord.__table__), cast(Table, DbBatch.__table__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What somebody keeps of an attempt: its code and its seal; `batch` and the rest only once it is sealed."""

    week: int
    code: str
    seal: str
    batch: int | None
    sealed_at: datetime | None
    head: str

    @property
    def short(self) -> str:
        """The seal as it is printed."""
        return records.short(self.seal)

    @property
    def anchor(self) -> str:
        """What follows the # of the address at which it is checked: `static/verification.js` reads it."""
        return anchor(self.code, self.short, self.week, self.batch)


def anchor(code: str, short: str, week: int, batch: int | None) -> str:
    """Code, seal and week of a receipt, and the batch once it is sealed."""
    return "-".join(str(part) for part in (code, short, week, batch) if part is not None)


def of_attempt(session: Transaction, week: StoredWeek, code: str) -> Receipt | None:
    """The receipt of an attempt, before it is sealed the same as after it; None while nothing is written of its end,
    and in a round of which nothing was promised, as the practice round.
    """
    return of_row(week, session.execute(_RECEIPT, {"attempt": code}).one())


def of_row(week: StoredWeek, row: Any) -> Receipt | None:
    """The same, from a row of `WITH_SEAL`."""
    if row.handed_in_at is None or week.commitment is None:
        return None
    seal = row.seal or records.seal(record_of(row, week.record_secret))
    return Receipt(
        week=week.week.number,
        code=row.code,
        seal=seal,
        batch=row.sealed_in,
        sealed_at=row.sealed_at,
        head=row.head or "",
    )


def record_of(row: Row[*tuple[Any, ...]], secret: bytes) -> bytes:
    """The record of an ended attempt: nothing that may still change is in it, so it is the same at any time."""
    return canonical(records.record(sitting_of(row), secret))


def sitting_of(row: Row[*tuple[Any, ...]]) -> Sitting:
    """What the record of an ended attempt is made of."""
    return Sitting(
        code=row.code,
        person=row.entry_id,
        division=row.division,
        number=row.number,
        questions=row.questions,
        seen=row.seen.split(),
        answers=json.loads(row.answers) if row.answers else [""] * row.questions,
        prediction=row.prediction,
        started_ms=_milliseconds(row.started_at),
        at_ms=_milliseconds(credited(row.handed_in_at, row.deadline_at)),
        ended_by=row.ended_by,
        registered_ms=_milliseconds(row.registered_at),
        agency=row.agency,
    )


def sittings(session: Transaction, week_id: int) -> dict[str, Sitting]:
    """All that was sealed of a week, by code, with what the records hide."""
    sealed = select(ATTEMPTS).join(RECORDS, RECORDS.c.attempt_code == ATTEMPTS.c.code)
    rows = session.connection().execute(sealed.where(ATTEMPTS.c.week_id == week_id)).all()
    return {row.code: sitting_of(row) for row in rows}


def _milliseconds(at: datetime) -> int:
    return (at - EPOCH) // MILLISECOND


WITH_SEAL = (
    select(
        *ATTEMPTS.c,
        RECORDS.c.seal,
        BATCHES.c.number.label("sealed_in"),
        *(BATCHES.c.sealed_at, BATCHES.c.head),
    )
    .join_from(ATTEMPTS, RECORDS, RECORDS.c.attempt_code == ATTEMPTS.c.code, isouter=True)
    .join(BATCHES, and_(BATCHES.c.week_id == RECORDS.c.week_id, BATCHES.c.number == RECORDS.c.batch), isouter=True)
)
_RECEIPT = WITH_SEAL.where(ATTEMPTS.c.code == bindparam("attempt"))
