"""The sheet: one page, in Vietnamese, with the verdict on top."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from quiz.rehearsal import sheet
from quiz.rehearsal.expected import lengths
from quiz.rehearsal.figures import Step
from quiz.rehearsal.verdict import Part
from tests.rehearsal.test_verdict import GOOD, with_step

ABOUT = sheet.Circumstances(
    at=datetime(2026, 11, 21, 3, 0, tzinfo=UTC),
    hardware="Bộ xử lý <thử>, 2 lõi, 4 GB bộ nhớ",
    server="máy chủ thử",
    database="SQLite 3",
    lasts=lengths(1),
)


def test_the_text_begins_with_the_verdict_and_says_what_was_expected_and_found() -> None:
    text = sheet.text(GOOD, ABOUT)
    assert text.startswith("PHIẾU TỔNG DIỄN TẬP\nKết luận: ĐẠT\n")
    assert "Thời điểm: 10 giờ 00 phút, thứ Bảy ngày 21/11/2026." in text
    assert "Mức dự kiến: danh sách 3.000 người, tất cả dự thi; phút cao điểm 200 người (1/15)" in text
    assert "Khâu chậm nhất: lưu bài, lúc thường: 30 ms, bằng 10% giới hạn." in text
    assert "Lý do và việc cần làm" not in text


def test_the_page_stands_alone_and_escapes_what_it_is_given() -> None:
    page = sheet.page(GOOD, ABOUT)
    assert '<p class="verdict go">Kết luận: ĐẠT</p>' in page
    assert "Bộ xử lý &lt;thử&gt;, 2 lõi" in page
    assert page.count("<tr>") == 1 + len(sheet.rows(GOOD))
    assert not any(word in page for word in ("src=", "href=", "<script"))


def test_what_is_beyond_its_limit_stands_out_and_is_told_with_its_remedy() -> None:
    found = replace(with_step(Part.CLOSING, Step.HAND_IN, p99=3.0), missing=2)
    page, text = sheet.page(found, ABOUT), sheet.text(found, ABOUT)
    assert "Kết luận: CHƯA ĐẠT" in page
    assert page.count('<tr class="over">') == 1
    assert 'aria-label="150%"' in page
    assert "<strong>Không mở tuần thi." in page
    assert "thiếu 2 lượt đã được máy chủ xác nhận" in text
    assert "Những giây cuối, nộp bài chậm: 99% số lần mất đến 3 giây, giới hạn là 2 giây." in text
