"""What is unusual about attempts, as information for people who look into it and never as a verdict.

Each signal comes with how often the same was found among how many (`Rate`), since what many have says nothing of one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from quiz.scoring.item_responses import Response

LEAST_MS_PER_QUESTION = 2000
"""Nobody reads a question and four options in less; Wise and Kong (2005) take 3 to 10 s for the border of guessing."""
CLOSE_MS = 60_000
"""Hand-ins no farther apart than this are close to each other."""
LEAST_COMMON = 5
"""Papers are drawn apart: with fewer questions in common, the same answers say nothing."""
LEAST_WRONG_ALIKE = 2
UNLIKELY = 0.001
"""Pairs at or below this chance are told; by chance alone, one in a thousand pairs is."""

Figure = int | float


class Kind(StrEnum):
    """What can be noticed."""

    FAST = "fast"
    SHARED_DEVICE = "shared_device"
    SAME_ANSWERS = "same_answers"
    SAME_WRONG = "same_wrong"


@dataclass(frozen=True, slots=True)
class Rate:
    """In how many cases of how many the same was found."""

    found: int
    of: int

    @property
    def share(self) -> Fraction:
        """0 where there was nothing to look at."""
        return Fraction(self.found, self.of) if self.of else Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Something noticed about somebody, with whom it is shared, and its figures by name."""

    kind: Kind
    others: tuple[int, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(slots=True)
class Signals:
    """What was noticed by person, and how common each kind is."""

    of_people: dict[int, list[Signal]] = field(default_factory=dict)
    rates: dict[Kind, Rate] = field(default_factory=dict)

    def add(self, person: int, signal: Signal) -> None:
        """One thing more about somebody."""
        self.of_people.setdefault(person, []).append(signal)

    def count(self, kind: Kind, rate: Rate) -> None:
        """So many more cases looked at."""
        known = self.rates.get(kind, Rate(0, 0))
        self.rates[kind] = Rate(known.found + rate.found, known.of + rate.of)


class Sheet(NamedTuple):
    """One attempt by question: what was chosen, as the bank's letters ('' for nothing), and where it was wrong."""

    chosen: Mapping[str, str]
    wrong: frozenset[str]


class Likeness(NamedTuple):
    """Two sheets: questions in common, wrong choices in common, and the chance of so many or more by chance alone."""

    common: int
    wrong_alike: int
    chance: float

    @property
    def is_told(self) -> bool:
        """Whether it is unusual enough to be shown."""
        return self.wrong_alike >= LEAST_WRONG_ALIKE and self.chance <= UNLIKELY


def is_fast(questions: int, time_ms: int) -> bool:
    """Whether there was not the time to read the questions."""
    return time_ms < questions * LEAST_MS_PER_QUESTION


def shared_devices(people: Mapping[str, frozenset[int]]) -> tuple[dict[str, frozenset[int]], Rate]:
    """The devices with several people, and how many those are of all; in offices one computer serves many."""
    shared = {device: group for device, group in people.items() if len(group) > 1}
    return shared, Rate(len(shared), len(people))


def sheet(responses: Iterable[Response]) -> Sheet:
    """One attempt as it is compared with others; a question left out is not a wrong choice."""
    answers = tuple(responses)
    wrong = frozenset(each.question for each in answers if each.chosen and each.mark < each.points)
    return Sheet({each.question: each.chosen for each in answers}, wrong)


def same_answers(one: Sheet, other: Sheet) -> bool | None:
    """Whether the answers to all common questions are the same, wherever they stood; None for too few in common."""
    common = one.chosen.keys() & other.chosen.keys()
    if len(common) < LEAST_COMMON:
        return None
    return all(one.chosen[question] == other.chosen[question] for question in common)


def chances_alike(sheets: Iterable[Sheet]) -> dict[str, float]:
    """By question, how likely two people who know nothing of each other make the same wrong choice.

    The sum over the wrong choices of the squared share of all who were dealt the question. The sheets that are compared
    must be among these, so that nothing that happened is taken for impossible.
    """
    dealt: Counter[str] = Counter()
    wrong: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for each in sheets:
        dealt.update(each.chosen.keys())
        for question in each.wrong:
            wrong[question][each.chosen[question]] += 1
    return {
        question: sum((count / people) ** 2 for count in wrong[question].values()) for question, people in dealt.items()
    }


def likeness(one: Sheet, other: Sheet, chances: Mapping[str, float]) -> Likeness:
    """How alike two sheets are in what is wrong, by the tail of the generalised binomial distribution.

    The test of van der Linden and Sotaridona (2006), "Detecting answer copying when the regular response process
    follows a known response model", Journal of Educational and Behavioral Statistics 31(3), on identical wrong choices
    alone and with the shares observed in place of a response model. The shares are those of everybody: people who
    err less than most come out as less unusual than they are, people who err more as more unusual.
    """
    common = one.chosen.keys() & other.chosen.keys()
    alike = sum(one.chosen[question] == other.chosen[question] for question in common & one.wrong & other.wrong)
    return Likeness(len(common), alike, at_least(alike, [chances[question] for question in sorted(common)]))


def at_least(hits: int, chances: Sequence[float]) -> float:
    """How likely at least so many of independent events with these chances happen."""
    if hits == 0:
        return 1.0
    exactly = [1.0, *[0.0] * (hits - 1)]
    reached = 0.0
    for chance in chances:
        reached += exactly[-1] * chance
        for count in range(hits - 1, 0, -1):
            exactly[count] = exactly[count] * (1 - chance) + exactly[count - 1] * chance
        exactly[0] *= 1 - chance
    return min(1.0, reached)
