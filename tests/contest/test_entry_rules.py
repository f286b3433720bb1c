"""What a registration form may hold, how it is cleaned, and until when somebody may register."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.contest import entry_rules
from quiz.contest.schedule import Contest, Registration
from quiz.contest.schedule_files import parse_contest
from quiz.errors import Refused
from tests import makers

CLOSES = makers.WEEK_2_ENDS
MS = timedelta(milliseconds=1)


def refused(act: Callable[[], object]) -> str:
    """The code of a refusal."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def contest(registration: Registration = Registration.OPEN) -> Contest:
    """The makers' contest with this way of coming in."""
    return replace(parse_contest(makers.CONTEST.encode()), registration=registration)


# When


def test_one_may_register_long_before_the_first_week_and_until_just_before_the_last_closes() -> None:
    for now in (makers.BEFORE, makers.WEEK_1, makers.WEEK_1_ENDS, CLOSES - MS):
        entry_rules.check_open(contest(), True, CLOSES, now)
    for now in (CLOSES, CLOSES + MS, CLOSES + timedelta(days=30)):
        with pytest.raises(Refused) as caught:
            entry_rules.check_open(contest(), True, CLOSES, now)
        assert str(caught.value) == "Đã hết hạn đăng ký dự thi lúc 17 giờ 00 phút, thứ Sáu ngày 18/10/2024."


def test_nobody_registers_where_people_come_by_roster_or_before_there_is_a_passphrase() -> None:
    by_roster = contest(Registration.ROSTER)
    assert refused(lambda: entry_rules.check_open(by_roster, True, CLOSES, makers.BEFORE)) == "registration_missing"
    assert refused(lambda: entry_rules.check_open(contest(), False, CLOSES, makers.BEFORE)) == "registration_not_ready"


# Names


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Nguyễn Thị Hương", "Nguyễn Thị Hương"),
        ("  NGUYỄN   THỊ\tHƯƠNG ", "NGUYỄN THỊ HƯƠNG"),
        ("Nguye\u0302\u0303n Thi\u0323 Hu\u031bo\u031bng", "Nguyễn Thị Hương"),
        ("H'Hen Niê", "H'Hen Niê"),
        ("K’Brêu", "K’Brêu"),
        ("Y-Moan Êñuôl", "Y-Moan Êñuôl"),
        ("\u202aLý A Lềnh\u202c", "Lý A Lềnh"),
        ("Ky", "Ky"),
        ("A" * 120, "A" * 120),
    ],
)
def test_names_of_every_people_are_kept_as_written_and_cleaned(typed: str, kept: str) -> None:
    assert entry_rules.name(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", " ", "A", "Hương 2", "0912345678", "<b>Hương</b>", "Hương; Nam", "x" * 121, "''"]
)
def test_what_is_no_name_is_refused(typed: str) -> None:
    assert refused(lambda: entry_rules.name(typed)) == "name_wrong"


# Phones


@pytest.mark.parametrize(
    "typed",
    [
        *("0912345678", "0912 345 678", "0912.345.678", "0912-345-678", "(0912) 345 678", " 0912345678 "),
        *("+84912345678", "+84 912 345 678", "84912345678", "0084912345678", "\u202a0912\u00a0345\u00a0678\u202c"),
    ],
)
def test_a_phone_number_is_the_same_however_it_was_written(typed: str) -> None:
    assert entry_rules.phone(typed) == entry_rules.find_phone(typed) == "0912345678"


@pytest.mark.parametrize(
    "typed",
    [
        *("", "0912", "09123456789", "091234567", "0112345678", "0225 3821 234", "0612345678", "+1 912 345 678"),
        *("0912345678x", "０９１２３４５６７８", "0912345678\n0912345678", "CB01", "a@b.vn"),
    ],
)
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    assert refused(lambda: entry_rules.phone(typed)) == "phone_wrong"
    assert entry_rules.find_phone(typed) == ""


