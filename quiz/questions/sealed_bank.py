"""What is kept in the open of a bank whose keys are sealed, as text: all that papers are drawn and printed from."""

from __future__ import annotations

import json
from datetime import date

from quiz.questions.bank import Bank, Level, Option, Question, SealedQuestion


def dump(bank: Bank) -> str:
    """The bank without its keys, as JSON."""
    questions = [_written(question) for question in bank.questions]
    return json.dumps({"title": bank.title, "topics": dict(bank.topics), "questions": questions}, ensure_ascii=False)


def load(text: str, digest: str) -> Bank:
    """The bank that `dump` wrote, in the same order; `digest` is that of its file."""
    kept = json.loads(text)
    questions = (
        SealedQuestion(
            id=one["id"],
            topic=one["topic"],
            level=Level(one["level"]),
            text=one["text"],
            options=tuple(Option(letter, words) for letter, words in one["options"]),
            valid_from=date.fromisoformat(one["valid_from"]),
            valid_until=date.fromisoformat(one["valid_until"]) if one["valid_until"] else None,
            several=one["several"],
        )
        for one in kept["questions"]
    )
    return Bank(title=kept["title"], topics=kept["topics"], questions=tuple(questions), digest=digest)


def _written(question: Question) -> dict[str, object]:
    return {
        "id": question.id,
        "topic": question.topic,
        "level": int(question.level),
        "text": question.text,
        "options": [[option.letter, option.text] for option in question.options],
        "valid_from": question.valid_from.isoformat(),
        "valid_until": question.valid_until.isoformat() if question.valid_until else "",
        "several": question.has_several_keys,
    }
