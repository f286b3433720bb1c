"""The lot by a public value as a publication froze it, so that anybody can draw it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedLotTie:
    """People whom only the lot parts at these prizes, on the places from `place` on, over the week or the contest.

    `tickets` are the receipt codes with their tickets, in the order drawn: the first of so many people.
    """

    division: str
    is_overall: bool
    prizes: tuple[str, ...]
    place: int
    people: int
    tickets: tuple[tuple[str, str], ...]

    @property
    def numbered(self) -> tuple[tuple[int, str, str], ...]:
        """Place, receipt code and ticket."""
        return tuple((place, code, ticket) for place, (code, ticket) in enumerate(self.tickets, self.place))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedLot:
    """The public event and its value, when two people signed it and under which number, and whom it parted."""

    event: str
    value: str
    drawn_at: str
    decision: str
    ties: tuple[PublishedLotTie, ...]

    @property
    def moment(self) -> datetime:
        """When it was signed."""
        return datetime.fromisoformat(self.drawn_at)


def read_lot(body: Body | None) -> PublishedLot | None:
    """The lot of a stored publication; None where nothing was drawn by a public value, as in older ones."""
    return PublishedLot(**body | {"ties": tuple(map(_tie, body["ties"]))}) if body else None


def _tie(body: Body) -> PublishedLotTie:
    kept = {"prizes": tuple(body["prizes"]), "tickets": tuple((code, ticket) for code, ticket in body["tickets"])}
    return PublishedLotTie(**body | kept)
