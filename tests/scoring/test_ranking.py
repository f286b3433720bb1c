"""The ranking: 1, 2, 2, 4; one place per person; the same for everyone who computes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.scoring.ranking import Standing, rank, why_above
from quiz.scoring.tie_breaks import DEFAULT_CHAIN, HAND_IN_MOMENT, LOT, SCORE, TIME_TAKEN, Result
from quiz.vietnamese import HANOI

LOT_SEED = bytes(range(32))
OTHER_SEED = bytes(32)
GOLDEN_ORDER = [2, 3, 7, 1, 4, 5, 6, 8]
GOLDEN_OTHER_ORDER = [8, 4, 5, 7, 2, 1, 6, 3]
MORNING = int(datetime(2024, 10, 8, 2, 0, tzinfo=UTC).timestamp()) * 1000  # 9:00 in Hà Nội

results_of_people = st.lists(
    st.builds(
        Result,
        code=st.text("ABCDEFGHIJKLMNOP", min_size=8, max_size=8),
        person=st.integers(1, 12),
        score=st.integers(0, 3),
        questions=st.just(3),
        time_ms=st.sampled_from((1000, 1001, 1999, 2000, 3500)),
        handed_in_ms=st.integers(0, 3),
    ),
    max_size=10,
    unique_by=lambda result: result.code,
)
results_once_each = results_of_people.map(
    lambda results: [replace(result, person=n) for n, result in enumerate(results, start=1)]
)
thorough = settings(deadline=None, max_examples=50)


def result(person: int, score: int = 20, time_ms: int = 60_000, handed_in_ms: int = 0, code: str = "") -> Result:
    return Result(
        code=code or f"CODE{person}",
        person=person,
        score=score,
        questions=20,
        time_ms=time_ms,
        handed_in_ms=handed_in_ms,
    )


def table(standings: tuple[Standing, ...]) -> list[tuple[int, int, int, str]]:
    """Place, rank, person and deciding step of each."""
    return [(one.place, one.rank, one.result.person, one.decided_by) for one in standings]


def people(standings: tuple[Standing, ...]) -> list[int]:
    return [one.result.person for one in standings]


def test_equals_share_a_rank_and_the_next_rank_is_left_out() -> None:
    results = [result(1, score=20), result(2, score=19), result(3, score=19), result(4, score=18)]
    standings = rank(results, (SCORE, LOT), LOT_SEED)
    assert [(one.place, one.rank) for one in standings] == [(1, 1), (2, 2), (3, 2), (4, 4)]


@pytest.mark.parametrize(
    ("scores", "ranks"),
    [
        ([20], [1]),
        ([20, 20], [1, 1]),
        ([20, 19], [1, 2]),
        ([20, 20, 20], [1, 1, 1]),
        ([20, 20, 19], [1, 1, 3]),
        ([20, 19, 19, 19, 18], [1, 2, 2, 2, 5]),
        ([20, 20, 19, 19, 18, 18], [1, 1, 3, 3, 5, 5]),
    ],
)
def test_ranks_of_equals(scores: list[int], ranks: list[int]) -> None:
    results = [result(person, score) for person, score in enumerate(scores, start=1)]
    assert [one.rank for one in rank(results, (SCORE, LOT), LOT_SEED)] == ranks


def test_each_standing_names_the_step_that_parts_it_from_the_next() -> None:
    results = [
        result(1, score=20, time_ms=90_000),
        result(2, score=19, time_ms=60_999, handed_in_ms=5),
        result(3, score=19, time_ms=61_000, handed_in_ms=4),
        result(4, score=19, time_ms=61_999, handed_in_ms=5),
        result(5, score=19, time_ms=61_500, handed_in_ms=5),
        result(6, score=18, time_ms=1_000),
    ]
    assert table(rank(results, DEFAULT_CHAIN, LOT_SEED)) == [
        (1, 1, 1, "score"),
        (2, 2, 2, "time_taken"),
        (3, 3, 3, "hand_in_moment"),
        (4, 4, 4, "lot"),
        (5, 4, 5, "score"),
        (6, 6, 6, ""),
    ]


def test_nobody_makes_an_empty_ranking() -> None:
    assert rank([], DEFAULT_CHAIN, LOT_SEED) == ()


def test_parts_of_a_second_do_not_part_people() -> None:
    results = [result(1, time_ms=59_999, handed_in_ms=1), result(2, time_ms=59_000, handed_in_ms=2)]
    assert table(rank(results, DEFAULT_CHAIN, LOT_SEED)) == [(1, 1, 1, "hand_in_moment"), (2, 2, 2, "")]


def test_order_of_the_chain_decides() -> None:
    early, fast = result(1, time_ms=90_000, handed_in_ms=1), result(2, time_ms=30_000, handed_in_ms=2)
    assert people(rank([early, fast], (SCORE, TIME_TAKEN, HAND_IN_MOMENT, LOT), LOT_SEED)) == [2, 1]
    assert people(rank([early, fast], (SCORE, HAND_IN_MOMENT, TIME_TAKEN, LOT), LOT_SEED)) == [1, 2]


def test_golden_lot_order() -> None:
    """Frozen: with everything equal, the public seed alone decides."""
    results = [result(person) for person in range(1, 9)]
    assert people(rank(results, DEFAULT_CHAIN, LOT_SEED)) == GOLDEN_ORDER
    assert people(rank(results, DEFAULT_CHAIN, OTHER_SEED)) == GOLDEN_OTHER_ORDER


def test_people_drawn_by_lot_share_their_rank() -> None:
    standings = rank([result(person) for person in range(1, 9)], DEFAULT_CHAIN, LOT_SEED)
    assert [one.rank for one in standings] == [1] * 8
    assert [one.decided_by for one in standings] == ["lot"] * 7 + [""]


def test_without_a_lot_equals_stay_equal_and_stand_by_code() -> None:
    standings = rank([result(1, code="B"), result(2, code="A"), result(3, score=1)], (SCORE,), LOT_SEED)
    assert table(standings) == [(1, 1, 2, ""), (2, 1, 1, "score"), (3, 3, 3, "")]


# Several attempts of one person


@pytest.mark.parametrize(
    ("first", "second", "best"),
    [
        (result(1, score=20, code="A"), result(1, score=19, code="B"), "A"),
        (result(1, score=19, code="A"), result(1, score=20, code="B"), "B"),
        (result(1, time_ms=61_000, code="A"), result(1, time_ms=60_000, code="B"), "B"),
        (result(1, handed_in_ms=1, code="A"), result(1, handed_in_ms=2, code="B"), "A"),
    ],
)
def test_best_attempt_of_a_person_counts(first: Result, second: Result, best: str) -> None:
    standings = rank([first, second, result(2, score=1)], DEFAULT_CHAIN, LOT_SEED)
    assert [one.result.code for one in standings] == [best, "CODE2"]


def test_own_worse_attempts_hold_nobody_back() -> None:
    results = [result(1, 20, code="A"), result(1, 19, code="B"), result(1, 18, code="C"), result(2, 17)]
    assert table(rank(results, DEFAULT_CHAIN, LOT_SEED)) == [(1, 1, 1, "score"), (2, 2, 2, "")]


# Why one stands above another


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (result(1, score=20), result(2, score=19), "đúng 20/20 câu, nhiều hơn hạng 2 (19/20 câu)"),
        (
            result(1, time_ms=59_999),
            result(2, time_ms=62_000),
            "cùng 20/20 câu đúng, làm bài nhanh hơn hạng 2 là 3 giây (59 giây so với 1 phút 02 giây)",
        ),
        (
            result(1, handed_in_ms=MORNING + 1),
            result(2, handed_in_ms=MORNING + 2),
            "cùng 20/20 câu đúng và cùng 1 phút 00 giây, nộp bài sớm hơn hạng 2 "
            "(09:00:00,001 ngày 08/10 so với 09:00:00,002 ngày 08/10)",
        ),
    ],
)
def test_reason_is_that_of_the_first_step_that_differs(one: Result, other: Result, why: str) -> None:
    above, below = rank([one, other], DEFAULT_CHAIN, LOT_SEED)
    assert why_above(above, below, DEFAULT_CHAIN, LOT_SEED, HANOI) == why


def test_reason_of_a_lot() -> None:
    above, below = rank([result(1), result(2)], DEFAULT_CHAIN, LOT_SEED)
    assert why_above(above, below, DEFAULT_CHAIN, LOT_SEED, None) == (
        "bằng hạng 1 mọi tiêu chí, kể cả thời điểm nộp bài; thứ tự theo bốc thăm công khai"
    )


def test_reason_where_the_chain_parts_nobody() -> None:
    above, below = rank([result(1), result(2)], (SCORE,), LOT_SEED)
    assert why_above(above, below, (SCORE,), LOT_SEED, None) == "bằng hạng 1 mọi tiêu chí"


# What holds for every contest


@given(results=results_of_people)
@thorough
def test_places_count_every_person_once(results: list[Result]) -> None:
    standings = rank(results, DEFAULT_CHAIN, LOT_SEED)
    assert [one.place for one in standings] == list(range(1, len(standings) + 1))
    assert sorted(people(standings)) == sorted({one.person for one in results})


@given(results=results_of_people)
@thorough
def test_rank_is_one_more_than_the_number_of_people_truly_above(results: list[Result]) -> None:
    standings = rank(results, DEFAULT_CHAIN, LOT_SEED)
    merits = [(-one.result.score, one.result.seconds, one.result.handed_in_ms) for one in standings]
    assert [one.rank for one in standings] == [1 + sum(other < mine for other in merits) for mine in merits]


@given(results=results_of_people, data=st.data())
@thorough
def test_order_of_the_input_changes_nothing(results: list[Result], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(results))
    assert rank(shuffled, DEFAULT_CHAIN, LOT_SEED) == rank(results, DEFAULT_CHAIN, LOT_SEED)


@given(results=results_once_each)
@thorough
def test_a_worse_result_never_stands_higher(results: list[Result]) -> None:
    standings = rank(results, DEFAULT_CHAIN, LOT_SEED)
    merits = [(-one.result.score, one.result.seconds, one.result.handed_in_ms) for one in standings]
    assert merits == sorted(merits)


@given(results=results_once_each.filter(bool))
@thorough
def test_a_better_answer_never_costs_a_place(results: list[Result]) -> None:
    first, *others = results
    before, after = (
        rank([mine, *others], DEFAULT_CHAIN, LOT_SEED) for mine in (first, replace(first, score=first.score + 1))
    )
    assert people(after).index(1) <= people(before).index(1)


@given(results=results_once_each.filter(bool))
@thorough
def test_another_person_never_swaps_two_others(results: list[Result]) -> None:
    newcomer, *others = results
    with_newcomer = people(rank(results, DEFAULT_CHAIN, LOT_SEED))
    assert [person for person in with_newcomer if person != newcomer.person] == people(
        rank(others, DEFAULT_CHAIN, LOT_SEED)
    )


@given(results=results_once_each.filter(bool), data=st.data())
@thorough
def test_whoever_is_removed_moves_exactly_those_below_by_one(results: list[Result], data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(results))
    before = {one.result.person: one.place for one in rank(results, DEFAULT_CHAIN, LOT_SEED)}
    left = [one for one in results if one is not gone]
    after = {one.result.person: one.place for one in rank(left, DEFAULT_CHAIN, LOT_SEED)}
    gap = before.pop(gone.person)
    assert after == {person: place - (place > gap) for person, place in before.items()}


@given(results=results_of_people)
@thorough
def test_every_deciding_step_is_the_first_that_differs(results: list[Result]) -> None:
    standings = rank(results, DEFAULT_CHAIN, LOT_SEED)
    for above, below in pairwise(standings):
        differing = [
            step.name for step in DEFAULT_CHAIN if step.key(above.result, LOT_SEED) != step.key(below.result, LOT_SEED)
        ]
        assert above.decided_by == differing[0]
        assert (above.rank == below.rank) is (above.decided_by == "lot")
