"""The prizes: in order, one each, the next person moves up for anyone struck, and nobody wins with nothing right."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.scoring.prizes import Award, Prize, award
from quiz.scoring.ranking import Standing
from quiz.scoring.tie_breaks import Result

FIRST, SECOND, THIRD = Prize("Giải Nhất", 1), Prize("Giải Nhì", 2), Prize("Giải Ba", 3)
SIX = (FIRST, SECOND, THIRD)


def standing(place: int, score: int = 20) -> Standing:
    """The standing of person 101, 102, … in place 1, 2, …"""
    result = Result(
        code=f"CODE{place}", person=100 + place, score=score, questions=20, time_ms=place * 1000, handed_in_ms=0
    )
    return Standing(place, place, result, "time_taken")


def standings(count: int) -> tuple[Standing, ...]:
    return tuple(standing(place) for place in range(1, count + 1))


def won(awards: tuple[Award, ...]) -> list[tuple[str, int, int | None]]:
    """Name of the prize, its winner and the runner-up of each."""
    return [
        (one.prize.name, one.standing.result.person, one.runner_up.result.person if one.runner_up else None)
        for one in awards
    ]


def test_six_prizes_go_to_the_first_six() -> None:
    assert won(award(standings(8), SIX, ())) == [
        ("Giải Nhất", 101, 102),
        ("Giải Nhì", 102, 103),
        ("Giải Nhì", 103, 104),
        ("Giải Ba", 104, 105),
        ("Giải Ba", 105, 106),
        ("Giải Ba", 106, 107),
    ]


def test_an_award_holds_prize_and_standings_themselves() -> None:
    assert award(standings(2), [FIRST], ()) == (Award(FIRST, standing(1), standing(2)),)


@pytest.mark.parametrize(
    ("struck", "winners"),
    [
        (set(), [101, 102, 103, 104, 105, 106]),
        ({101}, [102, 103, 104, 105, 106, 107]),
        ({103}, [101, 102, 104, 105, 106, 107]),
        ({106}, [101, 102, 103, 104, 105, 107]),
        ({107}, [101, 102, 103, 104, 105, 106]),
        ({101, 102, 106}, [103, 104, 105, 107, 108, 109]),
        ({999}, [101, 102, 103, 104, 105, 106]),
    ],
)
def test_people_struck_are_passed_over_and_the_next_move_up(struck: set[int], winners: list[int]) -> None:
    assert [person for _, person, _ in won(award(standings(12), SIX, struck))] == winners


def test_a_runner_up_is_never_somebody_struck() -> None:
    assert won(award(standings(4), [FIRST], {102, 103})) == [("Giải Nhất", 101, 104)]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (0, []),
        (1, [("Giải Nhất", 101, None)]),
        (2, [("Giải Nhất", 101, 102), ("Giải Nhì", 102, None)]),
        (4, [("Giải Nhất", 101, 102), ("Giải Nhì", 102, 103), ("Giải Nhì", 103, 104), ("Giải Ba", 104, None)]),
    ],
)
def test_prizes_without_people_are_not_given(people: int, expected: list[tuple[str, int, int | None]]) -> None:
    assert won(award(standings(people), SIX, ())) == expected


def test_last_winner_has_no_runner_up_where_nobody_follows() -> None:
    assert won(award(standings(6), SIX, ()))[-1] == ("Giải Ba", 106, None)


def test_nobody_with_nothing_right_wins_or_is_runner_up() -> None:
    line = (standing(1, 2), standing(2, 1), standing(3, 0), standing(4, 0))
    assert won(award(line, SIX, ())) == [("Giải Nhất", 101, 102), ("Giải Nhì", 102, None)]


def test_no_prizes_no_awards() -> None:
    assert award(standings(3), (), ()) == ()


@given(
    scores=st.lists(st.integers(0, 3), max_size=15),
    counts=st.lists(st.integers(0, 4), max_size=4),
    struck=st.sets(st.integers(101, 115), max_size=6),
)
@settings(deadline=None)
def test_never_more_prizes_than_counted_nor_two_for_one_person(
    scores: list[int], counts: list[int], struck: set[int]
) -> None:
    line = tuple(standing(place, score) for place, score in enumerate(sorted(scores, reverse=True), start=1))
    prizes = [Prize(f"Giải {n}", count) for n, count in enumerate(counts)]
    awards = award(line, prizes, struck)
    winners = [one.standing.result.person for one in awards]
    entitled = [one.result.person for one in line if one.result.score and one.result.person not in struck]
    assert winners == entitled[: sum(counts)]
    assert [one.prize.name for one in awards] == [p.name for p in prizes for _ in range(p.count)][: len(entitled)]


@pytest.mark.parametrize(
    ("prize", "sentence"),
    [
        (Prize("Giải Nhất", 1), "01 Giải Nhất."),
        (Prize("Giải Ba", 3, 500_000), "03 Giải Ba, mỗi giải 500.000 đồng."),
        (Prize("Giải Khuyến khích", 12, 1_250_000), "12 Giải Khuyến khích, mỗi giải 1.250.000 đồng."),
        (Prize("Giải Nhì", 2, 0), "02 Giải Nhì, mỗi giải 0 đồng."),
    ],
)
def test_a_prize_prints_itself(prize: Prize, sentence: str) -> None:
    assert prize.sentence == sentence
