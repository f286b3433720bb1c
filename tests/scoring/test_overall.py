"""The whole contest: what each person did in all weeks, as one result, nothing lost and nothing counted twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from quiz.scoring.overall import overall
from quiz.scoring.tie_breaks import Result

AN = Result(
    code="K3",
    person=1,
    score=18,
    full=20,
    questions=20,
    time_ms=300_000,
    handed_in_ms=1000,
    registered_ms=500,
    attempts=2,
    full_marks=0,
    prediction=700,
)
AN_LATER = AN._replace(
    code="B7",
    score=15,
    full=15,
    questions=10,
    time_ms=250_500,
    handed_in_ms=9000,
    registered_ms=400,
    attempts=3,
    full_marks=2,
)
BINH = AN._replace(code="C1", person=2, score=20, attempts=1, full_marks=1, prediction=None)


def test_points_times_and_attempts_of_all_weeks_add_up() -> None:
    assert overall([[AN], [AN_LATER]]) == (
        Result(
            code="B7",
            person=1,
            score=33,
            full=35,
            questions=30,
            time_ms=550_500,
            handed_in_ms=9000,
            registered_ms=400,
            attempts=5,
            full_marks=2,
            prediction=None,
        ),
    )


def test_who_sat_one_week_only_has_that_weeks_result() -> None:
    assert overall([[AN, BINH], [AN_LATER], []])[1] == BINH._replace(prediction=None)


def test_people_come_in_the_order_of_their_codes() -> None:
    assert [result.code for result in overall([[AN], [BINH]])] == ["C1", "K3"]


def test_no_weeks_no_results() -> None:
    assert overall([]) == overall([[], []]) == ()


results = st.builds(
    Result,
    code=st.text("ABCDEF", min_size=1, max_size=4),
    person=st.integers(1, 6),
    score=st.integers(0, 20),
    full=st.integers(20, 30),
    questions=st.integers(10, 30),
    time_ms=st.integers(0, 10**6),
    handed_in_ms=st.integers(0, 10**9),
    attempts=st.integers(1, 5),
    full_marks=st.integers(0, 5),
    prediction=st.none() | st.integers(0, 99),
)
weeks = st.lists(st.lists(results, max_size=6, unique_by=lambda result: result.person), max_size=4)


@given(weeks=weeks)
def test_nothing_is_lost_and_nothing_counted_twice(weeks: list[list[Result]]) -> None:
    together = overall(weeks)
    all_of_them = [result for week in weeks for result in week]
    assert {one.person for one in together} == {one.person for one in all_of_them}
    assert len({one.person for one in together}) == len(together)
    for name in ("score", "full", "questions", "time_ms", "attempts", "full_marks"):
        assert sum(getattr(one, name) for one in together) == sum(getattr(one, name) for one in all_of_them)


@given(weeks=weeks)
def test_the_order_of_weeks_and_people_changes_nothing(weeks: list[list[Result]]) -> None:
    mixed = [list(reversed(week)) for week in reversed(weeks)]
    assert sorted(overall(mixed), key=lambda one: one.person) == sorted(overall(weeks), key=lambda one: one.person)
