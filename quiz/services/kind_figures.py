"""A week by kind of agency: who took part, who is ranked, how many attempts there were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from quiz.models.attempts import DbAttempt
from quiz.models.people import DbAgency, DbMembership, DbPerson
from quiz.models.results import DbStanding
from quiz.services import Transaction, turnout
from quiz.services.contests import StoredWeek, member_at
from quiz.services.published import PublishedKind
from quiz.services.turnout import AgencyTurnout


@dataclass(frozen=True, slots=True)
class Kinds:
    """How many people are ranked, and attempts begun, by kind of agency."""

    ranked: Mapping[str, int]
    started: Mapping[str, int]


def count_kinds(session: Transaction, week: StoredWeek) -> Kinds:
    """Those ranked and their attempts add up to what the divisions count."""
    attempts = select(DbAttempt.person_id).where(DbAttempt.week_id == week.id, DbAttempt.annulled_by.is_(None))
    ranked = select(DbStanding.person_id).where(DbStanding.week_id == week.id)
    return Kinds(ranked=_count(session, week, ranked), started=_count(session, week, attempts))


def by_kind(
    week: StoredWeek, counted: Kinds, of_week: Sequence[AgencyTurnout], of_contest: Sequence[AgencyTurnout]
) -> tuple[PublishedKind, ...]:
    """The kinds that have agencies, people or attempts, in the order of the rules.

    Participation counts everybody in the own agency, so that its sum is the total of the week.
    """
    return tuple(
        PublishedKind(
            kind=kind,
            words=words,
            agencies=sum(row.kind is kind for row in of_week),
            week=turnout.total([row for row in of_week if row.kind is kind]),
            contest=turnout.total([row for row in of_contest if row.kind is kind]),
            ranked=counted.ranked.get(kind, 0),
            attempts=counted.started.get(kind, 0),
        )
        for kind, words in week.contest.rules.participation.kinds.items()
        if kind in counted.started or any(row.kind is kind for row in of_week)
    )


def _count(session: Transaction, week: StoredWeek, whose: Select[Any]) -> dict[str, int]:
    """How many of these rows are of people of each kind; late-comers count where they are now."""
    rows, at = whose.subquery(), turnout.belongs_at(week, week.week.closes_at)
    members = select(DbMembership.person_id, DbMembership.agency_id).where(member_at(at)).subquery()
    counts = session.execute(
        select(DbAgency.kind, func.count().label("number"))
        .select_from(rows)
        .join(DbPerson, DbPerson.id == rows.c.person_id)
        .join(members, members.c.person_id == DbPerson.id, isouter=True)
        .join(DbAgency, DbAgency.id == func.coalesce(members.c.agency_id, DbPerson.agency_id))
        .group_by(DbAgency.kind)
    )
    return {row.kind: row.number for row in counts}
