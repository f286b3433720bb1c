"""A participant's rounds at a glance: what is open, what was sat, what is left, what can be read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quiz.contest.attempt_rules import AttemptRules, Entrant, check_may_start
from quiz.contest.schedule import Phase, Week
from quiz.errors import Refused
from quiz.questions.paper import PaperRules
from quiz.services import Transaction, attempts, contests
from quiz.services.attempts import Attempt
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.entrants import StartFacts, start_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How many more attempts somebody may start; None where the rules set no limit."""

    week: int | None
    today: int | None
    contest: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWeek:
    """One round as one participant sees it. `refusal` says why nothing can be started, None where it can.

    `division` is the name of their division, '' where there is only one; `paper` what their papers look like.
    `next_opening` and `shuts_at` know of pauses, `closes_at` is the end for good.
    """

    name: str
    week: Week
    phase: Phase
    division: str
    paper: PaperRules
    rules: AttemptRules
    left: Left
    attempts: tuple[Attempt, ...]
    in_progress: Attempt | None
    refusal: Refused | None
    answers_visible: bool
    next_opening: datetime | None
    shuts_at: datetime
    closes_at: datetime

    @property
    def is_counted_down(self) -> bool:
        """Whether it helps to say how many attempts are left: not where there is one, or no limit."""
        limits = (self.left.week, self.left.today, self.left.contest)
        return self.rules.per_week != 1 and any(limit is not None for limit in limits)


def weeks_of(session: Transaction, person_id: int, contest: StoredContest, now: datetime) -> tuple[OwnWeek, ...]:
    """Every round of the contest for one person, in order, a practice round that is over last."""
    own = attempts.of_person(session, person_id)
    weeks = [_own_week(session, person_id, one, own, now) for one in contests.rounds(session, contest)]
    return tuple(sorted(weeks, key=lambda one: one.week.is_practice and one.phase is Phase.CLOSED))


def _own_week(
    session: Transaction, person_id: int, stored: StoredWeek, own: tuple[Attempt, ...], now: datetime
) -> OwnWeek:
    rules, week = stored.contest.rules, stored.week
    facts = start_facts(session, person_id, stored, now)
    limits = rules.attempts_of(week)
    mine = tuple(attempt for attempt in own if attempt.week_id == stored.id)
    division = rules.division(facts.division)
    return OwnWeek(
        name=stored.name,
        week=week,
        phase=week.phase_at(now),
        division=division.name if len(rules.divisions) > 1 else "",
        paper=rules.paper_of(week, division.code),
        rules=limits,
        left=_left(limits, facts.entrant),
        attempts=mine,
        in_progress=next((attempt for attempt in mine if not attempt.is_over(now)), None),
        refusal=_refusal(stored, facts, now),
        answers_visible=rules.is_over(week, now),
        next_opening=week.next_opening(now),
        shuts_at=week.shuts_at(now),
        closes_at=week.open_spans[-1].end,
    )


def _refusal(stored: StoredWeek, facts: StartFacts, now: datetime) -> Refused | None:
    try:
        check_may_start(facts.entrant, stored.contest.rules, stored.week, now)
    except Refused as refused:
        return refused
    return None


def _left(limits: AttemptRules, entrant: Entrant) -> Left:
    def rest(limit: int | None, taken: int) -> int | None:
        return None if limit is None else max(0, limit - taken)

    return Left(
        week=rest(limits.per_week, entrant.attempts_this_week),
        today=rest(limits.per_day, entrant.attempts_today),
        contest=rest(limits.per_contest, entrant.attempts_this_contest),
    )
