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
from quiz.questions.paper import Paper
from quiz.verification import questions, rules
from quiz.verification.canonical import loaded
from quiz.verification.weeks import Marked, Marking, decisions_of, opened_of
from quiz.verification.words import Words

Json = dict[str, Any]
UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a document raises that is not in its form."""
NO_PROCESSES = (BrokenProcessPool, ImportError, NotImplementedError, OSError)
"""What a machine raises on which no process can be started, or that ends one."""
PARTS = 64
"""So many parts the records are done in."""
FEWEST_BYTES = 1 << 20
"""Smaller records are not worth another process."""


class Documents(NamedTuple):
    """The files of the bundle that papers are drawn and marked from, not yet read."""

    rules: bytes
    banks: bytes
    decisions: bytes
    opened: bytes
    records: bytes

    def marking(self) -> Marking:
        """How records are marked."""
        banks = questions.read_banks(loaded(self.banks))
        decisions, opened = decisions_of(loaded(self.decisions)), opened_of(loaded(self.opened))
        return Marking(rules.read(loaded(self.rules)), banks, decisions, opened)


class Judged(NamedTuple):
    """Some records in order: how each is marked, None where its paper cannot be drawn, and what is wrong.

    What a malformed document raises ends it.
    """

    marked: list[Marked | None]
    faults: list[Words]
    raised: Exception | None = None


class Papers:
    """The papers of all records, in parts of which other processes may take some."""

    def __init__(self) -> None:
        self._begun: dict[int, Future[Judged | None]] = {}
        self._pool: ProcessPoolExecutor | None = None

    def begin(self, documents: Documents, processes: int) -> None:
        """Let other processes begin with the last parts, if there can be any; each reads the documents for itself."""
        if processes > 1 and len(documents.records) >= FEWEST_BYTES:
            with suppress(*NO_PROCESSES):
                context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
                self._pool = ProcessPoolExecutor(processes - 1, context, _remember, (documents,))
                self._begun = {part: self._pool.submit(_judge_part, part) for part in reversed(range(PARTS))}

    def end(self) -> None:
        """Let the other processes go, whatever they have not done."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def judged(self, marking: Marking, records: Sequence[Json]) -> Iterator[Judged]:
        """Every part in order: those that nobody has begun are done here."""
        for part in range(PARTS):
            if part not in self._begun or self._begun[part].cancel():
                yield judge(marking, _part_of(records, part))
            else:
                yield self._of_others(part) or judge(marking, _part_of(records, part))

    def _of_others(self, part: int) -> Judged | None:
        try:
            return self._begun[part].result()
        except NO_PROCESSES:
            return None


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
    if not _answers(marking.fewest_options).issuperset(record["answers"]):
        faults.extend(_not_on_paper(code, paper, record["answers"]))
    return marking.marked(record, given)


def _not_on_paper(code: str, paper: Paper, answers: Sequence[str]) -> Iterator[Words]:
    for item, chosen in zip(paper.questions, answers, strict=True):
        if chosen not in _answers(len(item.letters)):
            yield (
                f"Bài {code}, câu {item.number}: phương án “{chosen}” không có trên đề.",
                f"Record {code}, question {item.number}: “{chosen}” was not on the paper.",
            )


@cache
def _answers(options: int) -> frozenset[str]:
    """Everything that can be answered where so many options are shown: their letters in order, any of them or none."""
    shown = LETTERS[:options]
    return frozenset("".join(chosen) for many in range(options + 1) for chosen in combinations(shown, many))


_held: tuple[Marking, Sequence[Json]] | None = None
"""What a process beside the first works on; None where the documents cannot be read, which is for the first to say."""


def _remember(documents: Documents) -> None:
    global _held
    gc.disable()
    with suppress(*UNREADABLE):
        _held = documents.marking(), loaded(documents.records)


def _judge_part(part: int) -> Judged | None:
    if _held is None:
        return None
    marking, records = _held
    return judge(marking, _part_of(records, part))


def _part_of(records: Sequence[Json], part: int) -> Sequence[Json]:
    return records[len(records) * part // PARTS : len(records) * (part + 1) // PARTS]
