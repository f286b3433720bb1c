"""A bank dealt out to several rounds, so that no question is asked in two: what one round makes known helps nobody in
the next, and its questions can be published with their keys as soon as it is over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from quiz.questions.bank import Bank, Level, Question
from quiz.questions.bank_writer import Remove, rewrite


def deal(bank: Bank, parts: int) -> tuple[tuple[str, ...], ...]:
    """The ids of each part, in the file's order: of every topic and level as many in one part as in another, or one
    more. Those of the highest level are dealt first.
    """
    kinds: dict[tuple[Level, str], list[Question]] = defaultdict(list)
    for question in bank.questions:
        kinds[question.level, question.topic].append(question)
    dealt: list[set[str]] = [set() for _ in range(parts)]
    turn = 0
    for kind in sorted(kinds, key=lambda kind: (-kind[0], kind[1])):
        for question in kinds[kind]:
            dealt[turn % parts].add(question.id)
            turn += 1
    return tuple(tuple(one.id for one in bank.questions if one.id in part) for part in dealt)


def only(source: bytes, bank: Bank, ids: Sequence[str]) -> bytes:
    """The bank's file with these questions alone, and all else as it was."""
    kept = frozenset(ids)
    return rewrite(source, [Remove(question.id) for question in bank.questions if question.id not in kept])
