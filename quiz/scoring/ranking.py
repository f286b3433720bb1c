"""From results to standings: in the order of the ranking chain, with the step that decided each place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quiz.scoring.tie_breaks import LOT, Key, Result, RoundFacts, TieBreak, Zone


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's place. `place` counts 1, 2, 3, 4; `rank` gives those equal before the lot the same: 1, 2, 2, 4.

    `decided_by` names the step that parts this standing from the next one below; '' where nothing parts them (then
    their places are by code, for display only) and for the last.
    """

    place: int
    rank: int
    result: Result
    decided_by: str

    def is_tied_with(self, other: Standing) -> bool:
        """Whether the rules leave the two equal: the same rank, and no lot drawn among those who share it."""
        return self.rank == other.rank and LOT.name not in (self.decided_by, other.decided_by)


def rank(results: Iterable[Result], chain: Sequence[TieBreak], facts: RoundFacts) -> tuple[Standing, ...]:
    """The standings of results of different people, ordered by the chain, in which a lot can only be the last step.

    Each step parts only those whom the steps before it left equal. The order of the input changes nothing.
    """
    groups = [(sorted(results, key=lambda result: result.code), "")]
    merits = [step for step in chain if not step.is_lot]
    lots = [step for step in chain if step.is_lot]
    for step in merits:
        groups = _parted(groups, step, facts)
    standings: list[Standing] = []
    for group in groups:
        rank_now, parted = len(standings) + 1, [group]
        for lot in lots:
            parted = _parted(parted, lot, facts)
        for equals, decided_by in parted:
            for result in equals[:-1]:
                standings.append(Standing(len(standings) + 1, rank_now, result, ""))
            standings.append(Standing(len(standings) + 1, rank_now, equals[-1], decided_by))
    return tuple(standings)


def why_above(one: Standing, other: Standing, chain: Sequence[TieBreak], facts: RoundFacts, zone: Zone) -> str:
    """Why `one` stands above `other`, with the figures, as a phrase without a final stop; see `Zone`.

    What they have in common in the steps before the one that decided comes first.
    """
    common: list[str] = []
    whom = f"hạng {other.rank}"
    for step in chain:
        if step.key(one.result, facts) != step.key(other.result, facts):
            why = step.why(one.result, other.result, whom, zone, facts)
            if step.is_lot:
                return f"{_equal(whom, common)}; {why}"
            return ", ".join(filter(None, (_joined(common), why)))
        common.append(step.same(one.result, other.result, zone, facts))
    return _equal(whom, common)


def _equal(whom: str, common: Sequence[str]) -> str:
    return f"bằng {whom} mọi tiêu chí" + (f" ({_joined(common)})" if common else "")


def _joined(common: Sequence[str]) -> str:
    return " và ".join(filter(None, (", ".join(common[:-1]), *common[-1:])))


Groups = list[tuple[list[Result], str]]


def _parted(groups: Groups, step: TieBreak, facts: RoundFacts) -> Groups:
    """Groups of equals, in order, each with the step that parts it from the next, parted further by one step."""
    key, name = step.key, step.name
    parted: Groups = []
    for group, decided_by in groups:
        if len(group) == 1:
            parted.append((group, decided_by))
            continue
        by_key: dict[Key, list[Result]] = {}
        for result in group:
            by_key.setdefault(key(result, facts), []).append(result)
        *upper, lowest = sorted(by_key)
        parted += [(by_key[one], name) for one in upper]
        parted.append((by_key[lowest], decided_by))
    return parted
