"""Vietnamese order, spelling and figures, as officials and dictionaries have them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.vietnamese import (
    HANOI,
    clean,
    closing,
    duration,
    exact_percent,
    moment,
    name_key,
    number,
    percent,
    sort_key,
    weekday,
    without_marks,
)

LETTERS = "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y".split()
TONES = "ma mà mả mã má mạ".split()
WORDS = "an ăn ân bàn cam da đa em êm hà hả hã há hạ lan lân mỹ nga ngà ngân oanh ôn ơn uyên ước xuân ý yên".split()


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    "in_order",
    [
        LETTERS,
        TONES,
        WORDS,
        "ân ần ẩn ẫn ấn ận".split(),
        "ơ ờ ở ỡ ớ ợ".split(),
        "d đ e".split(),
        "tôi tơi tới tụi tươi".split(),
        ["", "1", "2", "a", "b"],
        ["ba", "ba an", "ba ăn", "bà", "bà an", "ban"],
        ["Hải Dương", "Hải Phòng", "Hưng Yên"],
        ["an", "anh", "ánh"],
    ],
    ids=lambda words: words[-1],
)
def test_words_sort_as_in_a_dictionary(in_order: list[str]) -> None:
    backwards = in_order[::-1]  # so that equal keys would show
    assert sorted(backwards, key=sort_key) == in_order
    assert sorted(map(nfd, backwards), key=sort_key) == [nfd(word) for word in in_order]
    assert sorted((word.upper() for word in backwards), key=sort_key) == [word.upper() for word in in_order]


@pytest.mark.parametrize("word", [*LETTERS, *TONES, *WORDS, "Nguyễn Thị Hương", "Quyết định số 09/2015"])
def test_sort_key_does_not_turn_on_encoding_case_or_spaces(word: str) -> None:
    assert sort_key(nfd(word)) == sort_key(word.upper()) == sort_key(f"  {word} ") == sort_key(word)


def test_a_sort_key_is_plain_text_so_that_any_database_sorts_it_alike() -> None:
    assert sort_key("Đỗ Ý 2") == "1629.3 41.4 002.0"


def test_letters_decide_before_tones() -> None:
    assert sorted(["mạ", "mai", "ma", "màn"], key=sort_key) == ["ma", "mạ", "mai", "màn"]


def test_a_list_of_people_sorts_by_given_name_then_whole_name() -> None:
    in_order = [
        "Nguyễn Văn An",
        "Trần Thị An",
        "Lê Ánh",
        "Phạm Ngọc Ánh",
        "Đặng Bình",
        "Bùi Thị Đào",
        "Trần Hà",
        "Trần Hạ",
    ]
    backwards = in_order[::-1]
    assert sorted(backwards, key=name_key) == in_order


def test_given_names_that_begin_alike_do_not_mix() -> None:
    assert sorted(["Vũ Ánh", "An", "Trần Anh", "Vũ An", "Bùi An Anh"], key=name_key) == [
        "An",
        "Vũ An",
        "Bùi An Anh",
        "Trần Anh",
        "Vũ Ánh",
    ]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Đặng Thị Ổn", "dang thi on"),
        ("NGUYỄN THỊ HƯƠNG", "nguyen thi huong"),
        ("  Trần   Văn Ý ", "tran van y"),
        (nfd("Đỗ Mười"), "do muoi"),
        ("QĐ 09/2015", "qd 09/2015"),
        ("", ""),
    ],
)
def test_without_marks_is_how_people_search(text: str, plain: str) -> None:
    assert without_marks(text) == plain


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("", ""),
        ("   ", ""),
        (" Nguyễn  Văn\tAn \n", "Nguyễn Văn An"),
        ("Nguyễn\u00a0An", "Nguyễn An"),
        (nfd("Hải Phòng"), "Hải Phòng"),
    ],
)
def test_clean_text_is_nfc_with_single_spaces(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1_000, "1.000"),
        (1_234_567, "1.234.567"),
        (-1_500, "-1.500"),
    ],
)
def test_numbers_have_dots_between_thousands(value: int, written: str) -> None:
    assert number(value) == written


@pytest.mark.parametrize(
    ("rate", "digits", "written"),
    [
        (Fraction(0), 2, "0,00%"),
        (Fraction(1), 2, "100,00%"),
        (Fraction(7, 10), 2, "70,00%"),
        (Fraction(69_996, 100_000), 2, "69,99%"),
        (Fraction(69_999_999, 100_000_000), 2, "69,99%"),
        (Fraction(2, 3), 2, "66,66%"),
        (Fraction(2, 3), 1, "66,6%"),
        (Fraction(2, 3), 0, "66%"),
        (Fraction(1, 100), 2, "1,00%"),
        (Fraction(1, 10_000), 2, "0,01%"),
        (Fraction(105, 1_000), 2, "10,50%"),
        (Fraction(1005, 10_000), 2, "10,05%"),
        (Fraction(12), 2, "1.200,00%"),
        (Fraction(7, 10), 0, "70%"),
    ],
)
def test_rates_are_cut_never_rounded_up(rate: Fraction, digits: int, written: str) -> None:
    assert percent(rate, digits) == written


def test_rates_have_two_decimals_unless_told() -> None:
    assert percent(Fraction(1, 3)) == "33,33%"


@given(rate=st.fractions(0, 1), digits=st.integers(1, 4))
def test_a_rate_shown_is_never_above_the_rate_nor_a_digit_below(rate: Fraction, digits: int) -> None:
    shown = Fraction(percent(rate, digits).removesuffix("%").replace(",", ".")) / 100
    assert shown <= rate < shown + Fraction(1, 100 * 10**digits)


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (Fraction(0), "0%"),
        (Fraction(70, 100), "70%"),
        (Fraction(1), "100%"),
        (Fraction(665, 1000), "66,5%"),
        (Fraction(6605, 10_000), "66,05%"),
        (Fraction(66_000_001, 100_000_000), "66,000001%"),
        (Fraction(2, 3), "66,666666%"),
    ],
)
def test_a_written_share_keeps_the_decimals_it_needs(share: Fraction, written: str) -> None:
    assert exact_percent(share) == written


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(0), "0 giây"),
        (timedelta(milliseconds=999), "0 giây"),
        (timedelta(seconds=1), "1 giây"),
        (timedelta(seconds=59, milliseconds=999), "59 giây"),
        (timedelta(seconds=60), "1 phút 00 giây"),
        (timedelta(minutes=5, seconds=3), "5 phút 03 giây"),
        (timedelta(minutes=59, seconds=59), "59 phút 59 giây"),
        (timedelta(hours=1), "1 giờ 00 phút 00 giây"),
        (timedelta(hours=2, minutes=3, seconds=4), "2 giờ 03 phút 04 giây"),
        (timedelta(days=1, hours=1), "25 giờ 00 phút 00 giây"),
    ],
)
def test_durations_in_words(length: timedelta, written: str) -> None:
    assert duration(length) == written


@pytest.mark.parametrize(
    ("at", "opening", "end"),
    [
        (
            datetime(2024, 10, 7, 1, 5, 59, tzinfo=UTC),
            "8 giờ 05 phút, thứ Hai ngày 07/10/2024",
            "8 giờ 05 phút, thứ Hai ngày 07/10/2024",
        ),
        (
            datetime(2024, 10, 11, 16, 59, tzinfo=UTC),
            "23 giờ 59 phút, thứ Sáu ngày 11/10/2024",
            "23 giờ 59 phút, thứ Sáu ngày 11/10/2024",
        ),
        (
            datetime(2024, 10, 11, 17, 0, tzinfo=UTC),
            "0 giờ 00 phút, thứ Bảy ngày 12/10/2024",
            "24 giờ 00 phút, thứ Sáu ngày 11/10/2024",
        ),
        (
            datetime(2024, 10, 11, 17, 0, 1, tzinfo=UTC),
            "0 giờ 00 phút, thứ Bảy ngày 12/10/2024",
            "0 giờ 00 phút, thứ Bảy ngày 12/10/2024",
        ),
        (
            datetime(2024, 12, 31, 17, 0, tzinfo=UTC),
            "0 giờ 00 phút, thứ Tư ngày 01/01/2025",
            "24 giờ 00 phút, thứ Ba ngày 31/12/2024",
        ),
    ],
)
def test_moments_as_officials_write_them(at: datetime, opening: str, end: str) -> None:
    assert moment(at) == moment(at.astimezone(HANOI)) == opening
    assert closing(at) == end


def test_moments_in_another_zone() -> None:
    tokyo, at = ZoneInfo("Asia/Tokyo"), datetime(2024, 10, 11, 15, 0, tzinfo=UTC)
    assert moment(at, tokyo) == "0 giờ 00 phút, thứ Bảy ngày 12/10/2024"
    assert closing(at, tokyo) == "24 giờ 00 phút, thứ Sáu ngày 11/10/2024"
    assert closing(at) == "22 giờ 00 phút, thứ Sáu ngày 11/10/2024"


def test_days_of_the_week() -> None:
    monday = datetime(2024, 10, 7, tzinfo=HANOI)
    assert [weekday(monday + timedelta(days=n)) for n in range(7)] == [
        "thứ Hai",
        "thứ Ba",
        "thứ Tư",
        "thứ Năm",
        "thứ Sáu",
        "thứ Bảy",
        "Chủ nhật",
    ]
