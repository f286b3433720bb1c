"""The first verifier is one file that needs nothing but Python, and says what is wrong with a bundle."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from quiz.exports.verifier.one_file import ROOT, verifier
from tests.verification.rounds import a_round


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "kiem_chung.py"
    path.write_bytes(verifier())
    return path


def run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """In a Python that sees nothing but its own library, far from the repository."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    command = [sys.executable, "-I", "-S", program.name, *arguments]
    return subprocess.run(
        command, cwd=program.parent, env=environment, capture_output=True, text=True, check=False, encoding="utf-8"
    )


def test_processes_of_its_own_say_the_same(program: Path) -> None:
    """Where a new process shares nothing with the first, as on Windows and macOS."""
    bundle = packed(program.parent, a_round(3).files)
    alone = run(program, bundle)
    source = program.read_text(encoding="utf-8")
    for before, after in (
        ('"fork" if sys.platform == "linux" else "spawn"', '"spawn"'),
        ("FEWEST_BYTES = 1 << 20", "FEWEST_BYTES = 1"),
        ("os.cpu_count() or 1", "3"),
    ):
        assert before in source
        source = source.replace(before, after)
    program.write_text(source, encoding="utf-8")
    beside = run(program, bundle)
    assert (beside.stdout, beside.stderr, beside.returncode) == (alone.stdout, "", alone.returncode)


def packed(folder: Path, files: dict[str, bytes]) -> str:
    path = folder / "ket-qua-tuan-2.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return path.name


def test_an_honest_bundle_holds(program: Path) -> None:
    verifiers = {"kiem_chung.py": verifier(), "kiem-chung.html": b"<!doctype html>\n"}
    found = run(program, packed(program.parent, a_round(3, verifiers=verifiers).files))
    assert (found.returncode, found.stderr) == (0, "")
    assert "TẤT CẢ ĐỀU ĐÚNG. (Everything holds.)" in found.stdout
    assert found.stdout.count("[ĐÚNG]") == 15
    assert "ai thật sự ngồi làm bài" in found.stdout


def test_one_byte_flipped_is_named(program: Path) -> None:
    files = a_round(3).files
    spoilt = bytearray(files["bai-thi.json"])
    place = files["bai-thi.json"].index(b'"time_ms":') + len(b'"time_ms":')
    spoilt[place] ^= 1
    found = run(program, packed(program.parent, {**files, "bai-thi.json": bytes(spoilt)}))
    assert found.returncode == 1
    assert "Tệp bai-thi.json không còn nguyên vẹn" in found.stdout
    assert "đã bị sửa hoặc thêm vào" in found.stdout
    assert "CÓ " in found.stdout


def test_a_head_from_elsewhere_is_compared(program: Path) -> None:
    bundle = packed(program.parent, a_round(3).files)
    found = run(program, bundle, "--dau-cuoi", "00" * 32)
    assert found.returncode == 1
    assert "không phải mã ông/bà giữ" in found.stdout
    assert "CÓ 1 MỤC KHÔNG ĐÚNG. (1 check does not hold.)" in found.stdout


def test_a_receipt_is_found_by_its_code(program: Path) -> None:
    made = a_round(3)
    code = next(iter(made.sittings))
    found = run(program, packed(program.parent, made.files), "--bien-nhan", f" {code[:4].lower()}-{code[4:]}")
    assert f"Mã biên nhận (receipt) {code}" in found.stdout
    assert "điểm (score):" in found.stdout


def test_a_receipt_that_is_not_found_is_no_good_end(program: Path) -> None:
    verifiers = {"kiem_chung.py": verifier(), "kiem-chung.html": b"<!doctype html>\n"}
    found = run(program, packed(program.parent, a_round(3, verifiers=verifiers).files), "--bien-nhan", "A" * 16)
    assert found.returncode == 1
    assert "Không có biên nhận này" in found.stdout
    assert "NHƯNG KHÔNG CÓ BIÊN NHẬN CỦA BẠN" in found.stdout


@pytest.mark.parametrize("content", [b"", b"not a zip"])
def test_what_is_no_bundle_is_said_to_be_none(program: Path, content: bytes) -> None:
    (program.parent / "x.zip").write_bytes(content)
    found = run(program, "x.zip")
    assert found.returncode == 2
    assert "Không đọc được x.zip" in found.stderr


def test_the_modules_are_there_word_for_word() -> None:
    held = verifier().decode()
    for name in ("scoring/ranking.py", "scoring/marking.py", "questions/paper.py", "scoring/prizes.py"):
        assert (ROOT / "quiz" / name).read_text(encoding="utf-8") in held
