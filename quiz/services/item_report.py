"""The item analysis of a marked week: worked out once after each marking, kept, and read by the organiser's pages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Row, delete, select

from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbWeek
from quiz.models.item_analyses import DbItemAnalysis
from quiz.models.results import DbStanding
from quiz.questions.bank import Question
from quiz.questions.paper import PaperRules, draw
from quiz.scoring.item_analysis import Analysis, QuestionAnalysis, analyse
from quiz.scoring.item_doubts import Doubt
from quiz.scoring.item_responses import Response, responses
from quiz.scoring.rulings import Ruling, Rulings, is_voided
from quiz.services import Transaction, contests, reading, rulings_in_force, transaction
from quiz.services.contests import StoredWeek
from quiz.services.documents import Clock
from quiz.services.item_record import as_record, from_record


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
    row = session.get(DbItemAnalysis, (week.id, division))
    if row is None or row.marked_at != week.marked_at:
        return None
    record = json.loads(row.figures)
    pool = contests.pool_with_keys(session, week, division) if record["questions"] else ()
    return ItemReport(analysis=from_record(record, {each.id: each for each in pool}), made_at=row.made_at)


def analyse_due(now: Clock) -> int:
    """Work out what no report says yet, week after week, each kept at once; how many divisions."""
    made = 0
    for week_id in reading().scalars(select(DbWeek.id).where(DbWeek.marked_at.is_not(None), DbWeek.number > 0)).all():
        made += sum(_analyse(week_id, division, now) for division in _due(reading(), week_id))
    reading().rollback()
    return made


def _due(session: Transaction, week_id: int) -> list[str]:
    """The divisions of a week whose newest marking has no report."""
    week = contests.get_week_by_id(session, week_id)
    reported = session.scalars(
        select(DbItemAnalysis.division).where(
            DbItemAnalysis.week_id == week_id, DbItemAnalysis.marked_at == week.marked_at
        )
    ).all()
    return [one.code for one in week.contest.rules.all_divisions if one.code not in reported]


def _analyse(week_id: int, division: str, now: Clock) -> bool:
    """One division; what is marked anew meanwhile is left to the next time."""
    session = reading()
    week = contests.get_week_by_id(session, week_id)
    found = gather(session, week, division)
    figures = json.dumps(as_record(found), ensure_ascii=False, allow_nan=False)
    session.rollback()
    with transaction() as writing:
        row = writing.get_one(DbWeek, week_id, with_for_update=True, populate_existing=True)
        if row.marked_at is None or row.marked_at != week.marked_at:
            return False
        of_division = (DbItemAnalysis.week_id == week_id, DbItemAnalysis.division == division)
        writing.execute(delete(DbItemAnalysis).where(*of_division))
        kept = {"week_id": week_id, "division": division, "marked_at": row.marked_at}
        writing.add(DbItemAnalysis(**kept, made_at=now(), figures=figures))
    return True


def gather(session: Transaction, week: StoredWeek, division: str) -> Analysis:
    """The analysis of the attempts that are ranked, each paper drawn again and marked as ruled.

    Voided questions are left out; of one whose key was changed, the answers ruled right count as its keys. Raises
    Refused: no_bank, keys_sealed.
    """
    rows = _ranked(session, week, division)
    rulings = rulings_in_force.of_paper(session, week, division)
    voided = {name for name, ruling in rulings.items() if is_voided(ruling)}
    questions = contests.pool_with_keys(session, week, division) if rows else ()
    ruled = (_as_ruled(question, rulings.get(question.id)) for question in questions)
    return analyse(ruled, _sheets(session, week, rows, rulings), voided)


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
    session: Transaction, week: StoredWeek, rows: Sequence[Row[str, str, str, str, int]], rulings: Rulings
) -> Iterator[tuple[Response, ...]]:
    papers: dict[str, tuple[Sequence[Question], PaperRules]] = {}
    for row in rows:
        if row.division not in papers:
            rules = week.contest.rules.paper_of(week.week, row.division)
            papers[row.division] = contests.pool_with_keys(session, week, row.division), rules
        pool, rules = papers[row.division]
        paper = draw(pool, rules, week.draw_seed, row.code, frozenset(row.seen.split()))
        yield responses(paper, json.loads(row.answers) if row.answers else [""] * row.questions, rulings)
