"""Participation: people over headcount, exact, held against a threshold and never rounded up to it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.scoring.participation import AgencyKind, Basis, ParticipationRules, Turnout
from quiz.vietnamese import percent

SEVENTY, FIFTY = Fraction(70, 100), Fraction(50, 100)
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
    [(-1, 0, 0), (1, -1, 0), (1, 2, 0), (1, 0, -1), (1, 0, 2), (5, 1, 5), (0, 0, 1)],
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
@settings(deadline=None)
def test_the_missing_people_reach_the_threshold_and_one_fewer_do_not(turnout: Turnout, threshold: Fraction) -> None:
    missing = turnout.missing(threshold)
    assert turnout.reaches(threshold) is (missing == 0)
    if missing:
        assert Fraction(turnout.people + missing, turnout.base) >= threshold
        assert Fraction(turnout.people + missing - 1, turnout.base) < threshold
        assert turnout.people + missing <= turnout.base


@given(turnout=turnouts())
@settings(deadline=None)
def test_no_rate_is_above_one(turnout: Turnout) -> None:
    assert turnout.rate is None or 0 <= turnout.rate <= 1


@given(one=turnouts(), other=turnouts())
@settings(deadline=None)
def test_two_agencies_together_lie_between_them(one: Turnout, other: Turnout) -> None:
    rates = sorted(turnout.rate for turnout in (one, other) if turnout.rate is not None)
    together = (one + other).rate
    assert together is None if not rates else rates[0] <= (together or 0) <= rates[-1]


def test_thresholds_when_the_contest_file_is_silent() -> None:
    assert ParticipationRules() == ParticipationRules(
        thresholds={AgencyKind.CITY: SEVENTY, AgencyKind.CENTRAL: FIFTY}, basis=Basis.CONTEST
    )


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
        LAST_SENTENCE,
    )


@pytest.mark.parametrize(
    ("threshold", "shown"),
    [(Fraction(665, 1000), "66,5%"), (Fraction(1, 2), "50%"), (Fraction(700001, 1000000), "70,0001%")],
)
def test_the_rule_prints_the_threshold_it_holds_people_to(threshold: Fraction, shown: str) -> None:
    (sentence, _) = ParticipationRules(thresholds={AgencyKind.CITY: threshold}).sentences
    assert sentence.startswith(f"Cơ quan, đơn vị thuộc thành phố: ít nhất {shown} tổng số")
