"""What is due at the organiser's desk: each thing in words, until when, and where it is done; the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from quiz.errors import N_

NOW_WITHIN, TODAY_WITHIN = timedelta(hours=2), timedelta(hours=24)


class Urgency(StrEnum):
    """How soon somebody must look after a thing, the most urgent first."""

    NOW = "now"
    TODAY = "today"
    SOON = "soon"
    INFORMATION = "information"

    @property
    def words(self) -> str:
        """What the page calls it."""
        return _WORDS[self]


_WORDS = {
    Urgency.NOW: N_("Ngay bây giờ"),
    Urgency.TODAY: N_("Hôm nay"),
    Urgency.SOON: N_("Sắp tới"),
    Urgency.INFORMATION: N_("Để biết"),
}
_ORDER = {urgency: place for place, urgency in enumerate(Urgency)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing: a sentence with its facts, its moment if it has one, and the page where it is done.

    `page` is the name of an endpoint, with what its address takes in `given`; who may not open it reads the sentence
    without the link.
    """

    words: str
    facts: Mapping[str, object] = field(default_factory=dict)
    urgency: Urgency
    at: datetime | None = None
    page: str
    given: Mapping[str, Any] = field(default_factory=dict)


def until(at: datetime, now: datetime) -> Urgency:
    """How urgent is what must be done before a moment."""
    if at - now <= NOW_WITHIN:
        return Urgency.NOW
    return Urgency.TODAY if at - now <= TODAY_WITHIN else Urgency.SOON


def in_order(things: Iterable[Due]) -> tuple[Due, ...]:
    """The most urgent first, among equals what ends first; what has no moment of its own comes last."""

    def key(one: Due) -> tuple[int, float]:
        return _ORDER[one.urgency], one.at.timestamp() if one.at else float("inf")

    return tuple(sorted(things, key=key))


def remaining(length: timedelta) -> str:
    """How long there is left, in its two largest units: '2 ngày 3 giờ', '1 giờ 40 phút', '5 phút'."""
    minutes = int(length.total_seconds()) // 60
    if minutes < 1:
        return "chưa đầy 1 phút"
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    units = [(days, "ngày"), (hours, "giờ"), (rest, "phút")]
    first = next(place for place, (count, _) in enumerate(units) if count)
    return " ".join(f"{count} {unit}" for count, unit in units[first : first + 2] if count)
