"""Changes of the roster by date: on which day one may begin, so that no figure of a round that has opened moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from quiz.errors import Refused
from quiz.vietnamese import moment

DAY = timedelta(days=1)
YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` until just before `until`, or for good."""

    since: datetime
    until: datetime | None = None

    def holds_at(self, at: datetime) -> bool:
        """Whether the moment lies inside."""
        return self.since <= at and (self.until is None or at < self.until)

    def meets(self, other: Period) -> bool:
        """Whether the two have a moment in common; a period that was ended before it began has none."""
        return not (self._is_empty or other._is_empty) and (
            (other.until is None or self.since < other.until) and (self.until is None or other.since < self.until)
        )

    @property
    def _is_empty(self) -> bool:
        return self.until is not None and self.until <= self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What has opened and what will: a round keeps the figures of its opening, so a change counts from the next one.

    `last_name` and `last_opening` are those of the round that opened last, '' and None before the first.
    """

    zone: ZoneInfo
    last_name: str = ""
    last_opening: datetime | None = None
    to_come: tuple[tuple[str, datetime], ...] = ()

    @property
    def earliest(self) -> date | None:
        """The first day that begins after the last opening; None while every day does."""
        return None if self.last_opening is None else self.last_opening.astimezone(self.zone).date() + DAY

    @property
    def next_round(self) -> str:
        """The name of the round that opens next, '' where none does."""
        return self.to_come[0][0] if self.to_come else ""

    def day_for(self, now: datetime) -> date:
        """The day that a form proposes: today, or the earliest one possible."""
        today = now.astimezone(self.zone).date()
        return today if self.earliest is None else max(today, self.earliest)

    def begins(self, day: date) -> datetime:
        """When that day begins. Raises Refused: day_wrong, day_frozen where a round has opened since."""
        self._check_year(day)
        start = self._midnight(day)
        if self.is_settled(start) and self.last_opening is not None:
            earliest = f"{self.earliest:%d/%m/%Y}"
            raise Refused(
                "day_frozen", week=self.last_name, opened=moment(self.last_opening, self.zone), earliest=earliest
            )
        return start

    def period(self, first: date, last: date | None) -> Period:
        """From the first day through the last. Raises Refused: day_wrong, day_frozen, days_reversed."""
        since = self.begins(first)
        if last is None:
            return Period(since)
        self._check_year(last)
        if last < first:
            raise Refused("days_reversed")
        return Period(since, self._midnight(last + DAY))

    def is_settled(self, at: datetime) -> bool:
        """Whether a round has opened at this moment or since, so that nothing may be changed from it on."""
        return self.last_opening is not None and at <= self.last_opening

    def rounds_in(self, period: Period) -> tuple[str, ...]:
        """The rounds to come for whose figures the period counts: those that open inside it."""
        return tuple(name for name, opens_at in self.to_come if period.holds_at(opens_at))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self.zone).astimezone(UTC)

    def _check_year(self, day: date) -> None:
        if day.year not in YEARS:
            raise Refused("day_wrong")
