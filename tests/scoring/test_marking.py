"""Marking: one point for exactly the right options, nothing otherwise."""

from __future__ import annotations

import pytest

from quiz.questions.paper import Paper, PaperQuestion
from quiz.scoring.marking import Mark, mark
from tests.makers import question


def paper(*keys: str, letters: str = "ABCD") -> Paper:
    """A paper of questions with these keys, as the bank has them."""
    items = (PaperQuestion(n, question(f"T-{n:03d}", key), tuple(letters)) for n, key in enumerate(keys, start=1))
    return Paper(tuple(items))


@pytest.mark.parametrize(
    ("key", "chosen", "right"),
    [
        ("B", "B", True),
        ("B", "", False),
        ("B", "A", False),
        ("B", "AB", False),
        ("B", "ABCD", False),
        ("AC", "AC", True),
        ("AC", "CA", True),
        ("AC", "", False),
        ("AC", "A", False),
        ("AC", "C", False),
        ("AC", "BD", False),
        ("AC", "ABC", False),
        ("AC", "ABCD", False),
        ("ABD", "ABD", True),
        ("ABD", "AB", False),
    ],
)
def test_exactly_the_right_options_count(key: str, chosen: str, right: bool) -> None:
    assert mark(paper(key), [chosen]) == Mark((right,))


@pytest.mark.parametrize(
    ("key", "chosen", "right"),
    [("A", "B", True), ("A", "A", False), ("C", "A", True), ("AB", "BD", True), ("AB", "AB", False)],
)
def test_answers_are_read_as_shown_on_the_paper(key: str, chosen: str, right: bool) -> None:
    assert mark(paper(key, letters="CADB"), [chosen]) == Mark((right,))


def test_marks_stand_in_the_order_of_the_paper() -> None:
    assert mark(paper("A", "B", "AC", "D"), ["A", "", "CA", "B"]) == Mark((True, False, True, False))


@pytest.mark.parametrize(
    ("right", "score"),
    [((), 0), ((False, False), 0), ((True, False, True), 2), ((True, True, True), 3)],
)
def test_score_counts_right_answers(right: tuple[bool, ...], score: int) -> None:
    assert Mark(right).score == score


@pytest.mark.parametrize("answers", [[], ["A"], ["A", "B", "C"]])
def test_a_sheet_of_another_length_is_our_mistake(answers: list[str]) -> None:
    with pytest.raises(ValueError, match=r"^zip\(\) argument 2 is (shorter|longer) than argument 1$"):
        mark(paper("A", "B"), answers)
