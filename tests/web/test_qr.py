"""A code is drawn for the longest address that a slip may carry, inline and without styles."""

from __future__ import annotations

from quiz.web.qr import drawn


def test_a_long_address_is_drawn_inline_without_styles() -> None:
    picture = drawn("https://hoithi.example.vn/kich-hoat?ma=ABCD-EFGH-IJKL&can-bo=" + "X" * 40)
    assert picture.startswith("<svg")
    assert "style=" not in picture
    assert drawn("https://hoithi.example.vn/") != picture
