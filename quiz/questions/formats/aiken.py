"""Aiken: a question, options each on a line with a letter, and a line ANSWER: with the letter of the right one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from quiz.questions.formats.drafts import ALL, Choice, Draft, to_question
from quiz.questions.formats.imported import Imported, ImportedQuestion, Sentence, Taking, Unusable, say
from quiz.questions.formats.plain_text import tidy

_OPTION = re.compile(r"([A-Z])[.)]\s*(.*)")
_MOST_OPTIONS = 26
_KEY = re.compile(r"([A-Za-z])(?:[.)\s].*)?")
_ANSWER = re.compile(r"ANSWER\s*:\s*(.*)", re.IGNORECASE)


@dataclass(slots=True)
class _Reading:
    """One question as far as it has been read; a blank line parts its text from other text, not from its options."""

    line: int = 0
    text: list[str] = field(default_factory=list)
    is_parted: bool = False
    options: list[tuple[str, str]] = field(default_factory=list)


def looks_like_aiken(text: str) -> bool:
    """Whether there is at least one ANSWER: line, and one that begins as an option does."""
    lines = [line.strip() for line in text.split("\n")]
    return any(map(_ANSWER.match, lines)) and any(map(_OPTION.match, lines))


def read_aiken(text: str) -> Imported:
    """Every question of an Aiken file, faults named by line."""
    taking = Taking()
    reading = _Reading()

    def end(make: Callable[[Sentence], ImportedQuestion]) -> _Reading:
        taking.take(say("line", line=reading.line), make)
        return _Reading()

    for number, line in enumerate(map(tidy, text.split("\n")), start=1):
        if not line:
            reading.is_parted = bool(reading.text)
            continue
        option, answer = _OPTION.fullmatch(line), _ANSWER.fullmatch(line)
        if (option or answer) and not reading.text:
            taking.refuse(say("line", line=number), "no_question")
        elif option:
            reading.options.append((option[1], option[2]))
        elif answer:
            reading = end(_maker(reading, answer[1]))
        else:
            if reading.options or reading.is_parted:
                reading = end(_unanswered)
            reading.line = reading.line or number
            reading.text.append(line)
    if reading.text:
        end(_unanswered)
    return taking.done()


def _unanswered(_where: Sentence) -> ImportedQuestion:
    raise Unusable("no_answer_line")


def _maker(reading: _Reading, answer: str) -> Callable[[Sentence], ImportedQuestion]:
    """What makes the question; the answer is a letter, followed by nothing but signs."""

    def make(where: Sentence) -> ImportedQuestion:
        if len(reading.options) > _MOST_OPTIONS:
            raise Unusable("options", count=len(reading.options))
        letters = [letter for letter, _ in reading.options]
        for place, letter in enumerate(letters):
            if letter != chr(ord("A") + place):
                raise Unusable("option_order", letter=letter)
        found = _KEY.fullmatch(answer)
        key = found[1].upper() if found else ""
        if not key or key not in letters:
            raise Unusable("key_unknown" if answer else "no_key", key=answer[:40])
        choices = [Choice(text, ALL if letter == key else Fraction(0)) for letter, text in reading.options]
        return to_question(Draft(text="\n".join(reading.text), choices=choices), where)

    return make
