"""From results to standings: in the order of the ranking chain, with the step that decided each place."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, count, islice, pairwise
from itertools import chain as joined
from operator import xor
from typing import Any, NamedTuple, overload

from quiz.scoring.columns import Results, column
from quiz.scoring.tie_breaks import LOT, ByFigure, Result, RoundFacts, TieBreak, Zone

NOTHING = 255
"""In place of the number of a step, where none parts somebody from the next."""
RUN = re.compile(b"\xff+")


class Standing(NamedTuple):
    """One person's place. `place` counts 1, 2, 3, 4; `rank` gives those equal before the lot the same: 1, 2, 2, 4.

    `decided_by` names the step that parts this standing from the next one below; '' where nothing parts them (then
    their places are by code, for display only) and for the last.
    """

    place: int
    rank: int
    result: Result
    decided_by: str


class Standings(Sequence[Standing]):
    """Everybody's standing, in order. Held in few bytes, since a week may hold a million; each is made when asked for.

    `order` says where in the results each stands, `decided` by which step of the chain, counted from 0, or `NOTHING`.
    """

    def __init__(
        self, results: Sequence[Result], order: Sequence[int], decided: Sequence[int], chain: Sequence[TieBreak]
    ) -> None:
        self._results, self._order, self._decided = results, order, decided
        self._names = {number: step.name for number, step in enumerate(chain)} | {NOTHING: ""}
        self._equal = {number for number, name in self._names.items() if name in ("", LOT.name)}

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Standing]:
        results = map(self._results.__getitem__, self._order)
        return map(Standing, count(1), self.ranks(), results, self.decided_by())

    def figures(self, name: str) -> Iterator[Any]:
        """One figure of everybody's result, in order."""
        return map(column(self._results, name).__getitem__, self._order)

    def ranks(self) -> Iterator[int]:
        """The rank of everybody, in order."""
        firsts = (1 if by in self._equal else place for place, by in enumerate(self._decided, start=2))
        return accumulate(joined((1,) * bool(self._order), islice(firsts, max(0, len(self) - 1))), max)

    def decided_by(self) -> Iterator[str]:
        """The step that parts everybody from the next, in order."""
        return map(self._names.__getitem__, self._decided)

    @overload
    def __getitem__(self, place: int) -> Standing: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Standing]: ...
    def __getitem__(self, place: int | slice) -> Standing | Sequence[Standing]:
        if isinstance(place, slice):
            return tuple(map(self.__getitem__, range(len(self))[place]))
        first = place = range(len(self))[place]
        while first and self._decided[first - 1] in self._equal:
            first -= 1
        return Standing(place + 1, first + 1, self._results[self._order[place]], self._names[self._decided[place]])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def rank(results: Iterable[Result], chain: Sequence[TieBreak], facts: RoundFacts) -> Standings:
    """The standings of results of different people, ordered by the chain, in which a lot can only be the last step.

    Each step parts only those whom the steps before it left equal. The order of the input changes nothing.
    Raises ValueError for two results of one person, who would stand, and might win, twice.
    """
    held = results if isinstance(results, Results) else tuple(results)
    if len(set(column(held, "person"))) < len(held):
        raise ValueError("a person is ranked by one result")
    order, decided = _by_merit(held, [step for step in chain if not step.is_lot], facts)
    _part_equals(held, order, decided, chain, facts)
    return Standings(held, order, decided, chain)


def why_above(one: Standing, other: Standing, chain: Sequence[TieBreak], facts: RoundFacts, zone: Zone) -> str:
    """Why `one` stands above `other`, with the figures, as a phrase without a final stop; see `Zone`.

    What they have in common in the steps before the one that decided comes first.
    """
    whom = f"hạng {other.rank}"
    return _reason(
        one, other, chain, facts, zone, whom, lambda step: step.why(one.result, other.result, whom, zone, facts)
    )


