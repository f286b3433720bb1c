"""The steps of the ranking: what each compares, the sentence of its rule, and the reason it gives."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest

from quiz.scoring.ranking import rank, why_above
from quiz.scoring.resolution import Resolution
from quiz.scoring.tie_breaks import (
    ALL_RIGHT,
    DEFAULT_CHAIN,
    EARLIER_REGISTRATION,
    FEWER_ATTEMPTS,
    FULL_MARKS,
    HAND_IN_MOMENT,
    LOT,
    SCORE,
    TIE_BREAKS,
    TIME_TAKEN,
    Result,
    RoundFacts,
    TieBreak,
    Zone,
    hand_in_moment,
    lot_by,
    lot_key,
    lot_ticket,
    time_taken,
)
from quiz.vietnamese import HANOI

LOT_SEED = bytes(32)
FACTS = RoundFacts(lot_seed=LOT_SEED)
GOLDEN_LOT = "f7690532dc53d17806c37c7bf223d01ac5cad0a9008fd36f310381adb20d5b02"
MORNING = int(datetime(2024, 10, 8, 2, 5, 9, 412_000, tzinfo=UTC).timestamp() * 1000)  # 9:05:09,412 in Hà Nội
MINUTE, SECOND, TENTH, MILLISECOND = Resolution
ONE = Result(
    code="AAAA",
    person=1,
    score=18,
    full=20,
    questions=20,
    time_ms=185_000,
    handed_in_ms=MORNING,
    registered_ms=MORNING,
    attempts=2,
    full_marks=1,
)
POINTS = ONE._replace(score=36, full=40)
PERFECT = ONE._replace(score=20)


def test_chain_when_the_contest_file_is_silent() -> None:
    assert [step.name for step in DEFAULT_CHAIN] == ["score", "time_taken", "hand_in_moment", "lot"]


def test_every_step_is_known_by_its_name_and_only_the_lot_is_chance() -> None:
    assert {name: (step.name, step.is_lot) for name, step in TIE_BREAKS.items()} == {
        "score": ("score", False),
        "all_right": ("all_right", False),
        "time_taken": ("time_taken", False),
        "hand_in_moment": ("hand_in_moment", False),
        "fewer_attempts": ("fewer_attempts", False),
        "earlier_registration": ("earlier_registration", False),
        "full_marks": ("full_marks", False),
        "lot": ("lot", True),
    }


def test_times_are_compared_by_the_second_and_moments_by_the_millisecond_unless_said() -> None:
    assert time_taken(SECOND) == TIME_TAKEN
    assert hand_in_moment(MILLISECOND) == HAND_IN_MOMENT


def test_two_files_that_say_the_same_give_the_same_steps() -> None:
    """Else a contest file loaded once more would look as if its rules had changed."""
    assert (time_taken(TENTH), hand_in_moment(MINUTE)) == (time_taken(TENTH), hand_in_moment(MINUTE))
    assert time_taken(TENTH) != time_taken(MINUTE)


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (SCORE, "Người có tổng điểm các câu trả lời đúng cao hơn xếp trên."),
        (ALL_RIGHT, "Người trả lời đúng tất cả các câu xếp trên những người khác."),
        (TIME_TAKEN, "Người có thời gian làm bài ngắn hơn (tính bằng giây, bỏ phần lẻ) xếp trên."),
        (time_taken(TENTH), "Người có thời gian làm bài ngắn hơn (tính bằng phần mười giây, bỏ phần lẻ) xếp trên."),
        (HAND_IN_MOMENT, "Người nộp bài sớm hơn (tính đến mili giây) xếp trên."),
        (hand_in_moment(MINUTE), "Người nộp bài sớm hơn (tính đến phút) xếp trên."),
        (FEWER_ATTEMPTS, "Người dùng ít lượt thi hơn xếp trên."),
        (EARLIER_REGISTRATION, "Người đăng ký (hoặc được đưa vào danh sách) dự thi sớm hơn xếp trên."),
        (FULL_MARKS, "Người có nhiều lượt thi đạt điểm tối đa hơn xếp trên."),
        (
            LOT,
            "Thứ tự theo bốc thăm từ số ngẫu nhiên đã cam kết trước khi mở tuần thi và công khai sau khi đóng; ai cũng "
            "tính lại được.",
        ),
    ],
)
def test_the_rule_prints_itself(step: TieBreak, sentence: str) -> None:
    assert step.sentence == sentence


# What each step compares


@pytest.mark.parametrize(
    ("step", "higher", "lower"),
    [
        (SCORE, ONE._replace(score=19), ONE),
        (SCORE, ONE._replace(score=1), ONE._replace(score=0)),
        (ALL_RIGHT, PERFECT, ONE._replace(score=19)),
        (ALL_RIGHT, POINTS._replace(score=40), POINTS._replace(score=39)),
        (TIME_TAKEN, ONE._replace(time_ms=58_999), ONE._replace(time_ms=59_000)),
        (TIME_TAKEN, ONE._replace(time_ms=0), ONE._replace(time_ms=1_000)),
        (time_taken(MINUTE), ONE._replace(time_ms=59_999), ONE._replace(time_ms=60_000)),
        (time_taken(TENTH), ONE._replace(time_ms=59_899), ONE._replace(time_ms=59_900)),
        (time_taken(MILLISECOND), ONE._replace(time_ms=59_899), ONE._replace(time_ms=59_900)),
        (HAND_IN_MOMENT, ONE, ONE._replace(handed_in_ms=MORNING + 1)),
        (hand_in_moment(SECOND), ONE, ONE._replace(handed_in_ms=MORNING + 588)),
        (hand_in_moment(MINUTE), ONE, ONE._replace(handed_in_ms=MORNING + 50_588)),
        (FEWER_ATTEMPTS, ONE, ONE._replace(attempts=3)),
        (EARLIER_REGISTRATION, ONE, ONE._replace(registered_ms=MORNING + 1)),
        (FULL_MARKS, ONE, ONE._replace(full_marks=0)),
    ],
)
def test_the_smaller_key_stands_higher(step: TieBreak, higher: Result, lower: Result) -> None:
    assert step.key(higher, FACTS) < step.key(lower, FACTS)


@pytest.mark.parametrize(
    ("step", "one", "other"),
    [
        (ALL_RIGHT, ONE._replace(score=0), ONE._replace(score=19)),
        (TIME_TAKEN, ONE._replace(time_ms=59_000), ONE._replace(time_ms=59_999)),
        (time_taken(MINUTE), ONE._replace(time_ms=60_000), ONE._replace(time_ms=119_999)),
        (time_taken(TENTH), ONE._replace(time_ms=59_900), ONE._replace(time_ms=59_999)),
        (hand_in_moment(SECOND), ONE, ONE._replace(handed_in_ms=MORNING + 587)),
        (hand_in_moment(MINUTE), ONE, ONE._replace(handed_in_ms=MORNING + 50_587)),
    ],
)
def test_what_is_smaller_than_the_unit_parts_nobody(step: TieBreak, one: Result, other: Result) -> None:
    assert step.key(one, FACTS) == step.key(other, FACTS)


@pytest.mark.parametrize(
    ("step", "own"),
    [
        (SCORE, {"score"}),
        (ALL_RIGHT, {"score"}),
        (TIME_TAKEN, {"time_ms"}),
        (HAND_IN_MOMENT, {"handed_in_ms"}),
        (FEWER_ATTEMPTS, {"attempts"}),
        (EARLIER_REGISTRATION, {"registered_ms"}),
        (FULL_MARKS, {"full_marks"}),
    ],
)
def test_each_step_looks_at_its_own_figure_alone(step: TieBreak, own: set[str]) -> None:
    figures = {"score": 20, "time_ms": 1, "handed_in_ms": 1, "attempts": 9, "registered_ms": 1, "full_marks": 9}
    changed = {
        name
        for name, figure in figures.items()
        if step.key(ONE._replace(**{name: figure}), FACTS) != step.key(ONE, FACTS)
    }
    assert changed == own


def test_time_taken_is_kept_to_the_millisecond() -> None:
    assert ONE._replace(time_ms=59_999).time_taken == timedelta(seconds=59, milliseconds=999)


# The lot


def test_lot_is_an_hmac_that_anyone_can_repeat() -> None:
    expected = hmac.new(LOT_SEED, b"lot|AAAA", hashlib.sha256).digest()
    assert lot_ticket(LOT_SEED, "AAAA") == LOT.key(ONE, FACTS) == expected


def test_golden_lot() -> None:
    """Frozen: were this to change, published results could not be checked any more."""
    assert lot_ticket(LOT_SEED, "AAAA").hex() == GOLDEN_LOT


def test_lot_turns_on_code_and_seed_alone() -> None:
    assert LOT.key(ONE, FACTS) != LOT.key(ONE._replace(code="AAAB"), FACTS)
    assert LOT.key(ONE, FACTS) != LOT.key(ONE, RoundFacts(lot_seed=b"\1" * 32))
    assert LOT.key(ONE, FACTS) == LOT.key(ONE._replace(person=2, score=1, time_ms=1, handed_in_ms=1), FACTS)


def test_the_key_of_a_public_value_is_its_normal_form() -> None:
    written = (" Giải đặc biệt:\u00a0 90817\n", unicodedata.normalize("NFD", "Giải  đặc biệt: 90817"))
    assert {lot_key(value) for value in written} == {"Giải đặc biệt: 90817".encode()}
    assert lot_ticket(lot_key("90817"), "AAAA") == hmac.new(b"90817", b"lot|AAAA", hashlib.sha256).digest()


def test_lots_part_nobody_while_the_public_value_is_not_known() -> None:
    waiting = RoundFacts(lot_seed=b"")
    one, other = rank([ONE, ONE._replace(person=2, code="AAAB")], (SCORE, lot_by("Xổ số")), waiting)
    assert (one.decided_by, one.rank, other.rank) == ("", 1, 1)
    assert why_above(one, other, (SCORE, LOT), waiting, None).endswith("cùng 18/20 câu đúng và còn chờ bốc thăm")


def test_the_rule_of_lots_names_the_public_event() -> None:
    assert "“Xổ số thứ Hai”" in lot_by("Xổ số thứ Hai").sentence
    assert "đã cam kết" not in lot_by("Xổ số thứ Hai").sentence


# Reasons


@pytest.mark.parametrize(
    ("step", "one", "other", "why"),
    [
        (SCORE, PERFECT, ONE, "đúng 20/20 câu, nhiều hơn hạng 4 (18/20 câu)"),
        (SCORE, POINTS, POINTS._replace(score=30), "đạt 36/40 điểm, nhiều hơn hạng 4 (30/40 điểm)"),
        (
            SCORE,
            POINTS._replace(score=36, full=80, questions=40),
            POINTS,
            "đạt 36/80 điểm, nhiều hơn hạng 4 (36/40 điểm)",
        ),
        (SCORE, POINTS, ONE, "đạt 36/40 điểm, nhiều hơn hạng 4 (18/20 điểm)"),
        (SCORE, PERFECT, POINTS._replace(score=16), "đạt 20/20 điểm, nhiều hơn hạng 4 (16/40 điểm)"),
        (ALL_RIGHT, PERFECT, ONE, "đúng cả 20 câu, còn hạng 4 đúng 18/20 câu"),
        (ALL_RIGHT, POINTS._replace(score=40), POINTS, "đúng cả 20 câu, còn hạng 4 đạt 36/40 điểm"),
        (
            TIME_TAKEN,
            ONE._replace(time_ms=182_999),
            ONE._replace(time_ms=185_001),
            "làm bài nhanh hơn hạng 4 là 3 giây (3 phút 02 giây so với 3 phút 05 giây)",
        ),
        (
            TIME_TAKEN,
            ONE._replace(time_ms=59_999),
            ONE._replace(time_ms=60_000),
            "làm bài nhanh hơn hạng 4 là 1 giây (59 giây so với 1 phút 00 giây)",
        ),
        (
            time_taken(MINUTE),
            ONE._replace(time_ms=119_999),
            ONE._replace(time_ms=180_000),
            "làm bài nhanh hơn hạng 4 là 2 phút (1 phút so với 3 phút)",
        ),
        (
            time_taken(TENTH),
            ONE._replace(time_ms=59_999),
            ONE._replace(time_ms=60_412),
            "làm bài nhanh hơn hạng 4 là 0,5 giây (59,9 giây so với 1 phút 00,4 giây)",
        ),
        (
            time_taken(MILLISECOND),
            ONE._replace(time_ms=182_588),
            ONE._replace(time_ms=183_000),
            "làm bài nhanh hơn hạng 4 là 0,412 giây (3 phút 02,588 giây so với 3 phút 03,000 giây)",
        ),
        (FEWER_ATTEMPTS, ONE, ONE._replace(attempts=3), "có 2 lượt thi, ít hơn hạng 4 (3 lượt)"),
        (FULL_MARKS, ONE, ONE._replace(full_marks=0), "có 1 lượt thi đạt điểm tối đa, nhiều hơn hạng 4 (0 lượt)"),
        (LOT, ONE, ONE._replace(code="BBBB"), "thứ tự theo bốc thăm công khai"),
    ],
)
@pytest.mark.parametrize("zone", [None, HANOI])
def test_reason_gives_the_figures(step: TieBreak, one: Result, other: Result, zone: Zone, why: str) -> None:
    assert step.why(one, other, "hạng 4", zone, FACTS) == why


@pytest.mark.parametrize(
    ("step", "later", "zone", "why"),
    [
        (
            HAND_IN_MOMENT,
            1,
            HANOI,
            "nộp bài sớm hơn hạng 4 (09:05:09,412 ngày 08/10 so với 09:05:09,413 ngày 08/10)",
        ),
        (hand_in_moment(SECOND), 600, UTC, "nộp bài sớm hơn hạng 4 (02:05:09 ngày 08/10 so với 02:05:10 ngày 08/10)"),
        (hand_in_moment(MINUTE), 60_000, HANOI, "nộp bài sớm hơn hạng 4 (09:05 ngày 08/10 so với 09:06 ngày 08/10)"),
        (HAND_IN_MOMENT, 1, None, "nộp bài sớm hơn hạng 4"),
        (
            EARLIER_REGISTRATION,
            1,
            HANOI,
            "có tên trong danh sách dự thi sớm hơn hạng 4 (09:05:09,412 ngày 08/10 so với 09:05:09,413 ngày 08/10)",
        ),
        (EARLIER_REGISTRATION, 1, None, "có tên trong danh sách dự thi sớm hơn hạng 4"),
    ],
)
def test_moments_are_told_to_those_who_may_know_them(step: TieBreak, later: int, zone: Zone, why: str) -> None:
    other = ONE._replace(handed_in_ms=MORNING + later, registered_ms=MORNING + later)
    assert step.why(ONE, other, "hạng 4", zone, FACTS) == why


@pytest.mark.parametrize(
    ("step", "one", "other", "zone", "same"),
    [
        (SCORE, ONE, ONE, None, "cùng 18/20 câu đúng"),
        (SCORE, POINTS, POINTS, None, "cùng 36/40 điểm"),
        (SCORE, POINTS, POINTS._replace(full=80), None, "cùng 36 điểm"),
        (SCORE, POINTS._replace(full=80), POINTS, None, "cùng 36 điểm"),
        (SCORE, POINTS._replace(questions=10), POINTS, None, "cùng 36 điểm"),
        (SCORE, POINTS, POINTS._replace(questions=10), None, "cùng 36 điểm"),
        (SCORE, ONE._replace(full=36), ONE._replace(full=36, questions=36), None, "cùng 18 điểm"),
        (ALL_RIGHT, PERFECT, PERFECT, None, "cùng đúng tất cả các câu"),
        (ALL_RIGHT, ONE, ONE._replace(score=3), None, "cùng chưa đúng tất cả các câu"),
        (TIME_TAKEN, ONE, ONE._replace(time_ms=185_999), None, "cùng 3 phút 05 giây"),
        (time_taken(MINUTE), ONE, ONE._replace(time_ms=239_999), None, "cùng 3 phút"),
        (HAND_IN_MOMENT, ONE, ONE, None, "cùng thời điểm nộp bài tính đến mili giây"),
        (HAND_IN_MOMENT, ONE, ONE, HANOI, "cùng nộp bài lúc 09:05:09,412 ngày 08/10"),
        (
            hand_in_moment(MINUTE),
            ONE,
            ONE._replace(handed_in_ms=MORNING + 9),
            UTC,
            "cùng nộp bài lúc 02:05 ngày 08/10",
        ),
        (hand_in_moment(SECOND), ONE, ONE, None, "cùng thời điểm nộp bài tính đến giây"),
        (FEWER_ATTEMPTS, ONE, ONE, None, "cùng 2 lượt thi"),
        (FULL_MARKS, ONE, ONE, None, "cùng 1 lượt thi đạt điểm tối đa"),
        (EARLIER_REGISTRATION, ONE, ONE, None, "cùng thời điểm có tên trong danh sách dự thi tính đến mili giây"),
        (EARLIER_REGISTRATION, ONE, ONE, HANOI, "cùng có tên trong danh sách dự thi lúc 09:05:09,412 ngày 08/10"),
    ],
)
def test_what_equals_have_in_common(step: TieBreak, one: Result, other: Result, zone: Zone, same: str) -> None:
    assert step.same(one, other, zone, FACTS) == same


@pytest.mark.parametrize(
    ("step", "one", "other", "gap"),
    [
        (SCORE, ONE, ONE._replace(score=11), "đúng nhiều hơn ông/bà 7 câu"),
        (SCORE, POINTS, POINTS._replace(score=34), "đạt nhiều hơn ông/bà 2 điểm"),
        (ALL_RIGHT, PERFECT, ONE, "đúng tất cả các câu, còn ông/bà thì chưa"),
        (TIME_TAKEN, ONE, ONE._replace(time_ms=187_999), "làm bài nhanh hơn ông/bà là 2 giây"),
        (time_taken(MINUTE), ONE, ONE._replace(time_ms=301_000), "làm bài nhanh hơn ông/bà là 2 phút"),
        (HAND_IN_MOMENT, ONE, ONE._replace(handed_in_ms=MORNING + 9), "nộp bài sớm hơn ông/bà"),
        (
            EARLIER_REGISTRATION,
            ONE,
            ONE._replace(registered_ms=MORNING + 9),
            "có tên trong danh sách dự thi sớm hơn ông/bà",
        ),
        (FEWER_ATTEMPTS, ONE, ONE._replace(attempts=5), "có ít hơn ông/bà 3 lượt thi"),
        (FULL_MARKS, ONE._replace(full_marks=4), ONE, "có nhiều hơn ông/bà 3 lượt thi đạt điểm tối đa"),
        (LOT, ONE, ONE._replace(code="BBBB"), "thứ tự theo bốc thăm công khai"),
    ],
)
def test_a_gap_is_the_difference_alone(step: TieBreak, one: Result, other: Result, gap: str) -> None:
    assert step.gap(one, other, "ông/bà", FACTS) == gap
