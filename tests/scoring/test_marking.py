"""Marking: a question's points for exactly the right options, nothing otherwise."""

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
    assert mark(paper(key), [chosen]).right == (right,)


@pytest.mark.parametrize(
    ("key", "chosen", "right"),
    [("A", "B", True), ("A", "A", False), ("C", "A", True), ("AB", "BD", True), ("AB", "AB", False)],
)
def test_answers_are_read_as_shown_on_the_paper(key: str, chosen: str, right: bool) -> None:
    assert mark(paper(key, letters="CADB"), [chosen]).right == (right,)


def test_marks_stand_in_the_order_of_the_paper() -> None:
    assert mark(paper("A", "B", "AC", "D"), ["A", "", "CA", "B"]).right == (True, False, True, False)


def test_each_question_is_worth_its_own_points() -> None:
    items = paper("A", "B", "C").questions
    weighed = Paper(tuple(item._replace(points=points) for item, points in zip(items, (5, 10, 1), strict=True)))
    assert mark(weighed, ["A", "A", "C"]) == Mark(right=(True, False, True), points=(5, 10, 1), is_complete=True)
    assert [mark(weighed, sheet).score for sheet in (["A", "B", "C"], ["A", "A", "C"], ["", "B", ""], [""] * 3)] == [
        *(16, 6, 10, 0)
    ]
    assert weighed.full == 16


@pytest.mark.parametrize(
    ("answers", "is_complete"),
    [(["A", "B"], True), (["D", "D"], True), (["A", ""], False), (["", "B"], False), (["", ""], False)],
)
def test_a_sheet_is_complete_when_every_question_has_an_answer_right_or_wrong(
    answers: list[str], is_complete: bool
) -> None:
    assert mark(paper("A", "B"), answers).is_complete is is_complete


@pytest.mark.parametrize("answers", [[], ["A"], ["A", "B", "C"]])
def test_a_sheet_of_another_length_is_our_mistake(answers: list[str]) -> None:
    with pytest.raises(ValueError, match=r"^zip\(\) argument 2 is (shorter|longer) than argument 1$"):
        mark(paper("A", "B"), answers)
