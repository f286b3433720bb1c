"""The prediction: an unscored number, held against people or attempts that are known only after the close."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.scoring.prediction import (
    EqualDistance,
    Prediction,
    Scope,
    Tally,
    Target,
    Whose,
    prediction_step,
    tally,
    target,
)
from quiz.scoring.tie_breaks import Result, RoundFacts, Zone
from quiz.vietnamese import HANOI

SAME, BELOW_FIRST, ABOVE_FIRST = EqualDistance
HOW_MANY = Prediction(text="Có bao nhiêu người dự thi?", target=Target.PEOPLE)
FACTS = RoundFacts(lot_seed=b"", target=120)
ONE = Result(code="A", person=1, score=20, full=20, questions=20, time_ms=0, handed_in_ms=0)
predictions = st.none() | st.integers(0, 250)


def predicting(number: int | None, person: int = 1) -> Result:
    return ONE._replace(code=f"CODE{person}", person=person, prediction=number)


def in_order(rule: EqualDistance, numbers: list[int | None]) -> list[list[int | None]]:
    """The predictions from the best to the worst, equals together."""
    step = prediction_step(replace(HOW_MANY, equal_distance=rule))
    keys = {number: step.key(predicting(number), FACTS) for number in numbers}
    return [[number for number in numbers if keys[number] == key] for key in sorted(set(keys.values()))]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (SAME, [[120], [119, 121], [118, 122], [0, 240], [241], [None]]),
        (BELOW_FIRST, [[120], [119], [121], [118], [122], [0], [240], [241], [None]]),
        (ABOVE_FIRST, [[120], [121], [119], [122], [118], [240], [0], [241], [None]]),
    ],
)
def test_the_nearest_stands_first_and_no_prediction_last(rule: EqualDistance, expected: list[list[int | None]]) -> None:
    assert in_order(rule, [0, 118, 119, 120, 121, 122, 240, 241, None]) == expected


@given(one=predictions, other=predictions, rule=st.sampled_from(EqualDistance), actual=st.integers(0, 250))
def test_the_rule_for_equal_distances_never_outweighs_distance(
    one: int | None, other: int | None, rule: EqualDistance, actual: int
) -> None:
    facts, step = replace(FACTS, target=actual), prediction_step(replace(HOW_MANY, equal_distance=rule))
    if one is None or other is None or abs(one - actual) == abs(other - actual):
        return
    nearer, farther = sorted((one, other), key=lambda number: abs(number - actual))
    assert step.key(predicting(nearer), facts) < step.key(predicting(farther), facts)


@given(number=st.integers(0, 2**31 - 1), actual=st.integers(0, 2**31 - 1), rule=st.sampled_from(EqualDistance))
def test_even_the_wildest_prediction_stands_above_none(number: int, actual: int, rule: EqualDistance) -> None:
    facts, step = replace(FACTS, target=actual), prediction_step(replace(HOW_MANY, equal_distance=rule))
    assert step.key(predicting(number), facts) < step.key(predicting(None), facts)


@given(number=st.integers(2**31 - 3, 2**31 - 1), rule=st.sampled_from((BELOW_FIRST, ABOVE_FIRST)))
def test_huge_distances_are_told_apart_exactly(number: int, rule: EqualDistance) -> None:
    facts, step = replace(FACTS, target=0), prediction_step(replace(HOW_MANY, equal_distance=rule))
    assert step.key(predicting(number), facts) < step.key(predicting(number + 1), facts)


@pytest.mark.parametrize("number", [None, 120])
def test_nothing_is_compared_before_the_target_is_known(number: int | None) -> None:
    with pytest.raises(ValueError, match=r"^predictions cannot be compared before their target is known$"):
        prediction_step(HOW_MANY).key(predicting(number), RoundFacts(lot_seed=b""))


def test_the_step_goes_by_one_name_and_is_no_lot() -> None:
    step = prediction_step(HOW_MANY)
    assert (step.name, step.is_lot, step.sentence) == (
        "prediction",
        False,
        "Người có số dự đoán gần kết quả thực tế hơn xếp trên.",
    )


def test_two_files_that_ask_the_same_give_the_same_step() -> None:
    assert prediction_step(HOW_MANY) == prediction_step(replace(HOW_MANY))
    assert prediction_step(HOW_MANY) != prediction_step(replace(HOW_MANY, equal_distance=BELOW_FIRST))


# Reasons


@pytest.mark.parametrize(
    ("mine", "theirs", "why"),
    [
        (118, 125, "dự đoán 118 người, lệch 2 so với 120; hạng 4 lệch 5"),
        (122, None, "dự đoán 122 người, lệch 2 so với 120; hạng 4 không dự đoán"),
        (120, 119, "dự đoán đúng 120 người; hạng 4 lệch 1"),
        (120, None, "dự đoán đúng 120 người; hạng 4 không dự đoán"),
        (0, 1120, "dự đoán 0 người, lệch 120 so với 120; hạng 4 lệch 1.000"),
    ],
)
@pytest.mark.parametrize("zone", [None, HANOI])
@pytest.mark.parametrize("rule", EqualDistance)
def test_reason_gives_the_figures(rule: EqualDistance, zone: Zone, mine: int, theirs: int | None, why: str) -> None:
    step = prediction_step(replace(HOW_MANY, equal_distance=rule))
    assert step.why(predicting(mine), predicting(theirs), "hạng 4", zone, FACTS) == why


@pytest.mark.parametrize(
    ("rule", "mine", "theirs", "why"),
    [
        (
            BELOW_FIRST,
            118,
            122,
            "dự đoán 118 người, cùng lệch 2 so với 120 nhưng thấp hơn kết quả; hạng 4 dự đoán 122 người",
        ),
        (
            ABOVE_FIRST,
            122,
            118,
            "dự đoán 122 người, cùng lệch 2 so với 120 nhưng cao hơn kết quả; hạng 4 dự đoán 118 người",
        ),
    ],
)
def test_reason_where_the_side_decides(rule: EqualDistance, mine: int, theirs: int, why: str) -> None:
    step = prediction_step(replace(HOW_MANY, equal_distance=rule))
    assert step.why(predicting(mine), predicting(theirs), "hạng 4", None, FACTS) == why


@pytest.mark.parametrize(
    ("rule", "mine", "theirs", "gap"),
    [
        (SAME, 118, 125, "dự đoán gần kết quả hơn ông/bà 3 người"),
        (SAME, 120, 119, "dự đoán gần kết quả hơn ông/bà 1 người"),
        (SAME, 0, None, "có dự đoán, còn ông/bà thì không"),
        (BELOW_FIRST, 118, 122, "dự đoán lệch bằng ông/bà nhưng thấp hơn kết quả"),
        (ABOVE_FIRST, 122, 118, "dự đoán lệch bằng ông/bà nhưng cao hơn kết quả"),
    ],
)
def test_a_gap_is_the_difference_of_the_distances(rule: EqualDistance, mine: int, theirs: int | None, gap: str) -> None:
    step = prediction_step(replace(HOW_MANY, equal_distance=rule))
    assert step.gap(predicting(mine), predicting(theirs), "ông/bà", FACTS) == gap


def test_attempts_are_never_called_people() -> None:
    step = prediction_step(replace(HOW_MANY, target=Target.ATTEMPTS))
    facts = replace(FACTS, target=25_120)
    assert step.why(predicting(25_118), predicting(1), "hạng 4", None, facts) == (
        "dự đoán 25.118 lượt, lệch 2 so với 25.120; hạng 4 lệch 25.119"
    )


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        (118, 122, "cùng dự đoán lệch 2 so với 120"),
        (118, 118, "cùng dự đoán lệch 2 so với 120"),
        (120, 120, "cùng dự đoán đúng 120 người"),
        (None, None, "cùng không dự đoán"),
    ],
)
def test_what_equals_have_in_common(mine: int | None, theirs: int | None, same: str) -> None:
    assert prediction_step(HOW_MANY).same(predicting(mine), predicting(theirs), None, FACTS) == same


# The target


TALLY = Tally(people=3, people_all_right=2, attempts=7)


@pytest.mark.parametrize(("what", "figure"), [(Target.PEOPLE, 3), (Target.PEOPLE_ALL_RIGHT, 2), (Target.ATTEMPTS, 7)])
def test_target_is_the_figure_asked_for(what: Target, figure: int) -> None:
    assert target(replace(HOW_MANY, target=what, scope=Scope.DIVISION), TALLY, TALLY + TALLY) == figure
    assert target(replace(HOW_MANY, target=what, scope=Scope.ALL), TALLY, TALLY + TALLY) == 2 * figure


def test_tallies_of_divisions_add_up() -> None:
    other = Tally(people=10, people_all_right=20, attempts=40)
    assert TALLY + other == Tally(people=13, people_all_right=22, attempts=47)


def test_a_tally_never_mixes_people_and_attempts() -> None:
    perfect, mistaken = ONE._replace(attempts=3, full_marks=2), ONE._replace(full_marks=0)
    counted = [perfect, perfect._replace(person=2, full_marks=1), mistaken._replace(person=3)]
    attempts = [ONE] * 6 + [ONE._replace(person=3, score=3), ONE._replace(person=4, is_valid=False)]
    assert tally(attempts, counted) == Tally(people=3, people_all_right=2, attempts=8)
    assert tally([], []) == Tally(people=0, people_all_right=0, attempts=0)


# The rules page


def test_the_rule_prints_itself() -> None:
    assert HOW_MANY.sentences == (
        "Câu dự đoán: “Có bao nhiêu người dự thi?”. Câu này không tính điểm, chỉ dùng để xếp hạng.",
        "Kết quả để đối chiếu là số người dự thi (mỗi người có ít nhất một lượt thi hợp lệ, chỉ tính một lần), tính "
        "chung mọi người dự thi, trong cùng tuần thi, và chỉ được tính sau khi tuần thi đã đóng.",
        "Số dự đoán càng gần kết quả càng xếp trên, dù cao hơn hay thấp hơn; hai số lệch bằng nhau, một số cao hơn và "
        "một số thấp hơn kết quả, được coi là bằng nhau.",
        "Người thi nhiều lượt được lấy số dự đoán ở lượt thi được tính để xếp hạng. Ai không dự đoán ở lượt ấy xếp sau "
        "mọi người có dự đoán, riêng ở tiêu chí này.",
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"target": Target.PEOPLE_ALL_RIGHT},
            "số người trả lời đúng tất cả các câu (ở ít nhất một lượt thi hợp lệ, mỗi người chỉ tính một lần), tính",
        ),
        (
            {"target": Target.ATTEMPTS},
            "số lượt thi (mỗi người có thể có nhiều lượt, không tính lượt bị hủy), tính chung",
        ),
        ({"scope": Scope.DIVISION}, "một lần), tính riêng trong bảng thi của người dự đoán, trong cùng tuần thi"),
        ({"equal_distance": BELOW_FIRST}, "; nếu lệch bằng nhau, số thấp hơn kết quả xếp trên số cao hơn."),
        ({"equal_distance": ABOVE_FIRST}, "; nếu lệch bằng nhau, số cao hơn kết quả xếp trên số thấp hơn."),
        ({"whose": Whose.FIRST}, "lấy số dự đoán ở lượt thi hợp lệ đầu tiên."),
        ({"whose": Whose.LAST}, "lấy số dự đoán ở lượt thi hợp lệ cuối cùng."),
    ],
)
def test_the_rule_prints_what_is_chosen(change: dict[str, object], words: str) -> None:
    assert words in " ".join(replace(HOW_MANY, **change).sentences)  # type: ignore[arg-type]
