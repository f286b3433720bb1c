"""Office hours: which spans of a week they open, in the contest's own zone, to the millisecond."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quiz.contest.schedule import Phase, Span
from quiz.contest.schedule_files import parse_contest
from quiz.contest.schedule_hours import Hours, open_spans, pauses_between
from quiz.vietnamese import HANOI
from quiz.yaml_text import FaultyFile

EVERY_DAY = frozenset(range(7))
MON_TO_FRI = frozenset(range(5))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of October 2024 in Hải Phòng; the 7th is a Monday."""
    local = datetime(2024, 10, 1, tzinfo=HANOI) + timedelta(days=day - 1, hours=hour, minutes=minute)
    return local.astimezone(UTC)


def hours(opens: float = 7.5, closes: float = 17.5, days: frozenset[int] = MON_TO_FRI, *off: date) -> Hours:
    """One span on each of these days."""
    spans = [(timedelta(hours=opens), timedelta(hours=closes))]
    return Hours(by_weekday=dict.fromkeys(days, spans), days_off=frozenset(off))


def test_a_week_without_hours_is_open_throughout() -> None:
    whole = Span(at(7, 8), at(11, 17))
    assert open_spans(whole, None, HANOI) == (whole,)
    assert pauses_between(whole, (whole,)) == ()


def test_nights_and_weekends_are_pauses() -> None:
    whole = Span(at(10, 8), at(14, 24))  # Thursday to Monday
    spans = open_spans(whole, hours(), HANOI)
    assert spans == (
        Span(at(10, 8), at(10, 17, 30)),
        Span(at(11, 7, 30), at(11, 17, 30)),
        Span(at(14, 7, 30), at(14, 17, 30)),
    )
    assert pauses_between(whole, spans) == (
        Span(at(10, 17, 30), at(11, 7, 30)),
        Span(at(11, 17, 30), at(14, 7, 30)),
        Span(at(14, 17, 30), at(14, 24)),
    )


def test_a_week_that_opens_before_its_hours_begins_with_a_pause() -> None:
    whole = Span(at(7, 6), at(7, 12))
    spans = open_spans(whole, hours(), HANOI)
    assert spans == (Span(at(7, 7, 30), at(7, 12)),)
    assert pauses_between(whole, spans) == (Span(at(7, 6), at(7, 7, 30)),)


def test_days_that_touch_at_midnight_are_one_span() -> None:
    whole = Span(at(7, 8), at(13, 24))
    spans = open_spans(whole, hours(0, 24, MON_TO_FRI, date(2024, 10, 9)), HANOI)
    assert spans == (Span(at(7, 8), at(8, 24)), Span(at(10, 0), at(11, 24)))
    assert open_spans(whole, hours(0, 24, EVERY_DAY), HANOI) == (whole,)


def test_no_span_is_empty() -> None:
    assert open_spans(Span(at(7, 17, 30), at(8, 7, 30)), hours(), HANOI) == ()
    assert open_spans(Span(at(12, 8), at(13, 17)), hours(), HANOI) == ()
    whole = Span(at(7, 7, 30), at(8, 7, 30))
    spans = open_spans(whole, hours(), HANOI)
    assert spans == (Span(at(7, 7, 30), at(7, 17, 30)),)
    assert pauses_between(whole, spans) == (Span(at(7, 17, 30), at(8, 7, 30)),)


def test_hours_are_those_of_the_clocks_on_each_day() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    whole = Span(
        datetime(2024, 10, 26, tzinfo=UTC), datetime(2024, 10, 28, 23, tzinfo=UTC)
    )  # clocks change on the 27th
    starts = [span.start for span in open_spans(whole, hours(8, 9, EVERY_DAY), berlin)]
    assert starts == [datetime(2024, 10, day, hour, tzinfo=UTC) for day, hour in ((26, 6), (27, 7), (28, 7))]
    skipped = Span(datetime(2024, 3, 30, 23, tzinfo=UTC), datetime(2024, 3, 31, 22, tzinfo=UTC))
    assert open_spans(skipped, hours(2.5, 3.25, EVERY_DAY), berlin) == ()


