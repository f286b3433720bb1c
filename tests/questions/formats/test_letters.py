"""Which encodings are read, and what is said of the others."""

from __future__ import annotations

import codecs

import pytest

from quiz.questions.formats.letters import decode
from tests.questions.formats.samples import refusal

TEXT = "Câu hỏi về “một cửa”: ấ ợ ữ?"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_utf_16_of_other_machines_is_read() -> None:
    assert decode(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")) == TEXT


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("Câu hỏi là gì – “một”".encode("cp1258", errors="replace"), "not_utf8"),
        ("Café – “x”".encode("cp1252"), "not_utf8"),
        ("©u hái".encode("latin-1"), "not_utf8"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "not_utf8"),
        (codecs.BOM_UTF16_LE + b"a", "not_utf8"),
        ("Cau hoi".encode("utf-16-le"), "nul"),
        (b"a\0b", "nul"),
    ],
)
def test_other_bytes_are_refused(data: bytes, code: str) -> None:
    assert refusal(lambda: decode(data)) == code


def test_the_refusal_says_how_to_save_the_file() -> None:
    with pytest.raises(Exception, match="chọn “Lưu thành” với bảng mã UTF-8"):
        decode(b"\xe2")


def test_letters_are_composed_and_line_ends_alike() -> None:
    assert decode("Mo\u0323\u0302t\r\nhai\rba".encode()) == "Một\nhai\nba"
