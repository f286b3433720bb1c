"""Plain text typed as people type questions in Word."""

from __future__ import annotations

import pytest

from quiz.questions.formats.numbered_text import looks_like_numbered_text, read_numbered_text
from quiz.questions.formats.reading import read_questions
from tests.questions.formats.samples import refusal, refused, said

RIGHT_B = ["Hỏi? | một | *hai | ba | bốn"]


@pytest.mark.parametrize("text", [
    "Câu 1: Hỏi?\nA. một\nB. hai\nC. ba\nD. bốn\nĐáp án: B",
    "1. Hỏi?\na) một\nb) hai\nc) ba\nd) bốn\n\nĐÁP ÁN\n1-B",
    "Câu 1. Hỏi?\n\n  A. một   B. hai\n  C. ba    D. bốn\n=> Đáp án đúng là: B",
    "Câu 1. Hỏi?\nA. một\n*B. hai\nC. ba\nD. bốn",
])  # fmt: skip
def test_questions_are_found_however_they_are_typed(text: str) -> None:
    assert said(read_questions("de.txt", text.encode())) == RIGHT_B


def test_what_cannot_be_taken_is_named_by_its_line() -> None:
    imported = read_numbered_text("ĐỀ SỐ 1\n\nCâu 1: Hỏi?\nA. một\nB. hai\nC. ba\nD. bốn")
    assert refused(imported) == [
        "đoạn 1: “ĐỀ SỐ 1” không thuộc câu hỏi nào",
        "câu 1 (đoạn 3): không có đáp án đúng",
    ]


@pytest.mark.parametrize(
    "text", ["1. Mở đầu\n2. Kết luận", "A. một B. hai C. ba D. bốn", "", "Câu 1: A. B. C. D. " * 2000]
)
def test_other_texts_are_none(text: str) -> None:
    assert not looks_like_numbered_text(text)


def test_a_text_without_end_is_refused() -> None:
    assert refusal(lambda: read_numbered_text("x\n" * 60_000)) == "too_many_lines"
