"""Office hours: which spans of a week are open where the rules open only at certain hours of certain days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

from quiz.contest.schedule import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The spans of each weekday, 0 being Monday, in order: from the first time until just before the second.

    Times are counted from midnight; a weekday without spans is not open, and neither is a day off.
    """

    by_weekday: Mapping[int, Sequence[tuple[timedelta, timedelta]]]
    days_off: frozenset[date] = frozenset()

    def spans_of(self, day: date, whole: Span, zone: ZoneInfo) -> Iterator[Span]:
        """The open spans of one day, as far as they lie inside the week."""
        midnight = datetime.combine(day, time())
        for opens, closes in () if day in self.days_off else self.by_weekday.get(day.weekday(), ()):
            start = max(whole.start, in_utc(midnight + opens, zone))
            end = min(whole.end, in_utc(midnight + closes, zone))
            if start < end:
                yield Span(start, end)


ALL_DAY = Hours(by_weekday=dict.fromkeys(range(7), ((timedelta(), timedelta(days=1)),)))


def in_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clocks of the zone show this time."""
    return local.replace(tzinfo=zone).astimezone(UTC)


def open_spans(whole: Span, hours: Hours | None, zone: ZoneInfo) -> tuple[Span, ...]:
    """The open spans of a week, in order; those that touch are one."""
    if hours is None:
        return (whole,)
    first, last = (at.astimezone(zone).date() for at in (whole.start, whole.end))
    days = (first + timedelta(days=count) for count in range((last - first).days + 1))
    joined: list[Span] = []
    for span in chain.from_iterable(hours.spans_of(day, whole, zone) for day in days):
        start = joined.pop().start if joined and joined[-1].end >= span.start else span.start
        joined.append(Span(start, span.end))
    return tuple(joined)


def pauses_between(whole: Span, spans: Sequence[Span]) -> tuple[Span, ...]:
    """What of the week lies outside its open spans, in order."""
    edges = [Span(whole.start, whole.start), *spans, Span(whole.end, whole.end)]
    return tuple(Span(one.end, other.start) for one, other in pairwise(edges) if one.end < other.start)
