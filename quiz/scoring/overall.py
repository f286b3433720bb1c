"""The ranking over the whole contest: each person's counted results of all weeks as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from quiz.scoring.tie_breaks import Result


def overall(results_by_week: Iterable[Iterable[Result]]) -> tuple[Result, ...]:
    """One result per person, in the order of the codes.

    `results_by_week` holds the counted results of each week, at most one per person; a week that somebody did not sit
    adds nothing.
    """
    by_person: dict[int, list[Result]] = defaultdict(list)
    for results in results_by_week:
        for result in results:
            by_person[result.person].append(result)
    return tuple(sorted(map(_together, by_person.values()), key=lambda result: result.code))


def _together(results: Sequence[Result]) -> Result:
    """Points, times and attempts added up; the last hand-in, the first registration; predictions belong to weeks."""
    return Result(
        code=min(result.code for result in results),
        person=results[0].person,
        score=sum(result.score for result in results),
        full=sum(result.full for result in results),
        questions=sum(result.questions for result in results),
        time_ms=sum(result.time_ms for result in results),
        handed_in_ms=max(result.handed_in_ms for result in results),
        registered_ms=min(result.registered_ms for result in results),
        attempts=sum(result.attempts for result in results),
        full_marks=sum(result.full_marks for result in results),
    )
