"""The option table: who chose what, among all, the strong and the weak."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from quiz.scoring.distractors import Choices, OptionTable, option_tables, thirds_of
from quiz.scoring.item_responses import Response, Whole, count
from tests.makers import question


def table_of(sheets: Sequence[tuple[str, int]], key: str = "A") -> OptionTable:
    """The table of one question after sheets with this choice for it and this mark elsewhere, of ten."""
    attempts = [
        (Response("T-1", chosen, int(chosen == key), 1), Response("rest", "A", elsewhere, 10))
        for chosen, elsewhere in sheets
    ]
    counts = count(attempts)
    return option_tables([question("T-1", key)], counts.answers, thirds_of(counts.wholes))["T-1"]


def test_options_are_counted_among_all_and_among_both_thirds() -> None:
    table = table_of([("A", 9), ("A", 8), ("A", 5), ("B", 5), ("B", 1), ("", 0)])
    assert table.dealt == Choices(all=6, upper=2, lower=2)
    assert [(option.letter, option.is_key, option.chosen) for option in table.options] == [
        ("A", True, Choices(all=3, upper=2)),
        ("B", False, Choices(all=2, lower=1)),
        ("C", False, Choices()),
        ("D", False, Choices()),
    ]
    assert table.blank == Choices(all=1, lower=1)


def test_each_of_several_options_chosen_is_counted() -> None:
    table = table_of([("AB", 9), ("A", 5), ("BC", 1)], key="AB")
    assert [option.chosen.all for option in table.options] == [2, 2, 1, 0]
    assert [option.letter for option in table.keys] == ["A", "B"]
    assert [option.letter for option in table.distractors] == ["C", "D"]


@pytest.mark.parametrize(
    ("marks", "upper", "lower"),
    [
        ([1, 2, 3, 4, 5, 6], {5, 6}, {1, 2}),
        ([1, 2, 3, 4, 5, 6, 7], {5, 6, 7}, {1, 2, 3}),
        ([1, 2, 6, 6, 6, 6], {6}, {1, 2}),
        ([1, 6, 6, 6, 6, 6], {6}, {1}),
        ([1, 1, 1, 1, 5, 6], {5, 6}, {1}),
        ([6, 6, 6], {6}, set()),
        ([6], {6}, set()),
    ],
)
def test_equals_are_never_parted_and_nobody_is_in_both_thirds(
    marks: list[int], upper: set[int], lower: set[int]
) -> None:
    thirds = thirds_of(Counter(Whole(mark, 10) for mark in marks))
    assert ({whole.mark for whole in thirds.upper}, {whole.mark for whole in thirds.lower}) == (upper, lower)


def test_thirds_go_by_the_share_of_what_could_be_earned() -> None:
    thirds = thirds_of({Whole(19, 19): 1, Whole(20, 20): 1, Whole(19, 20): 1, Whole(10, 20): 1})
    assert thirds.upper == {Whole(19, 19), Whole(20, 20)}
    assert thirds.lower == {Whole(19, 20), Whole(10, 20)}


def test_question_that_nobody_had_has_a_table_of_noughts() -> None:
    counts = count([(Response("T-1", "A", 1, 1),)])
    table = option_tables([question("T-2")], counts.answers, thirds_of(counts.wholes))["T-2"]
    assert {option.chosen for option in table.options} == {table.dealt} == {Choices()}
