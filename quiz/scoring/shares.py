"""Parts of one whole in percent, rounded so that the column adds up to exactly 100 %.

The largest remainder method (Hamilton's): every part is cut to the digits shown, and what is then missing from the
whole goes, one unit each, to the parts of which most was cut off. https://electowiki.org/wiki/Hamilton_method
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def shares(counts: Sequence[int], digits: int = 2) -> tuple[Fraction, ...]:
    """The share of each count in their sum, in its place: exact at so many digits of a percent, adding up to exactly 1.

    Write them with `vietnamese.percent`, which then has nothing to cut. Of equal remainders the earlier comes first;
    where there is nothing to share every share is 0.
    """
    whole, units = sum(counts), 100 * 10**digits
    if not whole:
        return (Fraction(0),) * len(counts)
    cut = [divmod(count * units, whole) for count in counts]
    missing = units - sum(part for part, _ in cut)
    raised = set(sorted(range(len(cut)), key=lambda place: -cut[place][1])[:missing])
    return tuple(Fraction(part + (place in raised), units) for place, (part, _) in enumerate(cut))
