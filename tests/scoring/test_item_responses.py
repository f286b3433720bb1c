"""From sheets to counts: what was chosen under the bank's letters, and what is left without voided questions."""

from __future__ import annotations

from quiz.questions.paper import Paper, PaperQuestion
from quiz.scoring.item_responses import Response, Whole, count, responses, without
from tests.makers import question


def test_shown_letters_become_the_banks_letters() -> None:
    paper = Paper((PaperQuestion(1, question("T-1", "A"), ("C", "A", "D", "B"), 2),))
    assert responses(paper, ["B"]) == (Response("T-1", "A", 2, 2),)
    assert responses(paper, ["A"]) == (Response("T-1", "C", 0, 2),)
    assert responses(paper, [""]) == (Response("T-1", "", 0, 2),)


def test_several_letters_stand_in_the_banks_order_and_earn_all_or_nothing() -> None:
    paper = Paper((PaperQuestion(1, question("T-1", "AD"), ("D", "C", "B", "A"), 1),))
    assert responses(paper, ["DA"]) == (Response("T-1", "AD", 1, 1),)
    assert responses(paper, ["A"]) == (Response("T-1", "D", 0, 1),)


def test_answers_are_counted_with_what_the_attempt_earned_in_all() -> None:
    right, wrong = Response("T-1", "A", 1, 1), Response("T-1", "B", 0, 1)
    other = Response("T-2", "A", 2, 2)
    counts = count([(right, other), (right, other), (other, wrong)])
    assert counts.wholes == {Whole(3, 3): 2, Whole(2, 3): 1}
    assert counts.answers[right, Whole(3, 3)] == 2
    assert counts.questions["T-1"].cells == {(1, 3): 2, (0, 2): 1}
    assert counts.questions["T-2"].points == 6
    assert counts.places[1].cells == {(1, 3): 2, (2, 2): 1}
    assert counts.places[1].points == 4


def test_voided_questions_are_gone_and_attempts_of_nothing_else_too() -> None:
    one, other, idle = Response("T-1", "A", 1, 1), Response("T-2", "B", 0, 1), Response("T-3", "A", 0, 0)
    assert without({"T-1"}, [(one, other), (one,), (one, idle)]) == [(other,)]
    assert without(frozenset(), [(one, other)]) == [(one, other)]
