"""The prediction question (câu dự đoán): an unscored number whose target is known only after the week has closed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Target(StrEnum):
    """What is predicted."""

    PEOPLE = "people"
    PEOPLE_ALL_RIGHT = "people_all_right"
    ATTEMPTS = "attempts"


class Scope(StrEnum):
    """Among whom the target is counted."""

    DIVISION = "division"
    ALL = "all"


class EqualDistance(StrEnum):
    """Of two predictions equally far from the target, one above and one below it, which stands higher."""

    SAME = "same"
    BELOW_FIRST = "below_first"
    ABOVE_FIRST = "above_first"


class Whose(StrEnum):
    """The prediction of which of a person's attempts counts."""

    COUNTED = "counted"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The prediction question of a contest as the rules have it."""

    text: str
    target: Target
    scope: Scope = Scope.ALL
    equal_distance: EqualDistance = EqualDistance.SAME
    whose: Whose = Whose.COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What happened in one week, in one division or in all: people and attempts are never mixed."""

    people: int
    people_all_right: int
    attempts: int

    def of(self, target: Target) -> int:
        """The figure that was to be predicted."""
        return {
            Target.PEOPLE: self.people,
            Target.PEOPLE_ALL_RIGHT: self.people_all_right,
            Target.ATTEMPTS: self.attempts,
        }[target]

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            people=self.people + other.people,
            people_all_right=self.people_all_right + other.people_all_right,
            attempts=self.attempts + other.attempts,
        )
