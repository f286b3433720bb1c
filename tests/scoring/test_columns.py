"""Results held by column are the same results, and chosen and ranked the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.scoring.chains import chain_of
from quiz.scoring.columns import Results, column
from quiz.scoring.counted import Counts, counted
from quiz.scoring.prediction import Prediction, Target, Whose
from quiz.scoring.ranking import rank
from quiz.scoring.tie_breaks import DEFAULT_CHAIN, HAND_IN_MOMENT, LOT, SCORE, Result, RoundFacts, TieBreak

PREDICTION = Prediction(text="Có bao nhiêu người dự thi?", target=Target.PEOPLE)
BY_PREDICTION = chain_of([(name, None) for name in ("all_right", "prediction", "fewer_attempts", "lot")], PREDICTION)
CHAINS = (DEFAULT_CHAIN, (SCORE, LOT), (SCORE,), (HAND_IN_MOMENT,), BY_PREDICTION)
attempts_of_people = st.lists(
    st.builds(
        Result,
        code=st.text("ABCD", min_size=4, max_size=4),
        person=st.integers(1, 6),
        score=st.integers(0, 2),
        full=st.just(2),
        questions=st.just(2),
        time_ms=st.sampled_from((0, 999, 1000, 2000)),
        handed_in_ms=st.integers(1_800_000_000_000, 1_800_000_000_002),
        registered_ms=st.just(0),
        attempts=st.just(1),
        full_marks=st.just(0),
        prediction=st.none() | st.integers(0, 10**12),
        is_valid=st.sampled_from((True, True, False)),
    ),
    max_size=12,
    unique_by=lambda result: result.code,
)


def attempt(code: str, person: int, score: int = 1) -> Result:
    return Result(code, person, score, full=2, questions=2, time_ms=60_000, handed_in_ms=1_800_000_000_000)


A, B, C = attempt("A", 3), attempt("B", 1), attempt("C", 3, score=2)


def test_what_goes_in_comes_out() -> None:
    held = Results([A, B, C])
    assert (list(held), len(held), held[1], held[-1]) == ([A, B, C], 3, B, C)
    assert held[1:] == [B, C]
    assert held != [A, B]
    assert list(column(held, "code")) == column([A, B, C], "code") == ["A", "B", "C"]
    with pytest.raises(IndexError):
        held[3]


def test_some_are_taken_and_figures_changed_without_touching_the_others() -> None:
    held = Results([A, B, C])
    assert held.take([2, 0]) == [C, A]
    assert held.only([True, False, True]) == [A, C]
    assert held.with_columns(score=(0, 1, 2))[0] == A._replace(score=0)
    assert held == [A, B, C]


@pytest.mark.parametrize("held", [Results([A, B, C]), Results([B, A, C])])
def test_those_of_one_person_come_together(held: Results) -> None:
    assert held.by_person() == [B, A, C]


@given(attempts_of_people, st.sampled_from(Counts), st.sampled_from(CHAINS), st.sampled_from(Whose))
def test_the_same_attempts_count_and_the_same_ranking_comes_of_them(
    attempts: list[Result], counts: Counts, chain: tuple[TieBreak, ...], whose: Whose
) -> None:
    facts = RoundFacts(lot_seed=b"lots", target=5)
    chosen = counted(attempts, counts, chain, whose)
    assert counted(Results(attempts), counts, chain, whose) == chosen
    assert rank(Results(chosen), chain, facts) == rank(chosen, chain, facts)


@given(attempts_of_people, st.sampled_from(CHAINS))
def test_standings_are_the_same_one_by_one_and_in_a_row(attempts: list[Result], chain: tuple[TieBreak, ...]) -> None:
    chosen = counted(attempts, Counts.BEST, chain)
    standings = rank(chosen, chain, RoundFacts(lot_seed=b"", target=5))
    assert [standings[place] for place in range(len(standings))] == list(standings)
    assert list(standings[1:3]) == list(standings)[1:3]
    rows = zip(standings.ranks(), standings.figures("code"), standings.decided_by(), strict=True)
    assert list(rows) == [(one.rank, one.result.code, one.decided_by) for one in standings]
