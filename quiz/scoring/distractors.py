"""Which options of a question were chosen, by all, by the third with most points and by the third with fewest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from quiz.questions.bank import Question
from quiz.scoring.item_responses import Answers, Whole

_DEALT, _BLANK = "*", "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thirds:
    """What the attempts of the upper and of the lower third earned, by the share of their points.

    Equals are never parted, so a third may be larger; whoever belongs to the upper third is not in the lower.
    """

    upper: frozenset[Whole]
    lower: frozenset[Whole]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How many attempts did something: all, those of the upper third, those of the lower."""

    all: int = 0
    upper: int = 0
    lower: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionChoices:
    """One option, under the bank's letter, with how many chose it."""

    letter: str
    is_key: bool
    chosen: Choices


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionTable:
    """The options of one question in the bank's order; `dealt` had the question, `blank` chose nothing.

    Where several options are right, each is counted for everybody who chose it among others.
    """

    dealt: Choices
    blank: Choices
    options: tuple[OptionChoices, ...]

    @property
    def keys(self) -> tuple[OptionChoices, ...]:
        return tuple(option for option in self.options if option.is_key)

    @property
    def distractors(self) -> tuple[OptionChoices, ...]:
        return tuple(option for option in self.options if not option.is_key)


def thirds_of(wholes: Mapping[Whole, int]) -> Thirds:
    """Both thirds of at least one attempt."""
    shares = Counter[Fraction]()
    for whole, times in wholes.items():
        shares[whole.share] += times
    rising = sorted(shares.elements())
    within = -(-len(rising) // 3) - 1
    upper = frozenset(whole for whole in wholes if whole.share >= rising[~within])
    lower = frozenset(whole for whole in wholes if whole.share <= rising[within])
    return Thirds(upper=upper, lower=lower - upper)


def option_tables(questions: Iterable[Question], answers: Answers, thirds: Thirds) -> dict[str, OptionTable]:
    """The table of each question, by its id; one that nobody was dealt has a table of noughts."""
    all_of, upper, lower = Counter[tuple[str, str]](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for (response, whole), times in answers.items():
        counted = [all_of, *([upper] if whole in thirds.upper else [lower] if whole in thirds.lower else [])]
        for what in (_DEALT, *(response.chosen or _BLANK)):
            for counter in counted:
                counter[response.question, what] += times

    def choices(question: Question, what: str) -> Choices:
        at = (question.id, what)
        return Choices(all=all_of[at], upper=upper[at], lower=lower[at])

    return {
        question.id: OptionTable(
            dealt=choices(question, _DEALT),
            blank=choices(question, _BLANK),
            options=tuple(
                OptionChoices(
                    letter=option.letter, is_key=option.letter in question.key, chosen=choices(question, option.letter)
                )
                for option in question.options
            ),
        )
        for question in questions
    }