def gap_above(one: Standing, other: Standing, chain: Sequence[TieBreak], facts: RoundFacts, whom: str) -> str:
    """The same by the difference alone and without times of day, for one of the two, who is not to know the other."""
    return _reason(one, other, chain, facts, None, whom, lambda step: step.gap(one.result, other.result, whom, facts))


def _reason(
    one: Standing,
    other: Standing,
    chain: Sequence[TieBreak],
    facts: RoundFacts,
    zone: Zone,
    whom: str,
    parted: Callable[[TieBreak], str],
) -> str:
    common: list[str] = []
    for step in chain:
        if step.key(one.result, facts) != step.key(other.result, facts):
            if step.is_lot:
                return f"{_equal(whom, common)}; {parted(step)}"
            return ", ".join(filter(None, (_joined(common), parted(step))))
        common.append(step.same(one.result, other.result, zone, facts))
    return _equal(whom, common)


def _equal(whom: str, common: Sequence[str]) -> str:
    return f"bằng {whom} mọi tiêu chí" + (f": {_joined(common)}" if common else "")


def _joined(common: Sequence[str]) -> str:
    return " và ".join(filter(None, (", ".join(common[:-1]), *common[-1:])))


def _by_merit(held: Sequence[Result], steps: Sequence[TieBreak], facts: RoundFacts) -> tuple[array[int], bytearray]:
    """Where in `held` each place's result is, and which step parts it from the next.

    For each result one number, in which its keys stand side by side, that of the first step in front, and at the end
    where it is held: sorted, the numbers are in order, and the first bit in which two of them differ says which step
    parts them.
    """
    numbers: Sequence[int] = range(len(held))
    width = len(held).bit_length()
    step_of_bit = bytearray([NOTHING]) * (width + 1)
    for place, step in reversed(list(enumerate(steps))):
        keys = whole_keys(held, step, facts)
        least = min(keys, default=0)
        numbers = [key - least << width | number for key, number in zip(keys, numbers, strict=True)]
        bits = (max(keys, default=0) - least).bit_length()
        step_of_bit += bytes([place]) * bits
        width += bits
    ordered = sorted(numbers)
    below = joined(islice(ordered, 1, None), ordered[-1:])
    decided = bytearray(map(step_of_bit.__getitem__, map(int.bit_length, map(xor, ordered, below))))
    only_place = (1 << len(held).bit_length()) - 1
    return array("q", map(only_place.__and__, ordered)), decided


def whole_keys(held: Sequence[Result], step: TieBreak, facts: RoundFacts) -> Sequence[int]:
    """The key of each result as a whole number; where it is none, its place among all keys of the step."""
    if isinstance(step.key, ByFigure):
        figures = step.key.of_all(column(held, step.key.figure))
        return array("q", figures) if isinstance(held, Results) else figures
    keys = [step.key(result, facts) for result in held]
    places = {key: place for place, key in enumerate(sorted(set(keys)))}
    return [places[key] for key in keys]


def _part_equals(
    held: Sequence[Result],
    order: array[int],
    decided: bytearray,
    chain: Sequence[TieBreak],
    facts: RoundFacts,
) -> None:
    """Those whom nothing has parted stand by their lots, where the chain draws any, and then by their codes."""
    lot = next((number for number, step in enumerate(chain) if step.is_lot), None)
    for run in RUN.finditer(bytes(decided)):
        first, last = run.start(), min(run.end(), len(order) - 1)
        equals = [held[place] for place in order[first : last + 1]]
        drawn = [b"" if lot is None else chain[lot].key(one, facts) for one in equals]
        by_lot = sorted(range(len(equals)), key=lambda place: (drawn[place], equals[place].code))
        order[first : last + 1] = array("q", [order[first + place] for place in by_lot])
        for above, (one, other) in enumerate(pairwise(by_lot), start=first):
            if lot is not None and drawn[one] != drawn[other]:
                decided[above] = lot
