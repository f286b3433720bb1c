"""The provisional ranking of a marked week: the first places with their reasons, and who would win what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sqlalchemy import Row, func, select

from quiz.contest.schedule import STAFF_BARRED, Division
from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbBarred
from quiz.models.people import DbAgency, DbPerson, DbRoleGrant
from quiz.models.results import DbStanding
from quiz.permissions import BARRED_ROLES
from quiz.scoring.chains import without_prediction
from quiz.scoring.overall import overall
from quiz.scoring.prediction import Tally
from quiz.scoring.prizes import Award, Awards, OnePrize, Per, Round, Undecided, award_rounds
from quiz.scoring.ranking import Standing, rank, why_above
from quiz.scoring.tie_breaks import Result, RoundFacts, TieBreak, Zone
from quiz.services import Transaction, contests, marking
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.result_rows import as_result, standings_of_week

PROVISIONAL_SHOWN = 50


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
    """Prizes that the rules cannot decide between equals, and who they are."""

    prizes: tuple[str, ...]
    people: tuple[RankedPerson, ...]


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
class Provisional:
    """What a week would give, division by division, and a digest of all that was seen.

    `overall` is the ranking over the whole contest, which the last week brings where there are prizes for it.
    """

    divisions: tuple[DivisionRanking, ...]
    overall: tuple[DivisionRanking, ...]
    digest: str

    @property
    def winners(self) -> tuple[Winner, ...]:
        """The winners of the week, division after division."""
        return tuple(winner for one in self.divisions for winner in one.winners)


@dataclass(frozen=True, slots=True)
class _Line:
    """The standings of one round and division, and how they came about."""

    standings: Sequence[Standing]
    chain: tuple[TieBreak, ...]
    facts: RoundFacts


def provisional(session: Transaction, week: StoredWeek) -> Provisional:
    """The first places with the step that decided each, and who would win; raises Refused(not_marked).

    Where one person may win only once, the weeks marked so far are looked at together.
    """
    if week.marked_at is None or week.week.is_practice:
        raise Refused("not_marked", week=week.name)
    struck = barred_people(session, week.contest)
    each = [_division_rankings(session, week, division, struck) for division in week.contest.rules.all_divisions]
    of_week = tuple(one for one, _ in each)
    of_contest = tuple(one for _, one in each if one)
    seen = [
        [
            one.division.code,
            [(winner.prize, winner.ranked.standing.result.code) for winner in one.winners],
            [[tied.prizes, [person.standing.result.code for person in tied.people]] for tied in one.tied],
        ]
        for one in (*of_week, *of_contest)
    ]
    digest = hashlib.sha256(json.dumps([seen, sorted(struck)]).encode()).hexdigest()
    return Provisional(divisions=of_week, overall=of_contest, digest=digest)


def barred_people(session: Transaction, contest: StoredContest) -> dict[int, str]:
    """Everyone whom the rules keep out, by person, with the group's name; checked again before prizes."""
    listed = session.execute(
        select(DbBarred.person_id, DbBarred.group_code).where(DbBarred.contest_id == contest.id)
    ).all()
    staff = session.scalars(select(DbRoleGrant.person_id).where(DbRoleGrant.role.in_(BARRED_ROLES)))
    barred = dict.fromkeys(staff, STAFF_BARRED)
    return barred | {row.person_id: contest.rules.barred_name(row.group_code) for row in listed}


def standing_of(session: Transaction, week: StoredWeek, person_id: int) -> tuple[int, int] | None:
    """A person's own rank and the number of people ranked in the same division, or None."""
    own = session.execute(
        select(DbStanding.rank, DbStanding.division).where(
            DbStanding.week_id == week.id, DbStanding.person_id == person_id
        )
    ).first()
    if own is None:
        return None
    return own.rank, count_ranked(session, week, own.division)


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


def counted_results(session: Transaction, week: StoredWeek, division: str) -> tuple[Result, ...]:
    """The attempt that counts of everybody ranked in a marked week, as it was ranked."""
    return tuple(standing.result for standing in _standings(session, week, division, None))


