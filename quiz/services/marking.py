"""After a round has closed: mark every attempt, and rank each division of a week."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import count, repeat

from sqlalchemy import delete, func, select, update

from quiz.errors import Refused
from quiz.models.contests import DbContest, DbWeek
from quiz.models.results import DbStanding, DbTally
from quiz.models.rulings import DbQuestionCount
from quiz.questions.paper import Paper
from quiz.scoring.columns import Results
from quiz.scoring.counted import counted
from quiz.scoring.marking import Mark, mark
from quiz.scoring.prediction import Tally, Whose, tally, target
from quiz.scoring.ranking import Standings, rank
from quiz.scoring.rulings import NO_RULINGS
from quiz.scoring.tie_breaks import Result, RoundFacts, lot_key
from quiz.services import (
    SYSTEM,
    Actor,
    Transaction,
    attempts,
    audit,
    contests,
    decisions,
    lost_heads,
    rulings_in_force,
    sealing,
)
from quiz.services.contests import StoredWeek
from quiz.services.many_rows import chunks, insert_rows
from quiz.services.result_rows import ATTEMPTS, as_result, attempts_by_division, attempts_of_week
from quiz.services.rulings_in_force import BankRulings

NOBODY = Tally(people=0, people_all_right=0, attempts=0)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Marked:
    """A week marked under some rulings: the results by division; of each bank's questions how often each was dealt, and
    how often it counted as right.
    """

    results: dict[str, Results] = field(default_factory=dict)
    dealt: Counter[tuple[str, str]] = field(default_factory=Counter)
    right: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, division: str, result: Result, paper: Paper, given: Mark, bank: str) -> None:
        """One attempt more."""
        names = [(bank, item.question.id) for item in paper.questions]
        self.results.setdefault(division, Results()).append(result)
        self.dealt.update(names)
        self.right.update(name for name, is_right in zip(names, given.right, strict=True) if is_right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One division of a week: its standings, what happened in it, and what that made known to the ranking."""

    standings: Standings
    tally: Tally
    facts: RoundFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekMarked:
    """A round marked and ranked in memory, by division, and the digest of the state that this came from."""

    week: StoredWeek
    marked: Marked
    ranked: Mapping[str, Ranked]
    state: str


def no_progress(_done: int, _total: int) -> None:
    """For callers that nobody watches."""


def due_weeks(session: Transaction, now: datetime) -> list[int]:
    """The rounds of every contest that have closed, are not marked, and whose answer keys are open."""
    closed = select(DbWeek.id).where(DbWeek.marked_at.is_(None), contests.closes_at() < now).order_by(DbWeek.id)
    weeks = [contests.get_week_by_id(session, week_id) for week_id in session.scalars(closed).all()]
    over = (week for week in weeks if week.banks and week.contest.rules.is_over(week.week, now))
    return [week.id for week in over if not week.keys_sealed]


def prepare(session: Transaction, week: StoredWeek, now: datetime) -> bool:
    """Write down what time has decided of a closed round: its bank, the end of what is still open at its own deadline,
    and the final head of what is sealed. Whether the round is still to be marked; raises Refused: not_closed,
    heads_missing.
    """
    contests.check_closed(week, now)
    if week.marked_at is not None:
        return False
    lost_heads.check(session)
    contests.freeze_due_weeks(session, now)
    attempts.close_overdue(session, now)
    sealing.finish(session, week, now)
    return True


def work_out(session: Transaction, week_id: int, progress: Progress = no_progress) -> WeekMarked:
    """Mark and rank a prepared round in memory. It takes long, so nobody may have to wait: nothing is written or held.

    The practice round is marked for those who sat it, and not ranked.
    """
    week = contests.get_week_by_id(session, week_id)
    state = state_of(session, week)  # before anything is read: what changes from now on is noticed
    (marked,) = mark_attempts(session, week, [rulings_in_force.in_force(session, week.id)], progress)
    ranked = {} if week.week.is_practice else rank_week(week, marked.results)
    return WeekMarked(week=week, marked=marked, ranked=ranked, state=state)


def keep(session: Transaction, found: WeekMarked, now: datetime, actor: Actor = SYSTEM) -> int:
    """Write down a round as it was worked out; how many attempts. One that is already marked is left alone.

    Raises Refused(marking_changed) where it would not be worked out so any more: nothing is written then.
    """
    row = session.get_one(DbWeek, found.week.id, with_for_update=True, populate_existing=True)
    if row.marked_at is not None:
        return 0
    week = contests.get_week_by_id(session, row.id)
    if state_of(session, week) != found.state:
        raise Refused("marking_changed", week=week.name)
    keep_marks(session, week, found.marked)
    people = 0 if week.week.is_practice else keep_ranking(session, week, found.ranked)
    row.marked_at = now
    count = sum(map(len, found.marked.results.values()))
    audit.record(session, audit.Act.MARK_WEEK, actor, now, week=week.week.number, attempts=count, people=people)
    return count


def mark_week(
    session: Transaction, week: StoredWeek, now: datetime, actor: Actor = SYSTEM, progress: Progress = no_progress
) -> int:
    """Mark a closed round from beginning to end in one transaction, where nobody else waits; how many attempts.

    A round that is already marked is left alone. Raises Refused: not_closed, heads_missing.
    """
    if not prepare(session, week, now):
        return 0
    return keep(session, work_out(session, week.id, progress), now, actor)


