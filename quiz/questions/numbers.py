"""The numbers that decide a draw, from HMAC-SHA256 over a stored seed (`docs/verification.md` §2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, count, islice
from struct import Struct
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from hashlib import _Hash

Chosen = TypeVar("Chosen")
BLOCK_BYTES = 64
_EIGHT = Struct(">8I")


def ticket(seed: bytes, *parts: str) -> bytes:
    """32 bytes of chance that anyone can repeat: HMAC-SHA256(seed, parts joined by '|')."""
    return _hmac(*_pads(seed), "|".join(parts))


def _hmac(inner: _Hash, outer: _Hash, message: str) -> bytes:
    begun, drawn = inner.copy(), outer.copy()
    begun.update(message.encode())
    drawn.update(begun.digest())
    return drawn.digest()


@lru_cache(maxsize=64)
def _pads(seed: bytes) -> tuple[_Hash, _Hash]:
    """SHA-256 after the inner and after the outer pad of HMAC, which all tickets of one seed have in common."""
    key = (seed if len(seed) <= BLOCK_BYTES else hashlib.sha256(seed).digest()).ljust(BLOCK_BYTES, b"\0")
    return hashlib.sha256(bytes(byte ^ 0x36 for byte in key)), hashlib.sha256(bytes(byte ^ 0x5C for byte in key))


class Chance:
    """The numbers of one draw, in order: HMAC-SHA256(seed, code|0), (seed, code|1), …, each cut into eight numbers of
    four bytes, the most significant byte first.
    """

    def __init__(self, seed: bytes, code: str) -> None:
        inner, outer = _pads(seed)
        blocks = (_EIGHT.unpack(_hmac(inner, outer, f"{code}|{block}")) for block in count())
        self._numbers = chain.from_iterable(blocks)

    def below(self, bound: int) -> int:
        """A number from 0 to bound − 1, floor(number · bound / 2^32): uneven by under bound / 2^32."""
        number: int = next(self._numbers)
        return number * bound >> 32

    def one_of_each(self, choices: Iterable[Sequence[Chosen]]) -> list[Chosen]:
        """One of each of the choices, a number below its length saying which."""
        return [choice[number * len(choice) >> 32] for choice, number in zip(choices, self._numbers, strict=False)]

    def choose(self, items: Sequence[Chosen], many: int) -> list[Chosen]:
        """So many of the items, in the order in which they are drawn (Fisher and Yates)."""
        left, size = list(items), len(items)
        for place, number in enumerate(islice(self._numbers, many)):
            other = place + (number * (size - place) >> 32)
            left[place], left[other] = left[other], left[place]
        return left[:many]
