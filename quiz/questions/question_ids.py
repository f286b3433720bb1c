"""The ids that new questions get: as those of their topic, one number after the highest ever given."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from quiz.questions.bank import Question
from quiz.vietnamese import without_marks

NO_TOPIC = "CH"
"""How ids begin where neither the topic nor its questions say anything better (câu hỏi)."""


def prefix_of(topic: str, questions: Iterable[Question]) -> str:
    """How the ids of a topic begin: as most of its questions do, else by the initials of its code: 'mot-cua' → 'MC'."""
    used = Counter(question.id.rpartition("-")[0] for question in questions if question.topic == topic)
    if used:
        return used.most_common(1)[0][0]
    words = re.findall(r"[a-z0-9]+", without_marks(topic))
    return "".join(word if word.isdecimal() else word[0] for word in words).upper() or NO_TOPIC


def next_ids(prefix: str, taken: Iterable[str]) -> Iterator[str]:
    """The free ids after the highest of this prefix, without end; a gap is not filled, for it was a question once."""
    numbers = [
        int(number)
        for head, _, number in (one.rpartition("-") for one in taken)
        if head == prefix and number.isdecimal()
    ]
    number = max(numbers, default=0)
    while True:
        number += 1
        yield f"{prefix}-{number:03d}"
