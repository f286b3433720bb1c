"""Participation: people over headcount, exact, held against a threshold and never rounded up to it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.scoring.participation import (
    AgencyKind,
    Basis,
    Children,
    Group,
    GroupTurnout,
    ParticipationRules,
    Tier,
    Turnout,
    with_those_below,
)
from quiz.vietnamese import percent

SEVENTY, FIFTY = Fraction(70, 100), Fraction(50, 100)
BY_SIZE = (Tier(Fraction(30, 100), 50), Tier(Fraction(25, 100), 100), Tier(Fraction(20, 100)))
WITH_CHILDREN = "Cơ quan, đơn vị có đơn vị trực thuộc được tính chung với các đơn vị đó, mỗi người tính một lần."
LAST_SENTENCE = (
    "Mỗi người chỉ tính một lần dù thi nhiều lượt. Mẫu số là tổng số người của cơ quan chốt lúc mở tuần thi, "
    "trừ người được miễn; tỷ lệ so sánh bằng phân số chính xác, không làm tròn lên."
)


@st.composite
def turnouts(draw: st.DrawFn) -> Turnout:
    headcount = draw(st.integers(0, 30_000))
    exempt = draw(st.integers(0, headcount))
    return Turnout(headcount=headcount, exempt=exempt, people=draw(st.integers(0, headcount - exempt)))


thresholds = st.fractions(0, 1, max_denominator=10_000)


@pytest.mark.parametrize(
    ("headcount", "exempt", "people", "rate", "shown", "reaches"),
    [
        (25_000, 0, 17_499, Fraction(17_499, 25_000), "69,99%", False),
        (25_000, 0, 17_500, Fraction(7, 10), "70,00%", True),
        (10, 0, 6, Fraction(6, 10), "60,00%", False),
        (10, 0, 7, Fraction(7, 10), "70,00%", True),
        (10, 0, 8, Fraction(8, 10), "80,00%", True),
        (3, 0, 2, Fraction(2, 3), "66,66%", False),
        (12, 2, 7, Fraction(7, 10), "70,00%", True),
        (11, 0, 7, Fraction(7, 11), "63,63%", False),
        (1, 0, 0, Fraction(0), "0,00%", False),
        (1, 0, 1, Fraction(1), "100,00%", True),
    ],
)
def test_rate_is_exact_and_reaches_seventy_percent_only_at_seventy(
    headcount: int, exempt: int, people: int, rate: Fraction, shown: str, reaches: bool
) -> None:
    turnout = Turnout(headcount=headcount, exempt=exempt, people=people)
    assert (turnout.rate, turnout.reaches(SEVENTY)) == (rate, reaches)
    assert percent(rate) == shown


@pytest.mark.parametrize(
    ("base", "people", "threshold", "missing"),
    [
        (10, 0, SEVENTY, 7),
        (10, 6, SEVENTY, 1),
        (10, 7, SEVENTY, 0),
        (10, 10, SEVENTY, 0),
        (11, 0, SEVENTY, 8),
        (11, 7, SEVENTY, 1),
        (1, 0, SEVENTY, 1),
        (3, 1, FIFTY, 1),
        (3, 2, FIFTY, 0),
        (25_000, 17_499, SEVENTY, 1),
        (5, 0, Fraction(0), 0),
        (5, 4, Fraction(1), 1),
        (0, 0, SEVENTY, 0),
    ],
)
def test_missing_people_are_rounded_up(base: int, people: int, threshold: Fraction, missing: int) -> None:
    assert Turnout(headcount=base, exempt=0, people=people).missing(threshold) == missing


@pytest.mark.parametrize("exempt", [0, 3])
def test_an_agency_of_nobody_has_nothing_to_reach(exempt: int) -> None:
    nobody = Turnout(headcount=exempt, exempt=exempt, people=0)
    assert (nobody.base, nobody.rate, nobody.reaches(Fraction(1)), nobody.missing(Fraction(1))) == (0, None, True, 0)


@pytest.mark.parametrize(
    ("headcount", "exempt", "people"),
    [(-1, 0, 0), (1, -1, 0), (1, 2, 0), (1, 0, -1), (1, 0, 2), (5, 1, 5), (4, 1, 4), (0, 0, 1)],
)
def test_impossible_turnouts_are_refused(headcount: int, exempt: int, people: int) -> None:
    expected = rf"^impossible turnout: Turnout\(headcount={headcount}, exempt={exempt}, people={people}\)$"
    with pytest.raises(ValueError, match=expected):
        Turnout(headcount=headcount, exempt=exempt, people=people)


@pytest.mark.parametrize(("headcount", "exempt", "people"), [(0, 0, 0), (1, 1, 0), (1, 0, 1), (5, 1, 4)])
def test_turnouts_at_the_limits_are_possible(headcount: int, exempt: int, people: int) -> None:
    turnout = Turnout(headcount=headcount, exempt=exempt, people=people)
    assert turnout.base == headcount - exempt


def test_turnouts_add_up() -> None:
    one = Turnout(headcount=10, exempt=2, people=5)
    other = Turnout(headcount=7, exempt=1, people=6)
    assert one + other == Turnout(headcount=17, exempt=3, people=11)


@given(turnout=turnouts(), threshold=thresholds)
def test_the_missing_people_reach_the_threshold_and_one_fewer_do_not(turnout: Turnout, threshold: Fraction) -> None:
    missing = turnout.missing(threshold)
    assert turnout.reaches(threshold) is (missing == 0)
    if missing:
        assert Fraction(turnout.people + missing, turnout.base) >= threshold
        assert Fraction(turnout.people + missing - 1, turnout.base) < threshold
        assert turnout.people + missing <= turnout.base


@given(headcount=st.integers(-1, 6), exempt=st.integers(-1, 6), people=st.integers(-1, 7))
def test_figures_are_refused_exactly_where_some_people_would_be_counted_twice_or_not_exist(
    headcount: int, exempt: int, people: int
) -> None:
    is_possible = min(headcount, exempt, people) >= 0 and exempt + people <= headcount
    try:
        turnout = Turnout(headcount=headcount, exempt=exempt, people=people)
    except ValueError:
        assert not is_possible
    else:
        assert is_possible
        assert turnout.rate is None or 0 <= turnout.rate <= 1


@given(one=turnouts(), other=turnouts())
def test_two_agencies_together_lie_between_them(one: Turnout, other: Turnout) -> None:
    rates = sorted(turnout.rate for turnout in (one, other) if turnout.rate is not None)
    together = (one + other).rate
    assert together is None if not rates else rates[0] <= (together or 0) <= rates[-1]


def test_thresholds_when_the_contest_file_is_silent() -> None:
    assert ParticipationRules() == ParticipationRules(
        tiers={AgencyKind.CITY: (Tier(SEVENTY),), AgencyKind.CENTRAL: (Tier(FIFTY),)},
        basis=Basis.CONTEST,
        children=Children.SUM,
        groups=(),
    )


@pytest.mark.parametrize(
    ("headcount", "percents"), [(0, 30), (1, 30), (49, 30), (50, 25), (99, 25), (100, 20), (5000, 20)]
)
def test_larger_agencies_may_have_lower_thresholds(headcount: int, percents: int) -> None:
    rules = ParticipationRules(tiers={AgencyKind.CITY: (Tier(SEVENTY),), AgencyKind.CENTRAL: BY_SIZE})
    assert rules.threshold(AgencyKind.CENTRAL, headcount) == Fraction(percents, 100)
    assert rules.threshold(AgencyKind.CITY, headcount) == SEVENTY


def test_kinds_of_agencies_in_words() -> None:
    assert [(kind.value, kind.words) for kind in AgencyKind] == [
        ("city", "Cơ quan, đơn vị thuộc thành phố"),
        ("central", "Cơ quan Trung ương trên địa bàn"),
    ]


@pytest.mark.parametrize(
    ("basis", "over"),
    [(Basis.CONTEST, "trong cả hội thi (tính người dự thi ít nhất một tuần)"), (Basis.WEEK, "mỗi tuần")],
)
def test_the_rule_prints_itself(basis: Basis, over: str) -> None:
    assert ParticipationRules(basis=basis).sentences == (
        "Cơ quan, đơn vị thuộc thành phố: ít nhất 70% tổng số cán bộ, công chức, viên chức dự thi " + over + ".",
        "Cơ quan Trung ương trên địa bàn: ít nhất 50% tổng số cán bộ, công chức, viên chức dự thi " + over + ".",
        WITH_CHILDREN,
        LAST_SENTENCE,
    )


@pytest.mark.parametrize(
    ("threshold", "shown"),
    [(Fraction(665, 1000), "66,5%"), (Fraction(1, 2), "50%"), (Fraction(700001, 1000000), "70,0001%")],
)
def test_the_rule_prints_the_threshold_it_holds_people_to(threshold: Fraction, shown: str) -> None:
    (sentence, *_) = ParticipationRules(tiers={AgencyKind.CITY: (Tier(threshold),)}).sentences
    assert sentence.startswith(f"Cơ quan, đơn vị thuộc thành phố: ít nhất {shown} tổng số")


def test_thresholds_by_size_print_the_sizes_they_are_for() -> None:
    of_all = "tổng số cán bộ, công chức, viên chức dự thi mỗi tuần."
    rules = ParticipationRules(
        tiers={AgencyKind.CENTRAL: (*BY_SIZE[:2], Tier(Fraction(22, 100), 1500), BY_SIZE[2])}, basis=Basis.WEEK
    )
    assert rules.sentences[:4] == (
        f"Cơ quan Trung ương trên địa bàn dưới 50 người: ít nhất 30% {of_all}",
        f"Cơ quan Trung ương trên địa bàn từ 50 đến dưới 100 người: ít nhất 25% {of_all}",
        f"Cơ quan Trung ương trên địa bàn từ 100 đến dưới 1.500 người: ít nhất 22% {of_all}",
        f"Cơ quan Trung ương trên địa bàn từ 1.500 người trở lên: ít nhất 20% {of_all}",
    )


def test_agencies_that_stand_apart_are_said_to() -> None:
    assert ParticipationRules(children=Children.APART).sentences[-2:] == (
        "Mỗi cơ quan, đơn vị tính riêng, không gộp người của các đơn vị trực thuộc.",
        LAST_SENTENCE,
    )


LEADERS = Group(code="lanh-dao", name="Lãnh đạo cơ quan", least=1)
HEADS = Group(code="truong-phong", name="Trưởng phòng", share=FIFTY)
COUNTER = Group(code="mot-cua", name="Công chức một cửa", share=Fraction(1))
THREE = Group(code="dang-vien", name="Đảng viên", least=3)


def test_compulsory_groups_print_themselves_between_thresholds_and_the_rest() -> None:
    asked = "mỗi cơ quan, đơn vị phải có"
    rules = ParticipationRules(basis=Basis.WEEK, groups=(LEADERS, HEADS, COUNTER, THREE))
    assert rules.sentences[2:] == (
        f"Lãnh đạo cơ quan: {asked} ít nhất 1 người thuộc nhóm này dự thi mỗi tuần.",
        f"Trưởng phòng: {asked} ít nhất 50% số người thuộc nhóm này dự thi mỗi tuần.",
        f"Công chức một cửa: {asked} tất cả mọi người thuộc nhóm này dự thi mỗi tuần.",
        f"Đảng viên: {asked} ít nhất 3 người (có ít hơn thì tất cả) thuộc nhóm này dự thi mỗi tuần.",
        WITH_CHILDREN,
        LAST_SENTENCE,
    )


@pytest.mark.parametrize(
    ("group", "members", "took_part", "missing"),
    [
        (LEADERS, 0, 0, 0),
        (LEADERS, 1, 0, 1),
        (LEADERS, 3, 1, 0),
        (LEADERS, 3, 3, 0),
        (THREE, 2, 0, 2),
        (THREE, 2, 2, 0),
        (THREE, 5, 2, 1),
        (HEADS, 0, 0, 0),
        (HEADS, 1, 0, 1),
        (HEADS, 5, 2, 1),
        (HEADS, 5, 3, 0),
        (HEADS, 6, 3, 0),
        (COUNTER, 4, 3, 1),
        (COUNTER, 4, 4, 0),
        (COUNTER, 0, 0, 0),
    ],
)
def test_so_many_more_of_a_group_must_take_part(group: Group, members: int, took_part: int, missing: int) -> None:
    turnout = GroupTurnout(group=group, members=members, took_part=took_part)
    assert (turnout.missing, turnout.reaches) == (missing, missing == 0)


@pytest.mark.parametrize(("members", "took_part"), [(0, 1), (2, 3), (2, -1)])
def test_impossible_group_turnouts_are_refused(members: int, took_part: int) -> None:
    with pytest.raises(ValueError, match=r"^impossible turnout: GroupTurnout"):
        GroupTurnout(group=COUNTER, members=members, took_part=took_part)


@pytest.mark.parametrize(("least", "share"), [(None, None), (1, FIFTY)])
def test_a_group_is_held_to_a_number_or_a_share(least: int | None, share: Fraction | None) -> None:
    with pytest.raises(ValueError, match=r"^either a number of people or a share: Group"):
        Group(code="a", name="A", least=least, share=share)


def test_group_turnouts_add_up() -> None:
    one, other = (GroupTurnout(group=COUNTER, members=n, took_part=n - 1) for n in (3, 7))
    assert one + other == GroupTurnout(group=COUNTER, members=10, took_part=8)


def test_a_parent_has_all_people_below_it_at_any_depth() -> None:
    people = {"tinh": 1, "so": 10, "phong": 100, "to": 1000, "khac": 10000}
    parents = {"tinh": None, "so": "tinh", "phong": "so", "to": "phong", "khac": None}
    assert with_those_below(people, parents) == {
        "tinh": 1111,
        "so": 1110,
        "phong": 1100,
        "to": 1000,
        "khac": 10000,
    }


def test_agencies_without_figures_pass_on_what_is_below_them() -> None:
    assert with_those_below({"tinh": 1, "to": 1000}, {"to": "phong", "phong": "tinh"}) == {"tinh": 1001, "to": 1000}


def test_agencies_each_above_the_other_count_everybody_once() -> None:
    assert with_those_below({"a": 1, "b": 10}, {"a": "b", "b": "a"}) == {"a": 11, "b": 11}


@st.composite
def trees(draw: st.DrawFn) -> tuple[dict[int, Turnout], dict[int, int | None]]:
    """Some agencies, each below an earlier one or below none."""
    own = dict(enumerate(draw(st.lists(turnouts(), min_size=1, max_size=10))))
    return own, {agency: draw(st.none() | st.integers(0, agency - 1)) if agency else None for agency in own}


@given(tree=trees())
def test_parents_never_exceed_the_whole_nor_count_anybody_twice(
    tree: tuple[dict[int, Turnout], dict[int, int | None]],
) -> None:
    own, parents = tree
    summed = with_those_below(own, parents)
    assert all(turnout.rate is None or turnout.rate <= 1 for turnout in summed.values())
    roots = [summed[agency] for agency in own if parents[agency] is None]
    nobody = Turnout(headcount=0, exempt=0, people=0)
    assert sum(roots, nobody) == sum(own.values(), nobody)
    for agency, turnout in own.items():
        below = [summed[child] for child, parent in parents.items() if parent == agency]
        assert summed[agency] == sum(below, turnout)
