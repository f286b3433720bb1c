"""Checks of what was published: papers, marks, places and prizes, computed anew (`docs/verification.md` §14)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from typing import Any

from quiz.questions.bank import LETTERS
from quiz.verification import results
from quiz.verification.bundle import Bundle, Fault

Json = dict[str, Any]


def check_papers(bundle: Bundle) -> Iterator[Fault]:
    """Every paper can be drawn again, and holds what was answered."""
    marking, total = bundle.marking, len(bundle.records)
    for done, record in enumerate(bundle.records):
        if done % 500 == 0:
            bundle.progress("papers", done, total)
        try:
            sat = marking.sat(record)
        except ValueError as wrong:
            yield Fault(
                f"Không rút lại được đề của bài {record['code']}: {wrong}.",
                f"The paper of record {record['code']} cannot be drawn: {wrong}.",
            )
            continue
        bundle.results[record["code"]] = sat.result
        for item, chosen in zip(sat.paper.questions, record["answers"], strict=True):
            if chosen not in _answers(len(item.letters)):
                yield Fault(
                    f"Bài {record['code']}, câu {item.number}: phương án “{chosen}” không có trên đề.",
                    f"Record {record['code']}, question {item.number}: “{chosen}” was not on the paper.",
                )


@cache
def _answers(options: int) -> frozenset[str]:
    """Everything that can be answered where so many options are shown: their letters in order, any of them or none."""
    shown = LETTERS[:options]
    return frozenset("".join(chosen) for many in range(options + 1) for chosen in combinations(shown, many))


def check_ranking(bundle: Bundle) -> Iterator[Fault]:
    """Marking and ranking anew gives what was published."""
    if len(bundle.claims) != len(bundle.rules.divisions):
        yield Fault("Kết quả không có đủ các bảng thi.", "The results do not hold every division.")
    opened = {hides: frozenset(at) for hides, at in bundle.opened.at_ms.items()}
    for ranked in bundle.ranked:
        found, said = results.claim(ranked, opened), bundle.claims[ranked.code]
        for name in ("tally", "target"):
            if found[name] != said[name]:
                yield Fault(
                    f"{_in_vietnamese(ranked.code)}: số liệu công bố {said[name]}, tính lại được {found[name]}.",
                    f"{_in_english(ranked.code)}: published {said[name]}, recomputed {found[name]}.",
                )
        yield from _standings(ranked.code, said["standings"], found["standings"])


def _standings(division: str, said: Sequence[Json], found: Sequence[Json]) -> Iterator[Fault]:
    if len(said) != len(found):
        yield Fault(
            f"{_in_vietnamese(division)}: công bố {len(said)} người, tính lại được {len(found)}.",
            f"{_in_english(division)}: {len(said)} people published, {len(found)} recomputed.",
        )
    for one, other in zip(said, found, strict=False):
        if one != other:
            yield Fault(
                f"{_in_vietnamese(division)}, vị trí {other['place']}: công bố bài {one['code']} ({one['score']} điểm)"
                f", tính lại được bài {other['code']} ({other['score']} điểm)" + _difference(one, other),
                f"{_in_english(division)}, place {other['place']}: published {one['code']} ({one['score']} points), "
                f"recomputed {other['code']} ({other['score']} points)" + _difference(one, other),
            )


def _in_vietnamese(division: str) -> str:
    return f"Bảng “{division}”" if division else "Bảng chung"


def _in_english(division: str) -> str:
    return f"Division “{division}”" if division else "The only division"


def _difference(one: Json, other: Json) -> str:
    differing = (f"{name}: {one.get(name)} ≠ {other[name]}" for name in other if one.get(name) != other[name])
    return f" [{', '.join(differing)}]."


def check_hidden(bundle: Bundle) -> Iterator[Fault]:
    """No prize hangs on a moment that is not opened."""
    for ranked in bundle.ranked:
        for run in results.hidden_runs(ranked):
            closed = run.orders.keys() - bundle.opened.at_ms[run.hides].keys()
            if run.must_be_open and closed:
                yield Fault(
                    f"{_in_vietnamese(ranked.code)}: giải thưởng dựa vào thời điểm chưa mở của bài {min(closed)}.",
                    f"{_in_english(ranked.code)}: a prize hangs on a moment of record {min(closed)} that is not "
                    "opened.",
                )


def check_prizes(bundle: Bundle) -> Iterator[Fault]:
    """The prizes go to those who were published."""
    for ranked in bundle.ranked:
        found, said = results.prizes(ranked.awards), bundle.claims[ranked.code]
        for name in ("winners", "undecided"):
            if found[name] != said[name]:
                yield Fault(
                    f"{_in_vietnamese(ranked.code)}: giải công bố {_listed(said[name])}; tính lại được "
                    f"{_listed(found[name])}.",
                    f"{_in_english(ranked.code)}: prizes published {_listed(said[name])}; recomputed "
                    f"{_listed(found[name])}.",
                )


def _listed(held: Sequence[Json]) -> str:
    return "; ".join(" ".join(str(value) for value in one.values()) for one in held) or "—"
