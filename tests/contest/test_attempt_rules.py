"""One attempt: who may start and in which words they are refused; the deadline and its grace, to the millisecond."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.contest.attempt_rules import (
    AttemptRules,
    Counts,
    Entrant,
    check_may_start,
    check_sheet,
    credited,
    deadline,
    is_over,
)
from quiz.contest.schedule import Week
from quiz.errors import Refused

OPENS = datetime(2024, 10, 7, 1, 0, tzinfo=UTC)  # Monday 8:00 in Hải Phòng
CLOSES = datetime(2024, 10, 11, 10, 0, tzinfo=UTC)  # Friday 17:00
WEEK = Week(number=2, opens_at=OPENS, closes_at=CLOSES)
NOON = datetime(2024, 10, 8, 5, 0, tzinfo=UTC)
MS = timedelta(milliseconds=1)
TWENTY_MINUTES = timedelta(minutes=20)
ONCE, THRICE = AttemptRules(), AttemptRules(per_week=3, counts=Counts.BEST)
NEWCOMER = Entrant(attempts_this_week=0)


def refusal(
    entrant: Entrant = NEWCOMER, rules: AttemptRules = ONCE, now: datetime = NOON, zone: ZoneInfo | None = None
) -> tuple[str, dict[str, object]] | None:
    """The code and facts with which a start is refused, None where it may be."""
    try:
        if zone:
            check_may_start(entrant, rules, WEEK, now, zone)
        else:
            check_may_start(entrant, rules, WEEK, now)
    except Refused as refused:
        return refused.code, refused.facts
    return None


# Who may start


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (OPENS - timedelta(days=3), "not_yet_open"),
        (OPENS - timedelta(seconds=1), "not_yet_open"),
        (OPENS - MS, "not_yet_open"),
        (OPENS, None),
        (OPENS + MS, None),
        (NOON, None),
        (CLOSES - MS, None),
        (CLOSES, "closed"),
        (CLOSES + MS, "closed"),
        (CLOSES + timedelta(seconds=1), "closed"),
        (CLOSES + timedelta(days=30), "closed"),
    ],
)
def test_start_is_open_from_opening_until_just_before_closing(now: datetime, code: str | None) -> None:
    found = refusal(now=now)
    assert (found and found[0]) == code


@pytest.mark.parametrize(
    ("rules", "attempts", "code"),
    [
        (ONCE, 0, None),
        (ONCE, 1, "already_sat"),
        (ONCE, 2, "already_sat"),
        (THRICE, 0, None),
        (THRICE, 2, None),
        (THRICE, 3, "attempts_used_up"),
        (THRICE, 4, "attempts_used_up"),
    ],
)
def test_start_needs_an_attempt_left(rules: AttemptRules, attempts: int, code: str | None) -> None:
    found = refusal(Entrant(attempts_this_week=attempts), rules)
    assert (found and found[0]) == code


@pytest.mark.parametrize(
    ("barred_as", "is_listed", "attempts", "now", "code"),
    [
        ("Ban Giám khảo", False, 9, OPENS - MS, "barred"),
        ("Ban Giám khảo", False, 9, CLOSES, "barred"),
        ("Ban Giám khảo", True, 0, NOON, "barred"),
        (None, False, 9, OPENS - MS, "left"),
        (None, False, 9, CLOSES, "left"),
        (None, False, 0, NOON, "left"),
        (None, True, 9, OPENS - MS, "not_yet_open"),
        (None, True, 9, CLOSES, "closed"),
        (None, True, 9, NOON, "already_sat"),
        (None, True, 0, NOON, None),
    ],
)
def test_refusals_come_in_their_order(
    barred_as: str | None, is_listed: bool, attempts: int, now: datetime, code: str | None
) -> None:
    found = refusal(Entrant(attempts_this_week=attempts, is_listed=is_listed, barred_as=barred_as), now=now)
    assert (found and found[0]) == code


@pytest.mark.parametrize(
    ("entrant", "rules", "now", "words"),
    [
        (
            Entrant(attempts_this_week=0, barred_as="Thành viên Ban Giám khảo"),
            ONCE,
            NOON,
            "Ông/bà thuộc diện không được dự thi theo thể lệ: Thành viên Ban Giám khảo.",
        ),
        (
            Entrant(attempts_this_week=0, is_listed=False),
            ONCE,
            NOON,
            "Tài khoản này không còn trong danh sách cán bộ, công chức, viên chức dự thi.",
        ),
        (
            NEWCOMER,
            ONCE,
            OPENS - MS,
            "Tuần 2 chưa mở. Tuần thi mở lúc 8 giờ 00 phút, thứ Hai ngày 07/10/2024.",
        ),
        (
            NEWCOMER,
            ONCE,
            CLOSES,
            "Tuần 2 đã đóng lúc 17 giờ 00 phút, thứ Sáu ngày 11/10/2024. Không thể bắt đầu lượt thi mới.",
        ),
        (
            Entrant(attempts_this_week=1),
            ONCE,
            NOON,
            "Ông/bà đã dự thi tuần 2. Mỗi người chỉ được thi một lần trong tuần.",
        ),
        (Entrant(attempts_this_week=3), THRICE, NOON, "Ông/bà đã dùng hết 3 lượt thi của tuần 2."),
    ],
)
def test_refusals_in_words(entrant: Entrant, rules: AttemptRules, now: datetime, words: str) -> None:
    with pytest.raises(Refused) as refused:
        check_may_start(entrant, rules, WEEK, now)
    assert str(refused.value) == words


def test_times_are_told_in_the_zone_of_the_contest() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    assert refusal(now=OPENS - MS, zone=tokyo) == (
        "not_yet_open",
        {"week": 2, "opens": "10 giờ 00 phút, thứ Hai ngày 07/10/2024"},
    )
    assert refusal(now=CLOSES, zone=tokyo) == (
        "closed",
        {"week": 2, "closes": "19 giờ 00 phút, thứ Sáu ngày 11/10/2024"},
    )


# Until when


@pytest.mark.parametrize(
    ("started_at", "expected"),
    [
        (OPENS, OPENS + TWENTY_MINUTES),
        (NOON, NOON + TWENTY_MINUTES),
        (CLOSES - TWENTY_MINUTES - MS, CLOSES - MS),
        (CLOSES - TWENTY_MINUTES, CLOSES),
        (CLOSES - TWENTY_MINUTES + MS, CLOSES),
        (CLOSES - MS, CLOSES),
    ],
)
def test_deadline_is_the_end_of_the_time_or_of_the_week(started_at: datetime, expected: datetime) -> None:
    assert deadline(started_at, TWENTY_MINUTES, WEEK) == expected


@pytest.mark.parametrize(
    ("grace", "after", "over"),
    [
        (timedelta(seconds=5), -MS, False),
        (timedelta(seconds=5), timedelta(0), False),
        (timedelta(seconds=5), MS, False),
        (timedelta(seconds=5), timedelta(seconds=5) - MS, False),
        (timedelta(seconds=5), timedelta(seconds=5), False),
        (timedelta(seconds=5), timedelta(seconds=5) + MS, True),
        (timedelta(seconds=5), timedelta(hours=1), True),
        (timedelta(0), -MS, False),
        (timedelta(0), timedelta(0), False),
        (timedelta(0), MS, True),
    ],
)
def test_an_attempt_is_over_just_after_the_grace(grace: timedelta, after: timedelta, over: bool) -> None:
    assert is_over(NOON, AttemptRules(grace=grace), NOON + after) is over


@pytest.mark.parametrize(
    ("handed_in_at", "counts"),
    [
        (NOON - MS, NOON - MS),
        (NOON, NOON),
        (NOON + MS, NOON),
        (NOON + timedelta(seconds=5), NOON),
    ],
)
def test_grace_is_never_counted(handed_in_at: datetime, counts: datetime) -> None:
    assert credited(handed_in_at, NOON) == counts


milliseconds = st.integers(0, 5 * 24 * 3600 * 1000).map(lambda ms: timedelta(milliseconds=ms))


@given(after_opening=milliseconds, allowed=st.integers(1, 180), later=milliseconds)
def test_time_credited_never_exceeds_the_time_allowed_nor_the_week(
    after_opening: timedelta, allowed: int, later: timedelta
) -> None:
    started_at = min(OPENS + after_opening, CLOSES - MS)
    time_allowed = timedelta(minutes=allowed)
    counted = credited(started_at + later, deadline(started_at, time_allowed, WEEK))
    assert timedelta(0) <= counted - started_at <= min(later, time_allowed)
    assert counted <= CLOSES


@given(grace=st.integers(0, 60), later=st.integers(0, 120_000))
def test_whatever_is_not_over_was_sent_within_deadline_and_grace(grace: int, later: int) -> None:
    rules = AttemptRules(grace=timedelta(seconds=grace))
    assert is_over(NOON, rules, NOON + later * MS) is (later > grace * 1000)


# The answer sheet


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        ([], ()),
        ([""], ("",)),
        (["A"], ("A",)),
        (["A", "", "BD"], ("A", "", "BD")),
        (("DB", "CA"), ("BD", "AC")),
        (["DCBA"], ("ABCD",)),
    ],
)
def test_a_sheet_is_kept_with_its_letters_in_order(answers: Sequence[str], kept: tuple[str, ...]) -> None:
    assert check_sheet(answers, len(answers)) == kept


@pytest.mark.parametrize(
    ("answers", "where"),
    [
        ([], "có 0 câu, đề có 3 câu"),
        (["A", "B"], "có 2 câu, đề có 3 câu"),
        (["A", "B", "C", "D"], "có 4 câu, đề có 3 câu"),
        (["E", "", ""], "câu 1"),
        (["A", "a", ""], "câu 2"),
        (["A", "B", " "], "câu 3"),
        (["A", "AA", ""], "câu 2"),
        (["A", "ABA", ""], "câu 2"),
        (["A", "A,B", ""], "câu 2"),
        (["A", "Á", ""], "câu 2"),
        (["A", "\u0391", ""], "câu 2"),
        (["A", None, ""], "câu 2"),
        (["A", 1, ""], "câu 2"),
        (["A", ["A", "B"], ""], "câu 2"),
        (["A", {"A": 1}, ""], "câu 2"),
        (["E", "F", "G"], "câu 1"),
    ],
)
def test_a_bad_sheet_is_refused_naming_the_question(answers: list[str], where: str) -> None:
    with pytest.raises(Refused) as refused:
        check_sheet(answers, 3)
    assert (refused.value.code, refused.value.facts) == ("bad_sheet", {"where": where})


# The rules page


def test_rules_when_the_contest_file_is_silent() -> None:
    assert AttemptRules() == AttemptRules(per_week=1, counts=Counts.ONLY, grace=timedelta(seconds=5))


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (ONCE, "Mỗi người được thi một lần trong mỗi tuần."),
        (
            THRICE,
            "Mỗi người được thi tối đa 3 lần trong mỗi tuần; hệ thống lấy lượt thi xếp hạng cao nhất theo cách xếp "
            "hạng dưới đây.",
        ),
    ],
)
def test_the_number_of_attempts_prints_itself(rules: AttemptRules, sentence: str) -> None:
    assert rules.sentence == sentence


def test_the_deadline_prints_itself() -> None:
    assert AttemptRules(grace=timedelta(seconds=7)).deadline_sentence == (
        "Giờ làm bài do máy chủ tính, kết thúc khi hết thời gian làm bài hoặc khi tuần thi đóng, tùy điều kiện nào "
        "đến trước. Bài gửi chậm không quá 7 giây do đường truyền vẫn được nhận nhưng thời gian chỉ tính đến lúc hết "
        "giờ. Hết giờ mà chưa nộp thì tính những câu đã lưu."
    )
