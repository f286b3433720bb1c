"""Office hours: which spans of a week are open where the rules open only at certain hours, on certain days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from quiz.contest.schedule import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Open daily from `opens` until just before `closes` (counted from midnight), on these days, 0 being Monday."""

    opens: timedelta
    closes: timedelta
    days: frozenset[int]
    days_off: frozenset[date]

    def is_open_on(self, day: date) -> bool:
        """Whether there are open hours on this day at all."""
        return day.weekday() in self.days and day not in self.days_off


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
    for day in filter(hours.is_open_on, days):
        midnight = datetime.combine(day, time())
        start = max(whole.start, in_utc(midnight + hours.opens, zone))
        end = min(whole.end, in_utc(midnight + hours.closes, zone))
        if start >= end:
            continue
        if joined and joined[-1].end >= start:
            start = joined.pop().start
        joined.append(Span(start, end))
    return tuple(joined)


def pauses_between(whole: Span, spans: Sequence[Span]) -> tuple[Span, ...]:
    """What of the week lies outside its open spans, in order."""
    edges = [Span(whole.start, whole.start), *spans, Span(whole.end, whole.end)]
    return tuple(Span(one.end, other.start) for one, other in pairwise(edges) if one.end < other.start)
