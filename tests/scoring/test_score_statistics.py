"""The statistics of the marks as a whole, beside Moodle's own and by hand."""

from __future__ import annotations

from collections import Counter

import pytest

from quiz.scoring.item_figures import ItemMarks
from quiz.scoring.item_responses import count
from quiz.scoring.score_statistics import ScoreStatistics, score_statistics
from tests.scoring.moodle_figures import ONE, short_quiz


def test_short_quiz_has_moodles_statistics() -> None:
    """Expected in `check_quiz_stats_for_quiz_00` of Moodle's `stats_from_steps_walkthrough_test.php`."""
    counts = count(short_quiz())
    whole = score_statistics({whole.mark: times for whole, times in counts.wholes.items()}, counts.places.values())

    def near(value: float) -> object:
        return pytest.approx(value, abs=5e-7)

    assert whole.attempts == 25
    assert (whole.median or 0) / ONE == 4.5
    assert (whole.mean or 0) / ONE == near(4.617333332)
    assert (whole.sd or 0) / ONE == near(0.8117265554)
    assert whole.skewness == near(-0.092502502)
    assert whole.kurtosis == near(-0.7073968557)
    assert 100 * (whole.consistency or 0) == near(-87.2230935542)
    assert 100 * (whole.error_ratio or 0) == near(136.8294900795)
    assert (whole.standard_error or 0) / ONE == near(1.1106813066)


def test_two_places_that_always_agree_are_perfectly_consistent() -> None:
    place = ItemMarks(4, {(1, 2): 2, (0, 0): 2})
    whole = score_statistics({0: 2, 2: 2}, [place, place])
    assert (whole.consistency, whole.error_ratio, whole.standard_error) == (1, 0, 0)


def test_consistency_by_hand() -> None:
    """Marks 2 1 1 0 from places 1 1 0 0 and 1 0 1 0: variance 2/3, of each place 1/3: 2/1 · (1 - 1) = 0."""
    place = ItemMarks(4, {(1, 2): 1, (1, 1): 1, (0, 1): 1, (0, 0): 1})
    whole = score_statistics({2: 1, 1: 2, 0: 1}, [place, place])
    assert (whole.consistency, whole.error_ratio) == (0, 1)
    assert whole.standard_error == whole.sd


@pytest.mark.parametrize(
    ("marks", "known"),
    [
        ([], set()),
        ([3], {"mean", "median"}),
        ([3, 5], {"mean", "median", "sd"}),
        ([3, 5, 5], {"mean", "median", "sd", "skewness", "consistency", "error_ratio", "standard_error"}),
        ([3, 5, 5, 6], set(ScoreStatistics.__slots__) - {"attempts"}),
        ([5, 5, 5, 5], {"mean", "median", "sd"}),
    ],
)
def test_nothing_is_said_where_moodle_says_nothing(marks: list[int], known: set[str]) -> None:
    place = ItemMarks(10, Counter((mark, 2 * mark) for mark in marks))
    whole = score_statistics(Counter(2 * mark for mark in marks), [place, place])
    said = {name for name in ScoreStatistics.__slots__ if getattr(whole, name) is not None}
    assert said == known | {"attempts"}


def test_papers_of_one_place_have_no_consistency() -> None:
    whole = score_statistics({0: 2, 2: 2}, [ItemMarks(8, {(2, 2): 2, (0, 0): 2})])
    assert (whole.consistency, whole.error_ratio, whole.standard_error) == (None, None, None)
