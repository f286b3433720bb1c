"""From answer sheets to counts: which answer was given how often, in attempts that earned how much in all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, TypeVar

from quiz.questions.bank import LETTERS
from quiz.questions.paper import Paper, PaperQuestion
from quiz.scoring.item_figures import ItemMarks
from quiz.scoring.marking import mark
from quiz.scoring.rulings import NO_RULINGS, Rulings

Name = TypeVar("Name", bound=Hashable)


class Response(NamedTuple):
    """One question on one paper: the options chosen, as the bank's letters in order, what they earned of how much."""

    question: str
    chosen: str
    mark: int
    points: int


class Whole(NamedTuple):
    """What one attempt earned, and what it could have earned."""

    mark: int
    points: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.mark, self.points)


Answers = Mapping[tuple[Response, Whole], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """All attempts taken apart: by answer, by place on the paper, and by what they earned in all."""

    answers: Answers
    places: Mapping[int, ItemMarks]
    wholes: Mapping[Whole, int]

    @property
    def questions(self) -> dict[str, ItemMarks]:
        """The marks of every question that was dealt."""
        return _marks_of(
            (response.question, response.mark, response.points, whole.mark, times)
            for (response, whole), times in self.answers.items()
        )


def responses(paper: Paper, answers: Sequence[str], rulings: Rulings = NO_RULINGS) -> tuple[Response, ...]:
    """One sheet as item analysis reads it, marked as ruled; `answers[i]` holds the letters chosen, as shown."""
    return tuple(
        Response(item.question.id, _in_the_bank(item, chosen), item.points if is_right else 0, item.points)
        for item, chosen, is_right in zip(paper.questions, answers, mark(paper, answers, rulings).right, strict=True)
    )


def without(voided: Collection[str], attempts: Iterable[Sequence[Response]]) -> list[Sequence[Response]]:
    """The attempts without voided questions, and without those that then have nothing to earn."""
    kept = (tuple(each for each in attempt if each.question not in voided) for attempt in attempts)
    return [attempt for attempt in kept if any(response.points for response in attempt)]


def count(attempts: Iterable[Sequence[Response]]) -> Counts:
    """One pass over all answers; a place is the how-manieth question of its paper."""
    answers: Counter[tuple[Response, Whole]] = Counter()
    places: Counter[tuple[int, int, int, int]] = Counter()
    wholes: Counter[Whole] = Counter()
    for attempt in attempts:
        whole = Whole(sum([each.mark for each in attempt]), sum([each.points for each in attempt]))
        wholes[whole] += 1
        answers.update([(each, whole) for each in attempt])
        places.update([(place, each.mark, each.points, whole.mark) for place, each in enumerate(attempt, start=1)])
    return Counts(
        answers=answers,
        places=_marks_of((*place, times) for place, times in places.items()),
        wholes=wholes,
    )


def _marks_of(counted: Iterable[tuple[Name, int, int, int, int]]) -> dict[Name, ItemMarks]:
    points: Counter[Name] = Counter()
    cells: dict[Name, Counter[tuple[int, int]]] = defaultdict(Counter)
    for name, earned, worth, whole, times in counted:
        points[name] += worth * times
        cells[name][earned, whole] += times
    return {name: ItemMarks(points[name], cells[name]) for name in cells}


def _in_the_bank(item: PaperQuestion, chosen: str) -> str:
    return "".join(sorted(item.letters[LETTERS.index(letter)] for letter in chosen))
