"""The analysis of a week: what belongs together, and what holds for every week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.scoring.item_analysis import Analysis, analyse, random_guess_score
from quiz.scoring.item_doubts import Doubt
from quiz.scoring.item_responses import Response
from tests.makers import question
from tests.scoring.moodle_figures import short_quiz

POOL = [question(f"Q{number}", key) for number, key in enumerate(["A", "B", "C", "D", "AB", "A", "B"], start=1)]
VOIDED = question("V")
Sheet = tuple[Response, ...]
thorough = settings(max_examples=60)


def answer(number: int, *, right: bool, chosen: str = "") -> Response:
    """One answer to a question of the pool, worth one."""
    key = "".join(sorted(POOL[number - 1].key))
    return Response(f"Q{number}", key if right else chosen, int(right), 1)


@st.composite
def weeks(draw: st.DrawFn, *, at_random: bool | None = None) -> list[Sheet]:
    """A few attempts at three questions: of everybody the same in any order, or drawn from the pool."""
    is_drawn = draw(st.booleans()) if at_random is None else at_random
    numbers = st.permutations(range(1, len(POOL) + 1 if is_drawn else 4)).map(lambda order: order[:3])
    answers = st.tuples(st.booleans(), st.sampled_from(["", "C", "D", "CD"]), st.integers(1, 3))
    sheets = []
    for _ in range(draw(st.integers(0, 8))):
        sheet = [(number, *draw(answers)) for number in draw(numbers)]
        sheets.append(
            tuple(
                answer(number, right=right, chosen=chosen)._replace(mark=points if right else 0, points=points)
                for number, right, chosen, points in sheet
            )
        )
    return sheets


def test_fixed_questions_are_positions_with_weights_in_whatever_order_they_were_shown() -> None:
    slots = [question(str(slot)) for slot in range(1, 8)]
    in_order = analyse(slots, short_quiz())
    shuffled = analyse(slots, [attempt[::-1] if n % 2 else attempt for n, attempt in enumerate(short_quiz())])
    assert shuffled == in_order
    assert in_order.places == ()
    weights = [100 * (each.weights.effective or 0) for each in in_order.questions if each.weights]
    assert weights == pytest.approx(
        [21.2922742344, 18.8979800309, 4.443012573, 18.9347251357, 11.1450138688, 9.8081339177, 15.4788602394], abs=5e-7
    )
    assert in_order.scores.consistency == pytest.approx(-0.872230935542, abs=5e-9)


def test_drawn_questions_have_figures_and_places_have_weights() -> None:
    analysis = analyse(
        POOL,
        [(answer(1, right=True), answer(2, right=True)), (answer(3, right=False), answer(1, right=False))],
    )
    assert [each.question.id for each in analysis.questions] == ["Q1", "Q2", "Q3"]
    assert [each.figures.facility for each in analysis.questions] == [0.5, 1, 0]
    assert {each.weights for each in analysis.questions} == {None}
    assert [(place.number, place.figures.dealt, place.weights.intended) for place in analysis.places] == [
        (1, 2, 0.5),
        (2, 2, 0.5),
    ]
    assert [each.id for each in analysis.undealt] == ["Q4", "Q5", "Q6", "Q7"]


def test_suspicious_questions_are_remarked_on() -> None:
    """Of forty the twenty who know Q2 choose B at Q1, whose key is A; the others choose the key."""
    strong = (answer(1, right=False, chosen="B"), answer(2, right=True), answer(3, right=True))
    weak = (answer(1, right=True), answer(2, right=False, chosen="A"), answer(3, right=False, chosen="D"))
    analysis = analyse(POOL[:3], [strong] * 20 + [weak] * 20)
    said = {each.question.id: [remark.doubt for remark in each.remarks] for each in analysis.questions}
    assert said["Q1"] == [Doubt.NEGATIVE, Doubt.MISLEADS_THE_STRONG, Doubt.IDLE_OPTION]
    assert said["Q2"] == [Doubt.IDLE_OPTION, Doubt.WEIGHT]
    assert analysis.questions[0].options.dealt.all == 40


def test_random_guess_is_one_in_so_many_options_and_nothing_with_several_keys() -> None:
    assert random_guess_score(question()) == 0.25
    assert random_guess_score(replace(question(), options=question().options[:2])) == 0.5
    assert random_guess_score(question(key="AB")) is None


def test_week_without_attempts_has_no_figures() -> None:
    analysis = analyse(POOL, [])
    assert (analysis.questions, analysis.places, analysis.papers) == ((), (), None)
    assert analysis.undealt == tuple(POOL)
    assert analysis.scores.attempts == 0


# What holds for every week


def everything_between(analysis: Analysis, low: float, high: float, *names: str) -> bool:
    items = [each.figures for each in (*analysis.questions, *analysis.places)]
    found = [getattr(figures, name) for figures in items for name in names]
    return all(low <= value <= high for value in found if value is not None)


@given(week=weeks(), data=st.data())
@thorough
def test_order_of_attempts_changes_nothing(week: Sequence[Sheet], data: st.DataObject) -> None:
    assert analyse(POOL, data.draw(st.permutations(week))) == analyse(POOL, week)


@given(week=weeks())
@thorough
def test_figures_stay_within_their_bounds(week: Sequence[Sheet]) -> None:
    analysis = analyse(POOL, week)
    assert everything_between(analysis, 0, 1, "facility")
    assert everything_between(analysis, -1, 1, "discrimination", "discrimination_with_itself")
    assert everything_between(analysis, float("-inf"), 1, "efficiency", "efficiency_with_itself")
    weights = [each.weights for each in (*analysis.questions, *analysis.places) if each.weights]
    assert sum(each.intended for each in weights) == pytest.approx(1 if week else 0)
    assert sum(each.effective or 0 for each in weights) == pytest.approx(1) or not any(
        each.effective for each in weights
    )
    assert analysis.papers is None or 0 <= (analysis.papers.explained or 0) <= 1


@given(week=weeks(), right=st.booleans())
@thorough
def test_question_that_everybody_answers_alike_has_no_discrimination(week: Sequence[Sheet], right: bool) -> None:
    constant = Response("V", "A", int(right), 1)
    analysis = analyse([*POOL, VOIDED], [(*sheet, constant) for sheet in week])
    for each in analysis.questions:
        if each.question is VOIDED:
            assert (each.figures.facility, each.figures.discrimination) == (int(right), None)
            assert each.figures.efficiency is None


@given(week=weeks(), data=st.data())
@thorough
def test_voided_question_changes_nothing(week: Sequence[Sheet], data: st.DataObject) -> None:
    with_voided = []
    for sheet in week:
        place, right = data.draw(st.integers(0, len(sheet))), data.draw(st.booleans())
        dealt = data.draw(st.booleans())
        with_voided.append((*sheet[:place], *[Response("V", "A", int(right), 1)] * dealt, *sheet[place:]))
    assert analyse([*POOL, VOIDED], with_voided, {"V"}) == analyse(POOL, week)


@given(week=weeks())
@thorough
def test_everybody_twice_changes_no_share_and_no_correlation(week: Sequence[Sheet]) -> None:
    once, twice = analyse(POOL, week), analyse(POOL, [*week, *week])
    for one, other in zip(once.questions, twice.questions, strict=True):
        assert one.figures.facility == other.figures.facility
        assert one.figures.discrimination == other.figures.discrimination
        assert one.figures.efficiency == other.figures.efficiency


@given(week=weeks())
@thorough
def test_option_tables_add_up(week: Sequence[Sheet]) -> None:
    for each in analyse(POOL, week).questions:
        table = each.options
        assert table.dealt.all == each.figures.dealt
        assert table.dealt.upper + table.dealt.lower <= table.dealt.all
        assert all(option.chosen.all + table.blank.all <= table.dealt.all for option in table.options)
