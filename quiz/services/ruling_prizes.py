"""Who would be given what before a ruling and after it: people in every week and over the contest, and agencies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from quiz.scoring.agency_ranking import BlockRanking
from quiz.services import Transaction, awarding, collective
from quiz.services.awarding import Line
from quiz.services.contests import StoredWeek
from quiz.services.marking import Ranked
from quiz.services.results import people_by_id
from quiz.services.struck import struck_people


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody who would be given a prize; an agency has no `agency`."""

    name: str
    agency: str
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrizeBefore:
    """Who is given one kind of prize without the ruling and with it, and how many the rules do not part for it.

    `week` is None for the prizes of the whole contest, and `division` '' where there is only one; collective awards are
    of the whole contest, and `division` is their block.
    """

    week: int | None
    division: str
    prize: str
    before: tuple[Named, ...]
    after: tuple[Named, ...]
    tied_before: int
    tied_after: int
    changes: bool
    is_collective: bool = False


@dataclass(frozen=True, slots=True)
class _Given:
    """One kind of prize: who has it, by person and rank, and between whom it is undecided."""

    won: tuple[tuple[int, int], ...]
    tied: tuple[int, ...]

    @property
    def people(self) -> tuple[set[int], set[int]]:
        return {person for person, _ in self.won}, set(self.tied)


Prizes = dict[tuple[int | None, str, str], _Given]
Collective = tuple[BlockRanking, ...]


@dataclass(frozen=True, slots=True)
class _All:
    """Every prize of the contest, and the agencies in their blocks."""

    people: Prizes
    agencies: Collective


def compared(
    session: Transaction, week: StoredWeek, before: Mapping[str, Ranked], after: Mapping[str, Ranked], now: datetime
) -> tuple[PrizeBefore, ...]:
    """Each prize with who has it, the week being ranked in one way and in the other.

    All prizes of this week; of other weeks, of the contest and of agencies those that change.
    """
    first, then = (_prizes(session, week, ranked, now) for ranked in (before, after))
    return (
        *_of_people(session, week, first.people, then.people),
        *_of_agencies(first.agencies, then.agencies),
    )


def _prizes(session: Transaction, week: StoredWeek, ranked: Mapping[str, Ranked], now: datetime) -> _All:
    """Every prize of the contest as it would be given, this week being ranked so."""
    passed, found, prizes_of = struck_people(session, week.contest), Prizes(), defaultdict[int, Counter[str]](Counter)
    for division in week.contest.rules.all_divisions:
        one = ranked[division.code]
        line = Line(standings=one.standings, chain=division.chain, facts=one.facts)
        lines = awarding.lines(session, week.contest, division, passed, {week.id: line})
        of_rounds: dict[int | None, Line] = {**lines.weeks} | ({None: lines.overall} if lines.overall else {})
        for number, given in of_rounds.items():
            for prize in division.prizes:
                found[number, division.code, prize.name] = _given(given, prize.name)
        for person, prize in lines.prizes:
            prizes_of[person][prize.name] += 1
    ranked_so = {week.id: {code: one.standings for code, one in ranked.items()}}
    return _All(found, collective.of_contest(session, week.contest, prizes_of, now, ranked_so))


def _given(line: Line, prize: str) -> _Given:
    return _Given(
        won=tuple(
            (won.standing.result.person, won.standing.rank) for won in line.awards.awards if won.prize.name == prize
        ),
        tied=tuple(
            standing.result.person
            for tie in line.awards.undecided
            if prize in {one.name for one in tie.prizes}
            for standing in tie.standings
        ),
    )


def _of_people(session: Transaction, week: StoredWeek, before: Prizes, after: Prizes) -> Iterator[PrizeBefore]:
    won = {person for side in (before, after) for given in side.values() for person, _ in given.won}
    people = people_by_id(session, week, won)
    divisions = {one.code: one.name for one in week.contest.rules.all_divisions}

    def named(given: _Given) -> tuple[Named, ...]:
        found = ((people[person], rank) for person, rank in given.won)
        return tuple(Named(name=one["name"], agency=one["agency"], rank=rank) for one, rank in found)

    for key, then in after.items():
        number, division, prize = key
        first, changes = before[key], before[key].people != then.people
        is_given = any((first.won, first.tied, then.won, then.tied))
        if is_given and (changes or number == week.week.number):
            yield PrizeBefore(
                week=number,
                division=divisions[division],
                prize=prize,
                before=named(first),
                after=named(then),
                tied_before=len(first.tied),
                tied_after=len(then.tied),
                changes=changes,
            )


def _of_agencies(before: Collective, after: Collective) -> Iterator[PrizeBefore]:
    """The collective awards that change; nothing before all weeks are marked, nor where no rule asks."""
    for first, then in zip(before, after, strict=True):
        for prize in then.block.prizes:
            had, has = _named(first, prize.name), _named(then, prize.name)
            tied_before, tied_after = _tied(first, prize.name), _tied(then, prize.name)
            gone_or_come = {one.name for one in had} != {one.name for one in has} or tied_before != tied_after
            if gone_or_come:
                yield PrizeBefore(
                    week=None,
                    division=then.block.name,
                    prize=prize.name,
                    before=had,
                    after=has,
                    tied_before=len(tied_before),
                    tied_after=len(tied_after),
                    changes=True,
                    is_collective=True,
                )


def _named(block: BlockRanking, prize: str) -> tuple[Named, ...]:
    won = (place for place in block.places if place.prize and place.prize.name == prize)
    return tuple(Named(name=place.agency.name, agency="", rank=place.rank) for place in won)


def _tied(block: BlockRanking, prize: str) -> set[str]:
    return {
        agency.code for tie in block.undecided if prize in {one.name for one in tie.prizes} for agency in tie.agencies
    }
