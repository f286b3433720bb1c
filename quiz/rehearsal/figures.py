"""What a storm measured: of each step how many, how fast, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil


class Step(StrEnum):
    """What somebody does, in the order of a sitting."""

    READ = "read"
    SIGN_IN = "sign_in"
    START = "start"
    PAPER = "paper"
    SAVE = "save"
    HAND_IN = "hand_in"


class Ending(StrEnum):
    """How a step ended: as it should, refused by a rule, or never."""

    DONE = "done"
    REFUSED = "refused"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Sample:
    """One step of one person. `taken` counts from the moment at which it was due, waits and further tries included.

    `failures` are the tries before that met an error of the server or of the connection, `waits` those that were asked
    to come back.
    """

    step: Step
    taken: float
    ending: Ending = Ending.DONE
    failures: int = 0
    waits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One step in one part of a storm; times in seconds."""

    step: Step
    count: int
    p50: float
    p95: float
    p99: float
    refused: int
    failures: int
    lost: int
    waits: int = 0


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that so large a share does not exceed (nearest rank); 0.0 of none."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else 0.0


def figures(samples: Iterable[Sample]) -> dict[Step, Figures]:
    """The figures of every step that happened; what was lost counts among the times for as long as it was tried."""
    by_step: dict[Step, list[Sample]] = {}
    for sample in samples:
        by_step.setdefault(sample.step, []).append(sample)
    return {step: _of_step(step, by_step[step]) for step in Step if step in by_step}


def _of_step(step: Step, samples: Sequence[Sample]) -> Figures:
    times = sorted(sample.taken for sample in samples)
    return Figures(
        step=step,
        count=len(samples),
        p50=percentile(times, 0.5),
        p95=percentile(times, 0.95),
        p99=percentile(times, 0.99),
        refused=sum(sample.ending is Ending.REFUSED for sample in samples),
        failures=sum(sample.failures for sample in samples),
        lost=sum(sample.ending is Ending.LOST for sample in samples),
        waits=sum(sample.waits for sample in samples),
    )
