"""The item analysis as a workbook, read back by another library than the one that wrote it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from python_calamine import CalamineWorkbook

from quiz.exports.item_analysis_xlsx import ItemSheet, workbook
from quiz.exports.sheets import HEAD
from quiz.scoring.item_analysis import analyse
from quiz.scoring.item_responses import Response
from quiz.vietnamese import HANOI
from tests import makers

FORMULA = '=HYPERLINK("http://evil")'
QUESTIONS = (replace(makers.question("T-001"), text=FORMULA), makers.question("T-002"), makers.question("T-003"))
SHEETS = [
    [Response("T-001", "A", 1, 1), Response("T-002", "A", 1, 1)],
    [Response("T-001", "B", 0, 1), Response("T-002", "A", 1, 1)],
    [Response("T-001", "", 0, 1), Response("T-003", "C", 0, 1)],
]


def rows(sheet: str) -> list[list[object]]:
    report = ItemSheet(
        title="Phân tích câu hỏi Tuần 1",
        contest="Hội thi",
        made_at=datetime(2024, 10, 12, 1, 0, tzinfo=UTC),
        zone=HANOI,
        analysis=analyse(QUESTIONS, SHEETS),
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(report)))
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)[HEAD:]


def test_each_question_has_a_row_of_real_figures() -> None:
    head, first, second, third = rows("Câu hỏi")
    assert head[:4] == ["Mã câu", "Câu hỏi", "Lượt thi", "Độ dễ"]
    assert first[:3] == ["T-001", FORMULA, 3]
    assert first[3] == pytest.approx(1 / 3)
    assert (second[2:4], third[2:4]) == ([2, 1], [1, 0])
    assert first[8] == "–", "no weight where papers are drawn at random"


def test_each_option_is_counted_and_blank_sheets_too() -> None:
    counts = [row[1:2] + row[3:5] for row in rows("Phương án")[1:6]]
    assert counts == [["A", "Đúng", 1], ["B", "", 1], ["C", "", 0], ["D", "", 0], ["–", "", 1]]


def test_the_whole_and_the_papers_have_sheets_of_their_own() -> None:
    whole = dict(row[:2] for row in rows("Cả bài thi")[1:])
    assert (whole["Số lượt thi"], whole["Điểm trung bình"], whole["Điểm trung vị"]) == (3, 1, 1)
    assert [row[0] for row in rows("Vị trí")[1:]] == [1, 2]
    assert sum(row[1] for row in rows("Độ khó của đề")[1:]) == 3
