"""What participants are told of their own place: why the next ones stand above and below, and not who they are."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from quiz.models.results import DbStanding
from quiz.scoring.ranking import Standing, gap_above
from quiz.services import Transaction, marking
from quiz.services.contests import StoredWeek
from quiz.services.result_rows import standings

SELF, NEIGHBOUR = "ông/bà", "người ấy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Somebody next to a place, by rank alone, and which step parts the two by how much."""

    rank: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlace:
    """A rank among the people of the same division, and those right above and below it, if any."""

    rank: int
    people: int
    above: Neighbour | None
    below: Neighbour | None


def own_place(session: Transaction, week: StoredWeek, person_id: int) -> OwnPlace | None:
    """Where a person stands in a marked week, as it was ranked; None for whoever is not ranked."""
    own = session.execute(
        select(DbStanding.place, DbStanding.division).where(
            DbStanding.week_id == week.id, DbStanding.person_id == person_id
        )
    ).first()
    if own is None:
        return None
    division = week.contest.rules.division(own.division)
    tallies = marking.tallies_of(session, week)
    facts = marking.facts_by(week, own.division, tallies)

    def parted(upper: Standing, lower: Standing, whom: str) -> str:
        return gap_above(upper, lower, division.chain, facts, whom)

    around = {one.place: one for one in standings(session, week, division, own.place + 1, own.place - 1)}
    me, above, below = (around.get(own.place + step) for step in (0, -1, 1))
    assert me is not None
    return OwnPlace(
        rank=me.rank,
        people=tallies[own.division].people,
        above=Neighbour(rank=above.rank, why=parted(above, me, SELF)) if above else None,
        below=Neighbour(rank=below.rank, why=parted(me, below, NEIGHBOUR)) if below else None,
    )
