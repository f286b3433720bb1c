"""Checks of what was published: papers, marks, places and prizes, computed anew (`docs/verification.md` §14)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from quiz.verification import differences, results
from quiz.verification.bundle import Bundle, Fault
from quiz.verification.papers import PARTS
from quiz.verification.words import Words

Json = dict[str, Any]


def check_papers(bundle: Bundle) -> Iterator[Fault]:
    """Every paper can be drawn again, and holds what was answered."""
    records = iter(bundle.records)
    for done, part in enumerate(bundle.judged_papers()):
        bundle.progress("papers", done, PARTS)
        for marked, record in zip(part.marked, records, strict=False):
            if marked:
                bundle.results[record["code"]] = bundle.marking.result(record, marked)
        yield from (Fault(vi, en) for vi, en in part.faults)
        if part.raised:
            raise part.raised


def check_ranking(bundle: Bundle) -> Iterator[Fault]:
    """Marking and ranking anew gives what was published."""
    if len(bundle.claims) != len(bundle.rules.divisions):
        yield Fault("Kết quả không có đủ các bảng thi.", "The results do not hold every division.")
    opened = {hides: frozenset(at) for hides, at in bundle.opened.at_ms.items()}
    for ranked in bundle.ranked:
        found, said = results.claim(ranked, opened), bundle.claims[ranked.code]
        for name, words in (("tally", differences.tally), ("target", differences.target)):
            if found[name] != said[name]:
                yield _fault(ranked.code, words(said[name], found[name]))
        yield from _standings(ranked.code, said["standings"], found["standings"])


def _standings(division: str, said: Sequence[Json], found: Sequence[Json]) -> Iterator[Fault]:
    if len(said) != len(found):
        yield _fault(
            division,
            (
                f"công bố {len(said)} người, tính lại được {len(found)}",
                f"{len(said)} people published, {len(found)} recomputed",
            ),
        )
    for place, (one, other) in enumerate(zip(said, found, strict=False), start=1):
        if one != other:
            vi, en = differences.standing(one, other)
            yield _fault(division, (f"vị trí {place}: {vi}", f"place {place}: {en}"))


def _fault(division: str, words: Words) -> Fault:
    vi, en = words
    named = (f"Bảng “{division}”", f"Division “{division}”") if division else ("Kết quả", "The results")
    return Fault(f"{named[0]}, {vi}.", f"{named[1]}, {en}.")


def check_hidden(bundle: Bundle) -> Iterator[Fault]:
    """No prize hangs on a moment that is not opened."""
    for ranked in bundle.ranked:
        for run in ranked.hidden_runs:
            closed = run.orders.keys() - bundle.opened.at_ms[run.hides].keys()
            if run.must_be_open and closed:
                vi = f"giải thưởng dựa vào thời điểm chưa mở của bài {min(closed)}"
                yield _fault(ranked.code, (vi, f"a prize hangs on a moment of record {min(closed)} that is not opened"))


def check_prizes(bundle: Bundle) -> Iterator[Fault]:
    """The prizes go to those who were published."""
    for ranked in bundle.ranked:
        found, said = results.prizes(ranked.awards), bundle.claims[ranked.code]
        for name, words in (("winners", differences.winners), ("undecided", differences.undecided)):
            if found[name] != said[name]:
                yield from (_fault(ranked.code, each) for each in words(said[name], found[name]))
