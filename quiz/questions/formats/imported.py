"""What a foreign file says: the questions taken from it, and everything that was not taken with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from quiz.questions.bank import Level
from quiz.questions.formats.words import WORDS

MOST_QUESTIONS = 5_000
MOST_LETTERS = 20_000_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """One of WORDS with the facts that fill it, so that it can be said in either language."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.code not in WORDS:
            raise ValueError(f"no words for {self.code!r}")

    def __str__(self) -> str:
        return WORDS[self.code].format(**self.facts)


def say(code: str, /, **facts: object) -> Sentence:
    """The sentence of this code with these facts."""
    return Sentence(code, facts)


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Something of the file that was not taken: where it stands, and why."""

    where: Sentence
    why: Sentence

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


@dataclass(frozen=True, slots=True)
class ImportedOption:
    """One answer to choose from, and whether it is right."""

    text: str
    is_right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedQuestion:
    """One question of four options as the file says it, in plain text; '' and None where the file is silent.

    `left_out` are the parts of the question for which the bank has no place.
    """

    where: Sentence
    identifier: str
    text: str
    options: tuple[ImportedOption, ...]
    explanation: str = ""
    document: str = ""
    article: str = ""
    topic: str = ""
    topic_name: str = ""
    level: Level | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    facts: tuple[str, ...] = ()
    left_out: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """All of a file: every question of it is in one of the two."""

    questions: tuple[ImportedQuestion, ...]
    refused: tuple[NotTaken, ...]


class RefusedFile(Exception):
    """The file is not read at all; `why` says what to do about it."""

    def __init__(self, code: str, /, **facts: object) -> None:
        self.why = say(code, **facts)
        super().__init__(str(self.why))


class Unusable(Exception):
    """One question cannot be taken."""

    def __init__(self, code: str, /, **facts: object) -> None:
        self.why = say(code, **facts)
        super().__init__(str(self.why))


class Taking:
    """What has been taken from a file so far."""

    def __init__(self) -> None:
        self._questions: list[ImportedQuestion] = []
        self._letters = 0
        self._refused: list[NotTaken] = []

    def take(self, where: Sentence, make: Callable[[Sentence], ImportedQuestion]) -> None:
        """Keep the question, or the reason why there is none."""
        try:
            question = make(where)
        except Unusable as no:
            self.refuse(where, no.why.code, **no.why.facts)
        else:
            self._questions.append(question)
            self._letters += len(question.text) + len(question.explanation) + sum(len(o.text) for o in question.options)
            self._check_size()

    def refuse(self, where: Sentence, code: str, /, **facts: object) -> None:
        """Say of something that it was not taken."""
        self._refused.append(NotTaken(where, say(code, **facts)))
        self._check_size()

    def done(self) -> Imported:
        """Everything; a file in which there is nothing at all is refused."""
        if not self._questions and not self._refused:
            raise RefusedFile("no_questions")
        return Imported(tuple(self._questions), tuple(self._refused))

    def _check_size(self) -> None:
        if len(self._questions) + len(self._refused) > MOST_QUESTIONS or self._letters > MOST_LETTERS:
            raise RefusedFile("too_many", most=MOST_QUESTIONS)
