"""Office hours: which spans of a week they open, in the contest's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from quiz.contest.schedule import Span
from quiz.contest.schedule_hours import Hours, open_spans, pauses_between
from quiz.vietnamese import HANOI

EVERY_DAY = frozenset(range(7))
MON_TO_FRI = frozenset(range(5))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of October 2024 in Hải Phòng; the 7th is a Monday."""
    local = datetime(2024, 10, 1, tzinfo=HANOI) + timedelta(days=day - 1, hours=hour, minutes=minute)
    return local.astimezone(UTC)


def hours(opens: float = 7.5, closes: float = 17.5, days: frozenset[int] = MON_TO_FRI, *off: date) -> Hours:
    return Hours(opens=timedelta(hours=opens), closes=timedelta(hours=closes), days=days, days_off=frozenset(off))


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
