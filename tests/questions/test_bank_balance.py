"""The figures of a bank: counts by topic, level and key, and how far the length of an option gives the key away."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from quiz.questions.bank import Bank, Level, Option, Question
from quiz.questions.bank_balance import BankBalance, balance


def question(key: str, *lengths: int, topic: str = "mot-cua", level: Level = Level.RECALL) -> Question:
    """A question whose options A, B, C, D have these lengths."""
    return Question(
        id="MC-001",
        topic=topic,
        level=level,
        text="Câu hỏi?",
        options=tuple(Option(letter, "x" * length) for letter, length in zip("ABCD", lengths, strict=True)),
        key=frozenset(key),
        explanation="",
        document="",
        article="",
        valid_from=date(2024, 1, 1),
        valid_until=None,
        facts=(),
    )


def balance_of(*questions: Question) -> BankBalance:
    topics = {"mot-cua": "Một cửa", "sipas": "Sự hài lòng"}
    return balance(Bank(title="", topics=topics, questions=questions, digest=""))


def test_counts_topics_levels_and_keys_with_their_zeros() -> None:
    figures = balance_of(
        question("A", 1, 2, 3, 4, level=Level.APPLY),
        question("A", 1, 2, 3, 4),
        question("D", 1, 2, 3, 4),
        question("BC", 1, 2, 3, 4),
    )
    assert (figures.questions, figures.several_keys) == (4, 1)
    assert dict(figures.topics) == {"mot-cua": 4, "sipas": 0}
    assert dict(figures.levels) == {Level.RECALL: 3, Level.UNDERSTAND: 0, Level.APPLY: 1}
    assert dict(figures.keys) == {"A": 2, "B": 0, "C": 0, "D": 1}


@pytest.mark.parametrize(
    ("lengths", "longest", "shortest"),
    [((9, 2, 3, 4), 1, 0), ((1, 2, 3, 4), 0, 1), ((2, 1, 3, 4), 0, 0), ((4, 2, 3, 4), 0, 0), ((1, 1, 3, 4), 0, 0)],
)
def test_a_key_gives_itself_away_only_where_no_other_option_is_as_long(
    lengths: tuple[int, ...], longest: int, shortest: int
) -> None:
    figures = balance_of(question("A", *lengths))
    assert (figures.longest_share, figures.shortest_share) == (longest, shortest)


def test_shares_are_exact_and_leave_out_questions_with_several_keys() -> None:
    figures = balance_of(
        question("A", 9, 2, 3, 4), question("B", 9, 2, 3, 4), question("C", 9, 2, 3, 4), question("AB", 9, 8, 3, 4)
    )
    assert (figures.longest_share, figures.shortest_share) == (Fraction(1, 3), Fraction(1, 3))


def test_a_bank_without_single_keys_has_no_shares() -> None:
    figures = balance_of(question("AB", 1, 2, 3, 4))
    assert (figures.longest_share, figures.shortest_share) == (None, None)
