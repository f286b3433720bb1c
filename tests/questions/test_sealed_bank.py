"""What is kept of a bank while its keys are sealed: the same papers, and nothing that gives an answer away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from quiz.errors import Refused
from quiz.questions import sealed_bank
from quiz.questions.bank import Question, sealed
from quiz.questions.bank_file import parse_bank
from quiz.questions.paper import PaperRules, draw
from quiz.scoring.marking import mark
from tests import makers

SEED = b"a seed"
RULES = PaperRules(questions=5)
DAY = date(2024, 10, 7)


def test_the_same_papers_are_drawn_and_printed_from_it() -> None:
    source = makers.bank_text(key="[A, C]").replace("là gì?", "là gì? (Chọn tất cả phương án đúng)")
    bank = parse_bank(source.encode())
    kept = sealed_bank.load(sealed_bank.dump(bank), bank.digest)
    assert kept == bank.without_keys()
    assert kept.is_sealed
    assert not bank.is_sealed
    papers = [draw(one.pool(DAY, DAY), RULES, SEED, makers.code(1)).questions for one in (bank, kept)]
    printed = [
        [(item.question.id, item.question.text, item.options, item.question.has_several_keys) for item in paper]
        for paper in papers
    ]
    assert printed[0] == printed[1]
    assert all(item.question.has_several_keys for item in papers[1])


def test_it_holds_nothing_that_gives_an_answer_away() -> None:
    source = makers.bank_text(explanation="hoangyenbaodong").replace("Văn bản thử nghiệm", "vanbanbaodong")
    text = sealed_bank.dump(parse_bank(source.encode()))
    assert "baodong" not in text
    different = parse_bank(makers.bank_text(key="C", explanation="Vì thế").encode())
    assert sealed_bank.dump(different) == text


@pytest.mark.parametrize(
    "look",
    [
        lambda one: one.key,
        lambda one: one.explanation,
        lambda one: one.source,
        lambda one: one.facts,
        lambda one: mark(draw([one], PaperRules(questions=1), SEED, "X"), ["A"]),
    ],
)
def test_whoever_asks_for_an_answer_is_refused(look: Callable[[Question], object]) -> None:
    with pytest.raises(Refused, match="niêm phong"):
        look(sealed(makers.question()))
