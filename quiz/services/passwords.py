"""Passwords: argon2id at the OWASP minimum, a bounded number at once, and what is too easy to guess."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from quiz.errors import Refused
from quiz.vietnamese import without_marks

LONGEST = 128
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$Z/DueDDMVdoljmVDfwCwPg$HTfuuf/RYorgJ+trfUpEaeijw+hF7kBw0fKqP+w1O8I"
"""What the password of nobody is compared with: as dear as any other hash, of a password that is not known."""
MOST_WAITING = 3
"""A process hashes one password at a time and lets this many wait: whoever waits holds a thread that saves need."""
_turns = threading.BoundedSemaphore(1)
_places = threading.BoundedSemaphore(1 + MOST_WAITING)
_told: list[Callable[[float], None]] = []


def tell_waits(hear: Callable[[float], None]) -> None:
    """Let somebody hear how many seconds each password waits for its turn, instead of whoever heard so far."""
    _told[:] = [hear]


@contextmanager
def _turn() -> Iterator[None]:
    began = time.perf_counter()
    if not _places.acquire(blocking=False):
        raise Refused("busy")
    try:
        with _turns:
            for hear in _told:
                hear(time.perf_counter() - began)
            yield
    finally:
        _places.release()


def hashed(password: str) -> str:
    """The argon2id hash to store; raises Refused(busy) where too many wait for theirs."""
    with _turn():
        return _HASHER.hash(password)


def is_right(password: str, stored: str | None) -> bool:
    """Whether the password matches; takes as long for somebody unknown or not activated (`stored` None).

    Raises Refused(busy) where too many wait for an answer.
    """
    with _turn():
        try:
            _HASHER.verify(stored or _NOBODY, password[: 4 * LONGEST])
        except VerificationError:
            return False
    return stored is not None


def check_strength(password: str, minimum: int, *about: str) -> None:
    """A password must be long enough and not made of the person's own name, code or one repeated pattern.

    Source: OWASP ASVS 5.0 §6.2 (length, no composition rules), TCVN 14423:2026 level 2 (14 characters).
    Raises Refused: password_short, password_long, password_guessable.
    """
    if len(password) < minimum:
        raise Refused("password_short", minimum=minimum)
    if len(password) > LONGEST:
        raise Refused("password_long", maximum=LONGEST)
    plain = without_marks(password).replace(" ", "")
    for known in (without_marks(text).replace(" ", "") for text in about):
        plain = plain.replace(known, "") if len(known) > 2 else plain
    if len(set(plain)) < 5:
        raise Refused("password_guessable")
