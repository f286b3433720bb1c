"""Collective awards of a contest: gathers what each agency's people did over all weeks, and hands it to the rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Subquery, func, select

from quiz.models.attempts import DbAttempt
from quiz.models.people import DbAgency, DbMembership
from quiz.models.results import DbStanding
from quiz.scoring.agency_ranking import BlockRanking, rank_agencies
from quiz.scoring.collective import AgencyFigures
from quiz.scoring.participation import Children, with_those_below
from quiz.scoring.ranking import Standing
from quiz.services import Transaction, contests, turnout
from quiz.services.contests import StoredContest, StoredWeek, member_at

Instead = Mapping[int, Mapping[str, Sequence[Standing]]]
"""Standings by the id of a week and the code of a division."""
NOTHING_INSTEAD: Instead = {}


@dataclass(frozen=True, slots=True)
class _Deeds:
    """What the people of one agency did over the contest."""

    score: int = 0
    full: int = 0
    attempts: int = 0
    prizes: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: _Deeds) -> _Deeds:
        return _Deeds(
            self.score + other.score,
            self.full + other.full,
            self.attempts + other.attempts,
            self.prizes + other.prizes,
        )


def of_week(
    session: Transaction, week: StoredWeek, prizes_of: Mapping[int, Counter[str]], now: datetime
) -> tuple[BlockRanking, ...]:
    """The agencies as `of_contest` ranks them, with the last week of the contest; nothing with any other."""
    is_last = week.week.number == week.contest.rules.weeks[-1].number
    return of_contest(session, week.contest, prizes_of, now) if is_last else ()


def of_contest(
    session: Transaction,
    contest: StoredContest,
    prizes_of: Mapping[int, Counter[str]],
    now: datetime,
    instead: Instead = NOTHING_INSTEAD,
) -> tuple[BlockRanking, ...]:
    """The agencies of every block, once every week is marked; nothing before, and nothing where no rule asks.

    `prizes_of` holds every individual prize by person. As for participation, people count for the agency to which they
    belonged when the last week opened, or closed where people enter by themselves. A week whose id is in `instead` is
    taken as ranked there, in memory, division by division.
    """
    rules, weeks = contest.rules, contests.weeks(session, contest)
    if rules.collective is None or not all(one.marked_at or one.id in instead for one in weeks):
        return ()
    rows = turnout.over_contest(session, weeks, now)
    deeds: dict[int, _Deeds] = defaultdict(_Deeds, {row.agency_id: _Deeds() for row in rows})
    for agency_id, done in _deeds(session, weeks, prizes_of, now, instead):
        deeds[agency_id] += done
    if rules.participation.children is Children.SUM:
        parents = {row.id: row.parent_id for row in session.execute(select(DbAgency.id, DbAgency.parent_id))}
        deeds |= with_those_below(deeds, parents)
    figures = [
        AgencyFigures(
            code=row.code,
            name=row.name,
            kind=row.kind,
            turnout=row.turnout,
            groups=row.groups,
            score=deeds[row.agency_id].score,
            full=deeds[row.agency_id].full,
            prizes=deeds[row.agency_id].prizes,
            attempts=deeds[row.agency_id].attempts,
        )
        for row in rows
    ]
    return rank_agencies(rules.collective, figures)


def _deeds(
    session: Transaction,
    weeks: Sequence[StoredWeek],
    prizes_of: Mapping[int, Counter[str]],
    now: datetime,
    instead: Instead,
) -> Iterator[tuple[int, _Deeds]]:
    """What was done, piece by piece, and by people of which agency."""
    decided_at = turnout.belongs_at(weeks[-1], now)
    members = select(DbMembership.person_id, DbMembership.agency_id).where(member_at(decided_at)).subquery()
    yield from _scores(session, [week for week in weeks if week.id not in instead], members)
    if instead:
        agency_of = {row.person_id: row.agency_id for row in session.execute(select(members))}
        for week in weeks:
            yield from _scores_in_memory(week, instead.get(week.id, {}), agency_of)
    attempts = (
        select(members.c.agency_id, func.count().label("attempts"))
        .join(DbAttempt, DbAttempt.person_id == members.c.person_id)
        .where(DbAttempt.week_id.in_([week.id for week in weeks]), DbAttempt.annulled_by.is_(None))
        .group_by(members.c.agency_id)
    )
    for row in session.execute(attempts):
        yield row.agency_id, _Deeds(attempts=row.attempts)
    for row in session.execute(select(members).where(members.c.person_id.in_(prizes_of))):
        yield row.agency_id, _Deeds(prizes=prizes_of[row.person_id])


def _scores(session: Transaction, weeks: Sequence[StoredWeek], members: Subquery) -> Iterator[tuple[int, _Deeds]]:
    """The points of the attempts that count, as they are written down."""
    week_of = {week.id: week for week in weeks}
    scores = (
        select(
            members.c.agency_id,
            *(DbStanding.week_id, DbStanding.division),
            *(func.sum(DbAttempt.score).label("score"), func.count().label("people")),
        )
        .join(DbStanding, DbStanding.person_id == members.c.person_id)
        .join(DbAttempt, DbAttempt.code == DbStanding.attempt_code)
        .where(DbStanding.week_id.in_(list(week_of)))
        .group_by(members.c.agency_id, DbStanding.week_id, DbStanding.division)
    )
    for row in session.execute(scores):
        full = _full(week_of[row.week_id], row.division)
        yield row.agency_id, _Deeds(score=row.score, full=row.people * full)


def _scores_in_memory(
    week: StoredWeek, ranked: Mapping[str, Sequence[Standing]], agency_of: Mapping[int, int]
) -> Iterator[tuple[int, _Deeds]]:
    for division, standings in ranked.items():
        for result in (one.result for one in standings if one.result.person in agency_of):
            yield agency_of[result.person], _Deeds(score=result.score, full=_full(week, division))


def _full(week: StoredWeek, division: str) -> int:
    return week.contest.rules.paper_of(week.week, division).full
