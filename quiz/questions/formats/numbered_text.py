"""Questions in plain text as people type them in Word: numbered, options lettered below, keys in lines or below."""

from __future__ import annotations

import re

from quiz.questions.formats.docx_list import read_list
from quiz.questions.formats.docx_text import MOST_PARAGRAPHS, Line, Mark
from quiz.questions.formats.imported import Imported, RefusedFile, Taking

_LONGEST_LINE = 5_000
_NUMBERED = re.compile(r"^[ \t]*(?:câu|question|bài)?[ \t]*1[ \t]*[.:)/]", re.IGNORECASE | re.MULTILINE)
_LETTERED = tuple(re.compile(rf"(?:^|\s)\*?[{letter}][ \t]?[.)]", re.MULTILINE) for letter in ("Aa", "Bb", "Cc", "Dd"))


def looks_like_numbered_text(text: str) -> bool:
    """Whether there is a first question and all four letters, on lines that somebody may have typed."""
    if max(map(len, text.split("\n"))) > _LONGEST_LINE:
        return False
    return bool(_NUMBERED.search(text)) and all(letter.search(text) for letter in _LETTERED)


def read_numbered_text(text: str) -> Imported:
    """Every question of such a text; its lines are what paragraphs are in a document."""
    shown = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if len(shown) > MOST_PARAGRAPHS:
        raise RefusedFile("too_many_lines", most=MOST_PARAGRAPHS)
    taking = Taking()
    read_list([Line(number, line, [Mark.NONE] * len(line)) for number, line in shown], {}, taking)
    return taking.done()
