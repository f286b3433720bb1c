"""The certificate as a file: every Vietnamese letter, nothing spilling over, the same bytes for the same facts."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from quiz.exports.certificate import FONTS, WEIGHTS, Certificate, _dark_runs, certificate
from quiz.vietnamese import HANOI
from tests.exports.letters import LETTERS

FACTS = Certificate(
    organiser="Sở Nội vụ thành phố Hải Phòng",
    contest="Hội thi tìm hiểu cải cách hành chính năm 2024",
    person="Nguyễn Thị Bích Phượng",
    agency="Chi cục Văn thư – Lưu trữ",
    weeks="Tuần 1, 2 và 4 (3 trong 4 tuần thi)",
    issued_at=datetime(2024, 11, 3, 8, 0, tzinfo=HANOI),
    code="ABCDE-FGHIJ-KLMNO-PQ234",
    check_at="https://hoithi.example.vn/xac-nhan",
)
LONG = replace(
    FACTS,
    person="Công Tằng Tôn Nữ Thị Hoàng Phượng Nguyệt Anh Quỳnh Như Thuỵ Khuê",
    agency=("Trung tâm Phục vụ hành chính công và Kiểm soát thủ tục hành chính trực thuộc Văn phòng " * 3)[:200],
    contest=FACTS.contest + " và chuyển đổi số trong các cơ quan hành chính nhà nước" * 4,
)


@pytest.fixture
def read(tmp_path: Path) -> object:
    """Reads the text and the boxes of words of a PDF back, as a reader's program does."""
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")

    def run(facts: Certificate, *options: str) -> str:
        file = tmp_path / "file.pdf"
        file.write_bytes(certificate(facts))
        return subprocess.run([tool, *options, file, "-"], capture_output=True, text=True, check=True).stdout

    return run


def test_fonts_are_those_that_were_vendored() -> None:
    sums = dict(reversed(line.split()) for line in (FONTS / "SHA256SUMS").read_text().splitlines())
    assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FONTS.glob("*.woff")} == sums
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text("utf-8")


@pytest.mark.parametrize("weight", WEIGHTS.values())
def test_fonts_hold_all_146_vietnamese_letters(weight: int) -> None:
    from fontTools.ttLib import TTFont

    held: set[int] = set()
    for file in FONTS.glob(f"*-{weight}-normal.woff"):
        with TTFont(file) as font:
            held |= set(font.getBestCmap())
    assert len(LETTERS) == 146
    assert [letter for letter in LETTERS if ord(letter) not in held] == []


def test_the_same_facts_give_the_same_bytes() -> None:
    made = certificate(FACTS)
    assert made.startswith(b"%PDF-")
    assert made == certificate(FACTS)
    assert made != certificate(replace(FACTS, person="Nguyễn Thị Bích Phương"))
    assert b"(D:20241103080000+07'00')" in made


def test_a_certificate_is_small_and_one_page() -> None:
    made = certificate(LONG)
    assert re.search(rb"/Count 1\b", made)
    assert len(made) < 60_000


def test_everything_can_be_read_back(read) -> None:  # type: ignore[no-untyped-def]
    text = " ".join(read(FACTS).split())
    for words in (
        "SỞ NỘI VỤ THÀNH PHỐ HẢI PHÒNG",
        "GIẤY CHỨNG NHẬN THAM GIA",
        FACTS.person,
        FACTS.agency,
        FACTS.contest,
        FACTS.weeks,
        FACTS.code,
        FACTS.check_at,
        "Ngày 03 tháng 11 năm 2024",
        "tạo tự động bằng điện tử, không có chữ ký và con dấu",
    ):
        assert words in text


def test_every_letter_is_printed_as_it_is(read) -> None:  # type: ignore[no-untyped-def]
    assert set(LETTERS) <= set(read(replace(FACTS, person="".join(LETTERS[:73]), agency="".join(LETTERS[73:]))))


@pytest.mark.parametrize("facts", [LONG, replace(FACTS, person="W" * 120, agency="Ậ" * 200)])
def test_long_names_stay_whole_and_inside_the_frame(read, facts: Certificate) -> None:  # type: ignore[no-untyped-def]
    printed = read(facts, "-bbox")
    letters = "".join(re.findall(r">([^<]+)</word>", printed))
    assert facts.person.replace(" ", "") in letters
    assert facts.agency.replace(" ", "") in letters
    boxes = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', printed)
    edges = [[float(edge) * 25.4 / 72 for edge in box] for box in boxes]
    assert min(edge[0] for edge in edges) >= 13
    assert max(edge[2] for edge in edges) <= 297 - 13
    assert [edge for edge in edges if edge[1] < 155 < edge[3]] == []
    assert max(edge[3] for edge in edges) <= 210 - 13


def test_text_is_printed_as_text() -> None:
    assert certificate(replace(FACTS, person="**đậm** \x07<b>&{{7*7}}\n\u202e", agency="")).startswith(b"%PDF-")


def test_dark_modules_side_by_side_are_one_rectangle() -> None:
    assert list(_dark_runs([1, 1, 0, 1, 0, 0, 1, 1, 1])) == [(0, 2), (3, 4), (6, 9)]
    assert list(_dark_runs([0, 0])) == []
