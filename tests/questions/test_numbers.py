"""The numbers of a draw are those that anyone computes with HMAC-SHA256."""

from __future__ import annotations

import hmac

import pytest

from quiz.questions.numbers import Chance, ticket


@pytest.mark.parametrize("length", [0, 1, 32, 63, 64, 65, 200])
def test_a_ticket_is_what_hmac_makes_of_the_seed(length: int) -> None:
    seed = bytes(range(200))[:length]
    for parts in (("ABCDEFGHIJKLMNOP", "0"), ("lot", "đề"), ("",)):
        assert ticket(seed, *parts) == hmac.digest(seed, "|".join(parts).encode(), "sha256")


def test_numbers_follow_each_other_from_block_to_block() -> None:
    chance, seed, whole = Chance(b"seed", "CODE"), b"seed", 2**32
    blocks = b"".join(hmac.digest(seed, f"CODE|{block}".encode(), "sha256") for block in range(2))
    expected = [int.from_bytes(blocks[at : at + 4], "big") for at in range(0, 64, 4)]
    assert [chance.below(whole) for _ in expected] == expected
