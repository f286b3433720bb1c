"""How a question is written down: the fields in their order, quotes only where another reader would be misled."""

from __future__ import annotations

import pytest

from quiz.questions.bank_file import parse_bank
from quiz.questions.bank_style import as_block, as_field, as_flow, fields_of
from quiz.questions.wording import Wording, of
from tests.makers import question


def test_every_question_of_the_bank_is_written_as_it_stands() -> None:
    written = as_block(fields_of(of(question())), 2, "\n")
    bank = f"title: Thử\ntopics:\n  chung: Chung\nquestions:\n- {written}"
    assert [line.split(":")[0].strip(" -") for line in written.split("\n") if line[2:3] != " "] == [
        *("id", "topic", "level", "text", "options", "key", "explanation", "document", "valid_from"),
    ]
    assert parse_bank(bank.encode()).questions[0].text == "Câu T-001"


@pytest.mark.parametrize(("text", "written"), [
    ("no", "'no'"),
    ("2021", "'2021'"),
    ("15%", "15%"),
    ("Điều 5: hồ sơ", "'Điều 5: hồ sơ'"),
    ("câu # hai", "'câu # hai'"),
    ("Bộ Nội vụ", "Bộ Nội vụ"),
])  # fmt: skip
def test_quotes_stand_only_where_they_are_needed(text: str, written: str) -> None:
    assert as_field("article", text, 2, "\n") == f"article: {written}"


def test_numbers_days_and_lists_stand_bare() -> None:
    fields = fields_of(Wording(id="T-001", level="2", key="CA", valid_from="2024-10-07", facts=("F001", "F002")))
    assert as_block(fields, 0, "\n").split("\n")[-3:] == [
        "key: [A, C]",
        "valid_from: 2024-10-07",
        "facts: [F001, F002]",
    ]
    assert "level: 2" in as_block(fields, 0, "\n")


def test_what_is_empty_is_left_out_and_spaces_are_tidied() -> None:
    assert fields_of(Wording(id="T-001", text="  hai \n dòng ", key="B")) == {
        "id": "T-001",
        "text": "hai dòng",
        "options": {"A": "", "B": "", "C": "", "D": ""},
        "key": "B",
    }


def test_in_brackets_a_question_is_json() -> None:
    assert as_flow({"id": "T-001", "key": ["A"]}) == '{"id": "T-001", "key": ["A"]}'
