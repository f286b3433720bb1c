"""Passwords: long enough, hard to guess, and as slow for nobody as for somebody."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import pytest

from quiz.errors import Refused
from quiz.services import passwords

ABOUT = ("Nguyễn Thị Hương", "HP00001")


def said(password: str, minimum: int = 14) -> str:
    """'good', or the code of the refusal."""
    try:
        passwords.check_strength(password, minimum, *ABOUT)
    except Refused as refusal:
        return refusal.code
    return "good"


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("", "password_short"),
        ("x" * 13, "password_short"),
        ("mua thu Ha Noi", "good"),
        ("mùa thu Hà Nội", "good"),
        ("a1" * 7, "password_guessable"),
        ("aaaaaaaaaaaaaa", "password_guessable"),
        ("nguyen thi huong", "password_guessable"),
        ("Nguyễn Thị Hương!", "password_guessable"),
        ("NguyenThiHuong00", "password_guessable"),
        ("HP00001HP00001HP", "password_guessable"),
        ("hp00001 nguyễn thị hương", "password_guessable"),
        ("mot cau dai " * 10 + "12345678", "good"),
        ("mot cau dai " * 10 + "123456789", "password_long"),
    ],
)
def test_strength_of_a_password(password: str, expected: str) -> None:
    assert said(password) == expected


def test_a_refusal_tells_the_limits() -> None:
    with pytest.raises(Refused) as short:
        passwords.check_strength("ngắn", 14)
    with pytest.raises(Refused) as long:
        passwords.check_strength("dài" * 100, 14)
    assert (short.value.facts, long.value.facts) == ({"minimum": 14}, {"maximum": 128})


def test_a_hash_verifies_its_own_password_only() -> None:
    stored = passwords.hashed("mùa thu Hà Nội")
    tries = ("mùa thu Hà Nội", "mùa thu Hà Nộ", "mua thu Ha Noi", "")
    assert [passwords.is_right(text, stored) for text in tries] == [True, False, False, False]
    assert stored != passwords.hashed("mùa thu Hà Nội")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_few_wait_for_a_password_and_whoever_is_one_too_many_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    stored, hold = passwords.hashed("mùa thu Hà Nội"), threading.Event()
    monkeypatch.setattr(passwords, "_told", [lambda _seconds: hold.wait(5)])
    with ThreadPoolExecutor(10) as people:
        tries = [people.submit(passwords.is_right, "mùa thu Hà Nội", stored) for _ in range(10)]
        sent_away = list(islice(as_completed(tries, 5), 9 - passwords.MOST_WAITING))
        hold.set()
    assert {getattr(each.exception(), "code", None) for each in sent_away} == {"busy"}
    assert [each.result() for each in tries if each not in sent_away] == [True] * (1 + passwords.MOST_WAITING)


def test_nobody_is_never_right_even_with_the_password_of_the_dummy() -> None:
    assert [passwords.is_right(text, None) for text in ("", "nobody has this password")] == [False, False]


def test_nobody_costs_a_whole_verification_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting(passwords.PasswordHasher):
        verified = 0

        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - the library's name
            Counting.verified += 1
            return bool(super().verify(hash, password))

    stored = passwords.hashed("mùa thu Hà Nội")
    monkeypatch.setattr(passwords, "_HASHER", Counting(time_cost=2, memory_cost=19 * 1024, parallelism=1))
    passwords.is_right("sai", stored)
    passwords.is_right("sai", None)
    assert Counting.verified == 2


def test_the_hash_of_nobody_is_as_dear_as_all_others() -> None:
    assert not passwords._HASHER.check_needs_rehash(passwords._NOBODY)
