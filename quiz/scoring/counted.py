"""Which of a person's attempts is ranked, and what the ranking may ask about the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import partial
from itertools import islice, repeat
from operator import eq, lt

from quiz.scoring.chains import without_prediction
from quiz.scoring.columns import Results, of_each_person
from quiz.scoring.prediction import Whose
from quiz.scoring.tie_breaks import Result, RoundFacts, TieBreak


class Counts(StrEnum):
    """Which of several attempts of one person in a week is ranked."""

    ONLY = "only"
    LAST = "last"
    BEST = "best"
    BEST_EARLIEST = "best_then_earliest"


Pick = Callable[[Sequence[Result]], Result]


def counted(
    attempts: Iterable[Result], counts: Counts, chain: Sequence[TieBreak], whose: Whose = Whose.COUNTED
) -> Sequence[Result]:
    """The attempt of each person that is ranked, told about the person's others; nobody without a valid attempt.

    `attempts` are those not annulled; one that is not valid only counts among the attempts taken. Where one attempt is
    all that the rules allow, it is the first. The best attempt is the best by the chain, of which a lot and the
    prediction are no merit, then the earlier one. By person; the order of the input changes nothing.
    """
    pick = _pick(counts, chain)
    if isinstance(attempts, Results) and _sat_once(attempts):
        return _alone(attempts)
    told = (_told(own, pick, whose) for own in of_each_person(attempts))
    results = (result for result in told if result is not None)
    return Results(results) if isinstance(attempts, Results) else tuple(results)


def _sat_once(attempts: Results) -> bool:
    """Whether there is nothing to choose: one attempt of each person, by person, and all of them valid."""
    people = attempts.column("person")
    return all(map(lt, people, islice(people, 1, None))) and all(attempts.column("is_valid"))


def _alone(held: Results) -> Results:
    """What `_told` says of each, all at once."""
    full_marks = map(eq, held.column("score"), held.column("full"))
    return held.with_columns(attempts=repeat(1, len(held)), full_marks=full_marks)


def _told(attempts: Sequence[Result], pick: Pick, whose: Whose) -> Result | None:
    valid = [attempt for attempt in attempts if attempt.is_valid]
    if not valid:
        return None
    result = pick(valid)
    predicted_in = {Whose.COUNTED: pick, Whose.FIRST: _first, Whose.LAST: _last}[whose](valid)
    full_marks = sum(attempt.is_all_right for attempt in valid)
    if (result.attempts, result.full_marks, result.prediction) == (len(attempts), full_marks, predicted_in.prediction):
        return result
    return result._replace(attempts=len(attempts), full_marks=full_marks, prediction=predicted_in.prediction)


def _pick(counts: Counts, chain: Sequence[TieBreak]) -> Pick:
    merits = tuple(step.key for step in without_prediction(chain) if not step.is_lot)
    nothing = RoundFacts(lot_seed=b"")

    def best(attempts: Sequence[Result]) -> Result:
        for key in merits:
            keys = [key(attempt, nothing) for attempt in attempts]
            least = min(keys)
            attempts = [attempt for attempt, its_key in zip(attempts, keys, strict=True) if its_key == least]
            if len(attempts) == 1:
                return attempts[0]
        return min(attempts, key=_ended)

    def points(result: Result) -> tuple[int, int, str]:
        return (-result.score, result.handed_in_ms, result.code)

    picks: dict[Counts, Pick] = {
        Counts.ONLY: _first,
        Counts.LAST: _last,
        Counts.BEST: best,
        Counts.BEST_EARLIEST: partial(min, key=points),
    }
    return picks[counts]


def _ended(result: Result) -> tuple[int, str]:
    return result.handed_in_ms, result.code


def _first(attempts: Sequence[Result]) -> Result:
    return min(attempts, key=_begun)


def _last(attempts: Sequence[Result]) -> Result:
    return max(attempts, key=_begun)


def _begun(result: Result) -> tuple[int, int, str]:
    """The order in which one person began attempts, of which the next never begins before the last has ended."""
    return result.handed_in_ms, result.handed_in_ms - result.time_ms, result.code
