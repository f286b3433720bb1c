"""Collective awards of a contest: gathers what each agency's people did over all weeks, and hands it to the rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from quiz.models.attempts import DbAttempt
from quiz.models.people import DbMembership
from quiz.scoring.agency_ranking import BlockRanking, rank_agencies
from quiz.scoring.collective import AgencyFigures
from quiz.scoring.participation import Children, with_those_below
from quiz.services import Transaction, contests, results, turnout
from quiz.services.contests import StoredWeek, member_at
from quiz.services.results import Provisional


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


def of_week(session: Transaction, week: StoredWeek, ranking: Provisional, now: datetime) -> tuple[BlockRanking, ...]:
    """The agencies of every block, once the last week is marked; nothing before, and nothing where no rule asks.

    `ranking` is that of the week itself. People count for the agency they belonged to when the last week opened.
    """
    rules = week.contest.rules
    weeks = contests.weeks(session, week.contest)
    if rules.collective is None or week.id != weeks[-1].id or not all(one.marked_at for one in weeks):
        return ()
    rows = turnout.over_contest(session, weeks, now)
    deeds = {row.agency_id: _Deeds() for row in rows} | _deeds_of_agencies(session, weeks, ranking)
    if rules.participation.children is Children.SUM:
        deeds = with_those_below(deeds, {row.agency_id: row.parent_id for row in rows})
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


def _deeds_of_agencies(session: Transaction, weeks: Sequence[StoredWeek], ranking: Provisional) -> dict[int, _Deeds]:
    agency_of = _agencies_of_people(session, weeks[-1])
    deeds: dict[int, _Deeds] = defaultdict(_Deeds)
    for person, done in _deeds_of_people(session, weeks, ranking).items():
        if person in agency_of:
            deeds[agency_of[person]] += done
    return deeds


def _deeds_of_people(session: Transaction, weeks: Sequence[StoredWeek], ranking: Provisional) -> Mapping[int, _Deeds]:
    deeds: dict[int, _Deeds] = defaultdict(_Deeds)
    for week in weeks:
        for division in week.contest.rules.all_divisions:
            for result in results.counted_results(session, week, division.code):
                deeds[result.person] += _Deeds(score=result.score, full=result.full)
        seen = ranking if week is weeks[-1] else results.provisional(session, week)
        for winner in seen.winners:
            deeds[winner.ranked.standing.result.person] += _Deeds(prizes=Counter([winner.prize]))
    for person, attempts in session.execute(
        select(DbAttempt.person_id, func.count())
        .where(DbAttempt.week_id.in_([week.id for week in weeks]), DbAttempt.annulled_by.is_(None))
        .group_by(DbAttempt.person_id)
    ):
        deeds[person] += _Deeds(attempts=attempts)
    return deeds


def _agencies_of_people(session: Transaction, week: StoredWeek) -> dict[int, int]:
    rows = session.execute(select(DbMembership.person_id, DbMembership.agency_id).where(member_at(week.week.opens_at)))
    return {row.person_id: row.agency_id for row in rows}
