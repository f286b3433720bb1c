"""The bank as a package of QTI, there and back."""

from __future__ import annotations

from hypothesis import given, settings

from quiz.questions.bank import Question
from quiz.questions.formats.packed import Packed
from quiz.questions.formats.qti import read_qti_package
from quiz.questions.formats.qti_writer import write_qti
from tests.questions.formats.samples import as_bank, questions, real_bank, refused


def test_the_real_bank_comes_back_whole() -> None:
    bank = real_bank()
    imported = read_qti_package(Packed(write_qti(bank.questions, bank.topics)))
    assert tuple(map(as_bank, imported.questions)) == bank.questions
    assert {question.topic: question.topic_name for question in imported.questions} == dict(bank.topics)
    assert refused(imported) == []


@settings(max_examples=40)
@given(questions())
def test_any_question_comes_back_whole(question: Question) -> None:
    imported = read_qti_package(Packed(write_qti([question], {"mot-cua": "Một cửa"})))
    assert refused(imported) == []
    assert as_bank(imported.questions[0]) == question


def test_the_same_bank_is_the_same_file() -> None:
    bank = real_bank()
    assert write_qti(bank.questions[:9], bank.topics) == write_qti(bank.questions[:9], bank.topics)
