"""A question as people type it: what a bank finds wrong in it is said at the field, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from quiz.questions import wording
from quiz.questions.bank_file import parse_bank
from quiz.questions.wording import Wording

BANK = parse_bank(Path("question_bank.yaml").read_bytes())
ONE = wording.of(BANK.questions[0])
CHOOSE_ALL = "(Chọn tất cả phương án đúng)"


def _fields(one: Wording, other_ids: tuple[str, ...] = ()) -> list[str]:
    return [fault.field for fault in wording.faults(one, BANK.topics, other_ids)]


def test_no_question_of_the_bank_has_a_fault() -> None:
    assert [one.id for one in BANK.questions if _fields(wording.of(one))] == []


def test_a_wording_travels_as_json() -> None:
    assert [wording.from_dict(wording.as_dict(wording.of(one))) for one in BANK.questions] == [
        wording.of(one) for one in BANK.questions
    ]


def test_an_empty_wording_is_told_every_field_that_a_bank_needs() -> None:
    needed = "id topic level text key explanation document valid_from".split()
    assert sorted(_fields(Wording())) == sorted([*needed, *(f"options.{letter}" for letter in "ABCD")])


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"id": "ct 1"}, "id", "Mã câu hỏi không đúng mẫu"),
        ({"id": "CT-900"}, "id", "Mã CT-900 đã dùng"),
        ({"topic": "khac"}, "topic", "chưa có"),
        ({"level": "4"}, "level", "Mức độ phải là"),
        ({"text": "x" * 601}, "text", "dài 601 ký tự, tối đa 600"),
        ({"options": ("a", "b", "A.", "d")}, "options.C", "trùng phương án A"),
        ({"options": ("a", "b", "c", "Tất cả đều đúng")}, "options.D", "dựa vào phương án khác"),
        ({"key": ""}, "key", "để trống"),
        ({"key": "ABCD", "text": CHOOSE_ALL}, "key", "Cả bốn phương án"),
        ({"key": "AB"}, "text", "Có 2 đáp án đúng"),
        ({"valid_from": "2021-02-30"}, "valid_from", "không có thật"),
        ({"valid_until": "2020-01-01"}, "valid_until", "trước ngày bắt đầu"),
        ({"facts": ("F001", "")}, "facts", "Dữ kiện thứ 2 để trống"),
        ({"explanation": "Cáº£i cÃ¡ch"}, "explanation", "Chữ bị vỡ"),
        ({"document": "Nghị\u200b quyết"}, "document", "ký tự ẩn"),
    ],
)
def test_a_fault_is_said_once_at_its_field(changes: dict[str, object], field: str, says: str) -> None:
    [fault] = wording.faults(replace(ONE, **changes), BANK.topics, ("CT-900",))  # type: ignore[arg-type]
    assert (fault.field, says in fault.words) == (field, True), fault


def test_tidying_takes_away_only_what_nobody_sees() -> None:
    typed = replace(ONE, text="  Câu \n hỏi ", key="CAC", facts=(" F001 ", "  "))
    assert wording.tidied(typed) == replace(ONE, text="Câu hỏi", key="AC", facts=("F001",))
