"""What every format's question must be to enter the bank: four options, keys worth all the points, readable texts.

Tags carry what a foreign format has no place for (“chủ đề:mot-cua”, “mức độ:2”, “từ ngày:2018-06-21”, “đến ngày:…”,
“dữ kiện:F001”); the last lines of the explanation carry the law (“Căn cứ: …”, “Điều khoản: …”).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction

from quiz.questions.bank import LETTERS, Level, Question
from quiz.questions.formats.imported import ImportedOption, ImportedQuestion, Sentence, Unusable, say
from quiz.questions.formats.plain_text import tidy
from quiz.spoilt_text import complaint_of
from quiz.vietnamese import without_marks

ALL = Fraction(100)
LONGEST = 4_000
_ROUNDING = Fraction(1, 2)  # three times 33.3 is all the points


class Detail(Enum):
    """What the bank knows of a question beside its words; the value is how tags name it."""

    TOPIC = "chủ đề"
    LEVEL = "mức độ"
    VALID_FROM = "từ ngày"
    VALID_UNTIL = "đến ngày"
    FACTS = "dữ kiện"
    DOCUMENT = "căn cứ"
    ARTICLE = "điều khoản"


_BASIS = {Detail.DOCUMENT: "Căn cứ:", Detail.ARTICLE: "Điều khoản:"}
_TAGS = {detail.value: detail for detail in Detail if detail not in _BASIS}
_LEVELS = {
    Level.RECALL: ("1", "de", "nhan biet", "biet", "easy", "muc 1", "co ban", "low", "nb"),
    Level.UNDERSTAND: ("2", "trung binh", "thong hieu", "hieu", "medium", "muc 2", "tb", "th"),
    Level.APPLY: (
        "3",
        "4",
        "kho",
        "van dung",
        "van dung thap",
        "van dung cao",
        "hard",
        "difficult",
        "muc 3",
        "high",
        "vd",
        "vdc",
    ),
}
_LEVEL_OF = {words: level for level, several in _LEVELS.items() for words in several}


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as a file says it: `share` is the part of the points it earns, in percent."""

    text: str
    share: Fraction = Fraction(0)
    feedback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A multiple-choice question as a file says it, its texts already plain."""

    text: str
    choices: Sequence[Choice]
    identifier: str = ""
    explanation: str = ""
    topic_name: str = ""
    tags: Sequence[str] = ()
    details: Mapping[Detail, str] = field(default_factory=dict)
    left_out: Sequence[Sentence] = ()


def to_question(draft: Draft, where: Sentence) -> ImportedQuestion:
    """The question, if the bank can hold it; raises Unusable."""
    _check_texts(draft)
    shares = [choice.share for choice in draft.choices]
    total = sum((share for share in shares if share > 0), Fraction(0))
    if not total:
        raise Unusable("no_key")
    if abs(total - ALL) > _ROUNDING:
        raise Unusable("weights", total=f"{float(total):g}")
    if min(shares) > 0:
        raise Unusable("all_right")
    tagged, strangers = _from_tags(draft.tags)
    details = tagged | dict(draft.details)
    explanation, basis = (
        _without_basis(draft.explanation) if Detail.DOCUMENT not in details else (draft.explanation, {})
    )
    details = basis | details
    level, level_words = _LEVEL_OF.get(without_marks(details.get(Detail.LEVEL, ""))), details.get(Detail.LEVEL, "")
    left_out = list(draft.left_out)
    left_out += [say("penalties")] if min(shares) < 0 else []
    left_out += [say("tags", tags=", ".join(strangers))] if strangers else []
    left_out += [say("level_unknown", level=level_words)] if level_words and not level else []
    return ImportedQuestion(
        where=where,
        identifier=draft.identifier,
        text=draft.text,
        options=tuple(ImportedOption(choice.text, choice.share > 0) for choice in draft.choices),
        explanation="\n".join(filter(None, (explanation, *map(_remark, draft.choices)))),
        document=details.get(Detail.DOCUMENT, ""),
        article=details.get(Detail.ARTICLE, ""),
        topic=details.get(Detail.TOPIC, ""),
        topic_name=draft.topic_name,
        level=level,
        valid_from=_day(details.get(Detail.VALID_FROM, "")),
        valid_until=_day(details.get(Detail.VALID_UNTIL, "")),
        facts=tuple(details.get(Detail.FACTS, "").split()),
        left_out=tuple(left_out),
    )


def tags_of(question: Question) -> list[str]:
    """The tags that carry a question of the bank through a format that has no place for what they say."""
    said = {
        Detail.TOPIC: (question.topic,),
        Detail.LEVEL: (f"{question.level:d}",),
        Detail.VALID_FROM: (f"{question.valid_from}",),
        Detail.VALID_UNTIL: (f"{question.valid_until}",) if question.valid_until else (),
        Detail.FACTS: question.facts,
    }
    return [f"{detail.value}:{text}" for detail, texts in said.items() for text in texts]


def explanation_with_basis(question: Question) -> str:
    """The explanation with the law below it, as people of other programs read it and as it is read back."""
    basis = {Detail.DOCUMENT: question.document, Detail.ARTICLE: question.article}
    return "\n".join((question.explanation, *(f"{_BASIS[detail]} {text}" for detail, text in basis.items() if text)))


def name_unless_text(name: str, text: str) -> str:
    """The name that somebody gave the question; a program without names takes the first words of the text."""
    return "" if " ".join(text.split()).startswith(name.rstrip(" .…")) else name


def _check_texts(draft: Draft) -> None:
    texts = [
        draft.text,
        draft.explanation,
        *(text for choice in draft.choices for text in (choice.text, choice.feedback)),
    ]
    if not draft.text:
        raise Unusable("no_text")
    if longest := next((len(text) for text in texts if len(text) > LONGEST), 0):
        raise Unusable("too_long", length=longest, most=LONGEST)
    if complaint := next(filter(None, map(complaint_of, texts)), ""):
        raise Unusable("spoilt", complaint=complaint)
    if len(draft.choices) != len(LETTERS):
        raise Unusable("options", count=len(draft.choices))
    seen: dict[str, str] = {}
    for letter, choice in zip(LETTERS, draft.choices, strict=True):
        if not choice.text:
            raise Unusable("empty_option", letter=letter)
        if (first := seen.setdefault(choice.text, letter)) != letter:
            raise Unusable("equal_options", first=first, second=letter)


def _remark(choice: Choice) -> str:
    """What the file says to those who choose this option; it names the option, whose letter changes on every paper."""
    return f"“{choice.text}”: {choice.feedback}" if choice.feedback else ""


def _from_tags(tags: Sequence[str]) -> tuple[dict[Detail, str], list[str]]:
    details: dict[Detail, str] = {}
    strangers = []
    for tag in map(tidy, tags):
        name, _, text = tag.partition(":")
        if text and (detail := _TAGS.get(name.casefold())):
            details[detail] = f"{details[detail]} {text}" if detail in details else text
        elif tag:
            strangers.append(tag)
    return details, strangers


def _without_basis(explanation: str) -> tuple[str, dict[Detail, str]]:
    lines = explanation.split("\n")
    basis = {}
    for detail, label in reversed(_BASIS.items()):
        if lines and lines[-1].startswith(label):
            basis[detail] = lines.pop().removeprefix(label).strip()
    return "\n".join(lines), basis


def _day(text: str) -> date | None:
    if not text:
        return None
    iso, local = (re.fullmatch(pattern, text) for pattern in (r"(\d{4})-(\d\d?)-(\d\d?)", r"(\d\d?)/(\d\d?)/(\d{4})"))
    numbers = iso.groups() if iso else local.groups()[::-1] if local else ()
    try:
        year, month, day = map(int, numbers)
        return date(year, month, day)
    except ValueError:
        raise Unusable("wrong_day", text=text[:40]) from None
