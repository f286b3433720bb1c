"""From results to standings: in the order of the ranking chain, with the step that decided each place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count, pairwise
from operator import attrgetter
from typing import NamedTuple

from quiz.scoring.tie_breaks import LOT, Result, RoundFacts, TieBreak, Zone

Runs = list[tuple[int, int]]
"""Runs of people whom nothing has parted yet, each from a place until just before another."""


class Standing(NamedTuple):
    """One person's place. `place` counts 1, 2, 3, 4; `rank` gives those equal before the lot the same: 1, 2, 2, 4.

    `decided_by` names the step that parts this standing from the next one below; '' where nothing parts them (then
    their places are by code, for display only) and for the last. A tuple, since a week may hold a million.
    """

    place: int
    rank: int
    result: Result
    decided_by: str


def rank(results: Iterable[Result], chain: Sequence[TieBreak], facts: RoundFacts) -> tuple[Standing, ...]:
    """The standings of results of different people, ordered by the chain, in which a lot can only be the last step.

    Each step parts only those whom the steps before it left equal. The order of the input changes nothing.
    Raises ValueError for two results of one person, who would stand, and might win, twice.
    """
    ordered = list(results)
    if len({result.person for result in ordered}) < len(ordered):
        raise ValueError("a person is ranked by one result")
    decided_by = [""] * len(ordered)
    equals: Runs = [(0, len(ordered))]
    for step in chain:
        equals = _part(ordered, decided_by, equals, step, facts)
    for start, end in equals:
        ordered[start:end] = sorted(ordered[start:end], key=attrgetter("code"))
    ranks, rank_now, is_parted = [], 1, False
    for place, step_name in enumerate(decided_by, start=1):
        if is_parted:
            rank_now = place
        ranks.append(rank_now)
        is_parted = step_name not in ("", LOT.name)
    return tuple(map(Standing, count(1), ranks, ordered, decided_by))


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


def _part(ordered: list[Result], decided_by: list[str], equals: Runs, step: TieBreak, facts: RoundFacts) -> Runs:
    """Put each run of equals in the order of the step, note where it parts them, and return the runs still equal."""
    still_equal: Runs = []
    for start, end in equals:
        run = ordered[start:end]
        keys = [step.key(result, facts) for result in run]
        order = sorted(range(len(run)), key=keys.__getitem__)
        ordered[start:end] = [run[place] for place in order]
        first = start
        for last, (place, below) in enumerate(pairwise(order), start):
            if keys[place] != keys[below]:
                decided_by[last] = step.name
                if last > first:
                    still_equal.append((first, last + 1))
                first = last + 1
        if end - first > 1:
            still_equal.append((first, end))
    return still_equal
