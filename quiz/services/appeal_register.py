"""The public register of appeals: what was asked and what was answered, and nothing of who asked, or when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from quiz.contest.appeal_rules import About, Outcome
from quiz.models.appeals import DbAppeal, DbAppealAnswer
from quiz.questions.bank import Question
from quiz.services import Transaction, appeals, contests
from quiz.services.contests import StoredContest, StoredWeek


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry in its newest version. `question` is None for a result, `people` how many were answered with it."""

    number: int
    version: int
    about: About
    question: Question | None
    people: int
    public_text: str
    outcome: Outcome
    answer: str
    reason: str
    answered_at: datetime


def register(session: Transaction, contest: StoredContest) -> tuple[tuple[StoredWeek, tuple[Entry, ...]], ...]:
    """The entries of each week that has any, by their numbers, the latest week first."""
    newest = (
        select(func.max(DbAppealAnswer.id))
        .where(DbAppealAnswer.contest_id == contest.id)
        .group_by(DbAppealAnswer.number)
    )
    people = (
        select(func.count())
        .where(DbAppeal.week_id == DbAppealAnswer.week_id, DbAppeal.entry == DbAppealAnswer.number)
        .scalar_subquery()
    )
    rows = session.execute(
        select(DbAppealAnswer, people).where(DbAppealAnswer.id.in_(newest)).order_by(DbAppealAnswer.number)
    ).all()
    weeks = reversed(contests.weeks(session, contest))
    by_week = ((week, [found for found in rows if found[0].week_id == week.id]) for week in weeks)
    return tuple((week, tuple(_entry(session, week, *row) for row in found)) for week, found in by_week if found)


def _entry(session: Transaction, week: StoredWeek, row: DbAppealAnswer, people: int) -> Entry:
    return Entry(
        number=row.number,
        version=row.version,
        about=About(row.about),
        question=appeals.question(session, week, row.bank, row.question_id),
        people=people,
        public_text=row.public_text,
        outcome=Outcome(row.outcome),
        answer=row.answer,
        reason=row.reason,
        answered_at=row.answered_at,
    )
