"""The weeks as a page of figures needs them: what their opening decided is written down, scheduler or not."""

from __future__ import annotations

from flask import g

from quiz.contest.schedule import Phase
from quiz.services import contests, reading, transaction
from quiz.services.contests import StoredContest, StoredWeek


def settled_weeks(contest: StoredContest) -> tuple[StoredWeek, ...]:
    """Every week of the contest; those that have opened have their denominators, even where no job has run yet."""
    return tuple(week for week in settled_rounds(contest) if not week.week.is_practice)


def settled_rounds(contest: StoredContest) -> tuple[StoredWeek, ...]:
    """The same with the practice round, if any."""
    rounds = contests.rounds(reading(), contest)
    if any(week.frozen_at is None and week.week.phase_at(g.now) is not Phase.TO_COME for week in rounds):
        with transaction() as session:
            contests.freeze_due_weeks(session, g.now)
        rounds = contests.rounds(reading(), contest)
    return rounds
