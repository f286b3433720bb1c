"""Aiken as Moodle documents it, and each fault at its line."""

from __future__ import annotations

import pytest

from quiz.questions.formats.aiken import looks_like_aiken, read_aiken
from tests.questions.formats.samples import refused, said

DOCUMENTED = """\
What is the correct answer to this question?
A. Is it this one?
B. Maybe this answer?
C. Possibly this one?
D. Must be this one!
ANSWER: D

Which LMS has the most quiz import formats?
A) Moodle
B) ATutor
C) Claroline
D) Blackboard
ANSWER: A
"""


def test_documented_examples_are_read() -> None:
    imported = read_aiken(DOCUMENTED)
    assert said(imported) == [
        "What is the correct answer to this question? | Is it this one? | Maybe this answer? | Possibly this one? "
        "| *Must be this one!",
        "Which LMS has the most quiz import formats? | *Moodle | ATutor | Claroline | Blackboard",
    ]
    assert [str(question.where) for question in imported.questions] == ["dòng 1", "dòng 8"]
    assert refused(imported) == []


@pytest.mark.parametrize("answer", ["ANSWER: B", "ANSWER:B", "ANSWER: B.", "Answer : b", "ANSWER: B) hai"])
def test_several_lines_and_loose_answer_lines_are_read(answer: str) -> None:
    source = f"Hỏi\ngì vậy?\n\nA. một\nB.hai\nC) ba\n\nD) bốn\n{answer}"
    assert said(read_aiken(source)) == ["Hỏi\ngì vậy? | một | *hai | ba | bốn"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("A. một\n", ["dòng 1: phương án hoặc đáp án này không thuộc câu hỏi nào"]),
        ("ANSWER: A\n", ["dòng 1: phương án hoặc đáp án này không thuộc câu hỏi nào"]),
        ("Hỏi\nA. 1\nB. 2\n", ["dòng 1: thiếu dòng “ANSWER:” nên không biết đáp án"]),
        (
            "Phần một\n\nHỏi\nA. 1\nB. 2\nANSWER: A",
            [
                "dòng 1: thiếu dòng “ANSWER:” nên không biết đáp án",
                "dòng 3: có 2 phương án; bộ câu hỏi chỉ nhận câu có đúng bốn phương án",
            ],
        ),
        ("Hỏi\nA. 1\nC. 2\nB. 3\nD. 4\nANSWER: A", ["dòng 1: phương án C không theo thứ tự A, B, C, D"]),
        ("Hỏi\nA. 1\nB. 2\nC. 3\nD. 4\nANSWER: E", ["dòng 1: đáp án “E” không phải phương án nào của câu"]),
        ("Hỏi\nA. 1\nB. 2\nC. 3\nD. 4\nANSWER: AB", ["dòng 1: đáp án “AB” không phải phương án nào của câu"]),
        ("Hỏi\nA. 1\nB. 2\nC. 3\nD. 4\nANSWER:", ["dòng 1: không có đáp án đúng"]),
        ("Hỏi\nA. 1\nB.\nC. 3\nD. 4\nANSWER: A", ["dòng 1: phương án B để trống"]),
    ],
)
def test_every_fault_is_named_at_its_line(source: str, words: list[str]) -> None:
    imported = read_aiken(source)
    assert (said(imported), refused(imported)) == ([], words)


def test_a_faulty_question_does_not_harm_the_next() -> None:
    imported = read_aiken("Một\nA. 1\nHai\nA. 1\nB. 2\nC. 3\nD. 4\nANSWER: C")
    assert said(imported) == ["Hai | 1 | 2 | *3 | 4"]
    assert [str(no.where) for no in imported.refused] == ["dòng 1"]


def test_aiken_is_known_by_its_answer_lines() -> None:
    assert looks_like_aiken(DOCUMENTED)
    assert not looks_like_aiken("Hỏi {=a ~b}")
    assert not looks_like_aiken("ANSWER: A")
