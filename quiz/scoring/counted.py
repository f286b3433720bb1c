"""Which of a person's attempts is ranked, and what the ranking may ask about the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import partial

from quiz.scoring.chains import without_prediction
from quiz.scoring.prediction import Whose
from quiz.scoring.tie_breaks import Key, Result, RoundFacts, TieBreak


class Counts(StrEnum):
    """Which of several attempts of one person in a week is ranked."""

    ONLY = "only"
    LAST = "last"
    BEST = "best"
    BEST_EARLIEST = "best_then_earliest"


Pick = Callable[[Sequence[Result]], Result]


def counted(
    attempts: Iterable[Result], counts: Counts, chain: Sequence[TieBreak], whose: Whose = Whose.COUNTED
) -> tuple[Result, ...]:
    """The attempt of each person that is ranked, told about the person's others; nobody without a valid attempt.

    `attempts` are those not annulled; one that is not valid only counts among the attempts taken. Where one attempt is
    all that the rules allow, it is the first. The best attempt is the best by the chain, of which a lot and the
    prediction are no merit, then the earlier one. By person; the order of the input changes nothing.
    """
    of_each: dict[int, list[Result]] = {}
    for attempt in attempts:
        of_each.setdefault(attempt.person, []).append(attempt)
    pick = _pick(counts, chain)
    told = (_told(of_each[person], pick, whose) for person in sorted(of_each))
    return tuple(result for result in told if result is not None)


def _told(attempts: Sequence[Result], pick: Pick, whose: Whose) -> Result | None:
    valid = [attempt for attempt in attempts if attempt.is_valid]
    if not valid:
        return None
    result = pick(valid)
    predicted_in = {Whose.COUNTED: pick, Whose.FIRST: _first, Whose.LAST: _last}[whose](valid)
    full_marks = sum(attempt.is_all_right for attempt in valid)
    if (result.attempts, result.full_marks, result.prediction) == (len(attempts), full_marks, predicted_in.prediction):
        return result
    return replace(result, attempts=len(attempts), full_marks=full_marks, prediction=predicted_in.prediction)


def _pick(counts: Counts, chain: Sequence[TieBreak]) -> Pick:
    merits = tuple(step.key for step in without_prediction(chain) if not step.is_lot)
    nothing = RoundFacts(lot_seed=b"")

    def merit(result: Result) -> tuple[Key | str, ...]:
        return (*(key(result, nothing) for key in merits), result.handed_in_ms, result.code)

    def points(result: Result) -> tuple[int, int, str]:
        return (-result.score, result.handed_in_ms, result.code)

    picks: dict[Counts, Pick] = {
        Counts.ONLY: _first,
        Counts.LAST: _last,
        Counts.BEST: partial(min, key=merit),
        Counts.BEST_EARLIEST: partial(min, key=points),
    }
    return picks[counts]


def _first(attempts: Sequence[Result]) -> Result:
    return min(attempts, key=_begun)


def _last(attempts: Sequence[Result]) -> Result:
    return max(attempts, key=_begun)


def _begun(result: Result) -> tuple[int, int, str]:
    """The order in which one person began attempts, of which the next never begins before the last has ended."""
    return result.handed_in_ms, result.handed_in_ms - result.time_ms, result.code
