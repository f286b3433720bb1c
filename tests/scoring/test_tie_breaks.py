"""The steps of the ranking: what each compares, the sentence of its rule, and the reason it gives."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from quiz.scoring.tie_breaks import (
    DEFAULT_CHAIN,
    HAND_IN_MOMENT,
    LOT,
    SCORE,
    TIE_BREAKS,
    TIME_TAKEN,
    Result,
    TieBreak,
    Zone,
    lot_ticket,
)
from quiz.vietnamese import HANOI

LOT_SEED = bytes(32)
GOLDEN_LOT = "f7690532dc53d17806c37c7bf223d01ac5cad0a9008fd36f310381adb20d5b02"
MORNING = int(datetime(2024, 10, 8, 2, 5, 9, 412_000, tzinfo=UTC).timestamp() * 1000)  # 9:05:09,412 in Hà Nội


def result(score: int = 18, time_ms: int = 185_000, handed_in_ms: int = MORNING, code: str = "AAAA") -> Result:
    return Result(code=code, person=1, score=score, questions=20, time_ms=time_ms, handed_in_ms=handed_in_ms)


def test_chain_when_the_contest_file_is_silent() -> None:
    assert [step.name for step in DEFAULT_CHAIN] == ["score", "time_taken", "hand_in_moment", "lot"]


def test_every_step_is_known_by_its_name_and_only_the_lot_is_chance() -> None:
    steps = {"score": SCORE, "time_taken": TIME_TAKEN, "hand_in_moment": HAND_IN_MOMENT, "lot": LOT}
    assert steps == TIE_BREAKS
    assert {name: step.is_lot for name, step in TIE_BREAKS.items()} == {
        "score": False,
        "time_taken": False,
        "hand_in_moment": False,
        "lot": True,
    }


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (SCORE, "Người trả lời đúng nhiều câu hơn xếp trên."),
        (
            TIME_TAKEN,
            "Nếu bằng nhau, người có thời gian làm bài ngắn hơn (tính bằng giây, bỏ phần lẻ) xếp trên.",
        ),
        (HAND_IN_MOMENT, "Nếu vẫn bằng nhau, người nộp bài sớm hơn xếp trên."),
        (
            LOT,
            "Nếu vẫn bằng nhau, thứ tự theo bốc thăm từ số ngẫu nhiên đã cam kết trước khi mở tuần thi và công khai "
            "sau khi đóng; ai cũng tính lại được.",
        ),
    ],
)
def test_the_rule_prints_itself(step: TieBreak, sentence: str) -> None:
    assert step.sentence == sentence


@pytest.mark.parametrize(
    ("step", "higher", "lower"),
    [
        (SCORE, result(score=19), result(score=18)),
        (SCORE, result(score=1), result(score=0)),
        (TIME_TAKEN, result(time_ms=58_999), result(time_ms=59_000)),
        (TIME_TAKEN, result(time_ms=0), result(time_ms=1_000)),
        (HAND_IN_MOMENT, result(handed_in_ms=MORNING), result(handed_in_ms=MORNING + 1)),
    ],
)
def test_the_smaller_key_stands_higher(step: TieBreak, higher: Result, lower: Result) -> None:
    assert step.key(higher, LOT_SEED) < step.key(lower, LOT_SEED)


@pytest.mark.parametrize(
    ("time_ms", "seconds"),
    [(0, 0), (999, 0), (1_000, 1), (58_999, 58), (59_000, 59), (59_001, 59), (59_999, 59), (60_000, 60)],
)
def test_time_counts_in_whole_seconds(time_ms: int, seconds: int) -> None:
    assert result(time_ms=time_ms).seconds == seconds
    assert TIME_TAKEN.key(result(time_ms=time_ms), LOT_SEED) == seconds


def test_time_taken_is_kept_to_the_millisecond() -> None:
    assert result(time_ms=59_999).time_taken == timedelta(seconds=59, milliseconds=999)


def test_time_taken_says_nothing_of_score_or_moment() -> None:
    one, other = result(), result(score=3, handed_in_ms=MORNING + 9, code="BBBB")
    assert TIME_TAKEN.key(one, LOT_SEED) == TIME_TAKEN.key(other, LOT_SEED)


# The lot


def test_lot_is_an_hmac_that_anyone_can_repeat() -> None:
    expected = hmac.new(LOT_SEED, b"lot|AAAA", hashlib.sha256).digest()
    assert lot_ticket(LOT_SEED, "AAAA") == LOT.key(result(), LOT_SEED) == expected


def test_golden_lot() -> None:
    """Frozen: were this to change, published results could not be checked any more."""
    assert lot_ticket(LOT_SEED, "AAAA").hex() == GOLDEN_LOT


def test_lot_turns_on_code_and_seed_alone() -> None:
    assert LOT.key(result(code="AAAA"), LOT_SEED) != LOT.key(result(code="AAAB"), LOT_SEED)
    assert LOT.key(result(code="AAAA"), LOT_SEED) != LOT.key(result(code="AAAA"), b"\1" * 32)
    assert LOT.key(result(score=1, time_ms=1, handed_in_ms=1), LOT_SEED) == LOT.key(result(), LOT_SEED)


# Reasons


@pytest.mark.parametrize(
    ("step", "one", "other", "zone", "why"),
    [
        (
            SCORE,
            result(score=20),
            result(score=18),
            HANOI,
            "đúng 20/20 câu, nhiều hơn hạng 4 (18/20 câu)",
        ),
        (
            TIME_TAKEN,
            result(time_ms=182_999),
            result(time_ms=185_001),
            HANOI,
            "cùng 18/20 câu đúng, làm bài nhanh hơn hạng 4 là 3 giây (3 phút 02 giây so với 3 phút 05 giây)",
        ),
        (
            TIME_TAKEN,
            result(time_ms=59_999),
            result(time_ms=60_000),
            None,
            "cùng 18/20 câu đúng, làm bài nhanh hơn hạng 4 là 1 giây (59 giây so với 1 phút 00 giây)",
        ),
        (
            HAND_IN_MOMENT,
            result(),
            result(handed_in_ms=MORNING + 600),
            HANOI,
            "cùng 18/20 câu đúng và cùng 3 phút 05 giây, nộp bài sớm hơn hạng 4 "
            "(09:05:09,412 ngày 08/10 so với 09:05:10,012 ngày 08/10)",
        ),
        (
            HAND_IN_MOMENT,
            result(time_ms=185_000),
            result(time_ms=185_999, handed_in_ms=MORNING + 1),
            UTC,
            "cùng 18/20 câu đúng và cùng 3 phút 05 giây, nộp bài sớm hơn hạng 4 "
            "(02:05:09,412 ngày 08/10 so với 02:05:09,413 ngày 08/10)",
        ),
        (
            HAND_IN_MOMENT,
            result(),
            result(handed_in_ms=MORNING + 600),
            None,
            "cùng 18/20 câu đúng và cùng 3 phút 05 giây, nộp bài sớm hơn hạng 4",
        ),
        (
            LOT,
            result(),
            result(code="BBBB"),
            HANOI,
            "bằng hạng 4 mọi tiêu chí, kể cả thời điểm nộp bài (09:05:09,412 ngày 08/10); "
            "thứ tự theo bốc thăm công khai",
        ),
        (
            LOT,
            result(),
            result(code="BBBB"),
            None,
            "bằng hạng 4 mọi tiêu chí, kể cả thời điểm nộp bài; thứ tự theo bốc thăm công khai",
        ),
    ],
)
def test_reason_gives_the_figures(step: TieBreak, one: Result, other: Result, zone: Zone, why: str) -> None:
    assert step.why(one, other, "hạng 4", zone) == why


@pytest.mark.parametrize(
    ("zone", "why"),
    [
        (None, "cùng 18/20 câu đúng, nộp bài sớm hơn hạng 4"),
        (
            HANOI,
            "cùng 18/20 câu đúng, nộp bài sớm hơn hạng 4 (09:05:09,412 ngày 08/10 so với 09:05:09,413 ngày 08/10)",
        ),
    ],
)
def test_moment_claims_no_equal_time_where_the_chain_does_not_compare_it(zone: Zone, why: str) -> None:
    slower = result(time_ms=200_000)
    assert HAND_IN_MOMENT.why(slower, result(handed_in_ms=MORNING + 1), "hạng 4", zone) == why


def test_lot_claims_no_equal_moment_where_the_chain_does_not_compare_it() -> None:
    why = LOT.why(result(), result(handed_in_ms=MORNING + 1, code="BBBB"), "hạng 4", HANOI)
    assert why == "bằng hạng 4 mọi tiêu chí; thứ tự theo bốc thăm công khai"


@pytest.mark.parametrize("step", DEFAULT_CHAIN, ids=lambda step: step.name)
def test_no_reason_tells_when_people_sat_without_a_zone(step: TieBreak) -> None:
    why = step.why(result(), result(handed_in_ms=MORNING + 1, code="BBBB"), "hạng 4", None)
    assert "09:" not in why
    assert "02:" not in why
    assert "08/10" not in why


@pytest.mark.parametrize("ms", [0, 1, 412, 500, 998, 999])
def test_a_moment_is_told_to_the_exact_millisecond(ms: int) -> None:
    second = MORNING // 1000 * 1000
    why = LOT.why(result(handed_in_ms=second + ms), result(handed_in_ms=second + ms, code="BBBB"), "hạng 4", HANOI)
    assert f"(09:05:09,{ms:03d} ngày 08/10)" in why
