"""A participant's rounds at a glance: what is open, what was sat, what is left, what can be read again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Row, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from quiz.contest.attempt_rules import AttemptRules, Entrant, check_may_start
from quiz.contest.schedule import Phase, Week
from quiz.errors import Refused
from quiz.models.contests import DbWeek
from quiz.models.results import DbPublication, DbStanding
from quiz.questions.paper import PaperRules
from quiz.scoring.marking import mark
from quiz.scoring.rulings import NO_RULINGS
from quiz.services import Transaction, attempts
from quiz.services.attempts import Attempt
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.entrants import StartFacts, rounds_of
from quiz.services.rulings_in_force import BankRulings, of_weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How many more attempts somebody may start; None where the rules set no limit."""

    week: int | None
    today: int | None
    contest: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one person made of a week that is over, by the attempt that counts, or the last one until it is known.

    `rank` and `people`, those ranked in the same division, are None until results are published, and for whoever the
    rules do not rank: then `is_ranked` is False as soon as that is known.
    """

    code: str
    right: int
    questions: int
    points: int
    full: int
    time_taken: timedelta
    is_ranked: bool
    rank: int | None
    people: int | None


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
    outcome: Outcome | None
    next_opening: datetime | None
    shuts_at: datetime
    closes_at: datetime

    @property
    def as_for_others(self) -> tuple[object, ...] | None:
        """What tells this round from others to whom it looks the same; None where something in it is one's own."""
        if self.attempts or (self.phase is Phase.OPEN and self.refusal):
            return None
        moments = (self.next_opening, self.shuts_at, self.closes_at)
        return (self.week.number, self.phase, self.paper, self.left, *moments)

    @property
    def is_counted_down(self) -> bool:
        """Whether it helps to say how many attempts are left: not where there is one, or no limit."""
        limits = (self.left.week, self.left.today, self.left.contest)
        return self.rules.per_week != 1 and any(limit is not None for limit in limits)


def weeks_of(session: Transaction, person_id: int, contest: StoredContest, now: datetime) -> tuple[OwnWeek, ...]:
    """Every round of the contest for one person: what is under way first, a practice round that is over last."""
    rounds = rounds_of(session, person_id, contest, now)
    sat = [week for week, facts in rounds if facts.last_number]
    told = [week.id for week in sat if _is_told(week, now)]
    own = attempts.of_person(session, person_id) if sat else ()
    standings = _standings(session, person_id) if told else {}
    rulings = of_weeks(session, told) if told else {}
    weeks = [
        _own_week(session, one, facts, own, standings.get(one.id), rulings.get(one.id, {}), now)
        for one, facts in rounds
    ]
    return tuple(sorted(weeks, key=_urgency))


def _urgency(own: OwnWeek) -> int:
    if own.phase in (Phase.OPEN, Phase.PAUSED):
        return 0
    return 2 if own.week.is_practice and own.phase is Phase.CLOSED else 1


def outcomes(weeks: Iterable[OwnWeek]) -> tuple[tuple[str, Outcome], ...]:
    """How somebody has done over the weeks that are over and that they sat, in order, each with the week's name."""
    in_order = sorted(weeks, key=lambda own: own.week.number)
    return tuple((own.name, own.outcome) for own in in_order if own.outcome)


def _own_week(
    session: Transaction,
    stored: StoredWeek,
    facts: StartFacts,
    own: tuple[Attempt, ...],
    standing: Row[Any] | None,
    rulings: BankRulings,
    now: datetime,
) -> OwnWeek:
    rules, week = stored.contest.rules, stored.week
    limits = rules.attempts_of(week)
    mine = tuple(attempt for attempt in own if attempt.week_id == stored.id)
    division = rules.division(facts.division)
    is_told = _is_told(stored, now)
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
        answers_visible=is_told,
        outcome=_outcome(session, stored, mine, standing, rulings) if is_told else None,
        next_opening=week.next_opening(now),
        shuts_at=week.shuts_at(now),
        closes_at=week.open_spans[-1].end,
    )


def _is_told(stored: StoredWeek, now: datetime) -> bool:
    return stored.contest.rules.is_over(stored.week, now) and not stored.keys_sealed


def _standings(session: Transaction, person_id: int) -> dict[int, Row[Any]]:
    """A person's place in every marked week, how many are ranked with them, and whether that is published.

    A week marked anew after its publication has places that nobody is told before the correction is published.
    """
    return {row.week_id: row for row in session.execute(_STANDINGS, {"person": person_id})}


_OTHERS = aliased(DbStanding)
_ALONGSIDE = (
    select(func.count())
    .where(_OTHERS.week_id == DbStanding.week_id, _OTHERS.division == DbStanding.division)
    .correlate(DbStanding)
)
_STANDINGS = (
    select(
        DbStanding.week_id,
        DbStanding.rank,
        DbStanding.attempt_code,
        _ALONGSIDE.scalar_subquery().label("people"),
        exists()
        .where(DbPublication.week_id == DbStanding.week_id, DbPublication.published_at >= DbWeek.marked_at)
        .label("is_published"),
    )
    .join(DbWeek, DbWeek.id == DbStanding.week_id)
    .where(DbStanding.person_id == bindparam("person", type_=Integer))
)


def _outcome(
    session: Transaction,
    week: StoredWeek,
    mine: tuple[Attempt, ...],
    standing: Row[Any] | None,
    rulings: BankRulings,
) -> Outcome | None:
    valid = [one for one in mine if not one.is_annulled]
    if week.week.is_practice or not valid:
        return None
    counts = next((one for one in valid if standing and one.code == standing.attempt_code), valid[-1])
    paper = attempts.paper_with_keys(session, counts, week)
    bank = week.contest.rules.paper_of(week.week, counts.division).bank
    marked = mark(paper, counts.answers, rulings.get(bank, NO_RULINGS))
    told = standing if standing and standing.is_published else None
    return Outcome(
        code=counts.code,
        right=sum(marked.right),
        questions=counts.questions,
        points=marked.score,
        full=paper.full,
        time_taken=counts.time_taken,
        is_ranked=standing is not None or week.marked_at is None,
        rank=told.rank if told else None,
        people=told.people if told else None,
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
