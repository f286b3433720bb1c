"""What a ruling would change: the week marked, ranked and awarded in memory without it and with it.

It takes long with many attempts, so the scheduler computes it and keeps it with the digest of all that it came from; as
soon as anything of that changes it is computed again. Marking and awarding are those that really mark and award.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select, update

from quiz.models.rulings import DbRuling
from quiz.scoring.tie_breaks import Result
from quiz.services import Transaction, attempts, awarding, contests, decisions, long_work, marking, reading, transaction
from quiz.services.awarding import Line
from quiz.services.contests import StoredWeek
from quiz.services.documents import NobodyWaitsError
from quiz.services.marking import Progress, Ranked, no_progress
from quiz.services.results import people_by_id
from quiz.services.rulings_in_force import as_rulings, rows_in_force
from quiz.services.struck import struck_people

Clock = Callable[[], datetime]
_WANTED = (DbRuling.approved_at.is_(None), DbRuling.withdrawn_at.is_(None), DbRuling.stopped_at.is_(None))
Results = Mapping[str, Sequence[Result]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody who would be given a prize."""

    name: str
    agency: str
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrizeBefore:
    """Who is given one kind of prize without the ruling and with it, and how many the rules do not part for it.

    `week` is None for the prizes of the whole contest, and `division` '' where there is only one.
    """

    week: int | None
    division: str
    prize: str
    before: tuple[Named, ...]
    after: tuple[Named, ...]
    tied_before: int
    tied_after: int
    changes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What approving would change: attempts in which the question was dealt, and how many count as right; scores that
    rise and fall; attempts that become valid or cease to be; people ranked, with full marks, and whose rank changes.

    `prizes` are all of this week, and those of other weeks and the contest that change.
    """

    dealt: int
    right_before: int
    right_after: int
    risen: int
    fallen: int
    validity: int
    people_before: int
    people_after: int
    full_before: int
    full_after: int
    moved: int
    prizes: tuple[PrizeBefore, ...]

    @property
    def prizes_change(self) -> bool:
        """Whether anybody is given another prize."""
        return any(one.changes for one in self.prizes)


@dataclass(frozen=True, slots=True)
class _Given:
    """One kind of prize: who has it, by person and rank, and between whom it is undecided."""

    won: tuple[tuple[int, int], ...]
    tied: tuple[int, ...]

    @property
    def people(self) -> tuple[set[int], set[int]]:
        return {person for person, _ in self.won}, set(self.tied)


Prizes = dict[tuple[int | None, str, str], _Given]


def compute(session: Transaction, row: DbRuling, progress: Progress = no_progress) -> Preview:
    """What approving this proposal would change as things stand."""
    week, rows = contests.get_week_by_id(session, row.week_id), rows_in_force(session, row.week_id)
    versions = [as_rulings(rows), as_rulings([*rows, row])]
    before, after = marking.mark_attempts(session, week, versions, progress)
    ranked_before, ranked_after = (marking.rank_week(week, one.results) for one in (before, after))
    scores_before, scores_after = _scores(before.results), _scores(after.results)
    ranks_before, ranks_after = _ranks(ranked_before), _ranks(ranked_after)
    gained = [scores_after[code][0] - score for code, (score, _) in scores_before.items()]
    name = (row.bank, row.question_id)
    return Preview(
        dealt=after.dealt[name],
        right_before=before.right[name],
        right_after=after.right[name],
        risen=sum(gain > 0 for gain in gained),
        fallen=sum(gain < 0 for gain in gained),
        validity=sum(scores_after[code][1] != is_valid for code, (_, is_valid) in scores_before.items()),
        people_before=len(ranks_before),
        people_after=len(ranks_after),
        full_before=sum(one.tally.people_all_right for one in ranked_before.values()),
        full_after=sum(one.tally.people_all_right for one in ranked_after.values()),
        moved=sum(ranks_before.get(one) != ranks_after.get(one) for one in ranks_before.keys() | ranks_after.keys()),
        prizes=tuple(_compared(session, week, _prizes(session, week, ranked_before), ranked_after)),
    )


def state_of(session: Transaction, week: StoredWeek) -> str:
    """The digest of everything that a preview is computed from."""
    passed = struck_people(session, week.contest)
    others = [(one.id, one.marked_at) for one in contests.weeks(session, week.contest) if one.id != week.id]
    return decisions.digest_of(
        marking.state_of(session, week),
        sorted(passed.everywhere),
        sorted((number, sorted(people)) for number, people in passed.in_weeks.items()),
        others,
    )


def read(row: DbRuling) -> Preview:
    """The preview that was computed for a proposal."""
    body = json.loads(row.preview)
    prizes = (
        PrizeBefore(**one | {side: tuple(Named(**named) for named in one[side]) for side in ("before", "after")})
        for one in body["prizes"]
    )
    return Preview(**body | {"prizes": tuple(prizes)})


def compute_waiting(now: Clock) -> int:
    """Compute what every proposal would change where that is not known, or no longer as it was; how many."""
    with transaction() as session:
        attempts.close_overdue(session, now())
    found = reading().scalars(select(DbRuling.id).where(*_WANTED).order_by(DbRuling.id)).all()
    return sum(_compute_one(ruling_id, now) for ruling_id in found)


def _compute_one(ruling_id: int, now: Clock) -> bool:
    """Whether a preview was kept; where something changed meanwhile, the next turn computes it again, if wanted."""
    session = reading()
    session.rollback()
    row = session.get_one(DbRuling, ruling_id, populate_existing=True)
    week = contests.get_week_by_id(session, row.week_id)
    state = state_of(session, week)
    if row.computed_from == state or not week.contest.rules.is_over(week.week, now()):
        return False
    try:
        found = compute(session, row, long_work.teller(DbRuling, DbRuling.id == ruling_id, *_WANTED))
    except NobodyWaitsError:
        return False
    finally:
        session.rollback()
    with transaction() as writing:
        if state_of(writing, contests.get_week_by_id(writing, week.id)) != state:
            return False
        kept = {"preview": json.dumps(asdict(found), ensure_ascii=False), "computed_from": state}
        writing.execute(update(DbRuling).where(DbRuling.id == ruling_id, *_WANTED).values(**kept))
    return True


def _scores(results: Results) -> dict[str, tuple[int, bool]]:
    return {one.code: (one.score, one.is_valid) for division in results.values() for one in division}


def _ranks(ranked: Mapping[str, Ranked]) -> dict[int, int]:
    return {standing.result.person: standing.rank for one in ranked.values() for standing in one.standings}


def _prizes(session: Transaction, week: StoredWeek, ranked: Mapping[str, Ranked]) -> Prizes:
    """Every prize of the contest as it would be given, this week being ranked so."""
    passed, found = struck_people(session, week.contest), Prizes()
    for division in week.contest.rules.all_divisions:
        one = ranked[division.code]
        line = Line(standings=one.standings, chain=division.chain, facts=one.facts)
        lines = awarding.lines(session, week.contest, division, passed, {week.id: line})
        of_rounds: dict[int | None, Line] = {**lines.weeks} | ({None: lines.overall} if lines.overall else {})
        for number, given in of_rounds.items():
            for prize in division.prizes:
                found[number, division.code, prize.name] = _given(given, prize.name)
    return found


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


def _compared(
    session: Transaction, week: StoredWeek, before: Prizes, ranked_after: Mapping[str, Ranked]
) -> Iterator[PrizeBefore]:
    after = _prizes(session, week, ranked_after)
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
