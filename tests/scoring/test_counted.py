"""Which attempt of a person is ranked, and what the others still say: never more than the rules let them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.scoring.chains import chain_of
from quiz.scoring.counted import Counts, counted
from quiz.scoring.prediction import Prediction, Target, Whose
from quiz.scoring.tie_breaks import DEFAULT_CHAIN, HAND_IN_MOMENT, LOT, SCORE, TIME_TAKEN, Result, RoundFacts, TieBreak

ONLY, LAST, BEST, BEST_EARLIEST = Counts
PREDICTION = Prediction(text="Có bao nhiêu người dự thi?", target=Target.PEOPLE)
NEAREST_FIRST = chain_of([("prediction", None), ("score", None), ("lot", None)], PREDICTION)
CHAINS = (DEFAULT_CHAIN, (SCORE,), (TIME_TAKEN, SCORE), (HAND_IN_MOMENT, LOT), NEAREST_FIRST)
attempts_of_people = st.lists(
    st.builds(
        Result,
        code=st.text("ABCD", min_size=6, max_size=6),
        person=st.integers(1, 4),
        score=st.integers(0, 2),
        full=st.just(2),
        questions=st.just(2),
        time_ms=st.sampled_from((0, 999, 1000, 2000)),
        handed_in_ms=st.integers(5000, 5003),
        prediction=st.none() | st.integers(0, 3),
        is_valid=st.sampled_from((True, True, False)),
        registered_ms=st.integers(0, 3),
        attempts=st.integers(0, 3),
        full_marks=st.integers(0, 3),
    ),
    max_size=10,
    unique_by=lambda result: result.code,
)


def attempt(code: str, score: int = 18, hour: int = 0, minutes: int = 5, person: int = 1, **more: object) -> Result:
    """An attempt begun in that hour of the week."""
    begun = hour * 3_600_000
    return Result(
        code=code,
        person=person,
        score=score,
        full=20,
        questions=20,
        time_ms=minutes * 60_000,
        handed_in_ms=begun + minutes * 60_000,
        **more,  # type: ignore[arg-type]
    )


EARLY = attempt("D", score=18, hour=1, minutes=9, prediction=10)
BETTER = attempt("C", score=20, hour=2, minutes=8, prediction=20)
FASTER = attempt("B", score=20, hour=3, minutes=4, prediction=30)
LATE = attempt("A", score=19, hour=4, minutes=3, prediction=40)
ALL = (EARLY, BETTER, FASTER, LATE)


def codes(results: tuple[Result, ...]) -> list[str]:
    return [result.code for result in results]


@pytest.mark.parametrize(
    ("counts", "chain", "code"),
    [
        (LAST, DEFAULT_CHAIN, "A"),
        (BEST, DEFAULT_CHAIN, "B"),
        (BEST, (SCORE, HAND_IN_MOMENT, LOT), "C"),
        (BEST, (SCORE,), "C"),
        (BEST, (TIME_TAKEN, SCORE), "A"),
        (BEST, (HAND_IN_MOMENT,), "D"),
        (BEST_EARLIEST, DEFAULT_CHAIN, "C"),
        (BEST_EARLIEST, (TIME_TAKEN, SCORE), "C"),
        (ONLY, DEFAULT_CHAIN, "D"),
    ],
)
def test_the_rules_pick_one_attempt(counts: Counts, chain: tuple[TieBreak, ...], code: str) -> None:
    assert codes(counted(ALL, counts, chain)) == [code]
    assert codes(counted(ALL[::-1], counts, chain)) == [code]


def test_one_attempt_per_person_in_the_order_of_people() -> None:
    others = [attempt("X", person=7), attempt("Y", person=3, score=2), attempt("Z", person=3, score=1)]
    assert codes(counted([*others, *ALL], BEST, DEFAULT_CHAIN)) == ["B", "Y", "X"]


def test_nobody_took_part() -> None:
    assert counted([], BEST, DEFAULT_CHAIN) == ()


@pytest.mark.parametrize("counts", [BEST, BEST_EARLIEST])
def test_equal_attempts_stand_by_hand_in_then_code(counts: Counts) -> None:
    twins = [attempt("B", hour=1), attempt("A", hour=1), attempt("0", hour=2)]
    assert codes(counted(twins, counts, (SCORE, TIME_TAKEN, LOT))) == ["A"]


@pytest.mark.parametrize("minutes", [0, 1])
def test_of_attempts_that_end_together_the_one_begun_later_is_the_last(minutes: int) -> None:
    """The round closes just after somebody has started again."""
    closing = attempt("A", hour=2, minutes=minutes)
    before = attempt("B", minutes=60)
    for end in (closing.handed_in_ms, 2**23):
        tries = [one._replace(handed_in_ms=end) for one in (closing, before)]
        assert codes(counted(tries, LAST, DEFAULT_CHAIN)) == ["A"]
        assert codes(counted(tries, ONLY, DEFAULT_CHAIN)) == ["B"]


def test_neither_prediction_nor_lot_makes_an_attempt_better() -> None:
    """The target is unknown while people sit: nobody is given the luckier of several guesses."""
    tries = [attempt("A", hour=2, prediction=3), attempt("B", hour=1, prediction=999)]
    assert codes(counted(tries, BEST, NEAREST_FIRST)) == ["B"]


# What is told of the other attempts


def test_every_attempt_counts_as_taken_and_every_perfect_one_as_perfect() -> None:
    (best,) = counted(ALL, BEST, DEFAULT_CHAIN)
    assert best == FASTER._replace(attempts=4, full_marks=2)
    assert counted([LATE], BEST, DEFAULT_CHAIN) == (LATE,)
    assert counted([FASTER], BEST, DEFAULT_CHAIN) == (FASTER._replace(full_marks=1),)


def test_what_an_attempt_claimed_of_the_others_is_put_right() -> None:
    wrong = LATE._replace(attempts=9, full_marks=9)
    assert counted([wrong], ONLY, DEFAULT_CHAIN) == (LATE,)


def test_an_invalid_attempt_is_taken_but_never_ranked_nor_perfect() -> None:
    invalid = FASTER._replace(is_valid=False)
    assert counted([EARLY, invalid], BEST, DEFAULT_CHAIN) == (EARLY._replace(attempts=2),)
    assert counted([EARLY, LATE._replace(is_valid=False)], LAST, DEFAULT_CHAIN) == (EARLY._replace(attempts=2),)
    assert counted([invalid], BEST, DEFAULT_CHAIN) == ()


@pytest.mark.parametrize(("whose", "prediction"), [(Whose.COUNTED, 30), (Whose.FIRST, 10), (Whose.LAST, 40)])
def test_whose_prediction_counts(whose: Whose, prediction: int) -> None:
    assert counted(ALL, BEST, DEFAULT_CHAIN, whose) == (
        FASTER._replace(attempts=4, full_marks=2, prediction=prediction),
    )


def test_the_prediction_is_that_of_the_counted_attempt_unless_said() -> None:
    assert counted(ALL, BEST, DEFAULT_CHAIN) == counted(ALL, BEST, DEFAULT_CHAIN, Whose.COUNTED)


@pytest.mark.parametrize(("whose", "prediction"), [(Whose.FIRST, 20), (Whose.LAST, 30)])
def test_predictions_of_invalid_attempts_count_for_nothing(whose: Whose, prediction: int) -> None:
    tries = [EARLY._replace(is_valid=False), BETTER, FASTER, LATE._replace(is_valid=False)]
    (best,) = counted(tries, BEST, DEFAULT_CHAIN, whose)
    assert best.prediction == prediction


@pytest.mark.parametrize("whose", [Whose.FIRST, Whose.LAST])
def test_no_prediction_in_that_attempt_is_no_prediction(whose: Whose) -> None:
    tries = [EARLY._replace(prediction=None), BETTER, LATE._replace(prediction=None)]
    (best,) = counted(tries, BEST, DEFAULT_CHAIN, whose)
    assert best.prediction is None


# What holds for every contest


@given(
    attempts=attempts_of_people,
    counts=st.sampled_from(Counts),
    chain=st.sampled_from(CHAINS),
    whose=st.sampled_from(Whose),
    data=st.data(),
)
def test_order_of_the_input_changes_nothing(
    attempts: list[Result], counts: Counts, chain: tuple[TieBreak, ...], whose: Whose, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(attempts))
    assert counted(shuffled, counts, chain, whose) == counted(attempts, counts, chain, whose)


@given(attempts=attempts_of_people, counts=st.sampled_from(Counts), whose=st.sampled_from(Whose))
def test_everybody_with_a_valid_attempt_is_ranked_once(attempts: list[Result], counts: Counts, whose: Whose) -> None:
    results = counted(attempts, counts, DEFAULT_CHAIN, whose)
    assert [result.person for result in results] == sorted({one.person for one in attempts if one.is_valid})
    for result in results:
        own = [one for one in attempts if one.person == result.person]
        assert result.code in {one.code for one in own if one.is_valid}
        assert result.attempts == len(own)
        assert result.full_marks == len([one for one in own if one.is_valid and one.score == 2])
        assert result.prediction in {one.prediction for one in own if one.is_valid}


@given(attempts=attempts_of_people, chain=st.sampled_from(CHAINS[:4]))
def test_the_best_is_never_worse_than_any_other_attempt(attempts: list[Result], chain: tuple[TieBreak, ...]) -> None:
    merits = [step for step in chain if not step.is_lot]
    facts = RoundFacts(lot_seed=b"")
    best = {result.person: [step.key(result, facts) for step in merits] for result in counted(attempts, BEST, chain)}
    assert all(best[one.person] <= [step.key(one, facts) for step in merits] for one in attempts if one.is_valid)


@given(attempts=attempts_of_people, counts=st.sampled_from((BEST, BEST_EARLIEST)))
def test_trying_again_never_costs_points(attempts: list[Result], counts: Counts) -> None:
    valid = [one for one in attempts if one.is_valid]
    best = {result.person: result.score for result in counted(attempts, counts, DEFAULT_CHAIN)}
    assert best == {person: max(one.score for one in valid if one.person == person) for person in best}


@given(attempts=attempts_of_people)
def test_the_last_attempt_is_never_begun_before_another(attempts: list[Result]) -> None:
    last = {result.person: result.handed_in_ms for result in counted(attempts, LAST, DEFAULT_CHAIN)}
    assert all(one.handed_in_ms <= last[one.person] for one in attempts if one.is_valid)
