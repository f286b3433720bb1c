"""Which of a person's attempts is ranked, and what the ranking may ask about the others."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import accumulate, compress, count, islice, repeat
from itertools import chain as joined
from operator import and_, eq, lt, ne, sub
from typing import Any

from quiz.scoring.chains import without_prediction
from quiz.scoring.columns import Results, column
from quiz.scoring.prediction import Whose
from quiz.scoring.ranking import whole_keys
from quiz.scoring.tie_breaks import SCORE, Result, RoundFacts, TieBreak

NOTHING_KNOWN = RoundFacts(lot_seed=b"")


class Counts(StrEnum):
    """Which of several attempts of one person in a week is ranked."""

    ONLY = "only"
    LAST = "last"
    BEST = "best"
    BEST_EARLIEST = "best_then_earliest"


def counted(
    attempts: Iterable[Result], counts: Counts, chain: Sequence[TieBreak], whose: Whose = Whose.COUNTED
) -> Results:
    """The attempt of each person that is ranked, told about the person's others; nobody without a valid attempt.

    `attempts` are those not annulled; one that is not valid only counts among the attempts taken. Where one attempt is
    all that the rules allow, it is the first. The best attempt is the best by the chain, of which a lot and the
    prediction are no merit, then the earlier one. By person; the order of the input changes nothing.
    """
    held = (attempts if isinstance(attempts, Results) else Results(attempts)).by_person()
    if _sat_once(held):
        return _alone(held)
    chosen, told = _told(held, counts, chain, whose)
    return held.only(chosen).with_columns(**told)


def _sat_once(held: Results) -> bool:
    """Whether there is nothing to choose: one attempt of each person, and all of them valid."""
    people = held.column("person")
    return all(map(lt, people, islice(people, 1, None))) and all(held.column("is_valid"))


def _alone(held: Results) -> Results:
    """What `_told` says of each, all at once."""
    full_marks = map(eq, held.column("score"), held.column("full"))
    return held.with_columns(attempts=repeat(1, len(held)), full_marks=full_marks)


def _told(
    held: Sequence[Result], counts: Counts, chain: Sequence[TieBreak], whose: Whose
) -> tuple[Sequence[int], dict[str, Iterable[Any]]]:
    """Whether each attempt of `held`, by person, is chosen, and what the chosen are told of the person's others."""
    chosen = guessed = _chosen(held, counts, chain)
    if whose is not Whose.COUNTED:
        guessed = _chosen(held, Counts.ONLY if whose is Whose.FIRST else Counts.LAST)
    is_valid = column(held, "is_valid")
    perfect = map(and_, is_valid, map(eq, column(held, "score"), column(held, "full")))
    begins = _begins(column(held, "person"))
    attempts = _differences(begins)
    valid = attempts if all(is_valid) else _sums(is_valid, begins)
    return chosen, {
        "attempts": compress(attempts, valid),
        "full_marks": compress(_sums(perfect, begins), valid),
        "prediction": compress(column(held, "prediction"), guessed),
    }


def _chosen(held: Sequence[Result], counts: Counts, chain: Sequence[TieBreak] = ()) -> bytearray:
    """Whether each attempt is the first among the person's valid ones; of those equal in everything, by the code."""
    asked, *then = _asked(held, counts, chain)
    then.append(column(held, "code"))
    chosen, whose, first, least = bytearray(len(held)), None, -1, 0
    for place, person, key in compress(zip(count(), column(held, "person"), asked), column(held, "is_valid")):
        if person != whose:
            whose, first, least = person, place, key
            chosen[place] = True
        elif key < least or (key == least and _is_before(then, place, first)):
            chosen[first], chosen[place] = False, True
            first, least = place, key
    return chosen


def _is_before(columns: Sequence[Sequence[Any]], place: int, other: int) -> bool:
    """Whether the first figure in which the two differ is the smaller one."""
    for figures in columns:
        if figures[place] != figures[other]:
            return bool(figures[place] < figures[other])
    return False


def _asked(held: Sequence[Result], counts: Counts, chain: Sequence[TieBreak]) -> list[Sequence[int]]:
    """What is asked of each attempt, one figure after the other; the smaller comes first.

    Nobody begins an attempt before the one before it has ended, but the two may end together.
    """
    ended, length = column(held, "handed_in_ms"), column(held, "time_ms")
    if counts is Counts.ONLY:
        return [ended, _negative(length)]
    if counts is Counts.LAST:
        return [_negative(ended), length]
    merits = [step for step in without_prediction(chain) if not step.is_lot] if counts is Counts.BEST else [SCORE]
    return [*(whole_keys(held, step, NOTHING_KNOWN) for step in merits), ended]


def _negative(figures: Sequence[int]) -> Sequence[int]:
    return [-figure for figure in figures]


def _begins(people: Sequence[int]) -> array[int]:
    """Where the attempts of each person begin, and the end of all."""
    others = map(ne, islice(people, 1, None), people)
    return array("q", joined((0,), compress(count(1), others), (len(people),)))


def _sums(figures: Iterable[int], begins: Sequence[int]) -> list[int]:
    """The figures of each person's attempts together."""
    sums = array("q", accumulate(figures, initial=0))
    return _differences(array("q", map(sums.__getitem__, begins)))


def _differences(figures: Sequence[int]) -> list[int]:
    return [*map(sub, islice(figures, 1, None), figures)]
