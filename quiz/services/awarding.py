"""Who would win what: the marked weeks of a contest looked at together, and the whole contest after its last week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from quiz.contest.schedule import Division
from quiz.scoring.chains import without_prediction
from quiz.scoring.overall import overall
from quiz.scoring.prizes import Awards, OnePrize, Per, Prize, Round, award, declines
from quiz.scoring.ranking import Standing, rank
from quiz.scoring.tie_breaks import RoundFacts, TieBreak
from quiz.services import Transaction, contests, marking
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.result_rows import place_after, standings
from quiz.services.struck import Struck

SHOWN = 50
NOTHING = Awards()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The first places of one division in a week or over the contest, how they came about, and what they win.

    `declined` says who takes no prize here for what they win elsewhere, and from which place in the list of prizes on.
    """

    standings: Sequence[Standing]
    chain: tuple[TieBreak, ...]
    facts: RoundFacts
    awards: Awards = NOTHING
    declined: Mapping[int, int] = field(default_factory=dict)


NOTHING_INSTEAD: Mapping[int, Line] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """One division: every marked week by its number, and the whole contest once all are marked and it has prizes."""

    weeks: Mapping[int, Line]
    overall: Line | None

    @property
    def prizes(self) -> Iterator[tuple[int, Prize]]:
        """Every prize won, with its winner."""
        given = [*self.weeks.values(), self.overall] if self.overall else self.weeks.values()
        return ((won.standing.result.person, won.prize) for line in given for won in line.awards.awards)


def lines(
    session: Transaction,
    contest: StoredContest,
    division: Division,
    struck: Struck,
    instead: Mapping[int, Line] = NOTHING_INSTEAD,
) -> Lines:
    """The lines of a division; one person's prizes are looked at over all the weeks marked so far.

    A week whose id is in `instead` is taken as ranked there, in memory, whatever is written down of it.
    """
    rules = contest.rules
    weeks = [one for one in contests.weeks(session, contest) if one.marked_at or one.id in instead]
    weekly, lasting = (tuple(prize for prize in division.prizes if prize.per is per) for per in (Per.WEEK, Per.CONTEST))
    enough = struck.most + sum(prize.count for prize in division.prizes) * (len(rules.weeks) + 1)
    found = [instead.get(week.id) or _line(session, week, division, enough) for week in weeks]
    rounds = [
        Round(standings=line.standings, prizes=weekly, struck=struck.in_week(week.week.number))
        for week, line in zip(weeks, found, strict=True)
    ]
    if lasting and len(weeks) == len(rules.weeks):
        found.append(_overall(session, weeks, division, instead))
        rounds.append(Round(standings=found[-1].standings, prizes=lasting, struck=struck.everywhere))
    if rules.one_prize is OnePrize.BAR_LATER_WEEKS:
        declined = declines(rounds[: len(weeks)], rules.one_prize, rules.prize_needs)
        declined += declines(rounds[len(weeks) :], OnePrize.OFF, rules.prize_needs)
    else:
        declined = declines(rounds, rules.one_prize, rules.prize_needs)
    given = [
        replace(line, awards=award(one, rules.prize_needs, passes), declined=passes)
        for line, one, passes in zip(found, rounds, declined, strict=True)
    ]
    numbers = (week.week.number for week in weeks)
    return Lines(weeks=dict(zip(numbers, given, strict=False)), overall=given[-1] if len(given) > len(weeks) else None)


def _line(session: Transaction, week: StoredWeek, division: Division, enough: int) -> Line:
    """As many places as the prizes can reach: those struck and those who win elsewhere are passed over."""
    until = place_after(session, week, division, enough, SHOWN)
    return Line(
        standings=standings(session, week, division, until),
        chain=division.chain,
        facts=marking.facts_of(session, week, division.code),
    )


def _overall(
    session: Transaction, weeks: Sequence[StoredWeek], division: Division, instead: Mapping[int, Line]
) -> Line:
    """All weeks as one; lots are drawn as in the last week, by what nobody knew before."""
    chain, facts = without_prediction(division.chain), RoundFacts(lot_seed=marking.lot_source(weeks[-1]))
    ranked = (
        instead[week.id].standings if week.id in instead else standings(session, week, division) for week in weeks
    )
    together = overall([one.result for one in each] for each in ranked)
    return Line(standings=rank(together, chain, facts), chain=chain, facts=facts)
