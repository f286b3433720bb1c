"""Keys given apart from the questions."""

from __future__ import annotations

import pytest

from quiz.questions.formats.docx_keys import key_pairs, keys_of_table


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("1-A 2-C", {1: "A", 2: "C"}),
        ("1. A; 2. B,C; 3. D.", {1: "A", 2: "B,C", 3: "D"}),
        ("1A 2B 3c", {1: "A", 2: "B", 3: "C"}),
        ("Câu 1: A | Câu 2: B", {1: "A", 2: "B"}),
        ("1) A\t2) B", {1: "A", 2: "B"}),
        ("1. Anh là ai?", {}),
        ("Đáp án: A", {}),
        ("", {}),
    ],
)
def test_lines_of_keys(text: str, keys: dict[int, str]) -> None:
    assert key_pairs(text) == keys


@pytest.mark.parametrize(
    ("rows", "keys"),
    [
        ([["Câu", "1", "2", "3"], ["Đáp án", "A", "B", "C, D"]], {1: "A", 2: "B", 3: "C, D"}),
        ([["1", "2"], ["A", "B"], ["3", "4"], ["C", "D"]], {1: "A", 2: "B", 3: "C", 4: "D"}),
        ([["Câu", "Đáp án"], ["1", "A"], ["2", "B"]], {1: "A", 2: "B"}),
        ([["1", "A", "2", "B"], ["3", "C", "", ""]], {1: "A", 2: "B", 3: "C"}),
        ([["1-A", "2-B"], ["3-C", ""]], {1: "A", 2: "B", 3: "C"}),
        ([["A. một", "B. hai"]], {}),
        ([["Họ tên", "Đơn vị"]], {}),
        ([[]], {}),
    ],
)
def test_tables_of_keys(rows: list[list[str]], keys: dict[int, str]) -> None:
    assert keys_of_table(rows) == keys
