"""The files of a bundle, read and recomputed once for all checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from quiz.questions.bank import Question
from quiz.scoring.tie_breaks import Result
from quiz.verification import questions, rules
from quiz.verification.canonical import read, read_each
from quiz.verification.papers import Documents, Judged, Papers
from quiz.verification.results import HIDDEN, Ranked
from quiz.verification.weeks import Decisions, Marking, Opened, decisions_of, opened_of, ranked_week

Json = dict[str, Any]
Files = Mapping[str, bytes]
CONTENTS = "muc-luc.json"
RECORDS = "bai-thi.json"
DOCUMENTS = (
    "cam-ket.json",
    "the-le.json",
    "bo-cau-hoi.json",
    RECORDS,
    "niem-phong.json",
    "quyet-dinh.json",
    "mo.json",
    "ket-qua.json",
)
VERIFIERS = ("kiem_chung.py", "kiem-chung.html")
NAMES = (*DOCUMENTS, *VERIFIERS, "DOC-TRUOC.txt")
MOST_FAULTS = 100
"""How many faults of one check are told; the others are only counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, in Vietnamese and in English."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check by its name in the protocol, with what it found wrong, and how many more there are."""

    name: str
    faults: tuple[Fault, ...]
    more: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the checker holds from elsewhere: on paper, in a letter, copied from a page. '' for what is not held."""

    commitment: str = ""
    head: str = ""
    final: str = ""


NOTHING_OUTSIDE = Outside()
Progress = Callable[[str, int, int], None]


def no_progress(_check: str, _done: int, _total: int) -> None:
    """For callers that nobody watches."""


@dataclass
class Bundle:
    """The files of a bundle, each read once. Raises ValueError where a document is not in canonical form."""

    files: Files
    outside: Outside = NOTHING_OUTSIDE
    progress: Progress = no_progress
    processes: int = 1
    results: dict[str, Result] = field(default_factory=dict)
    record_bytes: Sequence[bytes] = ()

    def document(self, name: str) -> Any:
        """The document of a file."""
        if name not in self._read:
            if name not in self.files:
                raise ValueError(f"{name}: no such file")
            if name == RECORDS:
                self._read[name], self.record_bytes = read_each(self.files[name])
            else:
                self._read[name] = read(self.files[name])
        return self._read[name]

    @cached_property
    def _read(self) -> dict[str, Any]:
        return {}

    @cached_property
    def rules(self) -> rules.WeekRules:
        """The rules of the week."""
        return rules.read(self.document("the-le.json"))

    @cached_property
    def banks(self) -> dict[str, tuple[Question, ...]]:
        """The questions of the week, by the name of their bank."""
        return questions.read_banks(self.document("bo-cau-hoi.json"))

    @cached_property
    def records(self) -> list[Json]:
        """The records of all attempts."""
        found: list[Json] = self.document(RECORDS)
        return found

    @cached_property
    def decisions(self) -> Decisions:
        """What was decided."""
        return decisions_of(self.document("quyet-dinh.json"))

    @cached_property
    def opened(self) -> Opened:
        """What was opened after the week."""
        return opened_of(self.document("mo.json"))

    @cached_property
    def marking(self) -> Marking:
        """How records are marked."""
        return Marking(self.rules, self.banks, self.decisions, self.opened)

    def begin_papers(self) -> None:
        """Let other processes, if there may be any, draw and mark papers from now on."""
        names = ("the-le.json", "bo-cau-hoi.json", "quyet-dinh.json", "mo.json", RECORDS)
        self._papers.begin(Documents(*map(self.files.__getitem__, names)), self.processes)

    def judged_papers(self) -> Iterator[Judged]:
        """Every paper drawn and marked, in parts, in the order of the records."""
        return self._papers.judged(self.marking, self.records)

    def end(self) -> None:
        """Nothing more is asked: whatever other processes still do is dropped."""
        self._papers.end()

    @cached_property
    def _papers(self) -> Papers:
        return Papers()

    @cached_property
    def claims(self) -> dict[str, Json]:
        """What is claimed of each division."""
        return dict(questions.once([(one["code"], one) for one in self.document("ket-qua.json")["divisions"]]))

    @cached_property
    def ranked(self) -> tuple[Ranked, ...]:
        """The week ranked anew; needs every paper to be drawn (`judged_papers`)."""
        orders: dict[str, dict[str, int]] = {hides: {} for hides in HIDDEN.values()}
        for claim in self.claims.values():
            for standing in claim["standings"]:
                for hides, claimed in orders.items():
                    if standing[f"{hides}_order"] is not None:
                        claimed[standing["code"]] = standing[f"{hides}_order"]
        ranks = [(record["division"], self.results[record["code"]]) for record in self.records]
        return ranked_week(self.rules, self.marking, ranks, self.decisions, self.opened, orders)
