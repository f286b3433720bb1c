"""The figures of one question or place as Moodle defines them, from how often which marks stand together.

Formulas: "Quiz statistics calculations", https://docs.moodle.org/dev/Quiz_statistics_calculations, and what Moodle
runs, `core_question\\statistics\\questions\\calculator`. Moodle prints per cents; here 0.25 stands for 25 %. All sums
are whole numbers, so neither the order of attempts nor their number costs a digit; there is one rounding, at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import copysign, fsum, sqrt
from operator import mul
from typing import TypeVar

Cells = Mapping[tuple[int, int], int]
Name = TypeVar("Name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How two figures vary over n attempts: both variances and the covariance, exactly, each times n(n - 1).

    `most` is the covariance that the same figures would have if both stood in order.
    """

    first: int
    second: int
    common: int
    most: int

    @property
    def correlation(self) -> float | None:
        """Covariance by the root of both variances: from -1 to 1; None where one of them does not vary."""
        both = self.first * self.second
        return copysign(sqrt(self.common**2 / both), self.common) if both else None

    @property
    def efficiency(self) -> float | None:
        """The covariance as a share of the highest that these figures allow; at most 1."""
        return self.common / self.most if self.most else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFigures:
    """One row of Moodle's table of questions; None where Moodle shows nothing.

    `facility` is the mean mark and `sd` its standard deviation, both as shares of the points; `discrimination` and
    `efficiency` compare with what the same attempts earned elsewhere, which is how Moodle treats a fixed question. One
    that it drew at random Moodle compares with the whole mark, itself included: the two figures `…_with_itself`, which
    are higher and serve only to be held beside Moodle's.
    """

    dealt: int
    facility: float | None
    sd: float | None
    discrimination: float | None
    efficiency: float | None
    discrimination_with_itself: float | None
    efficiency_with_itself: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What share of the points an item was meant to decide, and what share of the differences it did decide.

    `effective` is None where the item goes against the whole mark.
    """

    intended: float
    effective: float | None


@dataclass(frozen=True)
class ItemMarks:
    """How many attempts earned so much here and so much in all; `points` is the most all of them could earn here."""

    points: int
    cells: Cells

    @cached_property
    def dealt(self) -> int:
        """How many attempts had the item."""
        return sum(self.cells.values())

    @cached_property
    def facility(self) -> Fraction | None:
        """What it gave of what it could give."""
        earned = sum(mark * times for (mark, _), times in self.cells.items())
        return Fraction(earned, self.points) if self.points else None

    @cached_property
    def with_whole(self) -> Spread:
        """Its marks beside what the same attempts earned in all."""
        return spread_of(self.cells)

    def over_pairs(self, scaled: int) -> Fraction | None:
        """A variance or covariance from a spread, divided by n - 1 as Moodle does; None for fewer than two attempts."""
        return Fraction(scaled, self.dealt * (self.dealt - 1)) if self.dealt > 1 else None

    @property
    def figures(self) -> ItemFigures:
        """Facility, its standard deviation, discrimination index and discriminative efficiency."""
        rest = spread_of({(mark, whole - mark): times for (mark, whole), times in self.cells.items()})
        variance = self.over_pairs(rest.first)
        return ItemFigures(
            dealt=self.dealt,
            facility=None if self.facility is None else float(self.facility),
            sd=None if variance is None or not self.points else sqrt(variance) * self.dealt / self.points,
            discrimination=rest.correlation,
            efficiency=rest.efficiency,
            discrimination_with_itself=self.with_whole.correlation,
            efficiency_with_itself=self.with_whole.efficiency,
        )


def weigh(items: Mapping[Name, ItemMarks]) -> dict[Name, Weights]:
    """Intended and effective weight of each of the items that together make up the papers.

    The effective weight is the root of the covariance with the whole mark, as a share of all such roots.
    """
    points = sum(marks.points for marks in items.values())
    shared = {name: marks.over_pairs(marks.with_whole.common) for name, marks in items.items()}
    roots = {name: sqrt(common) for name, common in shared.items() if common is not None and common >= 0}
    total = fsum(roots.values())
    return {
        name: Weights(
            intended=marks.points / points,
            effective=roots[name] / total if total and name in roots else None,
        )
        for name, marks in items.items()
    }


def spread_of(cells: Cells) -> Spread:
    """The spread of two figures that stand together so many times."""
    firsts, seconds, together = Counter[int](), Counter[int](), 0
    for (first, second), times in cells.items():
        firsts[first] += times
        seconds[second] += times
        together += first * second * times
    n, sum_first, sum_second = sum(cells.values()), _sum(firsts), _sum(seconds)
    in_order = sum(map(mul, _in_order(firsts), _in_order(seconds)))
    return Spread(
        first=n * _sum(firsts, power=2) - sum_first**2,
        second=n * _sum(seconds, power=2) - sum_second**2,
        common=n * together - sum_first * sum_second,
        most=n * in_order - sum_first * sum_second,
    )


def _sum(values: Mapping[int, int], power: int = 1) -> int:
    return sum(value**power * times for value, times in values.items())


def _in_order(values: Counter[int]) -> Iterable[int]:
    return sorted(values.elements())
