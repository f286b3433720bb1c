"""The item analysis of a marked week: worked out once after each marking, kept, and read by the organiser's pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Row, or_, select

from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbWeek
from quiz.models.item_analyses import DbItemAnalysis
from quiz.models.results import DbStanding
from quiz.questions.bank import Question
from quiz.questions.paper import Deck
from quiz.scoring.item_analysis import Analysis, QuestionAnalysis, analyse
from quiz.scoring.item_doubts import Doubt
from quiz.scoring.item_responses import Response, responses
from quiz.scoring.rulings import Ruling, Rulings, is_voided
from quiz.services import Actor, Transaction, contests, long_work, reading, rulings_in_force, transaction
from quiz.services.contests import StoredWeek
from quiz.services.documents import Clock, NobodyWaitsError, Tell
from quiz.services.item_record import as_record, from_record
from quiz.services.long_work import HowFar, untold

WORK = "phân tích câu hỏi"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReport:
    """The analysis of one division's week, and when it was made."""

    analysis: Analysis
    made_at: datetime

    @property
    def doubtful(self) -> tuple[QuestionAnalysis, ...]:
        """The questions about which something is remarked, the gravest first."""
        gravity = list(Doubt).index
        remarked = (one for one in self.analysis.questions if one.remarks)
        return tuple(sorted(remarked, key=lambda one: sorted(gravity(remark.doubt) for remark in one.remarks)))

    def find(self, question_id: str) -> QuestionAnalysis | None:
        """What is known of one question that somebody was dealt, or None."""
        return next((one for one in self.analysis.questions if one.question.id == question_id), None)


def find(session: Transaction, week: StoredWeek, division: str) -> ItemReport | None:
    """The report on the newest marking of a week, or None until it has been worked out."""
    row = _row(session, week, division)
    if row is None or not row.figures:
        return None
    record = json.loads(row.figures)
    pool = contests.pool_with_keys(session, week, division) if record["questions"] else ()
    return ItemReport(analysis=from_record(record, {each.id: each for each in pool}), made_at=row.made_at)


def how_far(session: Transaction, week: StoredWeek, division: str) -> HowFar:
    """How far the report on the newest marking is, as long as there is none."""
    return long_work.how_far(_row(session, week, division))


def stop(session: Transaction, week: StoredWeek, division: str, actor: Actor, now: datetime) -> None:
    """Have the report not made, until somebody wants it. Raises Refused(work_moved_on)."""
    long_work.stop(session, _unmade(session, week.id, division, now), week, WORK, actor, now)


def begin_again(session: Transaction, week: StoredWeek, division: str, actor: Actor, now: datetime) -> None:
    """Have a report made that was stopped. Raises Refused(work_moved_on)."""
    long_work.begin_again(session, _unmade(session, week.id, division, now), week, WORK, actor, now)


def _row(session: Transaction, week: StoredWeek, division: str) -> DbItemAnalysis | None:
    row = session.get(DbItemAnalysis, (week.id, division))
    return row if row and row.marked_at == week.marked_at else None


def _unmade(session: Transaction, week_id: int, division: str, now: datetime) -> DbItemAnalysis | None:
    """The row of a report that is still to be made, held."""
    key = {"week_id": week_id, "division": division}
    row = long_work.of_marking(session, DbItemAnalysis, key, {"figures": "", "made_at": now})
    return row if row and not row.figures else None


def analyse_due(now: Clock) -> int:
    """Work out what no report says yet, week after week, each kept at once; how many divisions."""
    made = 0
    for week_id in reading().scalars(select(DbWeek.id).where(DbWeek.marked_at.is_not(None), DbWeek.number > 0)).all():
        made += sum(_analyse(week_id, division, now) for division in _due(reading(), week_id))
    reading().rollback()
    return made


def _due(session: Transaction, week_id: int) -> list[str]:
    """The divisions of a week whose newest marking has no report, and shall have one."""
    week = contests.get_week_by_id(session, week_id)
    reported = session.scalars(
        select(DbItemAnalysis.division).where(
            DbItemAnalysis.week_id == week_id,
            DbItemAnalysis.marked_at == week.marked_at,
            or_(DbItemAnalysis.figures != "", DbItemAnalysis.stopped_at.is_not(None)),
        )
    ).all()
    return [one.code for one in week.contest.rules.all_divisions if one.code not in reported]


def _analyse(week_id: int, division: str, now: Clock) -> bool:
    """One division; what is stopped or marked anew meanwhile ends here, and has its turn when it is wanted."""
    with transaction() as writing:
        begun = _unmade(writing, week_id, division, now())
    if begun is None:
        return False
    of_division = (DbItemAnalysis.week_id == week_id, DbItemAnalysis.division == division)
    tell = long_work.teller(DbItemAnalysis, *of_division, DbItemAnalysis.marked_at == begun.marked_at)
    session, marked_at = reading(), begun.marked_at
    try:
        found = gather(session, contests.get_week_by_id(session, week_id), division, tell)
    except NobodyWaitsError:
        return False
    finally:
        session.rollback()
    figures = json.dumps(as_record(found), ensure_ascii=False, allow_nan=False)
    with transaction() as writing:
        row = _unmade(writing, week_id, division, now())
        if row is None or row.marked_at != marked_at or row.stopped_at:
            return False
        row.figures, row.made_at = figures, now()
    return True


def gather(session: Transaction, week: StoredWeek, division: str, tell: Tell = untold) -> Analysis:
    """The analysis of the attempts that are ranked, each paper drawn again and marked as ruled.

    Voided questions are left out; of one whose key was changed, the answers ruled right count as its keys. Raises
    Refused: no_bank, keys_sealed.
    """
    rows = _ranked(session, week, division)
    rulings = rulings_in_force.of_paper(session, week, division)
    voided = {name for name, ruling in rulings.items() if is_voided(ruling)}
    questions = contests.pool_with_keys(session, week, division) if rows else ()
    ruled = (_as_ruled(question, rulings.get(question.id)) for question in questions)
    return analyse(ruled, _sheets(session, week, long_work.told(rows, tell), rulings), voided)


def _as_ruled(question: Question, ruling: Ruling | None) -> Question:
    keys = frozenset[str]().union(*ruling.answers) if ruling else frozenset()
    return replace(question, key=keys) if keys else question


def _ranked(session: Transaction, week: StoredWeek, division: str) -> Sequence[Row[str, str, str, str, int]]:
    sheet = (DbAttempt.code, DbAttempt.division, DbAttempt.seen, DbAttempt.answers, DbAttempt.questions)
    return session.execute(
        select(*sheet)
        .join(DbStanding, DbStanding.attempt_code == DbAttempt.code)
        .where(DbStanding.week_id == week.id, DbStanding.division == division)
        .order_by(DbStanding.place)
    ).all()


def _sheets(
    session: Transaction, week: StoredWeek, rows: Iterable[Row[str, str, str, str, int]], rulings: Rulings
) -> Iterator[tuple[Response, ...]]:
    decks: dict[str, Deck] = {}
    for row in rows:
        if row.division not in decks:
            decks[row.division] = contests.deck_with_keys(session, week, row.division)
        paper = decks[row.division].draw(week.draw_seed, row.code, frozenset(row.seen.split()))
        yield responses(paper, json.loads(row.answers) if row.answers else [""] * row.questions, rulings)
