"""Appeals: the last moment at which one may send one, how many, what is written, and that nobody is named."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quiz.contest.appeal_rules import (
    MOST_PER_WEEK,
    MOST_TEXT,
    About,
    AppealRules,
    Outcome,
    check_may_send,
    check_names_nobody,
    checked_text,
)
from quiz.errors import Refused
from quiz.vietnamese import HANOI

MS = timedelta(milliseconds=1)
PUBLISHED = datetime(2024, 10, 14, 16, 59, 59, tzinfo=UTC)  # a second before midnight in Hải Phòng
ENDS = datetime(2024, 10, 19, 17, 0, tzinfo=UTC)  # the 19th is over in Hải Phòng
PLAIN = AppealRules()


def check(
    rules: AppealRules, now: datetime, about: About = About.RESULT, published: datetime | None = PUBLISHED
) -> str:
    """The refusal of an appeal sent at this moment, '' where it is taken."""
    try:
        rules.check_in_time(about, published, HANOI, now, "Tuần 1")
    except Refused as refusal:
        return str(refusal)
    return ""


# Until when


@pytest.mark.parametrize(
    ("sent", "is_taken"),
    [(PUBLISHED, True), (ENDS - MS, True), (ENDS, False), (ENDS + MS, False), (ENDS + timedelta(days=99), False)],
)
@pytest.mark.parametrize("about", About)
def test_appeals_are_taken_through_the_fifth_local_day_after_the_first_publication(
    sent: datetime, is_taken: bool, about: About
) -> None:
    said = "Đã hết thời hạn gửi phản ánh, khiếu nại về Tuần 1: 24 giờ 00 phút, thứ Bảy ngày 19/10/2024."
    assert check(PLAIN, sent, about) == ("" if is_taken else said)


def test_a_day_is_one_of_the_contests_own_calendar() -> None:
    assert PLAIN.ends_at(PUBLISHED, HANOI) == ENDS
    assert PLAIN.ends_at(PUBLISHED + timedelta(seconds=1), HANOI) == ENDS + timedelta(days=1)
    assert PLAIN.ends_at(PUBLISHED, ZoneInfo("UTC")) == datetime(2024, 10, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rules", "ends"),
    [
        (AppealRules(days_after=2), datetime(2024, 10, 16, 17, 0, tzinfo=UTC)),
        (AppealRules(days_after=2, last_day=date(2024, 10, 30)), datetime(2024, 10, 16, 17, 0, tzinfo=UTC)),
        (AppealRules(days_after=30, last_day=date(2024, 10, 15)), datetime(2024, 10, 15, 17, 0, tzinfo=UTC)),
        (AppealRules(days_after=None, last_day=date(2024, 11, 30)), datetime(2024, 11, 30, 17, 0, tzinfo=UTC)),
    ],
)
def test_whichever_comes_first_ends_it(rules: AppealRules, ends: datetime) -> None:
    assert rules.ends_at(PUBLISHED, HANOI) == ends
    assert [check(rules, ends - MS) == "", check(rules, ends) == ""] == [True, False]


def test_before_the_publication_one_may_appeal_on_questions_only() -> None:
    assert check(PLAIN, PUBLISHED, About.QUESTION, None) == ""
    assert check(PLAIN, PUBLISHED, About.RESULT, None).startswith("Kết quả Tuần 1 chưa công bố")
    last_day = AppealRules(last_day=date(2024, 10, 13))
    assert PLAIN.ends_at(None, HANOI) is None
    assert check(last_day, PUBLISHED, About.QUESTION, None).startswith("Đã hết thời hạn")


def test_answers_are_due_by_the_local_day() -> None:
    assert AppealRules(answer_within=3).due_on(PUBLISHED, HANOI) == date(2024, 10, 17)
    assert AppealRules(answer_within=3).due_on(PUBLISHED + timedelta(seconds=1), HANOI) == date(2024, 10, 18)
    assert AppealRules(answer_within=3).due_at(PUBLISHED, HANOI) == datetime(2024, 10, 17, 17, 0, tzinfo=UTC)


def test_the_rule_says_itself() -> None:
    both = AppealRules(days_after=7, last_day=date(2024, 11, 8), answer_within=3)
    assert "hết ngày thứ 5 sau ngày công bố lần đầu kết quả của tuần. Mỗi người" in PLAIN.sentences[0]
    assert "ngày thứ 7 sau ngày công bố lần đầu kết quả của tuần, chậm nhất là hết ngày 08/11/2024" in both.sentences[0]
    only_day = AppealRules(days_after=None, last_day=date(2024, 11, 8))
    assert "Thời hạn gửi: đến hết ngày 08/11/2024. Mỗi người gửi tối đa 5 phản ánh" in only_day.sentences[0]
    assert both.sentences[1].startswith("Ban Tổ chức trả lời trong 3 ngày sau ngày gửi.")


# How many


def test_one_waits_at_most_once_for_the_same() -> None:
    check_may_send(2, is_waiting=False)
    with pytest.raises(Refused, match="đang chờ trả lời"):
        check_may_send(1, is_waiting=True)


def test_one_sends_so_many_a_week() -> None:
    check_may_send(MOST_PER_WEEK - 1, is_waiting=False)
    with pytest.raises(Refused, match="tối đa 5"):
        check_may_send(MOST_PER_WEEK, is_waiting=False)


# What is written


def test_what_is_written_keeps_its_lines_and_drops_what_cannot_be_printed() -> None:
    assert checked_text("  Câu này\x00 sai.\r\nĐáp án là B.\x1b\u202e ") == "Câu này sai.\nĐáp án là B."
    assert len(checked_text("x" * MOST_TEXT)) == MOST_TEXT
    for text, says in (("", "Cần ghi nội dung"), (" \n\x07 ", "Cần ghi nội dung"), ("x" * (MOST_TEXT + 1), "2000")):
        with pytest.raises(Refused, match=says):
            checked_text(text)


NAMED = ("Trần Thị Bích Ngọc", "SNV-01", "ngoc@example.vn", "A12", "")


@pytest.mark.parametrize(
    "text",
    [
        "Bà Trần Thị Bích Ngọc phản ánh",
        "tran thi bich ngoc",
        "TRẦN  THỊ\nBÍCH NGỌC.",
        "mã snv 01",
        "(SNV-01)",
        "gửi về ngoc@example.vn nhé",
    ],
)
def test_nobody_is_named_in_public(text: str) -> None:
    with pytest.raises(Refused) as caught:
        check_names_nobody(text, NAMED)
    assert caught.value.facts["found"] in NAMED


@pytest.mark.parametrize(
    "text", ["Câu 3 có hai đáp án đúng.", "Điểm A12", "Trần Thị Bích", "SNV-012", "viên ngọc bích", "", "…"]
)
def test_other_words_name_nobody(text: str) -> None:
    check_names_nobody(text, NAMED)


def test_every_outcome_has_words() -> None:
    assert [one.words for one in Outcome] == ["Chấp nhận", "Chấp nhận một phần", "Không chấp nhận", "Giải thích"]
