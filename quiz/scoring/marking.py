"""From an answer sheet to a mark: the points of each question, all or nothing where several options are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quiz.questions.paper import Paper


@dataclass(frozen=True, slots=True)
class Mark:
    """Which questions were answered rightly and what each is worth, in order; whether every question has an answer."""

    right: tuple[bool, ...]
    points: tuple[int, ...]
    is_complete: bool

    @property
    def score(self) -> int:
        """The points of the right answers."""
        return sum(points for points, right in zip(self.points, self.right, strict=True) if right)


def mark(paper: Paper, answers: Sequence[str]) -> Mark:
    """The mark of one sheet; `answers[i]` holds the letters chosen, as shown, for the question in place i.

    A question counts only when exactly the right options are chosen; an unanswered question counts nothing.
    """
    return Mark(
        right=tuple(set(chosen) == item.key_shown for item, chosen in zip(paper.questions, answers, strict=True)),
        points=tuple(item.points for item in paper.questions),
        is_complete=all(answers),
    )
