"""Attempts as values: what is so of one, whichever row or page it comes from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from quiz.contest.attempt_rules import credited


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One sitting as its owner may see it. `answers` holds the chosen letters per question, '' for none.

    `returned` is the time that an incident gave back; an attempt that `is_annulled` was set aside by one.
    """

    code: str
    week_id: int
    number: int
    questions: int
    started_at: datetime
    deadline_at: datetime
    accept_until: datetime
    seq: int
    answers: tuple[str, ...]
    saved_at: datetime | None
    handed_in_at: datetime | None
    ended_by: str | None
    score: int | None
    division: str = ""
    seen: frozenset[str] = frozenset()
    prediction: int | None = None
    returned: timedelta = timedelta(0)
    is_annulled: bool = False

    def is_over(self, now: datetime) -> bool:
        """Whether the attempt has ended, handed in or at its deadline, whether or not a job has written it down."""
        return self.is_annulled or self.handed_in_at is not None or now > self.accept_until

    @property
    def ended_at(self) -> datetime:
        """The moment that counts as hand-in: the deadline where nobody handed in, or where it came within the grace."""
        return credited(self.handed_in_at or self.deadline_at, self.deadline_at)

    @property
    def time_taken(self) -> timedelta:
        """Hand-in minus start, on the server's clock, without the time given back."""
        return max(self.ended_at - self.started_at - self.returned, timedelta(0))

    @property
    def answered(self) -> int:
        """How many questions have an answer saved."""
        return sum(bool(chosen) for chosen in self.answers)


def attempt_of(row: Any) -> Attempt:
    """The attempt that a row holds."""
    answers = tuple(json.loads(row.answers)) if row.answers else ("",) * row.questions
    return Attempt(
        code=row.code,
        week_id=row.week_id,
        number=row.number,
        questions=row.questions,
        started_at=row.started_at,
        deadline_at=row.deadline_at,
        accept_until=row.accept_until,
        seq=row.seq,
        answers=answers,
        saved_at=row.saved_at,
        handed_in_at=row.handed_in_at,
        ended_by=row.ended_by,
        score=row.score,
        division=row.division,
        seen=frozenset(row.seen.split()),
        prediction=row.prediction,
        returned=timedelta(milliseconds=row.returned_ms),
        is_annulled=row.annulled_by is not None,
    )
