"""Every paper drawn again and marked: by this process and, while it checks something else, by others beside it."""

from __future__ import annotations

import gc
import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import cache
from itertools import combinations
from typing import Any, NamedTuple

from quiz.questions.bank import LETTERS
from quiz.verification import questions, rules
from quiz.verification.weeks import Marked, Marking, decisions_of, opened_of
from quiz.verification.words import Words

Json = dict[str, Any]
UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a document raises that is not in its form."""
NO_PROCESSES = (BrokenProcessPool, ImportError, NotImplementedError, OSError)
"""What a machine raises on which no process can be started, or that ends one."""
PART = 250
"""So many records are done at once: some hundredths of a second."""
FEWEST = 2000
"""Fewer records are not worth another process."""


class Documents(NamedTuple):
    """What papers are drawn and marked from, as it stands in the bundle."""

    rules: Json
    banks: list[Json]
    decisions: Json
    opened: Json

    def marking(self) -> Marking:
        """How records are marked."""
        banks = questions.read_banks(self.banks)
        return Marking(rules.read(self.rules), banks, decisions_of(self.decisions), opened_of(self.opened))


class Judged(NamedTuple):
    """Some records in order: how each is marked, None where its paper cannot be drawn, and what is wrong.

    What a malformed document raises ends it.
    """

    marked: list[Marked | None]
    faults: list[Words]
    raised: Exception | None = None


class Papers:
    """The papers of all records, in parts of which other processes may take some."""

    def __init__(self, documents: Documents, records: Sequence[Json], processes: int = 1) -> None:
        self._documents, self._records, self._processes = documents, records, processes
        self._marking = documents.marking()
        self._starts = range(0, len(records), PART)
        self._begun: dict[int, Future[Judged]] = {}

    def begin(self) -> None:
        """Let other processes begin with the last parts, if there can be any."""
        if self._processes > 1 and len(self._records) >= FEWEST:
            with suppress(*NO_PROCESSES):
                context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
                pool = ProcessPoolExecutor(self._processes - 1, context, _remember, (self._documents, self._records))
                self._begun = {start: pool.submit(_judge_part, start) for start in reversed(self._starts)}
                pool.shutdown(wait=False)

    def judged(self) -> Iterator[Judged]:
        """Every part in order: those that nobody has begun are done here, while others begin with the last."""
        for start in self._starts:
            yield self._part(start) if self._is_left(start) else self._of_others(start)

    def _is_left(self, start: int) -> bool:
        return start not in self._begun or self._begun[start].cancel()

    def _of_others(self, start: int) -> Judged:
        try:
            return self._begun[start].result()
        except NO_PROCESSES:
            return self._part(start)

    def _part(self, start: int) -> Judged:
        return judge(self._marking, self._records[start : start + PART])


def judge(marking: Marking, records: Sequence[Json]) -> Judged:
    """These records, one by one."""
    marked: list[Marked | None] = []
    faults: list[Words] = []
    for record in records:
        try:
            marked.append(_marked(marking, record, faults))
        except UNREADABLE as unreadable:
            return Judged(marked, faults, unreadable)
    return Judged(marked, faults)


def _marked(marking: Marking, record: Json, faults: list[Words]) -> Marked | None:
    code = record["code"]
    try:
        paper, given = marking.sheet(record)
    except ValueError as wrong:
        vi, en = (
            f"Không rút lại được đề của bài {code}: {wrong}.",
            f"The paper of record {code} cannot be drawn: {wrong}.",
        )
        faults.append((vi, en))
        return None
    for item, chosen in zip(paper.questions, record["answers"], strict=True):
        if chosen not in _answers(len(item.letters)):
            faults.append(
                (
                    f"Bài {code}, câu {item.number}: phương án “{chosen}” không có trên đề.",
                    f"Record {code}, question {item.number}: “{chosen}” was not on the paper.",
                )
            )
    return marking.marked(record, given)


@cache
def _answers(options: int) -> frozenset[str]:
    """Everything that can be answered where so many options are shown: their letters in order, any of them or none."""
    shown = LETTERS[:options]
    return frozenset("".join(chosen) for many in range(options + 1) for chosen in combinations(shown, many))


_held: tuple[Marking, Sequence[Json]]
"""What a process beside the first works on."""


def _remember(documents: Documents, records: Sequence[Json]) -> None:
    global _held
    gc.disable()
    _held = documents.marking(), records


def _judge_part(start: int) -> Judged:
    marking, records = _held
    return judge(marking, records[start : start + PART])
