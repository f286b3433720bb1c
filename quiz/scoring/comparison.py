"""An agency among those of its kind, by rate of participation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The own rate among all `rates` of the kind, highest first; `place` is 1, 2, 2, 4 as in every ranking."""

    own: Fraction
    rates: tuple[Fraction, ...]

    @property
    def place(self) -> int:
        """One more than the agencies with a higher rate."""
        return 1 + sum(rate > self.own for rate in self.rates)

    @property
    def median(self) -> Fraction:
        """The rate that as many agencies exceed as fall below."""
        half = len(self.rates) // 2
        return (self.rates[half] + self.rates[~half]) / 2


def compare(own: Fraction | None, rates: Sequence[Fraction | None]) -> Comparison | None:
    """The own rate among those of the kind, the own one included; None for an agency of nobody or without another."""
    known = tuple(sorted((rate for rate in rates if rate is not None), reverse=True))
    return Comparison(own=own, rates=known) if own is not None and len(known) > 1 else None
