"""The sentences of an import are each said somewhere, and none stands for two things."""

from __future__ import annotations

import ast

from quiz.config import ROOT
from quiz.questions.formats.words import FILES, LEFT_OUT, PLACES, QUESTIONS, WORDS


def test_no_code_stands_for_two_sentences() -> None:
    assert len(WORDS) == len(PLACES) + len(FILES) + len(QUESTIONS) + len(LEFT_OUT)


def test_every_sentence_is_said_somewhere() -> None:
    modules = (path for path in (ROOT / "quiz/questions/formats").glob("*.py") if path.name != "words.py")
    trees = [ast.parse(path.read_text("utf-8")) for path in modules]
    literals = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert set(WORDS) - literals == set()
