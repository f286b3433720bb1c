"""Two readers of the protocol hash the same bytes."""

from __future__ import annotations

import hashlib

import pytest

from quiz.verification.canonical import canonical, fingerprint, read, salt, tagged


def test_canonical_bytes_are_those_of_rfc_8785() -> None:
    value = {"b": [1, True, None, 'Hải\u0001\n"\\/\u007f€😀'], "a": {"z": -3, "A": ""}}
    assert canonical(value) == '{"a":{"A":"","z":-3},"b":[1,true,null,"Hải\\u0001\\n\\"\\\\/\u007f€😀"]}'.encode()


@pytest.mark.parametrize("value", [1.0, 2**53, -(2**53), {"tên": 1}, {1: 1}, b"", {"a": [{"b": 0.5}]}, "\ud800"])
def test_what_two_readers_might_write_differently_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"canonical JSON|single form|surrogates"):
        canonical(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1.0}',
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b"[NaN]",
        b"[9007199254740992]",
        b'["\\u00e9"]',
        b"[1",
        b'{"a":1,"a":1}',
    ],
)
def test_only_canonical_bytes_are_read(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(data)


def test_what_is_written_is_read() -> None:
    value = {"b": [1, True, None, "Hải\u0001\n"], "a": {"z": -3}}
    assert read(canonical(value)) == value


def test_a_hash_says_what_it_is_of() -> None:
    assert tagged("record", b"x") == hashlib.sha256(b"hoi-thi/1/record\0x").digest()
    assert fingerprint("record", "x") != fingerprint("seed", "x")


def test_salts_are_known_answers() -> None:
    assert salt(bytes(32), "question", "C001") == ("f8f2d50cc8681f84dcae17d4b5a1d3472f6964579a9978336638d25424d5115c")
