"""When sealed keys may be opened: nobody who can still sit, or could before the answers were shown, may learn them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from quiz.contest.key_rules import OpenedBy, Use, are_done_with, key_sentences


def use(opens: int, closes: int, now: int) -> Use:
    """A round by days of October, as it is on a day."""
    moments = (datetime(2024, 10, day, tzinfo=UTC) for day in (opens, closes))
    return Use(opens_at=next(moments), closes_at=next(moments), is_over=closes <= now)


@pytest.mark.parametrize(
    ("rounds", "opened_on"),
    [
        ([(1, 5)], {5, 10, 15}),
        ([(1, 5), (8, 12)], {5, 10, 15}),  # what the first week has shown is no secret of the second
        ([(1, 5), (5, 10)], {5, 10, 15}),  # weeks without a gap
        ([(1, 5), (3, 10)], {10, 15}),  # two rounds at once
        ([(1, 5), (3, 10), (9, 12)], {15}),
        ([], set[int]()),
    ],
)
def test_the_keys_wait_for_every_round_that_was_open_with_one_that_used_them(
    rounds: list[tuple[int, int]], opened_on: set[int]
) -> None:
    days = [4, 5, 10, 15]
    assert {day for day in days if are_done_with(use(*one, day) for one in rounds)} == opened_on


@pytest.mark.parametrize(("opened_by", "words"), [(OpenedBy.CLOSING, "tự mở"), (OpenedBy.TWO_PEOPLE, "hai thành viên")])
def test_the_rules_page_says_who_opens_them(opened_by: OpenedBy, words: str) -> None:
    sentences = key_sentences(opened_by)
    assert "niêm phong" in sentences[0]
    assert words in sentences[1]
