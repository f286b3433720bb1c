"""Collective awards (giải tập thể): a ranking of agencies from what their people did, in blocks, with thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from quiz.scoring.participation import AgencyKind
from quiz.scoring.prizes import Prize


class Measure(StrEnum):
    """What an agency is measured by, over the whole contest."""

    PARTICIPATION = "participation"
    AVERAGE_SCORE = "average_score"
    PRIZES = "prizes"
    ENTRIES = "entries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Agencies compared with each other: of these kinds, or those named by their codes; both empty means all."""

    name: str
    kinds: frozenset[AgencyKind] = frozenset()
    agencies: frozenset[str] = frozenset()
    prizes: tuple[Prize, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collective:
    """How agencies are ranked: by the weighted sum where there are weights, otherwise by the measures in order.

    An agency below `least_participation`, short of a compulsory group (`needs_groups`) or without an individual prize
    (`needs_prize`) is struck out. `prize_points` says what each individual prize is worth by its name.
    """

    blocks: tuple[Block, ...]
    order: tuple[Measure, ...] = ()
    weights: Mapping[Measure, Fraction] | None = None
    prize_points: Mapping[str, int] | None = None
    least_participation: Fraction = Fraction(0)
    needs_groups: bool = False
    needs_prize: bool = False
