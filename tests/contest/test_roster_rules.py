"""From which day a change of the roster may count, and for which rounds it does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quiz.contest.roster_rules import Calendar, Period
from quiz.errors import Refused

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WEEK_1 = datetime(2024, 10, 7, 1, 0, tzinfo=UTC)  # 8:00 there
WEEK_2, WEEK_3 = WEEK_1 + timedelta(days=7), WEEK_1 + timedelta(days=14)
BEFORE = Calendar(zone=ZONE, to_come=(("Tuần 1", WEEK_1), ("Tuần 2", WEEK_2), ("Tuần 3", WEEK_3)))
IN_WEEK_1 = Calendar(
    zone=ZONE, last_name="Tuần 1", last_opening=WEEK_1, to_come=(("Tuần 2", WEEK_2), ("Tuần 3", WEEK_3))
)


def refusal_of(first: date, last: date | None = None, calendar: Calendar = IN_WEEK_1) -> Refused:
    """What is said to these days."""
    with pytest.raises(Refused) as refusal:
        calendar.period(first, last)
    return refusal.value


def test_before_the_first_round_any_day_will_do() -> None:
    assert BEFORE.earliest is None
    assert BEFORE.begins(date(2024, 1, 1)) == datetime(2023, 12, 31, 17, 0, tzinfo=UTC)


def test_days_begin_and_end_at_midnight_on_the_contests_own_clocks() -> None:
    assert IN_WEEK_1.period(date(2024, 10, 8), date(2024, 10, 9)) == Period(
        datetime(2024, 10, 7, 17, 0, tzinfo=UTC), datetime(2024, 10, 9, 17, 0, tzinfo=UTC)
    )


@pytest.mark.parametrize("day", [date(2024, 10, 7), date(2024, 10, 1), date(2000, 1, 1)])
def test_a_day_that_began_before_the_last_opening_would_move_its_figures(day: date) -> None:
    refusal = refusal_of(day)
    assert str(refusal) == (
        "Tuần 1 đã mở lúc 8 giờ 00 phút, thứ Hai ngày 07/10/2024 và số liệu của tuần đã chốt, nên không ghi được từ "
        "ngày này. Ngày sớm nhất là 08/10/2024."
    )


def test_a_round_that_opened_at_midnight_sharp_keeps_that_day_too() -> None:
    calendar = Calendar(zone=ZONE, last_name="Tuần 1", last_opening=datetime(2024, 10, 6, 17, 0, tzinfo=UTC))
    assert calendar.earliest == date(2024, 10, 8)
    assert refusal_of(date(2024, 10, 7), calendar=calendar).code == "day_frozen"


def test_the_day_proposed_is_today_where_it_can_be() -> None:
    assert BEFORE.day_for(datetime(2024, 10, 1, 17, 30, tzinfo=UTC)) == date(2024, 10, 2)
    assert IN_WEEK_1.day_for(WEEK_1 + timedelta(hours=2)) == date(2024, 10, 8)
    assert IN_WEEK_1.day_for(WEEK_1 + timedelta(days=3)) == date(2024, 10, 10)


def test_one_day_is_a_period_and_the_last_may_not_come_before_the_first() -> None:
    period = IN_WEEK_1.period(date(2024, 10, 14), date(2024, 10, 14))
    assert IN_WEEK_1.rounds_in(period) == ("Tuần 2",)
    assert refusal_of(date(2024, 10, 14), date(2024, 10, 13)).code == "days_reversed"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(1024, 1, 1), None),
        (date(1999, 12, 31), None),
        (date(2101, 1, 1), None),
        (date(2024, 10, 14), date(9999, 12, 31)),
    ],
)
def test_a_year_out_of_all_bounds_is_a_slip(first: date, last: date | None) -> None:
    assert refusal_of(first, last, BEFORE).code == "day_wrong"


@pytest.mark.parametrize(
    ("first", "last", "rounds"),
    [
        (date(2024, 10, 8), None, ("Tuần 2", "Tuần 3")),
        (date(2024, 10, 8), date(2024, 10, 13), ()),
        (date(2024, 10, 8), date(2024, 10, 14), ("Tuần 2",)),
        (date(2024, 10, 15), None, ("Tuần 3",)),
        (date(2024, 10, 22), None, ()),
    ],
)
def test_a_period_counts_for_the_rounds_that_open_inside_it(first: date, last: date | None, rounds: object) -> None:
    assert IN_WEEK_1.rounds_in(IN_WEEK_1.period(first, last)) == rounds


def days(first: int, last: int | None) -> Period:
    """From one day of October to another."""
    return Period(datetime(2024, 10, first, tzinfo=UTC), last and datetime(2024, 10, last, tzinfo=UTC))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (days(1, 5), days(5, 9), False),
        (days(1, 6), days(5, 9), True),
        (days(1, None), days(5, 9), True),
        (days(9, None), days(5, 9), False),
        (days(1, None), days(5, None), True),
        (days(1, 9), days(3, 4), True),
        (days(1, 9), days(3, 3), False),
        (days(1, None), days(3, 2), False),
    ],
)
def test_two_periods_meet_where_they_share_a_moment(one: Period, other: Period, meet: bool) -> None:
    assert (one.meets(other), other.meets(one)) == (meet, meet)


def test_the_round_to_come() -> None:
    assert (IN_WEEK_1.next_round, Calendar(zone=ZONE).next_round) == ("Tuần 2", "")
    assert (IN_WEEK_1.is_settled(WEEK_1), IN_WEEK_1.is_settled(WEEK_2), BEFORE.is_settled(WEEK_1)) == (
        True,
        False,
        False,
    )