def state_of(session: Transaction, week: StoredWeek) -> str:
    """The digest of everything that marks and ranks of a round come from."""
    columns = ATTEMPTS.c
    sheets = select(
        *(func.count(), func.sum(columns.seq), func.sum(columns.person_id), func.sum(columns.returned_ms)),
        *(func.count(columns.handed_in_at), func.count(columns.annulled_by), func.sum(columns.annulled_by)),
    ).where(columns.week_id == week.id)
    return decisions.digest_of(
        session.get_one(DbContest, week.contest.id).rules_digest,
        sorted(week.banks.items()),
        week.week.closes_at,
        week.lot_value,
        tuple(session.execute(sheets).one()),
        [row.id for row in rulings_in_force.rows_in_force(session, week.id)],
    )


def facts_of(session: Transaction, week: StoredWeek, division: str) -> RoundFacts:
    """What the close of a week has made known to the ranking of one division."""
    return facts_by(week, division, tallies_of(session, week))


def lot_source(week: StoredWeek) -> bytes:
    """What the rules draw the lots of a week from: the seed, or the public value, b'' while that is not known."""
    return week.lot_seed if week.contest.rules.lot_event is None else lot_key(week.lot_value or "")


def tallies_of(session: Transaction, week: StoredWeek) -> dict[str, Tally]:
    """What happened in each division of a marked week, by its code."""
    rows = session.scalars(select(DbTally).where(DbTally.week_id == week.id))
    return {
        row.division: Tally(people=row.people, people_all_right=row.people_all_right, attempts=row.attempts)
        for row in rows
    }


def facts_by(week: StoredWeek, division: str, tallies: Mapping[str, Tally]) -> RoundFacts:
    """The same by the tallies of the week, by division."""
    asked = week.contest.rules.prediction
    if asked is None:
        return RoundFacts(lot_seed=lot_source(week))
    everyone = sum(tallies.values(), NOBODY)
    return RoundFacts(lot_seed=lot_source(week), target=target(asked, tallies.get(division, NOBODY), everyone))


def mark_attempts(
    session: Transaction, week: StoredWeek, versions: Sequence[BankRulings], progress: Progress = no_progress
) -> tuple[Marked, ...]:
    """The week marked by the papers as they were drawn, once under each version of the rulings; nothing is kept.

    What is written down comes from here, and so does every preview of what a ruling would change.
    """
    found, sat = tuple(Marked() for _ in versions), attempts_by_division(session, week.id)
    total = sum(sat.values())
    decks = {code: contests.deck_with_keys(session, week, code) for code in sat}
    for done, row in enumerate(attempts_of_week(session, week.id)):
        if done % 200 == 0:
            progress(done, total)
        deck = decks[row.division]
        rules = deck.rules
        paper = deck.draw(week.draw_seed, row.code, frozenset(row.seen.split()))
        answers = json.loads(row.answers) if row.answers else [""] * row.questions
        for marked, rulings in zip(found, versions, strict=True):
            given = mark(paper, answers, rulings.get(rules.bank, NO_RULINGS))
            result = as_result(row, given.score, paper.full, is_valid=given.is_complete or not rules.needs_all_answers)
            marked.add(week.contest.rules.division(row.division).code, result, paper, given, rules.bank)
    progress(total, total)
    return found


def rank_week(week: StoredWeek, marked: Mapping[str, Sequence[Result]]) -> dict[str, Ranked]:
    """Rank each division of the file by its own chain; nothing is kept."""
    rules = week.contest.rules
    whose = rules.prediction.whose if rules.prediction else Whose.COUNTED
    of_each = {division.code: marked.get(division.code, Results()) for division in rules.all_divisions}
    ranked = {
        code: counted(results, rules.attempts.counts, rules.division(code).chain, whose)
        for code, results in of_each.items()
    }
    tallies = {code: tally(results, ranked[code]) for code, results in of_each.items()}
    facts = {code: facts_by(week, code, tallies) for code in of_each}
    return {
        code: Ranked(
            standings=rank(results, rules.division(code).chain, facts[code]), tally=tallies[code], facts=facts[code]
        )
        for code, results in ranked.items()
    }


def keep_marks(session: Transaction, week: StoredWeek, marked: Marked) -> None:
    """The score of every attempt, and how the questions did; what an earlier marking counted is replaced."""
    alike: dict[tuple[int, bool], list[str]] = {}
    for results in marked.results.values():
        for code, score, is_valid in zip(*map(results.column, ("code", "score", "is_valid")), strict=True):
            alike.setdefault((score, is_valid), []).append(code)
    for (score, is_valid), codes in alike.items():
        for chunk in chunks(codes):
            marks = update(ATTEMPTS).where(ATTEMPTS.c.code.in_(chunk)).values(score=score, is_valid=is_valid)
            session.connection().execute(marks)
    session.execute(delete(DbQuestionCount).where(DbQuestionCount.week_id == week.id))
    for (bank, question), dealt in marked.dealt.items():
        right = marked.right[bank, question]
        session.add(DbQuestionCount(week_id=week.id, bank=bank, question_id=question, dealt=dealt, right=right))


def keep_ranking(session: Transaction, week: StoredWeek, ranked: Mapping[str, Ranked]) -> int:
    """Write the ranking down; how many people. What an earlier marking left is replaced."""
    for table in (DbStanding, DbTally):
        session.execute(delete(table).where(table.week_id == week.id))
    for code, one in ranked.items():
        session.add(DbTally(week_id=week.id, division=code, **asdict(one.tally)))
        _keep(session, week, code, one.standings)
    return sum(len(one.standings) for one in ranked.values())


def _keep(session: Transaction, week: StoredWeek, division: str, standings: Standings) -> None:
    rows = zip(
        *(repeat(week.id), repeat(division), count(1), standings.ranks()),
        *(standings.figures("person"), standings.figures("code"), standings.decided_by()),
        *map(standings.figures, ("attempts", "full_marks", "prediction")),
        strict=False,
    )
    insert_rows(session, DbStanding, rows)
