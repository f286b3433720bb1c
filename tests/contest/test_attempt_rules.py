"""One attempt: who may start and in which words they are refused; the deadline and its grace, to the millisecond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
    check_prediction,
    check_sheet,
    credited,
    deadline,
    is_over,
    read_prediction,
)
from quiz.contest.schedule import Contest, Span, Week
from quiz.errors import Refused
from quiz.vietnamese import HANOI

OPENS = datetime(2024, 10, 7, 1, 0, tzinfo=UTC)  # Monday 8:00 in Hải Phòng
CLOSES = datetime(2024, 10, 11, 10, 0, tzinfo=UTC)  # Friday 17:00
WEEK = Week(number=2, opens_at=OPENS, closes_at=CLOSES)
NOON = datetime(2024, 10, 8, 5, 0, tzinfo=UTC)
MS = timedelta(milliseconds=1)
TWENTY_MINUTES = timedelta(minutes=20)
ONCE, THRICE = AttemptRules(), AttemptRules(per_week=3, counts=Counts.BEST)
NEWCOMER = Entrant(attempts_this_week=0)
CONTEST = Contest(slug="thu", title="Hội thi", organiser="Sở", plan="Kế hoạch", zone=HANOI, weeks=(WEEK,))


def contest(rules: AttemptRules = ONCE, zone: ZoneInfo = HANOI) -> Contest:
    return replace(CONTEST, attempts=rules, zone=zone)


def refusal(
    entrant: Entrant = NEWCOMER, rules: AttemptRules = ONCE, now: datetime = NOON, week: Week = WEEK
) -> str | None:
    """The code with which a start is refused, None where it may be."""
    try:
        check_may_start(entrant, contest(rules), week, now)
    except Refused as refused:
        return refused.code
    return None


# Who may start

DUSK, DAWN = OPENS + timedelta(hours=9), OPENS + timedelta(hours=24)
PAUSED_WEEK = replace(WEEK, pauses=(Span(DUSK, DAWN),))


def codes_around(week: Week, *boundaries: datetime) -> list[tuple[str | None, str | None]]:
    """How a start is refused one millisecond before each boundary, and at it."""
    return [(refusal(now=at - MS, week=week), refusal(now=at, week=week)) for at in boundaries]


def test_start_is_open_exactly_while_the_week_is() -> None:
    assert codes_around(WEEK, OPENS, CLOSES) == [("not_yet_open", None), (None, "closed")]
    assert codes_around(PAUSED_WEEK, OPENS, DUSK, DAWN, CLOSES) == [
        ("not_yet_open", None),
        (None, "paused"),
        ("paused", None),
        (None, "closed"),
    ]
    assert refusal(now=OPENS - timedelta(days=30)) == "not_yet_open"
    assert refusal(now=CLOSES + timedelta(days=30)) == "closed"


LIMITS = AttemptRules(per_week=3, per_day=2, per_contest=5, counts=Counts.BEST)
UNLIMITED = AttemptRules(per_week=None, counts=Counts.LAST)


@pytest.mark.parametrize(
    ("rules", "attempts", "code"),
    [
        (ONCE, (0, 0, 9), None),
        (ONCE, (1, 0, 1), "already_sat"),
        (ONCE, (2, 0, 2), "already_sat"),
        (THRICE, (2, 2, 2), None),
        (THRICE, (3, 0, 3), "attempts_used_up"),
        (THRICE, (4, 0, 4), "attempts_used_up"),
        (LIMITS, (2, 1, 4), None),
        (LIMITS, (2, 2, 4), "attempts_used_up_today"),
        (LIMITS, (2, 3, 4), "attempts_used_up_today"),
        (LIMITS, (3, 2, 4), "attempts_used_up"),
        (LIMITS, (3, 2, 5), "attempts_used_up_contest"),
        (LIMITS, (0, 0, 6), "attempts_used_up_contest"),
        (UNLIMITED, (99, 99, 99), None),
        (replace(UNLIMITED, per_day=1), (99, 0, 99), None),
        (replace(UNLIMITED, per_day=1), (1, 1, 1), "attempts_used_up_today"),
        (replace(UNLIMITED, per_contest=1), (0, 0, 1), "attempts_used_up_contest"),
    ],
)
def test_start_needs_an_attempt_left_and_names_the_widest_limit(
    rules: AttemptRules, attempts: tuple[int, int, int], code: str | None
) -> None:
    week, today, ever = attempts
    entrant = Entrant(attempts_this_week=week, attempts_today=today, attempts_this_contest=ever)
    assert refusal(entrant, rules) == code


def test_practice_may_be_sat_without_end() -> None:
    often = Entrant(attempts_this_week=99, attempts_today=99, attempts_this_contest=99)
    assert refusal(often, ONCE, week=replace(WEEK, number=0)) is None
    assert refusal(replace(often, is_listed=False), ONCE, week=replace(WEEK, number=0)) == "left"


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
    assert refusal(Entrant(attempts_this_week=attempts, is_listed=is_listed, barred_as=barred_as), now=now) == code


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
        (NEWCOMER, ONCE, OPENS - MS, "Đợt 2 chưa mở; mở lúc 8 giờ 00 phút, thứ Hai ngày 07/10/2024."),
        (NEWCOMER, ONCE, DUSK, "Đợt 2 đang tạm nghỉ; mở lại lúc 8 giờ 00 phút, thứ Ba ngày 08/10/2024."),
        (
            NEWCOMER,
            ONCE,
            CLOSES,
            "Đợt 2 đã đóng lúc 17 giờ 00 phút, thứ Sáu ngày 11/10/2024. Không thể bắt đầu lượt thi mới.",
        ),
        (Entrant(attempts_this_week=1), ONCE, NOON, "Ông/bà đã dự thi Đợt 2. Mỗi người chỉ được thi một lần."),
        (Entrant(attempts_this_week=3), THRICE, NOON, "Ông/bà đã dùng hết 3 lượt thi của Đợt 2."),
        (
            Entrant(attempts_this_week=2, attempts_today=2),
            LIMITS,
            NOON,
            "Ông/bà đã dùng hết 2 lượt thi của hôm nay. Mời ông/bà thi tiếp vào ngày khác.",
        ),
        (
            Entrant(attempts_this_week=0, attempts_this_contest=5),
            LIMITS,
            NOON,
            "Ông/bà đã dùng hết 5 lượt thi của cả hội thi.",
        ),
    ],
)
def test_refusals_in_words(entrant: Entrant, rules: AttemptRules, now: datetime, words: str) -> None:
    with pytest.raises(Refused) as refused:
        check_may_start(entrant, replace(contest(rules), round_word="Đợt"), PAUSED_WEEK, now)
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("now", "fact"),
    [
        (OPENS - MS, {"opens": "10 giờ 00 phút, thứ Hai ngày 07/10/2024"}),
        (DUSK, {"reopens": "10 giờ 00 phút, thứ Ba ngày 08/10/2024"}),
        (CLOSES, {"closes": "19 giờ 00 phút, thứ Sáu ngày 11/10/2024"}),
    ],
)
def test_times_are_told_in_the_zone_of_the_contest(now: datetime, fact: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        check_may_start(NEWCOMER, contest(zone=ZoneInfo("Asia/Tokyo")), PAUSED_WEEK, now)
    assert refused.value.facts == {"week": "Tuần 2", **fact}


def test_a_week_in_office_hours_opens_and_closes_with_them() -> None:
    office = replace(WEEK, opens_at=OPENS - MS, pauses=(Span(OPENS - MS, OPENS), Span(DUSK, CLOSES)))
    found = []
    for now in (OPENS - MS, DUSK):
        with pytest.raises(Refused) as refused:
            check_may_start(NEWCOMER, CONTEST, office, now)
        found.append((refused.value.code, refused.value.facts))
    assert found == [
        ("not_yet_open", {"week": "Tuần 2", "opens": "8 giờ 00 phút, thứ Hai ngày 07/10/2024"}),
        ("closed", {"week": "Tuần 2", "closes": "17 giờ 00 phút, thứ Hai ngày 07/10/2024"}),
    ]


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
    ("started_at", "expected"),
    [
        (DUSK - TWENTY_MINUTES - MS, DUSK - MS),
        (DUSK - TWENTY_MINUTES, DUSK),
        (DUSK - TWENTY_MINUTES + MS, DUSK),
        (DUSK - MS, DUSK),
        (DAWN, DAWN + TWENTY_MINUTES),
        (CLOSES - MS, CLOSES),
    ],
)
def test_deadline_is_never_inside_a_pause(started_at: datetime, expected: datetime) -> None:
    assert deadline(started_at, TWENTY_MINUTES, PAUSED_WEEK) == expected


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


# The prediction


@pytest.mark.parametrize("predicted", [None, 0, 1, 25_980, 999_999_999])
def test_a_prediction_is_a_whole_number_or_nothing(predicted: int | None) -> None:
    assert check_prediction(predicted) == predicted


@pytest.mark.parametrize("predicted", [-1, 1_000_000_000, 1.0, "12", True, [], {"a": 1}])
def test_anything_else_is_no_prediction(predicted: object) -> None:
    with pytest.raises(Refused) as refused:
        check_prediction(predicted)
    assert (refused.value.code, refused.value.facts) == ("bad_prediction", {"highest": "999.999.999"})


@pytest.mark.parametrize(
    ("typed", "predicted"),
    [
        ("", None),
        ("  ", None),
        ("0", 0),
        (" 0025 ", 25),
        ("25980", 25_980),
        ("25.980", 25_980),
        ("25 980", 25_980),
        ("1.234.567", 1_234_567),
        ("999 999 999", 999_999_999),
    ],
)
def test_a_prediction_is_read_as_people_write_numbers(typed: str, predicted: int | None) -> None:
    assert read_prediction(typed) == predicted


@pytest.mark.parametrize(
    "typed",
    ["-1", "1,5", "1.5", "25.98", "2598.000", ".500", "12a", "khoảng 12", "1000000000", "٣", "9" * 19, "9" * 5000],
)
def test_what_cannot_be_a_number_of_people_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        read_prediction(typed)
    assert refused.value.code == "bad_prediction"


# The rules page


def test_rules_when_the_contest_file_is_silent() -> None:
    assert AttemptRules() == AttemptRules(per_week=1, counts=Counts.ONLY, grace=timedelta(seconds=5))


@pytest.mark.parametrize(
    ("per_week", "per_day", "per_contest", "often"),
    [
        (None, None, None, "nhiều lần, không giới hạn số lượt"),
        (1, None, None, "một lần mỗi tuần"),
        (7, None, None, "tối đa 7 lần mỗi tuần"),
        (None, 1, None, "một lần mỗi ngày (ngày tính từ 0 giờ đến 24 giờ)"),
        (None, 2, None, "tối đa 2 lần mỗi ngày (ngày tính từ 0 giờ đến 24 giờ)"),
        (None, None, 1, "một lần trong cả hội thi"),
        (None, None, 3, "tối đa 3 lần trong cả hội thi"),
        (3, 1, None, "tối đa 1 lần mỗi ngày và 3 lần mỗi tuần (ngày tính từ 0 giờ đến 24 giờ)"),
        (2, None, 5, "tối đa 2 lần mỗi tuần và 5 lần trong cả hội thi"),
        (
            *(3, 1, 5),
            "tối đa 1 lần mỗi ngày, 3 lần mỗi tuần và 5 lần trong cả hội thi (ngày tính từ 0 giờ đến 24 giờ)",
        ),
    ],
)
def test_the_limits_print_themselves(
    per_week: int | None, per_day: int | None, per_contest: int | None, often: str
) -> None:
    rules = AttemptRules(per_week=per_week, per_day=per_day, per_contest=per_contest, counts=Counts.LAST)
    counted = "" if 1 in (per_week, per_contest) else "; mỗi tuần, hệ thống lấy lượt thi bắt đầu sau cùng"
    assert rules.sentence == f"Mỗi người được thi {often}{counted}."


@pytest.mark.parametrize(
    ("counts", "taken"),
    [
        (Counts.LAST, "lượt thi bắt đầu sau cùng"),
        (Counts.BEST, "lượt thi tốt nhất theo cách xếp hạng dưới đây, không xét câu dự đoán và bốc thăm"),
        (Counts.BEST_EARLIEST, "lượt thi nhiều điểm nhất, nếu bằng điểm thì lấy lượt nộp sớm nhất"),
    ],
)
def test_the_attempt_that_counts_prints_itself(counts: Counts, taken: str) -> None:
    sentence = AttemptRules(per_week=3, counts=counts).sentence
    assert sentence == f"Mỗi người được thi tối đa 3 lần mỗi tuần; mỗi tuần, hệ thống lấy {taken}."


def test_the_deadline_prints_itself() -> None:
    assert AttemptRules(grace=timedelta(seconds=7)).deadline_sentence == (
        "Giờ làm bài do máy chủ tính, kết thúc khi hết thời gian làm bài hoặc khi tuần thi đóng, tùy điều kiện nào "
        "đến trước. Bài gửi chậm không quá 7 giây do đường truyền vẫn được nhận nhưng thời gian chỉ tính đến lúc hết "
        "giờ. Hết giờ mà chưa nộp thì tính những câu đã lưu."
    )
