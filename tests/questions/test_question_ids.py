"""The ids of new questions: in the style of their topic, never one that was given before."""

from __future__ import annotations

from itertools import islice

import pytest

from quiz.questions.question_ids import next_ids, prefix_of
from tests import makers

ASKED = [
    makers.question("MC-001", topic="mot-cua"),
    makers.question("MC-002", topic="mot-cua"),
    makers.question("X-009", topic="mot-cua"),
    makers.question("D06-001", topic="de-an-06"),
]


@pytest.mark.parametrize(
    ("topic", "prefix"),
    [
        ("mot-cua", "MC"),
        ("de-an-06", "D06"),
        ("cong-vu", "CV"),
        ("nghi-quyet-57", "NQ57"),
        ("Đô thị", "DT"),
        ("", "CH"),
    ],
)
def test_ids_begin_as_those_of_the_topic(topic: str, prefix: str) -> None:
    assert prefix_of(topic, ASKED) == prefix


@pytest.mark.parametrize(
    ("taken", "given"),
    [
        ((), ["MC-001", "MC-002"]),
        (("MC-001", "MC-030", "XMC-099", "MC-x", "MC"), ["MC-031", "MC-032"]),
        (("MC-0999",), ["MC-1000", "MC-1001"]),
    ],
)
def test_numbers_go_on_after_the_highest(taken: tuple[str, ...], given: list[str]) -> None:
    assert list(islice(next_ids("MC", taken), 2)) == given