def _division_rankings(
    session: Transaction, week: StoredWeek, division: Division, struck: Mapping[int, str]
) -> tuple[DivisionRanking, DivisionRanking | None]:
    """A division in this week and, after the last week, over the whole contest."""
    rules = week.contest.rules
    weekly, lasting = (tuple(prize for prize in division.prizes if prize.per is per) for per in (Per.WEEK, Per.CONTEST))
    weeks = [one for one in contests.weeks(session, week.contest) if one.marked_at]
    in_the_end = [_overall(session, weeks, division)] if lasting and len(weeks) == len(rules.weeks) else []
    together = weeks if rules.one_prize is not OnePrize.OFF else [week]
    enough = PROVISIONAL_SHOWN + len(struck) + sum(prize.count for prize in division.prizes) * len(together)
    lines = [_line(session, one, division, enough) for one in together]
    rounds = [Round(standings=line.standings, prizes=weekly, struck=struck) for line in lines]
    last = [Round(standings=line.standings, prizes=lasting, struck=struck) for line in in_the_end]
    if rules.one_prize is OnePrize.KEEP_BEST:
        awards = award_rounds([*rounds, *last], rules.one_prize, rules.prize_needs)
    else:
        awards = award_rounds(rounds, rules.one_prize, rules.prize_needs)
        awards += award_rounds(last, OnePrize.OFF, rules.prize_needs)
    place = [one.id for one in together].index(week.id)
    tally = marking.tallies_of(session, week).get(division.code)
    of_week = _ranking(session, division, rules.zone, lines[place], awards[place], struck, tally)
    if not in_the_end or week.id != weeks[-1].id:
        return of_week, None
    return of_week, _ranking(session, division, rules.zone, in_the_end[0], awards[-1], struck, None)


def _line(session: Transaction, week: StoredWeek, division: Division, enough: int) -> _Line:
    standings = _standings(session, week, division.code, enough)
    return _Line(standings, division.chain, marking.facts_of(session, week, division.code))


def _overall(session: Transaction, weeks: Sequence[StoredWeek], division: Division) -> _Line:
    """All weeks as one; lots are drawn by the seed of the last week, which nobody knew before."""
    chain, facts = without_prediction(division.chain), RoundFacts(lot_seed=weeks[-1].lot_seed)
    together = overall(counted_results(session, week, division.code) for week in weeks)
    return _Line(rank(together, chain, facts), chain, facts)


def _standings(session: Transaction, week: StoredWeek, division: str, enough: int | None) -> list[Standing]:
    """The first places as they were ranked, at least `enough` of them and no tie cut; None: all."""
    rules = week.contest.rules
    statement = standings_of_week(week.id, division)
    if enough is not None:
        parted = select(func.min(DbStanding.place)).where(
            DbStanding.week_id == week.id,
            DbStanding.division == division,
            DbStanding.place >= enough,
            DbStanding.decided_by != "",
        )
        last = session.scalar(parted)
        statement = statement.where(DbStanding.place <= last) if last else statement
    full = rules.paper_of(week.week, division).full
    return [_standing(row, full) for row in session.execute(statement)]


def _standing(row: Row[tuple[object, ...]], full: int) -> Standing:
    result = as_result(row, row.score or 0, full, is_valid=True)
    return Standing(
        row.place,
        row.rank,
        replace(result, attempts=row.attempts, full_marks=row.full_marks, prediction=row.prediction),
        row.decided_by,
    )


def _ranking(
    session: Transaction,
    division: Division,
    zone: Zone,
    line: _Line,
    awards: Awards,
    struck: Mapping[int, str],
    tally: Tally | None,
) -> DivisionRanking:
    shown = line.standings[:PROVISIONAL_SHOWN]
    named = [*shown, *(won.standing for won in awards.awards)]
    named += [standing for tied in awards.undecided for standing in tied.standings]
    people = _people(session, [standing.result.person for standing in named])
    below = {one.result.person: other for one, other in pairwise(line.standings)}

    def ranked(standing: Standing) -> RankedPerson:
        person = standing.result.person
        other = below.get(person)
        return RankedPerson(
            standing=standing,
            **people[person],
            why=why_above(standing, other, line.chain, line.facts, zone) if other else "",
            struck=struck.get(person),
        )

    return DivisionRanking(
        division=division,
        tally=tally,
        target=line.facts.target,
        top=tuple(map(ranked, shown)),
        winners=tuple(_winner(won, ranked(won.standing), line, zone) for won in awards.awards),
        tied=tuple(_tied(tied, tuple(map(ranked, tied.standings))) for tied in awards.undecided),
    )


def _people(session: Transaction, ids: Collection[int]) -> dict[int, dict[str, str]]:
    rows = session.execute(
        select(DbPerson.id, DbPerson.name, DbPerson.position, DbAgency.name.label("agency"))
        .join(DbAgency, DbAgency.id == DbPerson.agency_id)
        .where(DbPerson.id.in_(set(ids)))
    )
    return {row.id: {"name": row.name, "position": row.position, "agency": row.agency} for row in rows}


def _winner(won: Award, ranked: RankedPerson, line: _Line, zone: Zone) -> Winner:
    def why(told: Zone) -> str:
        if won.runner_up is None:
            return "không có ai xếp sau"
        return why_above(won.standing, won.runner_up, line.chain, line.facts, told)

    return Winner(prize=won.prize.name, amount=won.prize.amount, ranked=ranked, why=why(zone), why_in_public=why(None))


def _tied(undecided: Undecided, people: tuple[RankedPerson, ...]) -> Tied:
    return Tied(prizes=tuple(prize.name for prize in undecided.prizes), people=people)