def test_a_day_may_open_several_times_and_each_weekday_at_its_own_hours() -> None:
    morning, afternoon = (timedelta(hours=7.5), timedelta(hours=11.5)), (timedelta(hours=13), timedelta(hours=17))
    by_weekday = {0: (morning, afternoon), 1: (morning, afternoon), 5: (morning,)}
    whole = Span(at(7, 9), at(12, 24))  # Monday to Saturday
    assert open_spans(whole, Hours(by_weekday=by_weekday), HANOI) == (
        Span(at(7, 9), at(7, 11, 30)),
        Span(at(7, 13), at(7, 17)),
        Span(at(8, 7, 30), at(8, 11, 30)),
        Span(at(8, 13), at(8, 17)),
        Span(at(12, 7, 30), at(12, 11, 30)),
    )


# A file with mornings, afternoons and a Saturday, around each of its boundaries

MORNINGS_AND_AFTERNOONS = """\
contest: gio-lam-viec
title: Hội thi giờ làm việc
organiser: Sở Nội vụ
plan: Kế hoạch số 1/KH-UBND
hours:
  days: [mon, tue, wed, thu, fri]
  spans:
    - {from: "07:30", until: "11:30"}
    - {from: "13:00", until: "17:00"}
    - {from: "08:00", until: "11:00", days: [sat]}
  except: [2024-10-09]
weeks:
  - {number: 1, opens: 2024-10-07 08:00, closes: 2024-10-13 24:00}
"""
OPEN = [
    *(((7, 8, 0), (7, 11, 30)), ((7, 13, 0), (7, 17, 0))),
    *(((8, 7, 30), (8, 11, 30)), ((8, 13, 0), (8, 17, 0))),
    *(((10, 7, 30), (10, 11, 30)), ((10, 13, 0), (10, 17, 0))),
    *(((11, 7, 30), (11, 11, 30)), ((11, 13, 0), (11, 17, 0))),
    ((12, 8, 0), (12, 11, 0)),
]


def test_mornings_afternoons_and_a_saturday_open_and_shut_on_the_millisecond() -> None:
    (week,) = parse_contest(MORNINGS_AND_AFTERNOONS.encode()).weeks
    millisecond = timedelta(milliseconds=1)
    assert week.open_spans[-1].end == at(12, 11)
    for number, (opens, closes) in enumerate(OPEN):
        before = Phase.PAUSED if number else Phase.TO_COME
        after = Phase.PAUSED if number < len(OPEN) - 1 else Phase.CLOSED
        start, end = at(*opens), at(*closes)
        phases = [week.phase_at(moment) for moment in (start - millisecond, start, end - millisecond, end)]
        assert phases == [before, Phase.OPEN, Phase.OPEN, after], (opens, closes)
        assert week.shuts_at(start) == week.shuts_at(end - millisecond) == end
        assert week.next_opening(end) == (at(*OPEN[number + 1][0]) if number < len(OPEN) - 1 else None)
    holiday, sunday = at(9, 10), at(13, 10)
    assert (week.phase_at(holiday), week.phase_at(sunday)) == (Phase.PAUSED, Phase.CLOSED)


def test_a_day_off_inside_the_week_on_which_it_never_opens_is_told_so() -> None:
    sunday = MORNINGS_AND_AFTERNOONS.replace("except: [2024-10-09]", "except: [2024-10-13]")
    with pytest.raises(FaultyFile) as refused:
        parse_contest(sunday.encode())
    assert [fault.message for fault in refused.value.faults] == [
        "ngày nghỉ 2024-10-13 vốn không mở theo giờ này; hãy xem lại ngày hoặc bỏ"
    ]


def test_spans_may_be_written_in_any_order() -> None:
    morning, afternoon = '    - {from: "07:30", until: "11:30"}\n', '    - {from: "13:00", until: "17:00"}\n'
    turned = MORNINGS_AND_AFTERNOONS.replace(morning + afternoon, afternoon + morning)
    assert turned != MORNINGS_AND_AFTERNOONS
    assert parse_contest(turned.encode()) == parse_contest(MORNINGS_AND_AFTERNOONS.encode())
