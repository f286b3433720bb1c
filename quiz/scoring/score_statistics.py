"""How the marks of a week are spread and how far they can be trusted: Moodle's statistics of a whole quiz.

Formulas: "Test statistics" of https://docs.moodle.org/dev/Quiz_statistics_calculations, and what Moodle runs,
`quiz_statistics\\calculator`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod, sqrt
from statistics import median

from quiz.scoring.item_figures import ItemMarks


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreStatistics:
    """Mean, median, standard deviation and standard error in points, the others as shares; None as in Moodle.

    `consistency` is the coefficient of internal consistency (Cronbach's alpha, 1 = 100 %) over positions; `error_ratio`
    is how much of the standard deviation is chance; `standard_error` is that in points.
    """

    attempts: int
    mean: float | None = None
    median: float | None = None
    sd: float | None = None
    skewness: float | None = None
    kurtosis: float | None = None
    consistency: float | None = None
    error_ratio: float | None = None
    standard_error: float | None = None


def score_statistics(marks: Mapping[int, int], positions: Collection[ItemMarks]) -> ScoreStatistics:
    """The statistics of marks that were earned so many times each, on papers made of these positions."""
    n = sum(marks.values())
    if not n:
        return ScoreStatistics(attempts=0)
    mean = Fraction(sum(mark * times for mark, times in marks.items()), n)
    second, third, fourth = (_moment(marks, mean, power) / n for power in (2, 3, 4))
    variance = second * n / (n - 1) if n > 1 else None
    consistency = _consistency(variance, positions) if variance and n > 2 else None
    error_ratio = None if consistency is None or consistency > 1 else sqrt(1 - consistency)
    sd = None if variance is None else sqrt(variance)
    return ScoreStatistics(
        attempts=n,
        mean=float(mean),
        median=float(median(Counter(marks).elements())),
        sd=sd,
        skewness=_skewness(n, second, third) if second and n > 2 else None,
        kurtosis=_kurtosis(n, second, fourth) if second and n > 3 else None,
        consistency=None if consistency is None else float(consistency),
        error_ratio=error_ratio,
        standard_error=None if error_ratio is None or sd is None else error_ratio * sd,
    )


def _moment(marks: Mapping[int, int], mean: Fraction, power: int) -> Fraction:
    return Fraction(sum(prod([mark - mean] * power) * times for mark, times in marks.items()))


def _consistency(variance: Fraction, positions: Collection[ItemMarks]) -> Fraction | None:
    """p / (p - 1) times the share of the variance of the marks that the positions do not have each by itself."""
    if len(positions) < 2:
        return None
    alone = sum((each.over_pairs(each.with_whole.first) or Fraction(0) for each in positions), Fraction(0))
    return Fraction(len(positions), len(positions) - 1) * (1 - alone / variance)


def _skewness(n: int, second: Fraction, third: Fraction) -> float:
    third_cumulant = n * n * third / ((n - 1) * (n - 2))
    return float(third_cumulant) / sqrt(second * n / (n - 1)) ** 3


def _kurtosis(n: int, second: Fraction, fourth: Fraction) -> float:
    fourth_cumulant = n * n * ((n + 1) * fourth - 3 * (n - 1) * second * second) / ((n - 1) * (n - 2) * (n - 3))
    variance = second * n / (n - 1)
    return float(fourth_cumulant / (variance * variance))
