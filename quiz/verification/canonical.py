"""The exact bytes of what is hashed: canonical JSON (RFC 8785 without fractions) under a tag that says what it is."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, NoReturn

VERSION = "hoi-thi/1/"
GREATEST = 2**53 - 1
"""The greatest whole number that every reader of JSON keeps exactly (RFC 8785, 3.2.2.3)."""
_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)


def canonical(value: object) -> bytes:
    """The value as JSON in UTF-8: names in order, no spaces, no escapes but those that JSON demands.

    Raises ValueError for what two readers might write differently: fractions, numbers beyond 2^53 − 1, names that are
    not ASCII, text that is not Unicode.
    """
    _check(value)
    return rewritten(value)


def rewritten(value: object) -> bytes:
    """The canonical bytes of what `read` has returned, or of a part of it."""
    return _WRITER.encode(value).encode()


def read(data: bytes) -> Any:
    """The value of canonical bytes; raises ValueError for bytes that are no JSON or not its canonical form."""
    value = loaded(data)
    if rewritten(value) != data:
        raise ValueError("not in canonical form")
    return value


def read_each(data: bytes) -> tuple[list[Any], list[bytes]]:
    """The values of a list in canonical bytes and the bytes of each; raises ValueError as `read` does."""
    values = loaded(data)
    parts = [rewritten(value) for value in values] if isinstance(values, list) else []
    if b"[%b]" % b",".join(parts) != data:
        raise ValueError("not in canonical form")
    return values, parts


def tagged(tag: str, payload: bytes) -> bytes:
    """SHA-256 of the tag, a zero byte and the payload, so that no hash can pass for one of another kind."""
    return hashlib.sha256(f"{VERSION}{tag}\0".encode() + payload).digest()


def fingerprint(tag: str, value: object) -> str:
    """The tagged hash of a value's canonical bytes, in hexadecimal."""
    return tagged(tag, canonical(value)).hex()


def salt(key: bytes, tag: str, name: str) -> str:
    """The secret part of one commitment, from a secret of the week: HMAC-SHA256(key, tag | name), in hexadecimal."""
    return hmac.digest(key, f"{VERSION}{tag}|{name}".encode(), "sha256").hex()


def loaded(data: bytes) -> Any:
    """The value of bytes that may not be canonical; raises ValueError for what is no JSON or has no single form."""
    return json.loads(data.decode(), parse_float=_refuse, parse_constant=_refuse, parse_int=_whole)


def _refuse(written: str) -> NoReturn:
    raise ValueError(f"{written} has no single form in JSON")


def _whole(written: str) -> int:
    number = int(written)
    if abs(number) > GREATEST:
        _refuse(written)
    return number


def _check(value: object) -> None:
    match value:
        case dict():
            for name, held in value.items():
                if not (isinstance(name, str) and name.isascii()):
                    raise ValueError(f"{name!r} is no name for canonical JSON")
                _check(held)
        case list() | tuple():
            for held in value:
                _check(held)
        case None | bool() | str():
            pass
        case int() if abs(value) <= GREATEST:
            pass
        case _:
            raise ValueError(f"{value!r} has no single form in JSON")
