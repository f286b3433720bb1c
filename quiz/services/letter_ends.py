"""Which agencies stand highest and lowest by their rate of the week, equal rates together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from quiz.services.published import PublishedAgency

MOST_NAMED = 5
LEAST_BASE = 10
"""Smaller agencies are not compared: one person moves their rate by more than ten points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The agencies named at one end with their places, and how many more share the next rate, too many to name."""

    named: tuple[tuple[int, PublishedAgency], ...] = ()
    others: int = 0
    others_rate: Fraction = Fraction(0)


def ends(agencies: Sequence[PublishedAgency]) -> tuple[End, End]:
    """The highest and the lowest, each at most half of those compared; nobody stands at both."""
    compared = [agency for agency in agencies if agency.week.base >= LEAST_BASE]
    most = min(MOST_NAMED, len(compared) // 2)
    high = _end(sorted(compared, key=lambda agency: -_rate(agency)), most)
    told = {_rate(agency) for _, agency in high.named} | ({high.others_rate} if high.others else set())
    rest = [agency for agency in compared if _rate(agency) not in told]
    return high, _end(sorted(rest, key=_rate), min(most, len(rest)))


def _end(ordered: Sequence[PublishedAgency], most: int) -> End:
    """The first of a list by rate: equals stand together, and where those are too many they are only counted."""
    if not most:
        return End()
    rates = [_rate(agency) for agency in ordered]
    last = rates[most - 1]
    first_equal, after = rates.index(last), rates.index(last) + rates.count(last)
    is_crowded = after > 2 * MOST_NAMED
    named = ordered[: first_equal if is_crowded else after]
    return End(
        named=tuple((rates.index(_rate(agency)) + 1, agency) for agency in named),
        others=after - first_equal if is_crowded else 0,
        others_rate=last,
    )


def _rate(agency: PublishedAgency) -> Fraction:
    return agency.week.rate or Fraction(0)
