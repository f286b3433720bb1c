"""The bank as a workbook that people edit in Excel and that is read back whole."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import datetime

from quiz.questions.bank import LETTERS, Question
from quiz.questions.formats.tables import Column

_NO_GUESSES = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_COLUMNS = (
    (Column.IDENTIFIER.title, 12),
    (Column.TOPIC.title, 16),
    (Column.TOPIC_NAME.title, 24),
    (Column.LEVEL.title, 12),
    (Column.TEXT.title, 60),
    *((letter, 32) for letter in LETTERS),
    (Column.KEY.title, 9),
    (Column.EXPLANATION.title, 60),
    (Column.DOCUMENT.title, 36),
    (Column.ARTICLE.title, 18),
    (Column.VALID_FROM.title, 13),
    (Column.VALID_UNTIL.title, 13),
    (Column.FACTS.title, 12),
)
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 (the same bank is the same file, whenever it is made)


def write_xlsx(questions: Iterable[Question], topics: Mapping[str, str]) -> bytes:
    """One sheet with a row for each question; every cell is text, so that Excel changes none."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _NO_GUESSES) as book:
        book.set_properties({"created": _MADE})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "bg_color": "#F3E3C3", "border": 1, "text_wrap": True})
        sheet = book.add_worksheet("Câu hỏi")
        for place, (title, width) in enumerate(_COLUMNS):
            sheet.set_column(place, place, width, text)
            sheet.write_string(0, place, title, head)
        for row, question in enumerate(questions, start=1):
            for place, words in enumerate(_cells(question, topics)):
                sheet.write_string(row, place, words, text)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def _cells(question: Question, topics: Mapping[str, str]) -> tuple[str, ...]:
    return (
        question.id,
        question.topic,
        topics.get(question.topic, ""),
        question.level.words,
        question.text,
        *(option.text for option in question.options),
        ", ".join(sorted(question.key)),
        question.explanation,
        question.document,
        question.article,
        f"{question.valid_from:%d/%m/%Y}",
        f"{question.valid_until:%d/%m/%Y}" if question.valid_until else "",
        " ".join(question.facts),
    )
