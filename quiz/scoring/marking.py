"""From an answer sheet to a mark: the points of each question, all or nothing where several options are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

from quiz.questions.paper import Paper
from quiz.scoring.rulings import NO_RULINGS, Rulings, is_right, is_voided


@dataclass(frozen=True, slots=True)
class Mark:
    """Which questions were answered rightly and what each is worth, in order; whether every question has an answer."""

    right: tuple[bool, ...]
    points: tuple[int, ...]
    is_complete: bool

    @property
    def score(self) -> int:
        """The points of the right answers."""
        return sum(compress(self.points, self.right))


def mark(paper: Paper, answers: Sequence[str], rulings: Rulings = NO_RULINGS) -> Mark:
    """The mark of one sheet; `answers[i]` holds the letters chosen, as shown, for the question in place i.

    A question counts only when exactly the right options are chosen; an unanswered question counts nothing. `rulings`
    say otherwise of questions found wrong: whoever was dealt a voided one is credited with it, as if it were answered.
    """
    right = [frozenset(chosen) == item.key_shown for item, chosen in zip(paper.questions, answers, strict=True)]
    has_answer = [*map(bool, answers)]
    if rulings:
        for place, item in enumerate(paper.questions):
            if ruling := rulings.get(item.question.id):
                right[place] = is_right(item, answers[place], ruling)
                has_answer[place] |= is_voided(ruling)
    return Mark(tuple(right), tuple([item.points for item in paper.questions]), is_complete=all(has_answer))
