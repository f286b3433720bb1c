"""What is kept while a file is read."""

from __future__ import annotations

import pytest

from quiz.questions.formats import imported
from quiz.questions.formats.imported import NotTaken, Taking, Unusable, say
from tests.questions.formats.samples import refusal


def _fails(_where: object) -> imported.ImportedQuestion:
    raise Unusable("essay")


def test_a_question_that_cannot_be_taken_stays_with_its_place_and_reason() -> None:
    taking = Taking()
    taking.take(say("line", line=3), _fails)
    assert taking.done().refused == (NotTaken(say("line", line=3), say("essay")),)
    assert str(taking.done().refused[0]) == "dòng 3: là câu tự luận; bộ câu hỏi chỉ nhận câu bốn phương án"


def test_a_file_without_questions_is_refused() -> None:
    assert refusal(Taking().done) == "no_questions"


def test_a_file_of_too_many_questions_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imported, "MOST_QUESTIONS", 2)
    taking = Taking()
    taking.take(say("line", line=1), _fails)
    taking.take(say("line", line=2), _fails)
    assert refusal(lambda: taking.take(say("line", line=3), _fails)) == "too_many"


def test_a_sentence_without_words_cannot_be_said() -> None:
    with pytest.raises(ValueError, match="no words"):
        say("khong-co")
