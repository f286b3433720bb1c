"""The figures of questions and places, beside Moodle's own and beside a case worked by hand."""

from __future__ import annotations

from math import sqrt

import pytest

from quiz.scoring.item_figures import ItemMarks, weigh
from quiz.scoring.item_responses import count
from tests.scoring.moodle_figures import (
    LONG_EXPECTED,
    LONG_POINTS,
    SHORT_EXPECTED,
    long_quiz,
    short_quiz,
    with_random_slot,
    with_variant,
)


def same(figure: float | None, expected: float | None, *, of: float = 100) -> bool:
    """Equal to six decimals of what Moodle prints, or both nothing."""
    if figure is None or expected is None:
        return figure is expected
    return abs(figure * of - expected) < 5e-7


@pytest.mark.parametrize("slot", range(1, 21))
def test_long_quiz_has_moodles_figures(slot: int) -> None:
    places = count(long_quiz()).places
    figures, points = places[slot].figures, LONG_POINTS[slot - 1] / 10
    expected = {name: values[slot - 1] for name, values in LONG_EXPECTED.items()}
    assert same(figures.facility, expected["facility"])
    assert same(figures.sd, expected["sd in thousandths of a point"], of=1000 * points)
    assert same(figures.discrimination, expected["discrimination"])
    assert same(figures.efficiency, expected["efficiency"])
    assert same(weigh(places)[slot].effective, expected["effective weight"])
    assert weigh(places)[slot].intended == pytest.approx(points / 24)


@pytest.mark.parametrize("slot", range(1, 8))
def test_short_quiz_has_moodles_figures(slot: int) -> None:
    places = count(short_quiz()).places
    figures, (weight, discrimination, efficiency, facility, sd) = places[slot].figures, SHORT_EXPECTED[slot - 1]
    assert same(weigh(places)[slot].effective, weight)
    assert same(figures.discrimination, discrimination)
    assert same(figures.efficiency, efficiency)
    assert same(figures.facility, facility, of=1)
    assert same(figures.sd, sd, of=1)


def test_question_drawn_at_random_has_moodles_figures_where_moodle_counts_it_in_the_whole() -> None:
    figures = with_random_slot().questions["numerical"].figures
    assert figures.dealt == 12
    assert same(figures.facility, 0.583333333, of=1)
    assert same(figures.sd, 0.514928651, of=1)
    assert same(figures.discrimination_with_itself, 35.803933)
    assert same(figures.efficiency_with_itself, 39.39393939)


def test_question_drawn_at_random_is_compared_with_the_rest_of_the_same_attempts() -> None:
    figures = with_random_slot().questions["numerical"].figures
    assert figures.discrimination is not None
    assert figures.discrimination < 0 < (figures.discrimination_with_itself or 0)


@pytest.mark.parametrize(
    ("variant", "facility", "sd", "discrimination", "efficiency"),
    [(1, 0.50, 0.5477225575, -10.5999788, -14.28571429), (8, 0.40, 0.547722558, -57.77466679, -71.05263241)],
)
def test_some_attempts_only_have_moodles_figures(
    variant: int, facility: float, sd: float, discrimination: float, efficiency: float
) -> None:
    figures = with_variant(variant).places[2].figures
    assert same(figures.facility, facility, of=1)
    assert same(figures.sd, sd, of=1)
    assert same(figures.discrimination, discrimination)
    assert same(figures.efficiency, efficiency)


def test_small_case_by_hand() -> None:
    """Four attempts: this question 1 1 0 0, all questions 3 2 2 0, the rest therefore 2 1 2 0.

    Means 1/2 and 5/4. Deviations ½ ½ -½ -½ and ¾ -¼ ¾ -5/4: covariance (⅜ - ⅛ - ⅜ + ⅝)/3 = 1/6, variances 1/3 and
    (9 + 1 + 9 + 25)/16/3 = 11/12; in order -5/4 -¼ ¾ ¾ go with -½ -½ ½ ½: (⅝ + ⅛ + ⅜ + ⅜)/3 = 1/2.
    """
    figures = ItemMarks(4, {(1, 3): 1, (1, 2): 1, (0, 2): 1, (0, 0): 1}).figures
    assert figures.facility == 0.5
    assert figures.sd == pytest.approx(sqrt(1 / 3))
    assert figures.discrimination == pytest.approx((1 / 6) / sqrt(1 / 3 * 11 / 12))
    assert figures.efficiency == pytest.approx(1 / 3)


def test_item_that_gave_everybody_the_same_parts_nobody() -> None:
    figures = ItemMarks(3, {(1, 5): 2, (1, 3): 1}).figures
    assert (figures.facility, figures.sd, figures.discrimination, figures.efficiency) == (1, 0, None, None)
    assert (figures.discrimination_with_itself, figures.efficiency_with_itself) == (None, None)


def test_one_attempt_has_a_facility_and_nothing_else() -> None:
    figures = ItemMarks(1, {(1, 5): 1}).figures
    assert (figures.facility, figures.sd, figures.discrimination) == (1, None, None)
    assert weigh({1: ItemMarks(1, {(1, 5): 1})})[1].effective is None


def test_question_may_be_worth_different_points_on_different_papers() -> None:
    assert ItemMarks(3, {(1, 5): 1, (0, 3): 1}).figures.facility == pytest.approx(1 / 3)


def test_item_that_goes_against_the_whole_has_no_effective_weight() -> None:
    against = ItemMarks(2, {(1, 1): 1, (0, 5): 1})
    along = ItemMarks(10, {(0, 1): 1, (5, 5): 1})
    weights = weigh({"against": against, "along": along})
    assert (weights["against"].effective, weights["along"].effective) == (None, 1)
    assert weights["against"].intended == pytest.approx(2 / 12)


def test_figures_are_the_same_however_large_the_week() -> None:
    cells = ((1, 3), (1, 2), (0, 2), (0, 0))
    few, many = ItemMarks(4, dict.fromkeys(cells, 1)), ItemMarks(40_000, dict.fromkeys(cells, 10_000))
    assert few.with_whole.correlation == many.with_whole.correlation == pytest.approx(1.5 / sqrt(4.75))
