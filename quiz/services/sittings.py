"""A participant's weeks at a glance: what is open, what was sat, what can be read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quiz.contest.attempt_rules import check_may_start
from quiz.contest.schedule import Phase, Week
from quiz.errors import Refused
from quiz.services import Transaction, attempts, contests
from quiz.services.attempts import Attempt
from quiz.services.contests import StoredContest
from quiz.services.entrants import start_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWeek:
    """One week as one participant sees it. `refusal` says why nothing can be started, None where it can."""

    week: Week
    phase: Phase
    attempts: tuple[Attempt, ...]
    in_progress: Attempt | None
    refusal: Refused | None
    answers_visible: bool


def weeks_of(session: Transaction, person_id: int, contest: StoredContest, now: datetime) -> tuple[OwnWeek, ...]:
    """Every week of the contest for one person, in order."""
    own = attempts.of_person(session, person_id)
    weeks = []
    for stored in contests.weeks(session, contest):
        mine = tuple(attempt for attempt in own if attempt.week_id == stored.id)
        refusal = None
        try:
            check_may_start(start_facts(session, person_id, stored, now).entrant, contest.rules, stored.week, now)
        except Refused as refused:
            refusal = refused
        weeks.append(
            OwnWeek(
                week=stored.week,
                phase=stored.week.phase_at(now),
                attempts=mine,
                in_progress=next((attempt for attempt in mine if not attempt.is_over(now)), None),
                refusal=refusal,
                answers_visible=contest.rules.is_over(stored.week, now),
            )
        )
    return tuple(weeks)
