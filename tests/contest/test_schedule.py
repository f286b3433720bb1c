"""A contest and its weeks: phases to the millisecond, local days, the rules page, what is missing before opening."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quiz.contest.attempt_rules import AttemptRules
from quiz.contest.schedule import BarredGroup, Contest, Phase, Week, problems_before_opening
from quiz.questions.bank import Bank, Level
from quiz.questions.paper import PaperRules, Quota
from quiz.scoring.participation import ParticipationRules
from quiz.scoring.prizes import Prize
from quiz.scoring.tie_breaks import DEFAULT_CHAIN, LOT, SCORE
from quiz.vietnamese import HANOI
from tests.makers import question

MS = timedelta(milliseconds=1)
OPENS_1 = datetime(2024, 10, 6, 17, 0, tzinfo=UTC)  # Monday 7 October, 0:00 in Hải Phòng
CLOSES_1 = datetime(2024, 10, 11, 17, 0, tzinfo=UTC)  # Friday 11 October, 24:00
OPENS_2, CLOSES_2 = OPENS_1 + timedelta(days=7), CLOSES_1 + timedelta(days=7)
WEEK_1 = Week(number=1, opens_at=OPENS_1, closes_at=CLOSES_1)
WEEK_2 = Week(number=2, opens_at=OPENS_2, closes_at=CLOSES_2)
CONTEST = Contest(
    slug="thu",
    title="Hội thi thử",
    organiser="Sở Nội vụ",
    plan="Kế hoạch số 1/KH-UBND",
    zone=HANOI,
    weeks=(WEEK_1, WEEK_2),
)
TO_COME, OPEN, CLOSED = Phase.TO_COME, Phase.OPEN, Phase.CLOSED


@pytest.mark.parametrize(
    ("now", "first", "second", "current", "following"),
    [
        (OPENS_1 - timedelta(days=30), TO_COME, TO_COME, None, 1),
        (OPENS_1 - MS, TO_COME, TO_COME, None, 1),
        (OPENS_1, OPEN, TO_COME, 1, 2),
        (OPENS_1 + MS, OPEN, TO_COME, 1, 2),
        (CLOSES_1 - MS, OPEN, TO_COME, 1, 2),
        (CLOSES_1, CLOSED, TO_COME, None, 2),
        (CLOSES_1 + MS, CLOSED, TO_COME, None, 2),
        (OPENS_2 - MS, CLOSED, TO_COME, None, 2),
        (OPENS_2, CLOSED, OPEN, 2, None),
        (OPENS_2 + MS, CLOSED, OPEN, 2, None),
        (CLOSES_2 - MS, CLOSED, OPEN, 2, None),
        (CLOSES_2, CLOSED, CLOSED, None, None),
        (CLOSES_2 + MS, CLOSED, CLOSED, None, None),
        (CLOSES_2 + timedelta(days=300), CLOSED, CLOSED, None, None),
    ],
)
def test_phases_of_two_weeks_with_a_gap_between(
    now: datetime, first: Phase, second: Phase, current: int | None, following: int | None
) -> None:
    assert (WEEK_1.phase_at(now), WEEK_2.phase_at(now)) == (first, second)
    assert CONTEST.current_week(now) == (CONTEST.week(current) if current else None)
    assert CONTEST.next_week(now) == (CONTEST.week(following) if following else None)


def test_weeks_without_a_gap_hand_over_at_one_moment() -> None:
    contest = replace(CONTEST, weeks=(WEEK_1, replace(WEEK_2, opens_at=CLOSES_1)))
    assert [contest.current_week(CLOSES_1 + step) for step in (-MS, timedelta(0), MS)] == [
        contest.weeks[0],
        contest.weeks[1],
        contest.weeks[1],
    ]


def test_phase_does_not_turn_on_the_zone_of_now() -> None:
    assert WEEK_1.phase_at(datetime(2024, 10, 6, 23, 59, tzinfo=HANOI)) is TO_COME
    assert WEEK_1.phase_at(datetime(2024, 10, 7, 0, 0, tzinfo=HANOI)) is OPEN
    assert WEEK_1.phase_at(datetime(2024, 10, 12, 0, 0, tzinfo=HANOI)) is CLOSED


@pytest.mark.parametrize(("number", "week"), [(0, None), (1, WEEK_1), (2, WEEK_2), (3, None)])
def test_week_by_number(number: int, week: Week | None) -> None:
    assert CONTEST.week(number) == week


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "zone", "days"),
    [
        (OPENS_1, CLOSES_1, "Asia/Ho_Chi_Minh", (date(2024, 10, 7), date(2024, 10, 11))),
        (OPENS_1 - MS, CLOSES_1 + MS, "Asia/Ho_Chi_Minh", (date(2024, 10, 6), date(2024, 10, 12))),
        (OPENS_1, CLOSES_1 - MS, "Asia/Ho_Chi_Minh", (date(2024, 10, 7), date(2024, 10, 11))),
        (OPENS_1, OPENS_1 + timedelta(hours=1), "Asia/Ho_Chi_Minh", (date(2024, 10, 7), date(2024, 10, 7))),
        (OPENS_1, OPENS_1 + timedelta(days=1), "Asia/Ho_Chi_Minh", (date(2024, 10, 7), date(2024, 10, 7))),
        (OPENS_1, CLOSES_1, "UTC", (date(2024, 10, 6), date(2024, 10, 11))),
        (OPENS_1, CLOSES_1, "Asia/Tokyo", (date(2024, 10, 7), date(2024, 10, 12))),
    ],
)
def test_a_close_at_midnight_belongs_to_the_day_that_ends(
    opens_at: datetime, closes_at: datetime, zone: str, days: tuple[date, date]
) -> None:
    week = Week(number=1, opens_at=opens_at, closes_at=closes_at)
    assert replace(CONTEST, zone=ZoneInfo(zone)).local_days(week) == days


# The rules page


def test_the_rules_print_themselves_under_their_headings() -> None:
    paper = PaperRules(questions=10, time_allowed=timedelta(minutes=15))
    attempts, participation = AttemptRules(), ParticipationRules()
    contest = replace(
        CONTEST,
        paper=paper,
        chain=(SCORE, LOT),
        prizes=(Prize("Giải Nhất", 1), Prize("Giải Nhì", 2, 500_000)),
        barred=(BarredGroup("ban-to-chuc", "Thành viên Ban Tổ chức"), BarredGroup("to-ra-de", "Người ra đề")),
    )
    assert contest.sentences == (
        (
            "Thời gian",
            (
                "Tuần 1: mở lúc 0 giờ 00 phút, thứ Hai ngày 07/10/2024; "
                "đóng lúc 24 giờ 00 phút, thứ Sáu ngày 11/10/2024.",
                "Tuần 2: mở lúc 0 giờ 00 phút, thứ Hai ngày 14/10/2024; "
                "đóng lúc 24 giờ 00 phút, thứ Sáu ngày 18/10/2024.",
            ),
        ),
        ("Đề thi", (paper.sentence, attempts.sentence, attempts.deadline_sentence)),
        ("Cách xếp hạng", (SCORE.sentence, LOT.sentence)),
        ("Giải thưởng mỗi tuần", ("01 Giải Nhất.", "02 Giải Nhì, mỗi giải 500.000 đồng.")),
        ("Tỷ lệ tham gia", participation.sentences),
        ("Người không được dự thi", ("Thành viên Ban Tổ chức.", "Người ra đề.")),
    )


def test_a_close_in_the_day_is_told_as_it_is() -> None:
    week = replace(WEEK_1, closes_at=datetime(2024, 10, 11, 10, 30, tzinfo=UTC))
    (_, (sentence,)) = replace(CONTEST, weeks=(week,)).sentences[0]
    assert sentence == (
        "Tuần 1: mở lúc 0 giờ 00 phút, thứ Hai ngày 07/10/2024; đóng lúc 17 giờ 30 phút, thứ Sáu ngày 11/10/2024."
    )


def test_a_silent_contest_file_means_the_usual_rules() -> None:
    assert (CONTEST.paper, CONTEST.attempts, CONTEST.chain) == (PaperRules(), AttemptRules(), DEFAULT_CHAIN)
    assert (CONTEST.participation, CONTEST.prizes, CONTEST.barred) == (ParticipationRules(), (), ())
    assert CONTEST.hotline == ""


# Before opening

FIVE_QUESTIONS = replace(CONTEST, paper=PaperRules(questions=5))


def bank(*last_days: date | None, topic: str = "mot-cua") -> Bank:
    """A bank with one question for each last day of validity."""
    questions = tuple(
        replace(question(f"T-{n:03d}", topic=topic), valid_until=last) for n, last in enumerate(last_days)
    )
    return Bank(title="", topics={"mot-cua": "Cơ chế một cửa"}, questions=questions, digest="")


def test_without_a_bank_that_alone_is_missing() -> None:
    assert problems_before_opening(CONTEST, None) == ("Chưa nạp bộ câu hỏi.",)


@pytest.mark.parametrize(
    ("last_days", "problems"),
    [
        ([None] * 5, ()),
        ([date(2024, 10, 18)] * 5, ()),
        ([*[None] * 4, date(2024, 10, 17)], ("Tuần 2: bộ câu hỏi còn thiếu 1 câu.",)),
        ([*[None] * 4, date(2024, 10, 11)], ("Tuần 2: bộ câu hỏi còn thiếu 1 câu.",)),
        (
            [*[None] * 3, date(2024, 10, 11), date(2024, 10, 10)],
            ("Tuần 1: bộ câu hỏi còn thiếu 1 câu.", "Tuần 2: bộ câu hỏi còn thiếu 2 câu."),
        ),
        ([], ("Tuần 1: bộ câu hỏi còn thiếu 5 câu.", "Tuần 2: bộ câu hỏi còn thiếu 5 câu.")),
    ],
)
def test_each_week_needs_questions_true_throughout_it(last_days: list[date | None], problems: tuple[str, ...]) -> None:
    assert problems_before_opening(FIVE_QUESTIONS, bank(*last_days)) == problems


@pytest.mark.parametrize(
    ("quota", "problem"),
    [
        (Quota(count=5, topic="mot-cua"), "Tuần 1: bộ câu hỏi còn thiếu 1 câu về Cơ chế một cửa."),
        (Quota(count=2, topic="sipas"), "Tuần 1: bộ câu hỏi còn thiếu 2 câu về sipas."),
        (Quota(count=3, level=Level.APPLY), "Tuần 1: bộ câu hỏi còn thiếu 3 câu mức vận dụng."),
        (
            Quota(count=1, topic="mot-cua", level=Level.UNDERSTAND),
            "Tuần 1: bộ câu hỏi còn thiếu 1 câu về Cơ chế một cửa mức thông hiểu.",
        ),
    ],
)
def test_what_is_missing_is_named_by_topic_and_level(quota: Quota, problem: str) -> None:
    contest = replace(CONTEST, weeks=(WEEK_1,), paper=PaperRules(questions=quota.count, quotas=(quota,)))
    assert problems_before_opening(contest, bank(*[None] * 4)) == (problem,)


def test_a_week_is_over_only_after_its_grace() -> None:
    week = CONTEST.weeks[0]
    last = week.closes_at + CONTEST.attempts.grace
    millisecond = timedelta(milliseconds=1)
    moments = (week.closes_at - millisecond, week.closes_at, last, last + millisecond)
    assert [CONTEST.is_over(week, moment) for moment in moments] == [False, False, False, True]
