"""Amounts in words, as a decision on money has to spell them out."""

from __future__ import annotations

import pytest

from quiz.exports.words_of_money import in_words, money


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (6, "sáu"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (105, "một trăm linh năm"),
        (111, "một trăm mười một"),
        (1_000, "một nghìn"),
        (1_005, "một nghìn không trăm linh năm"),
        (1_050, "một nghìn không trăm năm mươi"),
        (12_500, "mười hai nghìn năm trăm"),
        (1_000_001, "một triệu không trăm linh một"),
        (4_400_000, "bốn triệu bốn trăm nghìn"),
        (1_005_000_000, "một tỷ không trăm linh năm triệu"),
        (2_000_000_000_000, "hai nghìn tỷ"),
    ],
)
def test_numbers_are_read_as_people_read_them(value: int, words: str) -> None:
    assert in_words(value) == words


def test_an_amount_begins_with_a_capital() -> None:
    assert money(1_000_000) == "Một triệu đồng"
    assert money(3_250_000) == "Ba triệu hai trăm năm mươi nghìn đồng"


def test_every_number_up_to_a_thousand_has_words_of_its_own() -> None:
    assert len({in_words(value) for value in range(1001)}) == 1001


def test_nothing_below_nought_is_spelt() -> None:
    with pytest.raises(ValueError, match="below nought"):
        in_words(-1)
