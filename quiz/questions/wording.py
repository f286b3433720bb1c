"""A question as people type it: texts only, possibly incomplete, with what a bank would find wrong in it, by field."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from quiz.questions.bank import LETTERS, Question, SealedQuestion
from quiz.questions.bank_file import FIELDS, check_bank
from quiz.questions.file_forms import Naming
from quiz.spoilt_text import complaint_of
from quiz.vietnamese import clean
from quiz.yaml_text import Data, Loc, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The texts of one question: `options` those of A, B, C, D in order, `key` its letters ('B', 'AC'), days as ISO."""

    id: str = ""
    topic: str = ""
    level: str = ""
    text: str = ""
    options: tuple[str, ...] = ("",) * len(LETTERS)
    key: str = ""
    explanation: str = ""
    document: str = ""
    article: str = ""
    valid_from: str = ""
    valid_until: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WordingFault:
    """What is wrong with one field of a wording, named as in the bank file, and how to mend it."""

    field: str
    words: str


class _OnPaper(Naming):
    """How fields are called where there is no file: by their words alone."""

    def field(self, loc: Loc) -> str:
        match loc:
            case ("questions", int(), "options", str(letter)):
                return f"phương án {letter}"
            case ("questions", int(), "facts", int(place)):
                return f"dữ kiện thứ {place + 1}"
        return self.fields.get(str(loc[-1]), str(loc[-1])) if loc else ""


def of(question: Question) -> Wording:
    """The texts of a question of a bank; of a sealed one, those that are printed."""
    printed = Wording(
        id=question.id,
        topic=question.topic,
        level=str(int(question.level)),
        text=question.text,
        options=tuple(option.text for option in question.options),
        valid_from=question.valid_from.isoformat(),
        valid_until=question.valid_until.isoformat() if question.valid_until else "",
    )
    if isinstance(question, SealedQuestion):
        return printed
    return replace(
        printed,
        key="".join(sorted(question.key)),
        explanation=question.explanation,
        document=question.document,
        article=question.article,
        facts=question.facts,
    )


def without_key(wording: Wording) -> Wording:
    """The same without what gives its answer away."""
    return replace(wording, key="", explanation="", document="", article="", facts=())


def tidied(wording: Wording) -> Wording:
    """The same without what nobody sees: doubled spaces, line breaks, empty facts, a key out of order or said twice."""
    texts = {name: clean(value) for name, value in as_dict(wording).items() if isinstance(value, str)}
    return from_dict(
        {
            **texts,
            "key": "".join(letter for letter in LETTERS if letter in wording.key),
            "options": [clean(text) for text in wording.options],
            "facts": [text for text in map(clean, wording.facts) if text],
        }
    )


def as_dict(wording: Wording) -> dict[str, str | list[str]]:
    """The wording as JSON can carry it."""
    values = {field.name: getattr(wording, field.name) for field in fields(wording)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def from_dict(values: Mapping[str, str | Sequence[str]]) -> Wording:
    """The wording that `as_dict` wrote; fields that are not there are empty."""
    return Wording(**{name: value if isinstance(value, str) else tuple(value) for name, value in values.items()})  # type: ignore[arg-type]


def digest_of(wording: Wording) -> str:
    """64 characters that no other wording has."""
    return hashlib.sha256(as_text(wording).encode()).hexdigest()


def as_text(wording: Wording) -> str:
    """The wording as JSON, the same for the same wording."""
    return json.dumps(as_dict(wording), ensure_ascii=False, sort_keys=True)


def faults(wording: Wording, topics: Mapping[str, str], other_ids: Collection[str]) -> tuple[WordingFault, ...]:
    """Everything that keeps the wording out of a bank with these topics and these other questions, in order of fields.

    A question without faults still may say the same as another one: that only the whole bank shows.
    """
    entry = _as_written(wording)
    texts = _texts(entry)
    places = [*(("questions", 0, name) for name in FIELDS), *texts]
    spoilt = {loc: complaint for loc, text in texts.items() if (complaint := complaint_of(text))}
    data: Data = {"title": "–", "topics": dict(topics), "questions": [entry]}
    lines: dict[Loc, int] = {loc: place for place, loc in enumerate(dict.fromkeys(places))}
    reading = Reading(data, (), {(): len(lines), **lines}, frozenset(spoilt))
    _, found = check_bank(reading, _OnPaper(FIELDS, lambda _: ""))
    said = [(lines[loc], complaint) for loc, complaint in spoilt.items()]
    said += [(fault.line, fault.message) for fault in found]
    said += (
        [(lines["questions", 0, "id"], f"mã {wording.id} đã dùng; hãy đặt mã khác")] if wording.id in other_ids else []
    )
    at = {line: loc for loc, line in lines.items()}
    return tuple(
        WordingFault(_field(at.get(line, ())), words[0].upper() + words[1:]) for line, words in sorted(set(said))
    )


def _texts(entry: Mapping[str, Data]) -> dict[Loc, str]:
    """Each text of the entry at its place."""
    found: dict[Loc, str] = {}
    for name, value in entry.items():
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        found |= {("questions", 0, name, part): text for part, text in inner if isinstance(text, str)}
        found |= {("questions", 0, name): value} if isinstance(value, str) else {}
    return found


def _field(loc: Loc) -> str:
    """The field that a place belongs to; each option is a field of its own: 'text', 'options.B'."""
    return ".".join(part for part in loc[2:] if isinstance(part, str))


def _as_written(wording: Wording) -> dict[str, Data]:
    """The entry of a bank file that says the same; what may be left out is left out where it is empty."""
    written: dict[str, Data] = {
        **{name: getattr(wording, name) for name in ("id", "topic", "text", "explanation", "document")},
        "options": dict(zip(LETTERS, wording.options, strict=True)),
        "key": list(wording.key),
        "facts": list(wording.facts),
    }
    optional = {name: getattr(wording, name) for name in ("level", "article", "valid_from", "valid_until")}
    return written | {name: value for name, value in optional.items() if value}