@given(st.from_regex(r"[35789][0-9]{8}", fullmatch=True), st.lists(st.sampled_from(" .-"), min_size=9, max_size=9))
def test_every_mobile_number_survives_any_spacing(rest: str, gaps: list[str]) -> None:
    spaced = "".join(map("".join, zip(rest, gaps, strict=True)))
    assert {entry_rules.phone(prefix + spaced) for prefix in ("0", "+84", "84 ", "0084")} == {f"0{rest}"}


# Addresses


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  ", ""),
        (" Huong.NT@HaiPhong.gov.vn ", "huong.nt@haiphong.gov.vn"),
        ("a+b_c@x-y.vn", "a+b_c@x-y.vn"),
        ("a@" + "b" * 249 + ".vn", "a@" + "b" * 249 + ".vn"),
    ],
)
def test_an_address_is_kept_in_small_letters_or_not_at_all(typed: str, kept: str) -> None:
    assert entry_rules.email(typed) == kept


@pytest.mark.parametrize(
    "typed", ["a", "a@", "@b.vn", "a@b", "a b@c.vn", "a@b..vn", "a..b@c.vn", "a@-b.vn", "a@b.vn,c@d.vn", "ạ@b.vn"]
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert refused(lambda: entry_rules.email(typed)) == "email_wrong"
    assert refused(lambda: entry_rules.email("a@" + "b" * 250 + ".vn")) == "email_wrong"


# ID numbers


@pytest.mark.parametrize(
    "typed", ["031085001234", "031 085 001 234", "031085.001234", "001085001234", "096085001234", "001010010011"]
)
def test_an_id_number_of_twelve_digits(typed: str) -> None:
    assert entry_rules.id_number(typed) == "".join(digit for digit in typed if digit.isdecimal())


def test_an_older_number_of_nine_digits_begins_with_any() -> None:
    assert entry_rules.id_number("031 234 567") == "031234567"
    assert entry_rules.id_number("201 234 567") == "201234567"


@pytest.mark.parametrize(
    "typed",
    [
        *("", "03108500123", "0310850012345", "03108500123a", "123456789012", "097085001234", "000085001234"),
        *("000000000", "111111111", "12345678", "1234567890", "０３１０８５００１２３４", "031085001234 031085001234"),
    ],
)
def test_what_is_no_id_number_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(Refused) as caught:
        entry_rules.id_number(typed)
    assert (caught.value.code, caught.value.facts) == ("id_number_wrong", {})


def test_an_id_number_is_kept_as_a_keyed_hash_and_its_last_digits() -> None:
    number, key = "031085001234", b"a key of this installation"
    hashed = entry_rules.keyed_hash(number, key)
    assert hashed == hmac.digest(key, number.encode(), "sha256").hex()
    assert hashed != entry_rules.keyed_hash(number, key + b"!")
    assert hashed != entry_rules.keyed_hash("031085001235", key)
    assert entry_rules.last_four(number) == "1234"


# The passphrase


def test_a_passphrase_read_off_paper_may_differ_in_case_spaces_and_encoding() -> None:
    printed = "Cải cách Hải Phòng 2025"
    typed = ("cải cách hải phòng 2025", " CẢI  CÁCH HẢI PHÒNG 2025 ", "Ca\u0309i ca\u0301ch Ha\u0309i Pho\u0300ng 2025")
    assert {entry_rules.passphrase(text) for text in typed} == {entry_rules.passphrase(printed)}
    assert entry_rules.passphrase("cai cach hai phong 2025") != entry_rules.passphrase(printed)


def test_a_passphrase_of_two_hundred_letters_counts_to_its_last_and_what_follows_does_not() -> None:
    longest = "x" * 199 + "y"
    assert entry_rules.passphrase(longest) != entry_rules.passphrase("x" * 200)
    assert entry_rules.passphrase(longest + "z") == entry_rules.passphrase(longest)
