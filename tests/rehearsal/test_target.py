"""Against which servers a rehearsal may play."""

from __future__ import annotations

import pytest

from quiz.errors import Refused
from quiz.rehearsal.target import Target, checked

OWN = "https://hoithi.example.gov.vn"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("127.0.0.2:8000/", "http://127.0.0.2:8000"),
        ("http://localhost", "http://localhost:80"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://hoithi.example.gov.vn/", "https://hoithi.example.gov.vn:443"),
        ("http://HOITHI.example.gov.vn:8080", "http://hoithi.example.gov.vn:8080"),
    ],
)
def test_loopback_and_the_own_address_are_allowed(url: str, origin: str) -> None:
    assert checked(url, OWN).origin == origin


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "http://128.0.0.1:8000",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1@example.com",
        "http://hoithi.example.gov.vn.example.com",
        "ftp://127.0.0.1",
        "http://0.0.0.0:8000",
        "http://[::1",
        "http://127.0.0.1:port",
        "",
    ],
)
def test_every_other_address_is_refused(url: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(url, OWN)
    assert refused.value.code == "rehearsal_foreign"


def test_without_an_own_address_only_loopback_is_left() -> None:
    assert checked("http://127.0.0.1:1") == Target("http", "127.0.0.1", 1)
    with pytest.raises(Refused):
        checked(OWN)
