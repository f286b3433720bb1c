"""What every provider of due things looks at: the contest, its rounds, who looks, and the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from quiz.contest.due import Due
from quiz.contest.schedule import Phase
from quiz.services import Transaction
from quiz.services.accounts import Person
from quiz.services.contests import StoredContest, StoredWeek


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The desk of one member of staff at a moment; `rounds` are settled: what has opened has its denominators."""

    contest: StoredContest
    rounds: tuple[StoredWeek, ...]
    viewer: Person
    now: datetime

    def in_phase(self, *phases: Phase) -> tuple[StoredWeek, ...]:
        """The rounds in one of these phases now, in order."""
        return tuple(one for one in self.rounds if one.week.phase_at(self.now) in phases)

    @property
    def opening_next(self) -> StoredWeek | None:
        """The round that opens next, or None."""
        return min(self.in_phase(Phase.TO_COME), key=lambda one: one.week.opens_at, default=None)

    @property
    def over(self) -> tuple[StoredWeek, ...]:
        """The weeks that are over with their grace, so that they have results."""
        rules = self.contest.rules
        return tuple(one for one in self.rounds if not one.week.is_practice and rules.is_over(one.week, self.now))


Provider = Callable[[Transaction, Desk], Iterable[Due]]
"""Gives what is due of one subject, nothing where nothing is."""
