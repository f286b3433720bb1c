"""`bo-cau-hoi.json`: the questions of a week with their keys and salts, and the hash of each
(`docs/verification.md` §5).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from quiz.questions.bank import Level, Option, Question
from quiz.verification.canonical import fingerprint, salt

Json = dict[str, Any]
Named = TypeVar("Named")


def written(question: Question, bank: str, secret: bytes) -> Json:
    """The document of one question; its salt comes from a secret that whoever can guess keys must not have."""
    return {
        "id": question.id,
        "topic": question.topic,
        "level": int(question.level),
        "choices": "several" if question.has_several_keys else "one",
        "text": question.text,
        "options": [{"letter": option.letter, "text": option.text} for option in question.options],
        "key": "".join(sorted(question.key)),
        "salt": salt(secret, "question", f"{bank}|{question.id}"),
    }


def question_hash(document: Json) -> str:
    """What was promised of the question before the week opened."""
    return fingerprint("question", document)


def once(named: Sequence[tuple[str, Named]]) -> Sequence[tuple[str, Named]]:
    """The same; raises ValueError for two things of one name, of which one could be read and the other believed."""
    names = [name for name, _ in named]
    if len(set(names)) < len(names):
        raise ValueError(f"a name twice among {names}")
    return named


def read_banks(document: Sequence[Json]) -> dict[str, tuple[Question, ...]]:
    """The questions of the week by the name of their bank; raises what `read` does, and ValueError for a name twice."""
    held = [(bank["name"], bank["questions"]) for bank in document]
    return {name: tuple(map(read, asked)) for name, asked in once(held)}


def read(document: Json) -> Question:
    """The question as papers are drawn and marked from it; KeyError, TypeError or ValueError where it is none."""
    key = frozenset(document["key"])
    if not key or (len(key) > 1) != (document["choices"] == "several"):
        raise ValueError(f"question {document['id']} has a key that does not fit its choices")
    return Question(
        id=document["id"],
        topic=document["topic"],
        level=Level(document["level"]),
        text=document["text"],
        options=tuple(Option(option["letter"], option["text"]) for option in document["options"]),
        key=key,
        explanation="",
        document="",
        article="",
        valid_from=date.min,
        valid_until=None,
        facts=(),
    )
