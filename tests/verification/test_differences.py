"""What was published otherwise than it is computed is told in words, without the names of the protocol's fields."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from quiz.verification.canonical import canonical
from quiz.verification.checks import verify
from tests.verification.random_tampers import contents
from tests.verification.rounds import a_round

Json = dict[str, Any]
PARTED, OPEN, ORDERED = 15, 4, 5
"""Rounds in which steps part people and prizes are won, in which a prize is undecided, in which orders are claimed."""


def put(name: str, value: object, place: int = 0) -> Callable[[Json], None]:
    """Claim something else of the standing in a place."""

    def change(division: Json) -> None:
        division["standings"][place][name] = value

    return change


def swap(division: Json) -> None:
    """Let two people change places."""
    first, second = division["standings"][:2]
    first["code"], second["code"] = second["code"], first["code"]


@pytest.mark.parametrize(
    ("seed", "change", "check", "vi", "en"),
    [
        (
            PARTED,
            put("decided_by", "score"),
            "ranking",
            "Kết quả, vị trí 1: bài {code}: tiêu chí xếp trên người kế tiếp công bố là số điểm, tính lại là thời gian "
            "làm bài.",
            "The results, place 1: record {code}: what puts it above the next: published the score, recomputed the "
            "time taken.",
        ),
        (
            PARTED,
            put("decided_by", ""),
            "ranking",
            "kế tiếp công bố là không có, tính lại là thời gian làm bài.",
            "published none, recomputed the time taken.",
        ),
        (
            ORDERED,
            put("moment_order", None),
            "ranking",
            "thứ tự nộp bài công bố là không có, tính lại là 1",
            "order of hand-in: published none, recomputed 1",
        ),
        (
            PARTED,
            lambda division: division["tally"].update(people=99, attempts=100),
            "ranking",
            "số người được xếp hạng công bố là 99, tính lại là 21; số lượt thi công bố là 100, tính lại là 24.",
            "The results, people ranked: published 99, recomputed 21; attempts: published 100, recomputed 24.",
        ),
        (
            PARTED,
            lambda division: division.update(target=None),
            "ranking",
            "con số phải dự đoán công bố là không có, tính lại là 24",
            "the figure to be predicted: published none, recomputed 24",
        ),
        (PARTED, swap, "ranking", "vị trí 1: công bố bài {second}", "place 1: published {second}"),
        (
            PARTED,
            lambda division: division["winners"].pop(),
            "prizes",
            "giải thưởng công bố là không có, tính lại là",
            "prizes: published none, recomputed",
        ),
        (
            OPEN,
            lambda division: division["undecided"].clear(),
            "prizes",
            "chưa phân định giữa các bài",
            "undecided between",
        ),
    ],
)
def test_a_difference_is_told_in_words(
    seed: int, change: Callable[[Json], object], check: str, vi: str, en: str
) -> None:
    files = a_round(seed).files
    document = json.loads(files["ket-qua.json"])
    codes = [standing["code"] for standing in document["divisions"][0]["standings"]]
    change(document["divisions"][0])
    files = files | {"ket-qua.json": canonical(document)}
    [found] = [each for each in verify(files | {"muc-luc.json": contents(files)}) if each.name == check]
    facts = {"code": codes[0], "second": codes[1]}
    assert vi.format(**facts) in found.faults[0].vi
    assert en.format(**facts) in found.faults[0].en
    told = " ".join(words for fault in found.faults for words in (fault.vi, fault.en))
    assert [name for name in ("decided_by", "_order", "None", "all_right", "≠", "{", "['") if name in told] == []
