"""The questions that papers of a week could hold, and how each did: where somebody looks for one found wrong."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from quiz.errors import Refused
from quiz.models.rulings import DbQuestionCount
from quiz.questions.bank import Question
from quiz.scoring.rulings import Ruling
from quiz.services import Transaction, contests
from quiz.services.contests import StoredWeek
from quiz.services.rulings_in_force import in_force
from quiz.vietnamese import without_marks

MOST_LISTED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekQuestion:
    """One question of a week; `dealt` and `right` count attempts and are None before the week is marked."""

    bank: str
    question: Question
    dealt: int | None
    right: int | None
    ruling: Ruling | None

    @property
    def share(self) -> Fraction | None:
        """In how many of the attempts in which it was dealt it counted as right."""
        return Fraction(self.right or 0, self.dealt) if self.dealt else None


def of_week(session: Transaction, week: StoredWeek, wanted: str = "") -> tuple[WeekQuestion, ...]:
    """Every question dealt in the week whose id or text holds each word wanted, those with the fewest right first.

    Before it is known what was dealt, every question that a paper could hold.
    """
    counts, rulings = _counts(session, week), in_force(session, week.id)
    found = [
        WeekQuestion(
            bank=bank, question=question, dealt=dealt, right=right, ruling=rulings.get(bank, {}).get(question.id)
        )
        for bank, question in _questions(session, week)
        for dealt, right in [counts.get((bank, question.id), (None, None))]
        if (dealt is not None or not counts) and _holds(question, wanted)
    ]
    return tuple(sorted(found, key=lambda one: one.share if one.share is not None else 2))


def find(session: Transaction, week: StoredWeek, bank: str, question_id: str) -> WeekQuestion:
    """One question dealt in the week; raises Refused(ruling_question_missing)."""
    for one in of_week(session, week):
        if (one.bank, one.question.id) == (bank, question_id):
            return one
    raise Refused("ruling_question_missing", week=week.name)


def _questions(session: Transaction, week: StoredWeek) -> list[tuple[str, Question]]:
    """What the papers of the divisions are drawn from, each question of a bank once."""
    rules, found = week.contest.rules, dict[tuple[str, str], Question]()
    for division in rules.all_divisions:
        paper = rules.paper_of(week.week, division.code)
        if paper.bank in week.banks:
            pool = contests.pool_with_keys(session, week, division.code)
            found |= {(paper.bank, question.id): question for question in filter(paper.admits, pool)}
    return [(bank, question) for (bank, _), question in found.items()]


def _counts(session: Transaction, week: StoredWeek) -> dict[tuple[str, str], tuple[int, int]]:
    rows = session.scalars(select(DbQuestionCount).where(DbQuestionCount.week_id == week.id))
    return {(row.bank, row.question_id): (row.dealt, row.right) for row in rows}


def _holds(question: Question, wanted: str) -> bool:
    text = without_marks(f"{question.id} {question.text}")
    return all(word in text for word in without_marks(wanted).split())
