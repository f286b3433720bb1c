"""The sentences of an import do not stand for two things."""

from __future__ import annotations

from quiz.questions.formats.words import FILES, LEFT_OUT, PLACES, QUESTIONS, WORDS


def test_no_code_stands_for_two_sentences() -> None:
    assert len(WORDS) == len(PLACES) + len(FILES) + len(QUESTIONS) + len(LEFT_OUT)
