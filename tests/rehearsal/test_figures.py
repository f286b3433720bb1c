"""What is counted of each step."""

from __future__ import annotations

import pytest

from quiz.rehearsal.figures import Ending, Sample, Step, figures, percentile


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100)])
def test_percentiles_are_by_nearest_rank(share: float, value: int) -> None:
    assert percentile(range(1, 101), share) == value


def test_of_one_value_every_percentile_is_that_value_and_of_none_nought() -> None:
    assert [percentile([7.0], share) for share in (0.5, 0.99)] == [7.0, 7.0]
    assert percentile([], 0.95) == 0.0


def test_steps_are_counted_apart_and_in_the_order_of_a_sitting() -> None:
    found = figures(
        [
            Sample(Step.SAVE, 0.2, failures=2),
            Sample(Step.SIGN_IN, 0.1),
            Sample(Step.SAVE, 0.4, Ending.LOST, 4),
            Sample(Step.SAVE, 0.1, Ending.REFUSED),
        ]
    )
    assert list(found) == [Step.SIGN_IN, Step.SAVE]
    saves = found[Step.SAVE]
    assert (saves.count, saves.p50, saves.p99, saves.refused, saves.failures, saves.lost) == (3, 0.2, 0.4, 1, 6, 1)
