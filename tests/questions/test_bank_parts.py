"""A bank dealt out to several rounds: nothing twice, nothing left over, every kind in every part."""

from __future__ import annotations

from collections import Counter

import pytest

from quiz.config import ROOT
from quiz.questions.bank_file import parse_bank
from quiz.questions.bank_parts import deal, only

SOURCE = (ROOT / "question_bank.yaml").read_bytes()
BANK = parse_bank(SOURCE)


@pytest.mark.parametrize("parts", [1, 2, 4])
def test_every_question_is_in_one_part_and_kinds_are_spread_evenly(parts: int) -> None:
    dealt = deal(BANK, parts)
    assert sorted(id_ for part in dealt for id_ in part) == sorted(question.id for question in BANK.questions)
    kind = {question.id: (question.level, question.topic) for question in BANK.questions}
    counts = [Counter(kind[id_] for id_ in part) for part in dealt]
    assert all(max(c[k] for c in counts) - min(c[k] for c in counts) <= 1 for k in set(kind.values()))


def test_a_part_is_a_bank_with_its_questions_as_they_were() -> None:
    part = deal(BANK, 4)[1]
    cut = parse_bank(only(SOURCE, BANK, part))
    assert [question.id for question in cut.questions] == list(part)
    assert {question.id: question for question in cut.questions} == {
        question.id: question for question in BANK.questions if question.id in part
    }
