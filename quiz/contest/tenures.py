"""From when until when somebody belonged to an agency, and what one list of such times adds to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """A time at an agency, from its first moment on; `until`, which is no longer part of it, None means still."""

    agency: int
    since: datetime
    until: datetime | None


def added(other: Iterable[Tenure], own: Iterable[Tenure]) -> Iterator[Tenure]:
    """The parts of another person's times that do not meet one's own: nobody belongs to two agencies at once."""
    held = sorted(own, key=lambda tenure: tenure.since)
    for tenure in other:
        yield from _outside(tenure, held)


def _outside(tenure: Tenure, held: Iterable[Tenure]) -> Iterator[Tenure]:
    since: datetime | None = tenure.since
    for one in held:
        if since is None or (tenure.until is not None and one.since >= tenure.until):
            break
        if one.until is not None and one.until <= since:
            continue
        if since < one.since:
            yield Tenure(agency=tenure.agency, since=since, until=one.since)
        since = one.until
    if since is not None and (tenure.until is None or since < tenure.until):
        yield Tenure(agency=tenure.agency, since=since, until=tenure.until)
