"""The provisional ranking of a marked week: the first places with their reasons, and who would win what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import func, select

from quiz.contest.schedule import Division
from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.people import DbAgency, DbMembership, DbPerson
from quiz.models.results import DbStanding
from quiz.scoring.prediction import Tally
from quiz.scoring.prizes import Award, Undecided
from quiz.scoring.ranking import Standing, why_above
from quiz.scoring.tie_breaks import Zone
from quiz.services import Transaction, awarding, marking, turnout
from quiz.services.awarding import SHOWN, Line, Lines
from quiz.services.contests import StoredWeek, member_at
from quiz.services.result_rows import standings
from quiz.services.struck import Struck, struck_people

NOBODY_BELOW = "không có ai xếp sau"


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPerson:
    """A standing with the person it belongs to and why it stands above the next, in words."""

    standing: Standing
    name: str
    position: str
    agency: str
    why: str
    struck: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Winner:
    """One of the prizes, with the reason for its place; in public without the times of day."""

    prize: str
    amount: int | None
    ranked: RankedPerson
    why: str
    why_in_public: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tied:
    """Prizes that the rules cannot decide between equals, how many those are, and the first of them.

    `lot_event` is the public event whose value will decide, '' where people must.
    """

    prizes: tuple[str, ...]
    count: int
    people: tuple[RankedPerson, ...]
    lot_event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionRanking:
    """The first places of one division, the winners they would give, and the prizes left undecided.

    `target` is the figure that was to be predicted; `tally` None is that of the whole contest.
    """

    division: Division
    tally: Tally | None
    target: int | None
    top: tuple[RankedPerson, ...]
    winners: tuple[Winner, ...]
    tied: tuple[Tied, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingPage:
    """So many places of a ranking, each with its reason; pages are numbered from 1 to the last."""

    number: int
    last: int
    people: tuple[RankedPerson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisional:
    """What a week would give, division by division.

    `overall` is the ranking over the whole contest, which the last week brings where there are prizes for it. `struck`
    are the people who may not win in the week, with the name of their group or why they were struck; `prizes_of` are
    the names of everything that each person wins in the weeks marked so far and over the contest.
    """

    divisions: tuple[DivisionRanking, ...]
    overall: tuple[DivisionRanking, ...]
    struck: Mapping[int, str]
    prizes_of: Mapping[int, Counter[str]]

    @property
    def winners(self) -> tuple[Winner, ...]:
        """The winners of the week, division after division."""
        return tuple(winner for one in self.divisions for winner in one.winners)


def provisional(session: Transaction, week: StoredWeek) -> Provisional:
    """The first places with the step that decided each, and who would win; raises Refused(not_marked)."""
    return provisional_weeks(session, [week])[0]


def provisional_weeks(session: Transaction, weeks: Sequence[StoredWeek]) -> tuple[Provisional, ...]:
    """The same of several weeks of one contest: what one of them gives takes looking at all, which is done once."""
    for week in weeks:
        if week.marked_at is None or week.week.is_practice:
            raise Refused("not_marked", week=week.name)
    if not weeks:
        return ()
    contest = weeks[0].contest
    passed = struck_people(session, contest)
    lines = {one: awarding.lines(session, contest, one, passed) for one in contest.rules.all_divisions}
    return tuple(_provisional(session, week, passed, lines) for week in weeks)


def _provisional(
    session: Transaction, week: StoredWeek, passed: Struck, lines: Mapping[Division, Lines]
) -> Provisional:
    number, here = week.week.number, passed.in_week(week.week.number)
    tallies = marking.tallies_of(session, week)
    of_week = [
        _ranking(session, week, one, found.weeks[number], here, tallies[one.code]) for one, found in lines.items()
    ]
    of_contest = [
        _ranking(session, week, one, found.overall, passed.everywhere)
        for one, found in lines.items()
        if found.overall and number == max(found.weeks)
    ]
    prizes_of: dict[int, Counter[str]] = {}
    for found in lines.values():
        for person, prize in found.prizes:
            prizes_of.setdefault(person, Counter())[prize.name] += 1
    return Provisional(divisions=tuple(of_week), overall=tuple(of_contest), struck=here, prizes_of=prizes_of)


def page_of(
    session: Transaction, week: StoredWeek, ranking: DivisionRanking, struck: Mapping[int, str], asked: int
) -> RankingPage:
    """One page of a division's ranking in a marked week; the nearest there is to the page asked for."""
    assert ranking.tally is not None
    last = max(1, -(-ranking.tally.people // SHOWN))
    number = min(max(1, asked), last)
    if number == 1:
        return RankingPage(number=1, last=last, people=ranking.top)
    division, first = ranking.division, SHOWN * (number - 1) + 1
    found = standings(session, week, division, first + SHOWN, first)
    line = Line(standings=found, chain=division.chain, facts=marking.facts_of(session, week, division.code))
    words = _words(session, week, line, struck, found[:SHOWN])
    return RankingPage(number=number, last=last, people=tuple(map(words.ranked, found[:SHOWN])))


def count_ranked(session: Transaction, week: StoredWeek, division: str) -> int:
    """How many people are ranked in a division of a marked week."""
    ranked = select(func.count()).where(DbStanding.week_id == week.id, DbStanding.division == division)
    return session.scalar(ranked) or 0


def score_bands(session: Transaction, week: StoredWeek, division: str) -> dict[int, int]:
    """How many people of a division reached each score, by the attempt that counts."""
    rows = session.execute(
        select(DbAttempt.score, func.count())
        .join(DbStanding, DbStanding.attempt_code == DbAttempt.code)
        .where(DbStanding.week_id == week.id, DbStanding.division == division)
        .group_by(DbAttempt.score)
    )
    return {score: count for score, count in rows if score is not None}


def count_attempts(session: Transaction, week: StoredWeek) -> int:
    """How many attempts (lượt) were started in the week, without those set aside."""
    started = select(func.count()).where(DbAttempt.week_id == week.id, DbAttempt.annulled_by.is_(None))
    return session.scalar(started) or 0


def _ranking(
    session: Transaction,
    week: StoredWeek,
    division: Division,
    line: Line,
    struck: Mapping[int, str],
    tally: Tally | None = None,
) -> DivisionRanking:
    shown, awards = line.standings[:SHOWN], line.awards
    named = [*shown, *(won.standing for won in awards.awards)]
    named += [standing for tied in awards.undecided for standing in tied.standings[:SHOWN]]
    words = _words(session, week, line, struck, named)
    return DivisionRanking(
        division=division,
        tally=tally,
        target=line.facts.target,
        top=tuple(map(words.ranked, shown)),
        winners=tuple(map(words.winner, awards.awards)),
        tied=tuple(map(words.tied, awards.undecided)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What puts one line into words: who the people are, and who stands next below each."""

    line: Line
    zone: Zone
    lot_event: str
    struck: Mapping[int, str]
    people: Mapping[int, Mapping[str, str]]
    below: Mapping[int, Standing]

    def ranked(self, standing: Standing) -> RankedPerson:
        person = standing.result.person
        why = self._why(standing, self.below.get(person), self.zone)
        return RankedPerson(standing=standing, **self.people[person], why=why, struck=self.struck.get(person))

    def winner(self, won: Award) -> Winner:
        other = won.runner_up or self.below.get(won.standing.result.person)
        return Winner(
            prize=won.prize.name,
            amount=won.prize.amount,
            ranked=self.ranked(won.standing),
            why=self._why(won.standing, other, self.zone) or NOBODY_BELOW,
            why_in_public=self._why(won.standing, other, None) or NOBODY_BELOW,
        )

    def tied(self, undecided: Undecided) -> Tied:
        return Tied(
            prizes=undecided.words,
            count=len(undecided.standings),
            people=tuple(map(self.ranked, undecided.standings[:SHOWN])),
            lot_event=self.lot_event,
        )

    def _why(self, one: Standing, other: Standing | None, told: Zone) -> str:
        return why_above(one, other, self.line.chain, self.line.facts, told) if other else ""


def _words(
    session: Transaction, week: StoredWeek, line: Line, struck: Mapping[int, str], named: Iterable[Standing]
) -> _Words:
    waits_for_lot = line.chain[-1].is_lot and not line.facts.lot_seed
    return _Words(
        line=line,
        zone=week.contest.rules.zone,
        lot_event=(week.contest.rules.lot_event or "") if waits_for_lot else "",
        struck=struck,
        people=people_by_id(session, week, {standing.result.person for standing in named}),
        below={one.result.person: other for one, other in pairwise(line.standings)},
    )


def people_by_id(session: Transaction, week: StoredWeek, ids: Collection[int]) -> dict[int, dict[str, str]]:
    """By person; the agency is the one for which they count in the week, for late-comers the one they have now."""
    decided_at = turnout.belongs_at(week, week.week.closes_at)
    members = select(DbMembership.person_id, DbMembership.agency_id).where(member_at(decided_at)).subquery()
    rows = session.execute(
        select(DbPerson.id, DbPerson.name, DbPerson.position, DbAgency.name.label("agency"))
        .join(members, members.c.person_id == DbPerson.id, isouter=True)
        .join(DbAgency, DbAgency.id == func.coalesce(members.c.agency_id, DbPerson.agency_id))
        .where(DbPerson.id.in_(ids))
    )
    return {row.id: {"name": row.name, "position": row.position, "agency": row.agency} for row in rows}
