"""`ket-qua.json` and `mo.json`: what is claimed of a week's ranking, and which hidden moments are opened for it
(`docs/verification.md` §9, §10, §12).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import Any

from quiz.scoring.prediction import Tally
from quiz.scoring.prizes import Awards
from quiz.scoring.ranking import Standing
from quiz.scoring.tie_breaks import TieBreak

Json = dict[str, Any]
HIDDEN = {"hand_in_moment": "moment", "earlier_registration": "registered"}
"""The steps that compare what a record hides, and under which name it does."""


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbours whom the steps before a hidden one leave equal, with their order by it; equals have the same one."""

    hides: str
    orders: Mapping[str, int]
    must_be_open: bool


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """One division as it was ranked and awarded."""

    code: str
    chain: Sequence[TieBreak]
    standings: Sequence[Standing]
    tally: Tally
    target: int | None
    awards: Awards

    @property
    def last_place(self) -> int:
        """The last place that won or is undecided; 0 where there are no prizes."""
        won = [each.standing.place for each in self.awards.awards]
        hoped = [standing.place for tie in self.awards.undecided for standing in tie.standings]
        return max((*won, *hoped), default=0)

    @cached_property
    def hidden_runs(self) -> tuple[Run, ...]:
        """Every run of more than one that a hidden step of the chain is asked about."""
        return tuple(_runs(self))


def claim(ranked: Ranked, opened: Mapping[str, frozenset[str]]) -> Json:
    """What is claimed of one division; `opened` are the codes whose moments anyone may read, by what they hide."""
    orders: dict[str, dict[str, int]] = {name: {} for name in HIDDEN.values()}
    for run in ranked.hidden_runs:
        orders[run.hides] |= {code: order for code, order in run.orders.items() if code not in opened[run.hides]}
    return {
        "code": ranked.code,
        "tally": {
            "people": ranked.tally.people,
            "people_all_right": ranked.tally.people_all_right,
            "attempts": ranked.tally.attempts,
        },
        "target": ranked.target,
        "standings": [
            {
                "place": standing.place,
                "rank": standing.rank,
                "code": standing.result.code,
                "score": standing.result.score,
                "decided_by": standing.decided_by,
                "moment_order": orders["moment"].get(standing.result.code),
                "registered_order": orders["registered"].get(standing.result.code),
            }
            for standing in ranked.standings
        ],
        **prizes(ranked.awards),
    }


def prizes(awards: Awards) -> Json:
    """Who wins what, and what is undecided."""
    return {
        "winners": [
            {"prize": won.prize.name, "place": won.standing.place, "code": won.standing.result.code}
            for won in awards.awards
        ],
        "undecided": [
            {
                "prizes": [prize.name for prize in tie.prizes],
                "codes": sorted(standing.result.code for standing in tie.standings),
            }
            for tie in awards.undecided
        ],
    }


def to_open(divisions: Iterable[Ranked], besides: frozenset[str]) -> dict[str, frozenset[str]]:
    """The codes whose hidden moments decide a prize, by what is hidden, with all whom they are compared with: of a run
    all are opened or none. `besides` are those whose moments of hand-in are opened anyway.
    """
    found: dict[str, set[str]] = {"moment": set(besides), "registered": set()}
    for ranked in divisions:
        for run in ranked.hidden_runs:
            if run.must_be_open or (run.hides == "moment" and run.orders.keys() & besides):
                found[run.hides] |= set(run.orders)
    return {name: frozenset(codes) for name, codes in found.items()}


def _runs(ranked: Ranked) -> Iterator[Run]:
    places = {step.name: place for place, step in enumerate(ranked.chain)}
    parted = [places.get(standing.decided_by, len(places)) for standing in ranked.standings]
    for name, hides in HIDDEN.items():
        if name not in places:
            continue
        step, start, last_place = places[name], 0, ranked.last_place
        for end, by in enumerate(parted, start=1):
            if by < step or end == len(parted):
                if end - start > 1:
                    yield _run(ranked.standings[start:end], hides, parted[start : end - 1], step, last_place)
                start = end


def _run(standings: Sequence[Standing], hides: str, parted: Sequence[int], step: int, last_place: int) -> Run:
    orders: dict[str, int] = {}
    order, must_be_open = 1, False
    for standing, by in zip_longest(standings, parted):
        orders[standing.result.code] = order
        if by == step:
            order += 1
            must_be_open = must_be_open or standing.place <= last_place
    return Run(hides, orders, must_be_open)
