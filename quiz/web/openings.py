"""The weeks as a page of figures needs them: what their opening decided is written down, scheduler or not."""

from __future__ import annotations

from flask import g

from quiz.contest.schedule import Phase
from quiz.services import contests, reading, transaction
from quiz.services.contests import StoredContest, StoredWeek


def settled_weeks(contest: StoredContest) -> tuple[StoredWeek, ...]:
    """Every week of the contest; those that have opened have their denominators, even where no job has run yet."""
    weeks = contests.weeks(reading(), contest)
    if any(week.frozen_at is None and week.week.phase_at(g.now) is not Phase.TO_COME for week in weeks):
        with transaction() as session:
            contests.freeze_due_weeks(session, g.now)
        weeks = contests.weeks(reading(), contest)
    return weeks
