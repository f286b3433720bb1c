"""The two doors to the world outside: the time, to the millisecond in UTC; and chance, enough of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from quiz import chance, clock


def test_now_is_the_present_in_utc_cut_to_the_millisecond() -> None:
    before = datetime.now(UTC)
    now = clock.now()
    after = datetime.now(UTC)
    assert before - timedelta(milliseconds=1) < now <= after
    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0


def test_a_seed_is_32_bytes_and_never_the_same() -> None:
    seeds = {chance.seed() for _ in range(1000)}
    assert len(seeds) == 1000
    assert {len(seed) for seed in seeds} == {32}


def test_a_code_is_16_letters_and_digits_and_never_the_same() -> None:
    codes = {chance.code() for _ in range(1000)}
    assert len(codes) == 1000
    assert [code for code in codes if not re.fullmatch(r"[A-Z2-7]{16}", code)] == []


def test_an_activation_code_is_14_letters_and_digits_and_never_the_same() -> None:
    codes = {chance.activation_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert [code for code in codes if not re.fullmatch(r"[A-Z2-7]{14}", code)] == []


def test_a_registration_code_is_easily_told_from_staff_codes_and_never_the_same() -> None:
    codes = {chance.registration_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert [code for code in codes if not re.fullmatch(r"DK[A-Z2-7]{8}", code)] == []


def test_every_letter_of_a_code_turns_on_chance() -> None:
    codes = [chance.code() for _ in range(1000)]
    assert [len(set(letters)) for letters in zip(*codes, strict=True)] == [32] * 16
