"""From results to standings: one per person, in the order of the ranking chain, with the step that decided each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quiz.scoring.tie_breaks import Result, TieBreak, Zone

Key = tuple[int | bytes, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's place. `place` counts 1, 2, 3, 4 with lots drawn; `rank` gives equals the same: 1, 2, 2, 4.

    `decided_by` names the step that parts this standing from the next one below; '' for the last.
    """

    place: int
    rank: int
    result: Result
    decided_by: str


def rank(results: Iterable[Result], chain: Sequence[TieBreak], lot_seed: bytes) -> tuple[Standing, ...]:
    """Every person once, by the best of their results, ordered by the chain.

    `lot_seed` is the public seed of the lot step. The order of the input changes nothing.
    """
    keyed = sorted((tuple(step.key(result, lot_seed) for step in chain), result.code, result) for result in results)
    ordered = _best_of_each_person(keyed)
    before_lot = sum(not step.is_lot for step in chain)
    standings, rank_now = [], 1
    for place, (key, result) in enumerate(ordered, start=1):
        if place > 1 and key[:before_lot] != ordered[place - 2][0][:before_lot]:
            rank_now = place
        below = ordered[place][0] if place < len(ordered) else None
        standings.append(Standing(place, rank_now, result, _deciding_step(key, below, chain)))
    return tuple(standings)


def why_above(one: Standing, other: Standing, chain: Sequence[TieBreak], lot_seed: bytes, zone: Zone) -> str:
    """Why `one` stands above `other`, with the figures, as a phrase without a final stop; see `Zone`."""
    for step in chain:
        if step.key(one.result, lot_seed) != step.key(other.result, lot_seed):
            return step.why(one.result, other.result, f"hạng {other.rank}", zone)
    return f"bằng hạng {other.rank} mọi tiêu chí"


def _best_of_each_person(keyed: list[tuple[Key, str, Result]]) -> list[tuple[Key, Result]]:
    seen: set[int] = set()
    best = []
    for key, _, result in keyed:
        if result.person not in seen:
            seen.add(result.person)
            best.append((key, result))
    return best


def _deciding_step(key: Key, below: Key | None, chain: Sequence[TieBreak]) -> str:
    if below is None:
        return ""
    return next((step.name for step, mine, theirs in zip(chain, key, below, strict=True) if mine != theirs), "")
