"""The ranking: 1, 2, 2, 4; one place per person; every chain that real rules write; reasons that say what is so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from quiz.scoring.chains import chain_of
from quiz.scoring.prediction import Prediction, Target
from quiz.scoring.ranking import Standing, gap_above, rank, why_above
from quiz.scoring.tie_breaks import (
    ALL_RIGHT,
    DEFAULT_CHAIN,
    FEWER_ATTEMPTS,
    HAND_IN_MOMENT,
    LOT,
    SCORE,
    TIME_TAKEN,
    Result,
    RoundFacts,
    TieBreak,
)
from quiz.vietnamese import HANOI

FACTS = RoundFacts(lot_seed=bytes(range(32)), target=120)
OTHER_SEED = RoundFacts(lot_seed=bytes(32))
GOLDEN_ORDER = [2, 3, 7, 1, 4, 5, 6, 8]
GOLDEN_OTHER_ORDER = [8, 4, 5, 7, 2, 1, 6, 3]
MORNING = int(datetime(2024, 10, 8, 2, 0, tzinfo=UTC).timestamp()) * 1000  # 9:00 in Hà Nội
PEOPLE = Prediction(text="Có bao nhiêu người dự thi?", target=Target.PEOPLE)
PEOPLE_ALL_RIGHT = Prediction(text="Có bao nhiêu người trả lời đúng tất cả?", target=Target.PEOPLE_ALL_RIGHT)
ATTEMPTS = Prediction(text="Có bao nhiêu lượt thi?", target=Target.ATTEMPTS)


def result(person: int, score: int = 20, **more: object) -> Result:
    figures = {"code": f"CODE{person}", "full": 20, "questions": 20, "time_ms": 60_000, "handed_in_ms": 0, **more}
    return Result(person=person, score=score, **figures)  # type: ignore[arg-type]


def table(standings: tuple[Standing, ...]) -> list[tuple[int, int, int, str]]:
    """Place, rank, person and deciding step of each."""
    return [(one.place, one.rank, one.result.person, one.decided_by) for one in standings]


def people(standings: tuple[Standing, ...]) -> list[int]:
    return [one.result.person for one in standings]


def test_equals_share_a_rank_and_the_next_rank_is_left_out() -> None:
    results = [result(1, score=20), result(2, score=19), result(3, score=19), result(4, score=18)]
    standings = rank(results, (SCORE, LOT), FACTS)
    assert [(one.place, one.rank) for one in standings] == [(1, 1), (2, 2), (3, 2), (4, 4)]


@pytest.mark.parametrize("chain", [(SCORE,), (SCORE, LOT)])
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
def test_ranks_of_equals(scores: list[int], ranks: list[int], chain: tuple[TieBreak, ...]) -> None:
    results = [result(person, score) for person, score in enumerate(scores, start=1)]
    assert [one.rank for one in rank(results, chain, FACTS)] == ranks


def test_each_standing_names_the_step_that_parts_it_from_the_next() -> None:
    results = [
        result(1, score=20, time_ms=90_000),
        result(2, score=19, time_ms=60_999, handed_in_ms=5),
        result(3, score=19, time_ms=61_000, handed_in_ms=4),
        result(4, score=19, time_ms=61_999, handed_in_ms=5),
        result(5, score=19, time_ms=61_500, handed_in_ms=5),
        result(6, score=18, time_ms=1_000),
    ]
    assert table(rank(results, DEFAULT_CHAIN, FACTS)) == [
        (1, 1, 1, "score"),
        (2, 2, 2, "time_taken"),
        (3, 3, 3, "hand_in_moment"),
        (4, 4, 4, "lot"),
        (5, 4, 5, "score"),
        (6, 6, 6, ""),
    ]


def test_nobody_makes_an_empty_ranking() -> None:
    assert rank([], DEFAULT_CHAIN, FACTS) == ()


def test_parts_of_a_second_do_not_part_people() -> None:
    results = [result(1, time_ms=59_999, handed_in_ms=1), result(2, time_ms=59_000, handed_in_ms=2)]
    assert table(rank(results, DEFAULT_CHAIN, FACTS)) == [(1, 1, 1, "hand_in_moment"), (2, 2, 2, "")]


def test_order_of_the_chain_decides() -> None:
    early, fast = result(1, time_ms=90_000, handed_in_ms=1), result(2, time_ms=30_000, handed_in_ms=2)
    assert people(rank([early, fast], (SCORE, TIME_TAKEN, HAND_IN_MOMENT, LOT), FACTS)) == [2, 1]
    assert people(rank([early, fast], (SCORE, HAND_IN_MOMENT, TIME_TAKEN, LOT), FACTS)) == [1, 2]


def test_golden_lot_order() -> None:
    """Frozen: with everything equal, the public seed alone decides."""
    results = [result(person) for person in range(1, 9)]
    assert people(rank(results, DEFAULT_CHAIN, FACTS)) == GOLDEN_ORDER
    assert people(rank(results, DEFAULT_CHAIN, OTHER_SEED)) == GOLDEN_OTHER_ORDER


def test_people_drawn_by_lot_share_their_rank() -> None:
    standings = rank([result(person) for person in range(1, 9)], DEFAULT_CHAIN, FACTS)
    assert [one.rank for one in standings] == [1] * 8
    assert [one.decided_by for one in standings] == ["lot"] * 7 + [""]


def test_without_a_lot_equals_stay_equal_and_stand_by_code() -> None:
    standings = rank([result(1, code="B"), result(2, code="A"), result(3, score=1)], (SCORE,), FACTS)
    assert table(standings) == [(1, 1, 2, ""), (2, 1, 1, "score"), (3, 3, 3, "")]


def test_nobody_stands_twice() -> None:
    with pytest.raises(ValueError, match=r"^a person is ranked by one result$"):
        rank([result(1, code="A"), result(2), result(1, code="B")], DEFAULT_CHAIN, FACTS)


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
        (
            result(1, code="B", handed_in_ms=MORNING),
            result(2, code="A", handed_in_ms=MORNING),
            "bằng hạng 1 mọi tiêu chí: cùng 20/20 câu đúng, cùng 1 phút 00 giây và cùng nộp bài lúc 09:00:00,000 ngày "
            "08/10; thứ tự theo bốc thăm công khai",
        ),
    ],
)
def test_reason_is_that_of_the_first_step_that_differs(one: Result, other: Result, why: str) -> None:
    above, below = rank([one, other], DEFAULT_CHAIN, FACTS)
    assert why_above(above, below, DEFAULT_CHAIN, FACTS, HANOI) == why


def test_the_public_is_not_told_when_people_sat() -> None:
    results = [
        result(1, handed_in_ms=MORNING),
        result(2, handed_in_ms=MORNING + 1),
        result(3, handed_in_ms=MORNING + 1),
    ]
    first, second, third = rank(results, DEFAULT_CHAIN, FACTS)
    assert why_above(first, second, DEFAULT_CHAIN, FACTS, None) == (
        "cùng 20/20 câu đúng và cùng 1 phút 00 giây, nộp bài sớm hơn hạng 2"
    )
    assert why_above(second, third, DEFAULT_CHAIN, FACTS, None) == (
        "bằng hạng 2 mọi tiêu chí: cùng 20/20 câu đúng, cùng 1 phút 00 giây và cùng thời điểm nộp bài tính đến mili "
        "giây; thứ tự theo bốc thăm công khai"
    )


def test_reason_where_the_chain_parts_nobody() -> None:
    above, below = rank([result(1), result(2)], (SCORE,), FACTS)
    assert why_above(above, below, (SCORE,), FACTS, None) == "bằng hạng 1 mọi tiêu chí: cùng 20/20 câu đúng"


@pytest.mark.parametrize(
    ("chain", "why"),
    [
        ((TIME_TAKEN, SCORE), "làm bài nhanh hơn hạng 2 là 1 giây (1 phút 00 giây so với 1 phút 01 giây)"),
        (
            (ALL_RIGHT, TIME_TAKEN),
            "cùng chưa đúng tất cả các câu, làm bài nhanh hơn hạng 2 là 1 giây (1 phút 00 giây so với 1 phút 01 giây)",
        ),
        ((ALL_RIGHT, FEWER_ATTEMPTS), "bằng hạng 1 mọi tiêu chí: cùng chưa đúng tất cả các câu và cùng 1 lượt thi"),
        (
            (ALL_RIGHT, LOT),
            "bằng hạng 1 mọi tiêu chí: cùng chưa đúng tất cả các câu; thứ tự theo bốc thăm công khai",
        ),
        ((LOT,), "bằng hạng 1 mọi tiêu chí; thứ tự theo bốc thăm công khai"),
    ],
)
def test_no_reason_claims_what_the_chain_did_not_compare(chain: tuple[TieBreak, ...], why: str) -> None:
    """The two have different scores, so nothing may say 'cùng … câu đúng'."""
    above, below = rank([result(7, score=3), result(8, score=4, time_ms=61_000)], chain, FACTS)
    assert why_above(above, below, chain, FACTS, HANOI) == why


def test_a_place_is_compared_with_any_other_below() -> None:
    first, _, third = rank([result(1), result(2, score=19), result(3, score=17)], DEFAULT_CHAIN, FACTS)
    assert why_above(first, third, DEFAULT_CHAIN, FACTS, None) == "đúng 20/20 câu, nhiều hơn hạng 3 (17/20 câu)"


def test_a_neighbour_is_told_the_step_and_the_difference_without_times_of_day() -> None:
    results = [
        result(1, handed_in_ms=MORNING),
        result(2, handed_in_ms=MORNING + 1),
        result(3, handed_in_ms=MORNING + 1),
        result(4, time_ms=125_900),
        result(5, score=17),
    ]
    standings = rank(results, DEFAULT_CHAIN, FACTS)
    told = [gap_above(one, other, DEFAULT_CHAIN, FACTS, "ông/bà") for one, other in pairwise(standings)]
    assert told == [
        "cùng 20/20 câu đúng và cùng 1 phút 00 giây, nộp bài sớm hơn ông/bà",
        "bằng ông/bà mọi tiêu chí: cùng 20/20 câu đúng, cùng 1 phút 00 giây và cùng thời điểm nộp bài tính đến mili "
        "giây; thứ tự theo bốc thăm công khai",
        "cùng 20/20 câu đúng, làm bài nhanh hơn ông/bà là 1 phút 05 giây",
        "đúng nhiều hơn ông/bà 3 câu",
    ]


# The chains of real rules (research: contests.md §2, Ties)


@dataclass(frozen=True)
class RealChain:
    """A chain as a contest file names it, results from the first place to the last, and why each stands there."""

    steps: tuple[tuple[str, str | None], ...]
    results: tuple[Result, ...]
    ranks: tuple[int, ...]
    reasons: tuple[str, ...]
    prediction: Prediction | None = None


DAK_LAK_2022 = RealChain(
    steps=(("score", None), ("time_taken", None), ("fewer_attempts", None), ("earlier_registration", None)),
    results=(
        result(1, score=20, time_ms=90_000, attempts=9),
        result(2, score=19, time_ms=60_999, attempts=9),
        result(3, score=19, time_ms=61_000, attempts=1, registered_ms=MORNING + 9),
        result(4, score=19, time_ms=61_999, attempts=2, registered_ms=MORNING),
        result(5, score=19, time_ms=61_000, attempts=2, registered_ms=MORNING + 1),
        result(6, score=19, time_ms=61_000, attempts=2, registered_ms=MORNING + 1, handed_in_ms=-1),
    ),
    ranks=(1, 2, 3, 4, 5, 5),
    reasons=(
        "đúng 20/20 câu, nhiều hơn hạng 2 (19/20 câu)",
        "cùng 19/20 câu đúng, làm bài nhanh hơn hạng 3 là 1 giây (1 phút 00 giây so với 1 phút 01 giây)",
        "cùng 19/20 câu đúng và cùng 1 phút 01 giây, có 1 lượt thi, ít hơn hạng 4 (2 lượt)",
        "cùng 19/20 câu đúng, cùng 1 phút 01 giây và cùng 2 lượt thi, có tên trong danh sách dự thi sớm hơn hạng 5 "
        "(09:00:00,000 ngày 08/10 so với 09:00:00,001 ngày 08/10)",
        "bằng hạng 5 mọi tiêu chí: cùng 19/20 câu đúng, cùng 1 phút 01 giây, cùng 2 lượt thi và cùng có tên trong danh "
        "sách dự thi lúc 09:00:00,001 ngày 08/10",
    ),
)
QUANG_NAM_2022 = RealChain(
    steps=(
        ("score", None),
        ("prediction", None),
        ("time_taken", None),
        ("earlier_registration", None),
        ("full_marks", None),
    ),
    results=(
        result(1, score=300, full=300, prediction=None),
        result(2, score=290, full=300, prediction=118, time_ms=90_000),
        result(3, score=290, full=300, prediction=123, time_ms=30_000),
        result(4, score=290, full=300, prediction=117, time_ms=60_000, registered_ms=MORNING),
        result(5, score=290, full=300, prediction=117, time_ms=60_000, registered_ms=MORNING + 60_000, full_marks=2),
        result(6, score=290, full=300, prediction=123, time_ms=60_000, registered_ms=MORNING + 60_000, full_marks=1),
        result(7, score=290, full=300, prediction=None, time_ms=1_000, full_marks=9),
    ),
    ranks=(1, 2, 3, 4, 5, 6, 7),
    reasons=(
        "đạt 300/300 điểm, nhiều hơn hạng 2 (290/300 điểm)",
        "cùng 290/300 điểm, dự đoán 118 người, lệch 2 so với 120; hạng 3 lệch 3",
        "cùng 290/300 điểm và cùng dự đoán lệch 3 so với 120, làm bài nhanh hơn hạng 4 là 30 giây (30 giây so với 1 "
        "phút 00 giây)",
        "cùng 290/300 điểm, cùng dự đoán lệch 3 so với 120 và cùng 1 phút 00 giây, có tên trong danh sách dự thi sớm "
        "hơn hạng 5 (09:00:00,000 ngày 08/10 so với 09:01:00,000 ngày 08/10)",
        "cùng 290/300 điểm, cùng dự đoán lệch 3 so với 120, cùng 1 phút 00 giây và cùng có tên trong danh sách dự thi "
        "lúc 09:01:00,000 ngày 08/10, có 2 lượt thi đạt điểm tối đa, nhiều hơn hạng 6 (1 lượt)",
        "cùng 290/300 điểm, dự đoán 123 người, lệch 3 so với 120; hạng 7 không dự đoán",
    ),
    prediction=PEOPLE,
)
VCNET_2019 = RealChain(
    steps=(("all_right", None), ("prediction", None), ("hand_in_moment", "second")),
    results=(
        result(1, prediction=120, handed_in_ms=MORNING + 9_000),
        result(2, prediction=119, handed_in_ms=MORNING),
        result(3, prediction=121, handed_in_ms=MORNING + 1_000),
        result(4, prediction=121, handed_in_ms=MORNING + 1_999),
        result(5, score=19, prediction=120),
        result(6, score=3, prediction=1),
    ),
    ranks=(1, 2, 3, 3, 5, 6),
    reasons=(
        "cùng đúng tất cả các câu, dự đoán đúng 120 người; hạng 2 lệch 1",
        "cùng đúng tất cả các câu và cùng dự đoán lệch 1 so với 120, nộp bài sớm hơn hạng 3 (09:00:00 ngày 08/10 so "
        "với 09:00:01 ngày 08/10)",
        "bằng hạng 3 mọi tiêu chí: cùng đúng tất cả các câu, cùng dự đoán lệch 1 so với 120 và cùng nộp bài lúc "
        "09:00:01 ngày 08/10",
        "đúng cả 20 câu, còn hạng 5 đúng 19/20 câu",
        "cùng chưa đúng tất cả các câu, dự đoán đúng 120 người; hạng 6 lệch 119",
    ),
    prediction=PEOPLE_ALL_RIGHT,
)
BINH_TAN_2019 = RealChain(
    steps=(("score", None), ("time_taken", "millisecond"), ("hand_in_moment", None)),
    results=(
        result(1, time_ms=60_000, handed_in_ms=MORNING + 9),
        result(2, time_ms=60_412, handed_in_ms=MORNING),
        result(3, time_ms=60_412, handed_in_ms=MORNING + 1),
        result(4, score=19, time_ms=1),
    ),
    ranks=(1, 2, 3, 4),
    reasons=(
        "cùng 20/20 câu đúng, làm bài nhanh hơn hạng 2 là 0,412 giây (1 phút 00,000 giây so với 1 phút 00,412 giây)",
        "cùng 20/20 câu đúng và cùng 1 phút 00,412 giây, nộp bài sớm hơn hạng 3 (09:00:00,000 ngày 08/10 so với "
        "09:00:00,001 ngày 08/10)",
        "đúng 20/20 câu, nhiều hơn hạng 4 (19/20 câu)",
    ),
)
PHONG_NHA_2018 = RealChain(
    steps=(("all_right", None), ("prediction", None), ("hand_in_moment", None)),
    results=(
        result(1, prediction=122, handed_in_ms=MORNING),
        result(2, prediction=118, handed_in_ms=MORNING + 1),
        result(3, prediction=None, handed_in_ms=MORNING - 9),
        result(4, prediction=None, handed_in_ms=MORNING),
    ),
    ranks=(1, 2, 3, 4),
    reasons=(
        "cùng đúng tất cả các câu và cùng dự đoán lệch 2 so với 120, nộp bài sớm hơn hạng 2 (09:00:00,000 ngày 08/10 "
        "so với 09:00:00,001 ngày 08/10)",
        "cùng đúng tất cả các câu, dự đoán 118 người, lệch 2 so với 120; hạng 3 không dự đoán",
        "cùng đúng tất cả các câu và cùng không dự đoán, nộp bài sớm hơn hạng 4 (08:59:59,991 ngày 08/10 so với "
        "09:00:00,000 ngày 08/10)",
    ),
    prediction=PEOPLE,
)
LANG_SON_2023 = RealChain(
    steps=(("all_right", None), ("prediction", None)),
    results=(
        result(1, score=150, full=150, prediction=121),
        result(2, score=150, full=150, prediction=119),
        result(3, score=150, full=150, prediction=500),
        result(4, score=149, full=150, prediction=120),
    ),
    ranks=(1, 1, 3, 4),
    reasons=(
        "bằng hạng 1 mọi tiêu chí: cùng đúng tất cả các câu và cùng dự đoán lệch 1 so với 120",
        "cùng đúng tất cả các câu, dự đoán 119 lượt, lệch 1 so với 120; hạng 3 lệch 380",
        "đúng cả 20 câu, còn hạng 4 đạt 149/150 điểm",
    ),
    prediction=ATTEMPTS,
)


@pytest.mark.parametrize(
    "real", [DAK_LAK_2022, QUANG_NAM_2022, VCNET_2019, BINH_TAN_2019, PHONG_NHA_2018, LANG_SON_2023]
)
def test_chains_of_real_rules(real: RealChain) -> None:
    chain = chain_of(real.steps, real.prediction)
    standings = rank(real.results[::-1], chain, FACTS)
    assert people(standings) == [one.person for one in real.results]
    assert tuple(one.rank for one in standings) == real.ranks
    assert tuple(why_above(*pair, chain, FACTS, HANOI) for pair in pairwise(standings)) == real.reasons


def test_another_target_gives_another_order() -> None:
    chain = chain_of(LANG_SON_2023.steps, ATTEMPTS)
    assert people(rank(LANG_SON_2023.results, chain, replace(FACTS, target=480))) == [3, 1, 2, 4]
