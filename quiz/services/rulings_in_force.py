"""The rulings in force about the questions of a week: of each question the one approved last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import bindparam, select

from quiz.models.rulings import DbRuling
from quiz.questions.bank import Question
from quiz.scoring.rulings import NO_RULINGS, Kind, RuledQuestion, Ruling, Rulings
from quiz.services import Transaction, banks
from quiz.services.contests import StoredWeek

BankRulings = Mapping[str, Rulings]
"""The rulings of a week by the name of the bank."""


def rows_in_force(session: Transaction, *week_ids: int) -> tuple[DbRuling, ...]:
    """The ruling in force on each question of these weeks; none where the last one keeps the key of the bank."""
    rows = session.scalars(_APPROVED, {"weeks": week_ids})
    last = {(row.week_id, row.bank, row.question_id): row for row in rows}
    return tuple(last[name] for name in sorted(last) if last[name].kind != Kind.KEEP)


def in_force(session: Transaction, week_id: int) -> BankRulings:
    """By what a week is marked now."""
    return as_rulings(rows_in_force(session, week_id))


def of_weeks(session: Transaction, week_ids: Sequence[int]) -> dict[int, BankRulings]:
    """By what each of these weeks is marked now."""
    rows = rows_in_force(session, *week_ids)
    return {week_id: as_rulings(row for row in rows if row.week_id == week_id) for week_id in week_ids}


def as_rulings(rows: Iterable[DbRuling]) -> BankRulings:
    """The rulings of these rows, a later one in place of an earlier one."""
    found: dict[str, dict[str, Ruling]] = {}
    for row in rows:
        found.setdefault(row.bank, {})[row.question_id] = ruling_of(row)
    return found


def of_paper(session: Transaction, week: StoredWeek, division: str) -> Rulings:
    """What is in force for the papers of a division."""
    bank = week.contest.rules.paper_of(week.week, division).bank
    return in_force(session, week.id).get(bank, NO_RULINGS)


def ruling_of(row: DbRuling) -> Ruling:
    """The ruling that a row holds."""
    return Ruling(Kind(row.kind), tuple(map(frozenset, row.letters.split("/"))) if row.letters else ())


def in_public(session: Transaction, week: StoredWeek, bank: str | None = None) -> tuple[RuledQuestion, ...]:
    """What was decided about the questions of a week, or of one of its banks, as the public reads it."""
    rows = (row for row in rows_in_force(session, week.id) if bank in (None, row.bank))
    return tuple(
        RuledQuestion(
            question=row.question_id,
            text=(question := question_of(session, week, row)).text,
            kind=Kind(row.kind),
            answers=texts(question, ruling_of(row)),
            decision=row.decision_number,
            reason=row.reason,
        )
        for row in rows
    )


def texts(question: Question, ruling: Ruling) -> tuple[tuple[str, ...], ...]:
    """The answers of a ruling as the texts of their options, in the order of the bank's file."""
    return tuple(
        tuple(option.text for option in question.options if option.letter in answer) for answer in ruling.answers
    )


def question_of(session: Transaction, week: StoredWeek, row: DbRuling) -> Question:
    """The question that a ruling is about, as the week froze it."""
    questions = banks.readable(session, week.banks[row.bank]).questions
    return next(question for question in questions if question.id == row.question_id)


_APPROVED = (
    select(DbRuling)
    .where(DbRuling.week_id.in_(bindparam("weeks", expanding=True)))
    .where(DbRuling.approved_at.is_not(None), DbRuling.withdrawn_at.is_(None))
    .order_by(DbRuling.approved_at, DbRuling.id)
)
