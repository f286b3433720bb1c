"""What a question bank holds: questions, their options and keys, and when each is true law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum
from typing import NoReturn

from quiz.errors import Refused

LETTERS = "ABCD"
SEALED = frozenset({"key", "explanation", "document", "article", "facts"})
"""What of a question gives its answer away."""


class Level(IntEnum):
    """How hard a question is, in the words of the question plan."""

    RECALL = 1
    UNDERSTAND = 2
    APPLY = 3

    @property
    def words(self) -> str:
        return {1: "nhận biết", 2: "thông hiểu", 3: "vận dụng"}[self]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose from; `letter` is its place in the bank file, not on a paper."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with its key and the law it rests on; true from `valid_from` to `valid_until`, both included."""

    id: str
    topic: str
    level: Level
    text: str
    options: tuple[Option, ...]
    key: frozenset[str]
    explanation: str
    document: str
    article: str
    valid_from: date
    valid_until: date | None
    facts: tuple[str, ...]

    @property
    def has_several_keys(self) -> bool:
        """Whether several options must all be chosen (all or nothing)."""
        return len(self.key) > 1

    @property
    def source(self) -> str:
        """The document and, where known, the article, as shown to participants."""
        return f"{self.article}, {self.document}" if self.article else self.document

    def is_true_between(self, first: date, last: date) -> bool:
        """Whether the statement is true law on every day from `first` to `last`."""
        return self.valid_from <= first and (self.valid_until is None or last <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedQuestion(Question):
    """A question as it is printed; whoever asks it for what gives its answer away is refused (keys_sealed)."""

    several: bool
    key: frozenset[str] = field(init=False, repr=False, compare=False)
    explanation: str = field(init=False, repr=False, compare=False)
    document: str = field(init=False, repr=False, compare=False)
    article: str = field(init=False, repr=False, compare=False)
    facts: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __getattr__(self, name: str) -> NoReturn:
        """Reached for what is not there: the fields that are never filled."""
        raise Refused("keys_sealed") if name in SEALED else AttributeError(name)

    @property
    def has_several_keys(self) -> bool:
        """Whether several options must all be chosen, as the paper says."""
        return self.several


def sealed(question: Question) -> SealedQuestion:
    """The same question without what gives its answer away."""
    return SealedQuestion(
        id=question.id,
        topic=question.topic,
        level=question.level,
        text=question.text,
        options=question.options,
        valid_from=question.valid_from,
        valid_until=question.valid_until,
        several=question.has_several_keys,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """All questions of one file. `digest` is the SHA-256 of the file's bytes, in hexadecimal."""

    title: str
    topics: Mapping[str, str]
    questions: tuple[Question, ...]
    digest: str

    def pool(self, first: date, last: date) -> tuple[Question, ...]:
        """The questions that may be asked in a week from `first` to `last` (local days), in the file's order."""
        return tuple(question for question in self.questions if question.is_true_between(first, last))

    @property
    def is_sealed(self) -> bool:
        """Whether its keys may not be read."""
        return isinstance(self.questions[0], SealedQuestion)

    def without_keys(self) -> Bank:
        """The same bank as far as papers are drawn and printed from it."""
        return replace(self, questions=tuple(map(sealed, self.questions)))
