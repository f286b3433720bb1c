"""The question bank file: YAML as people write it → Bank, or every fault of the file at its line."""

from __future__ import annotations

import hashlib
from typing import Annotated

from pydantic import BeforeValidator

from quiz.questions.bank import Bank, Level, Option, Question
from quiz.questions.bank_faults import find_faults
from quiz.questions.file_forms import SOME, Day, Form, Naming, Text, Whole, at_most, check_form, one_of, shaped
from quiz.yaml_text import Fault, FaultyFile, Loc, Reading, read_yaml

NOT_TEXT = ("level", "valid_from", "valid_until")
FIELDS = {
    "title": "tên bộ câu hỏi",
    "topics": "các chủ đề",
    "questions": "các câu hỏi",
    "id": "mã câu hỏi",
    "topic": "chủ đề",
    "level": "mức độ",
    "text": "nội dung câu hỏi",
    "options": "các phương án",
    "key": "đáp án đúng",
    "explanation": "lời giải thích",
    "document": "văn bản căn cứ",
    "article": "điều, khoản",
    "valid_from": "ngày bắt đầu có hiệu lực",
    "valid_until": "ngày cuối còn hiệu lực",
    "facts": "các dữ kiện làm căn cứ",
}


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class _QuestionForm(Form):
    id: Annotated[Text, shaped(r"[A-Z0-9]+-[0-9]{3,}", "mẫu đúng là chữ in hoa hoặc số, gạch nối, ít nhất ba chữ số")]
    topic: Text
    level: Annotated[Whole, one_of("1", "2", "3")]
    text: Annotated[Text, at_most(600)]
    options: dict[str, Annotated[Text, at_most(300)]]
    key: Annotated[tuple[Text, ...], BeforeValidator(_listed)]
    explanation: Text
    document: Text
    article: Text = ""
    valid_from: Day
    valid_until: Day | None = None
    facts: tuple[Text, ...] = ()


class _BankForm(Form):
    title: Text
    topics: Annotated[dict[str, Text], SOME]
    questions: Annotated[tuple[_QuestionForm, ...], SOME]


def parse_bank(data: bytes) -> Bank:
    """The bank of one file; its digest is the SHA-256 of these bytes.

    Raises FaultyFile with every fault of the file; then nothing of it is used.
    """
    reading = read_yaml(data, NOT_TEXT)
    naming = Naming(FIELDS, lambda loc: _owner(reading, loc))
    form, faults = check_bank(reading, naming)
    if form is None or faults or reading.faults:
        raise FaultyFile([*reading.faults, *faults])
    return Bank(
        title=form.title,
        topics=dict(form.topics),
        questions=tuple(map(_question, form.questions)),
        digest=hashlib.sha256(data).hexdigest(),
    )


def check_bank(reading: Reading, naming: Naming) -> tuple[_BankForm | None, list[Fault]]:
    """The filled form, None where it cannot be filled, and every fault of form and sense."""
    form, faults = check_form(reading, _BankForm, naming)
    return form, faults + find_faults(reading, naming)


def _question(form: _QuestionForm) -> Question:
    return Question(
        id=form.id,
        topic=form.topic,
        level=Level(form.level),
        text=form.text,
        options=tuple(Option(letter, form.options[letter]) for letter in sorted(form.options)),
        key=frozenset(form.key),
        explanation=form.explanation,
        document=form.document,
        article=form.article,
        valid_from=form.valid_from,
        valid_until=form.valid_until,
        facts=form.facts,
    )


def _owner(reading: Reading, loc: Loc) -> str:
    """'câu MC-001: ' for anything inside that question, 'câu thứ 4: ' where it has no id, '' elsewhere."""
    match loc, reading.data:
        case ("questions", int(place), _, *_), {"questions": [*questions]}:
            match questions[place]:
                case {"id": str(code)} if code.strip():
                    return f"câu {code.strip()}: "
            return f"câu thứ {place + 1}: "
    return ""
