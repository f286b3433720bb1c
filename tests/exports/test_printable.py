"""Text on its way into files and file names."""

from __future__ import annotations

from quiz.exports.printable import file_name, printable


def test_text_loses_what_no_file_can_hold() -> None:
    assert printable("  Lê\x00 Văn\x0b\x1b Tám\u202e\n(A & <B>)") == "Lê Văn Tám (A & <B>)"


def test_file_names_keep_their_letters_and_lose_what_systems_refuse() -> None:
    assert file_name('Báo cáo: "Sở\\Nội/vụ" <1>?', "xlsx") == "Báo cáo Sở Nội vụ 1.xlsx"
    assert file_name("..", "pdf") == ".pdf"
    assert len(file_name("Ậ" * 300, "docx")) == 155
