"""What is kept no longer: deleted in the hour after two at night, as far as it is due, and foreseen for the organiser.

Each tick of that hour deletes what ran out and erases a few of the people whose time is over, so that nobody waits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from quiz.personal_data.holdings import figures
from quiz.services import SYSTEM, Transaction, audit, contests, retention_people, transaction
from quiz.services.retention_sweeps import SWEEPS, Foreseen
from quiz.vietnamese import HANOI

HOUR = 2
"""Of the night, when nothing else is going on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One kind of data as it will be deleted: how much tonight, and when the next falls due (None: nothing is held)."""

    words: str
    kept: str
    figures: dict[str, int]
    due: int
    next_at: datetime | None


def is_time(now: datetime) -> bool:
    """Whether this is the hour in which what ran out is deleted."""
    return now.astimezone(HANOI).hour == HOUR


def outlook(session: Transaction, now: datetime) -> tuple[Outlook, ...]:
    """What will be deleted next, and when, kind after kind."""
    contest = contests.find_current(session)
    known = figures(contest.rules.personal_data.months) if contest else figures()
    kinds: tuple[Foreseen, ...] = (*SWEEPS, *retention_people.SWEEPS)
    return tuple(
        Outlook(words=one.words, kept=one.kept, figures=known, due=one.due(session, now), next_at=one.next_at(session))
        for one in kinds
    )


def run(now: datetime, new_code: Callable[[], str]) -> int:
    """Delete what has run out, and erase the next few people; how many. One entry of the log says so."""
    with transaction() as session:
        deleted = sum(sweep.run(session, now) for sweep in SWEEPS)
        people = retention_people.run(session, now, new_code)
        if deleted or people:
            audit.record(session, audit.Act.DELETE_EXPIRED, SYSTEM, now, deleted=deleted, people=people)
    return deleted + people
