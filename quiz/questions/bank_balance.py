"""How balanced a bank is: what the figures say of its topics, its levels and the places of its keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from quiz.questions.bank import LETTERS, Bank, Level, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class BankBalance:
    """Counts of a bank. The shares are over questions with one key, None where there are none.

    Whoever always chooses the longest option would be right in `longest_share` of the questions; a fair bank gives
    them about a quarter.
    """

    questions: int
    topics: Mapping[str, int]
    levels: Mapping[Level, int]
    keys: Mapping[str, int]
    several_keys: int
    longest_share: Fraction | None
    shortest_share: Fraction | None


def balance(bank: Bank) -> BankBalance:
    """The figures of a bank; topics, levels and letters without questions are there with 0, and keys while sealed."""
    topics = Counter(question.topic for question in bank.questions)
    levels = Counter(question.level for question in bank.questions)
    several = sum(question.has_several_keys for question in bank.questions)
    single = [question for question in bank.questions if not (bank.is_sealed or question.has_several_keys)]
    lengths = [_lengths(question) for question in single]
    keys = Counter(letter for question in single for letter in question.key)
    return BankBalance(
        questions=len(bank.questions),
        topics={topic: topics[topic] for topic in bank.topics},
        levels={level: levels[level] for level in Level},
        keys={letter: keys[letter] for letter in LETTERS},
        several_keys=several,
        longest_share=_share([key > max(others) for key, others in lengths]),
        shortest_share=_share([key < min(others) for key, others in lengths]),
    )


def _lengths(question: Question) -> tuple[int, list[int]]:
    """The length of the key's option and those of the others."""
    key = next(len(option.text) for option in question.options if option.letter in question.key)
    return key, [len(option.text) for option in question.options if option.letter not in question.key]


def _share(hits: list[bool]) -> Fraction | None:
    return Fraction(sum(hits), len(hits)) if hits else None
