"""What makes no sense in a contest file: each such fault is named once, at its line, with the part it belongs to."""

from __future__ import annotations

import pytest

from quiz.contest.schedule_files import parse_contest
from quiz.yaml_text import Fault, FaultyFile
from tests.contest.whole_file import WHOLE, changed, line_of

Change = tuple[str, str]

RANKING = WHOLE[WHOLE.index("  - score\n") : WHOLE.index("prediction:\n  text")]
PREDICTION = WHOLE[WHOLE.index("prediction:\n  text") : WHOLE.index("divisions:")]
DIVISIONS = WHOLE[WHOLE.index("divisions:") : WHOLE.index("prizes:\n  - {name: Giải Nhất, count: 1, amount: 3")]
PRIZES = WHOLE[WHOLE.index("prizes:\n  - {name: Giải Nhất, count: 1, amount: 3") : WHOLE.index("one_prize:")]
GROUPS = WHOLE[WHOLE.index("  groups:\n") : WHOLE.index("barred:")]
PAPERS = "    papers: {can-bo: {minutes: 15}}\n"
NO_DIVISIONS = ((DIVISIONS, ""), (PAPERS, ""), ("of: division", "of: all"))
SECOND = WHOLE[WHOLE.index("  - number: 2\n") : WHOLE.index("paper:\n  questions: 10")]
CONTEST_PRIZE = "  - {name: Giải toàn cuộc, count: 1, per: contest}\n"
NO_COLLECTIVE = (WHOLE[WHOLE.index("collective:") :], "")
ONCE = (("per_week: 4, per_day: 2, per_contest: 6, counts: last", "per_week: 1"), (CONTEST_PRIZE, ""))


def faults_of(text: str) -> list[Fault]:
    """The faults of a file, [] where it is sound."""
    try:
        parse_contest(text.encode())
    except FaultyFile as faulty:
        return list(faulty.faults)
    return []


def assert_fault(changes: tuple[Change, ...], at: str, says: str) -> None:
    """The whole file with these changes has one fault, on the line that holds `at`, and it says this."""
    text = changed(*changes)
    found = faults_of(text)
    assert [fault.line for fault in found] == [line_of(at, text)], found
    assert says in found[0].message


def assert_sound(*changes: Change) -> None:
    assert faults_of(changed(*changes)) == []


def test_the_whole_file_is_sound() -> None:
    assert_sound()


# Times


@pytest.mark.parametrize(
    ("changes", "at", "says"),
    [
        ((("2024-10-04 17:00", "2024-10-01 07:00"),), "practice:", "đợt thi thử: lúc đóng (2024-10-01 07:00) phải sau"),
        (
            (("2024-10-04 17:00", "2024-10-07 08:01"),),
            "practice:",
            "đợt thi thử: trùng thời gian với đợt 1 (từ 2024-10-07 08:00 đến 2024-10-11 17:00)",
        ),
        (
            (
                (
                    "opens: 2024-10-01 08:00, closes: 2024-10-04 17:00",
                    "opens: 2024-10-20 23:30, closes: 2024-11-04 17:00",
                ),
            ),
            "practice:",
            "đợt thi thử: trùng thời gian với đợt 2",
        ),
        (
            (("closes: 2024-10-11 17:00", "closes: 2024-10-14 08:01"),),
            "2024-10-14 08:00",
            "đợt 2: mở lúc 2024-10-14 08:00, khi đợt 1 chưa đóng (2024-10-14 08:01)",
        ),
        (
            (("closes: 2024-10-20 24:00", "closes: 2034-10-20 24:00"),),
            "closes: 2034",
            "đợt 2: mở lâu hơn một năm (đến 2034-10-20 24:00); hãy xem lại năm",
        ),
        (
            (('from: "07:30", until: 17:30', "from: 17:30, until: 17:30"),),
            "hours: {from: 17:30",
            "giờ đóng trong ngày (17:30) phải sau giờ mở (17:30)",
        ),
        (
            (('hours: {from: "06:00", until: "22:00"}', "hours:\n      until: 00:00"),),
            "until: 00:00",
            "đợt 2: giờ đóng trong ngày (00:00) phải sau giờ mở (00:00)",
        ),
        ((("[mon, tue, wed, thu, fri]", "[mon, tue, wed, mon, fri]"),), 'hours: {from: "07', "ngày “mon” đã dùng"),
        (
            (("except: [2024-10-09]", "except: [2024-10-09, 2024-10-09]"),),
            'hours: {from: "07',
            "ngày nghỉ “2024-10-09”",
        ),
        (
            (
                (
                    'hours: {from: "06:00", until: "22:00"}',
                    "hours: {days: [mon, tue], except: [2024-10-14, 2024-10-15]}",
                ),
            ),
            "hours: {days: [mon, tue]",
            "đợt 2: không có lúc nào mở theo “hours”",
        ),
        (
            (("2024-10-01 08:00", "2024-10-05 08:00"), ("2024-10-04 17:00", "2024-10-06 17:00")),
            "practice:",
            "đợt thi thử: không có lúc nào mở theo “hours”",
        ),
        (
            (("Asia/Ho_Chi_Minh", "Europe/Berlin"), ("2024-10-01 08:00", "2024-03-31 02:30")),
            "practice:",
            "đợt thi thử: giờ này không có ở múi giờ Europe/Berlin",
        ),
        (
            (
                ("Asia/Ho_Chi_Minh", "Europe/Berlin"),
                (
                    "practice: {opens: 2024-10-01 08:00, closes: 2024-10-04 17:00, ",
                    "practice:\n  opens: 2024-03-28 08:00\n  closes: 2024-03-31 02:30\n  ",
                ),
                ("paper: {questions: 5, quotas: []}}", "paper: {questions: 5, quotas: []}"),
            ),
            "2024-03-31 02:30",
            "đợt thi thử: giờ này không có ở múi giờ Europe/Berlin",
        ),
    ],
)
def test_times_that_cannot_be(changes: tuple[Change, ...], at: str, says: str) -> None:
    assert_fault(changes, at, says)


def test_rounds_may_touch() -> None:
    assert_sound(("2024-10-04 17:00", "2024-10-07 08:00"))
    assert_sound(
        ("opens: 2024-10-01 08:00, closes: 2024-10-04 17:00", "opens: 2024-10-20 24:00, closes: 2024-11-04 17:00")
    )


def test_a_round_may_be_open_for_a_year() -> None:
    assert_sound(("closes: 2024-10-20 24:00", "closes: 2025-10-15 08:00"))


def test_a_zone_is_one_of_the_catalogue_whatever_its_name_looks_like() -> None:
    for name in (
        "Asia",
        "../Asia/Tokyo",
        "/etc/localtime",
        "localtime",
        "Asia/",
        "Asia/Ho Chi Minh",
        "posix/Asia/Tokyo",
        "Ở/Đâu",
    ):
        assert_fault((("Asia/Ho_Chi_Minh", f'"{name}"'),), f'"{name}"', "không có trong danh mục múi giờ")
    for name in ("America/Port-au-Prince", "Etc/GMT-7", "UTC", "America/Argentina/Buenos_Aires"):
        assert_sound(("Asia/Ho_Chi_Minh", name))


def test_hours_of_the_contest_can_leave_several_rounds_without_any() -> None:
    text = changed(("[mon, tue, wed, thu, fri], except: [2024-10-09]", "[sun]"))
    found = faults_of(text)
    assert [fault.line for fault in found] == [line_of("practice:", text), line_of("opens: 2024-10-07", text)]
    assert ["không có lúc nào mở" in fault.message for fault in found] == [True, True]


@pytest.mark.parametrize(
    "change",
    [
        ("opens: 2024-10-07 08:00", "opens: sáng thứ Hai"),
        ("closes: 2024-10-11 17:00", "closes: chiều thứ Sáu"),
        (WHOLE[WHOLE.index("practice:") : WHOLE.index("weeks:")], "practice: tuần đầu tháng Mười\n"),
        (SECOND, "  - tuần hai\n"),
        ('hours: {from: "06:00", until: "22:00"}', "hours: {from: sáng, until: chiều}"),
    ],
)
def test_what_cannot_be_read_is_not_judged_further(change: Change) -> None:
    found = faults_of(
        changed(change, ("per_week: 4, per_day: 2, per_contest: 6, counts: last", "per_day: 1, counts: best"))
    )
    assert len({fault.line for fault in found}) == 1, found


# Papers and divisions


@pytest.mark.parametrize(
    ("changes", "at", "says"),
    [
        (
            (("mot-cua, level: 1, count: 2", "mot-cua, level: 1, count: 7"),),
            "  quotas:",
            "cộng lại 11 câu, nhiều hơn 10",
        ),
        (
            (("paper: {minutes: 10}", "paper: {questions: 5}"),),
            "{questions: 5}",
            "bảng thi can-bo: cơ cấu đề cộng lại 6",
        ),
        (
            (("papers: {can-bo: {minutes: 15}}", "papers: {can-bo: {questions: 3}}"),),
            "papers:",
            "đợt 1, bảng thi can-bo: cơ",
        ),
        (
            (("quotas: []}}", "questions: 5}}"), ("{questions: 5, ", "{")),
            "practice:",
            "đợt thi thử: cơ cấu đề cộng lại 6",
        ),
        (
            (("bank: dot-1}", "bank: dot-1, quotas: [{level: 2, count: 11}]}"),),
            "bank: dot-1",
            "đợt 1: cơ cấu đề cộng lại 11 câu",
        ),
        (
            (("bank: dot-1}", "bank: dot-1, quotas: [{count: 1}]}"),),
            "bank: dot-1",
            "đợt 1: mục này của cơ cấu đề chưa nêu “topic” hoặc “level”",
        ),
        (
            (("topics: [mot-cua, sipas]", "topics: [mot-cua]"),),
            "topics: [mot-cua]",
            "lấy chủ đề “sipas”, nhưng “topics”",
        ),
        (
            (("bank: dot-1}", "bank: dot-1, quotas: [{topic: par, count: 1}]}"),),
            "bank: dot-1",
            "đợt 1: cơ cấu đề lấy chủ đề “par”",
        ),
        (
            (("papers: {can-bo:", "papers: {cong-chuc:"),),
            "cong-chuc",
            "không có bảng thi “cong-chuc”; các bảng thi: can-bo",
        ),
        (
            ((DIVISIONS, ""), ("of: division", "of: all")),
            "papers:",
            "đề riêng cho bảng thi “can-bo”, nhưng tệp không chia bảng thi",
        ),
        ((("code: nguoi-dan", "code: can-bo"),), "name: Người dân", "mã bảng thi “can-bo” đã dùng ở dòng 52"),
        ((("name: Người dân", "name: cán bộ"),), "name: cán bộ", "bảng thi nguoi-dan: tên bảng thi “cán bộ” đã dùng"),
        (
            (("minutes: 20", "minutes: 120"), ('until: "22:00"', "until: 07:59")),
            "opens: 2024-10-14",
            "đợt 2: mỗi lần chỉ mở liền 1 giờ 59 phút 00 giây, ngắn hơn 120 phút làm bài",
        ),
        (
            (("{can-bo: {minutes: 15}}", "{can-bo: {minutes: 180}}"), ("until: 17:30", "until: 10:29")),
            "opens: 2024-10-07",
            "đợt 1: mỗi lần chỉ mở liền 2 giờ 59 phút 00 giây, ngắn hơn 180 phút làm bài",
        ),
    ],
)
def test_papers_that_cannot_be(changes: tuple[Change, ...], at: str, says: str) -> None:
    assert_fault(changes, at, says)


def test_a_paper_may_take_exactly_what_it_has_and_as_long_as_it_is_open() -> None:
    assert_sound(("mot-cua, level: 1, count: 2", "mot-cua, level: 1, count: 6"))
    assert_sound(("minutes: 20", "minutes: 120"), ('until: "22:00"', "until: 08:00"))
    assert_sound(("{minutes: 10}", "{minutes: 180}"), ("minutes: 15", "minutes: 10"), ("until: 17:30", "until: 10:30"))


def test_a_paper_that_says_nothing_has_twenty_questions_and_minutes() -> None:
    no_size = ("  questions: 10\n", "")
    assert_sound(no_size, ("level: 1, count: 2", "level: 1, count: 16"))
    assert_fault((no_size, ("level: 1, count: 2", "level: 1, count: 17")), "  quotas:", "cộng lại 21 câu, nhiều hơn 20")
    no_time = ("  minutes: 20\n", "")
    assert_sound(no_time, ('until: "22:00"', "until: 06:20"))
    assert_fault(
        (no_time, ('until: "22:00"', "until: 06:19")), "opens: 2024-10-14", "19 phút 00 giây, ngắn hơn 20 phút"
    )


def test_weeks_have_papers_of_their_own_without_divisions_too() -> None:
    quotas = ("bank: dot-1}", "bank: dot-1, quotas: [{level: 2, count: 11}]}")
    assert_fault((*NO_DIVISIONS, quotas), "bank: dot-1", "đợt 1: cơ cấu đề cộng lại 11 câu")
    minutes = (("bank: dot-1}", "bank: dot-1, minutes: 180}"), ("until: 17:30", "until: 10:00"))
    assert_fault((*NO_DIVISIONS, *minutes), "opens: 2024-10-07", "đợt 1: mỗi lần chỉ mở liền 2 giờ 30 phút 00 giây")


def test_a_topic_left_out_is_named_where_it_was_decided_last() -> None:
    own = (
        "    paper: {topics: [mot-cua, sipas], bank: dot-1}\n",
        "    paper:\n      bank: dot-1\n      topics: [mot-cua]\n",
    )
    assert_fault((own,), "topics: [mot-cua]", "đợt 1: cơ cấu đề lấy chủ đề “sipas”")
    asked = ("  quotas:\n", "  topics: [mot-cua, khac]\n  quotas:\n")
    assert_fault((asked,), "{topic: sipas, count: 4}", "cơ cấu đề lấy chủ đề “sipas”")
    quotas = "      quotas:\n        - {topic: mot-cua, count: 1}\n        - {topic: par, count: 1}\n"
    assert_fault(
        ((own[0], f"    paper:\n      topics: [mot-cua]\n{quotas}"),), "topic: par", "đợt 1: cơ cấu đề lấy chủ đề “par”"
    )


def test_a_size_that_is_too_small_is_named_where_it_was_decided_last() -> None:
    small = ("    paper: {minutes: 10}\n", "    paper:\n      minutes: 10\n      questions: 5\n")
    assert_fault((small,), "questions: 5\n", "bảng thi can-bo: cơ cấu đề cộng lại 6 câu, nhiều hơn 5")
    large = ("    paper: {minutes: 10}\n", "    paper:\n      minutes: 10\n      quotas: [{level: 1, count: 11}]\n")
    assert_fault((large,), "count: 11", "bảng thi can-bo: cơ cấu đề cộng lại 11 câu, nhiều hơn 10")


def test_a_paper_that_every_week_changes_must_make_sense_by_itself() -> None:
    small = ("paper: {minutes: 10}", "paper: {questions: 5}")
    first = ("papers: {can-bo: {minutes: 15}}", "papers: {can-bo: {questions: 10}}")
    second = ('until: "22:00"}\n', 'until: "22:00"}\n    papers: {can-bo: {questions: 10}}\n')
    assert_fault((small, first, second), "{questions: 5}", "bảng thi can-bo: cơ cấu đề cộng lại 6 câu, nhiều hơn 5")


def test_a_paper_for_a_division_whose_code_is_missing_is_not_judged() -> None:
    changes = (("papers: {can-bo:", "papers: {nguoi-dan:"), ("code: nguoi-dan, ", ""))
    assert_fault(changes, "{name: Người dân}", "thiếu “code” (mã)")


def test_a_quota_without_a_number_is_one_fault() -> None:
    assert_fault((("sipas, count: 4", "sipas, count: bốn"),), "count: bốn", "“count” (số lượng) phải là số nguyên")


def test_a_number_that_may_hide_behind_a_misspelt_name_is_not_reckoned_with() -> None:
    assert len(faults_of(changed(("  questions: 10", "  question: 5")))) == 1
    assert len(faults_of(changed(("  minutes: 20", "  minute: 5"), ('until: "22:00"', "until: 06:10")))) == 1
    assert (
        len(faults_of(changed(("per_day: 2", "per_days: 1"), ("per_week: 4, ", ""), ("counts: last", "counts: only"))))
        == 1
    )


# Attempts


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ((("per_day: 2", "per_day: 5"),), "mỗi ngày 5 lượt là nhiều hơn mỗi tuần (4 lượt)"),
        ((("per_day: 2", "per_day: 7"), ("per_week: 4, ", "")), "mỗi ngày 7 lượt là nhiều hơn cả hội thi (6 lượt)"),
        ((("per_week: 4", "per_week: 7"),), "mỗi tuần 7 lượt là nhiều hơn cả hội thi (6 lượt)"),
        (
            (("per_week: 4", "per_week: 7"), ("per_day: 2", "per_day: 8")),
            "mỗi ngày 8 lượt là nhiều hơn mỗi tuần (7 lượt)",
        ),
        ((("counts: last", "counts: only"),), "mỗi tuần có thể thi nhiều lượt thì “counts” phải là “best”"),
        ((("counts: last, ", ""),), "mỗi tuần có thể thi nhiều lượt thì “counts” phải là “best”"),
        (
            (("per_week: 4, per_day: 2, per_contest: 6, counts: last", "per_day: 1"),),
            "mỗi tuần có thể thi nhiều lượt thì “counts”",
        ),
        (
            (("per_week: 4, per_day: 2, per_contest: 6, counts: last", "per_week: none"),),
            "mỗi tuần có thể thi nhiều lượt thì “counts”",
        ),
        (
            (("per_week: 4, per_day: 2, per_contest: 6", "per_contest: 1"), (CONTEST_PRIZE, CONTEST_PRIZE)),
            "mỗi tuần một lượt thì “counts” phải là “only”",
        ),
    ],
)
def test_limits_and_choices_at_odds(changes: tuple[Change, ...], says: str) -> None:
    assert_fault(changes, "attempts: {", says)


def test_one_attempt_a_day_is_one_a_week_only_where_weeks_are_open_for_a_day() -> None:
    short = changed(
        ("per_week: 4, per_day: 2, per_contest: 6, counts: last", "per_day: 1"),
        ("closes: 2024-10-11 17:00", "closes: 2024-10-07 24:00"),
        ('hours: {from: "06:00", until: "22:00"}', "hours: {days: [wed]}"),
        ("except: [2024-10-09]", "except: [2024-10-03]"),
    )
    assert faults_of(short) == []
    assert len(faults_of(short.replace("days: [wed]", "days: [wed, sat]"))) == 1


def test_attempts_are_not_judged_by_weeks_that_cannot_be_read() -> None:
    daily = ("per_week: 4, per_day: 2, per_contest: 6, counts: last", "per_day: 1")
    assert_fault((("2024-10-07 08:00", "sáng thứ Hai"), daily), "sáng thứ Hai", "“opens” (lúc mở) phải viết theo mẫu")


def test_a_hundred_attempts_are_several() -> None:
    attempts = "per_week: 4, per_day: 2, per_contest: 6, counts: last"
    assert_sound((attempts, "per_week: 100, counts: last"))
    assert_fault(((attempts, "per_week: 100"),), "attempts: {", "mỗi tuần có thể thi nhiều lượt")


def test_limits_may_repeat_each_other() -> None:
    assert_sound(("per_week: 4, per_day: 2, per_contest: 6", "per_week: 2, per_day: 2, per_contest: 2"))
    assert_sound(("per_week: 4, per_day: 2, per_contest: 6", "per_week: none, per_day: none, per_contest: 6"))
    assert_sound(("per_week: 4, per_day: 2, per_contest: 6, counts: last", "per_week: 1, counts: only"))


# Ranking and prediction


@pytest.mark.parametrize(
    ("changes", "at", "says"),
    [
        (
            (("  - full_marks\n", "  - prediction\n"),),
            "  - prediction\n  - lot",
            "cách xếp hạng ghi “prediction” hai lần",
        ),
        ((("  - fewer_attempts\n", "  - time_taken\n"),), "- time_taken\n", "cách xếp hạng ghi “time_taken” hai lần"),
        ((("  - score\n", ""),), "  - prediction\n", "cách xếp hạng phải bắt đầu bằng “score”"),
        (
            (
                ("  - lot\n", "  - lot\n  - all_right\n"),
                ("  - score\n", "  - full_marks\n"),
                ("  - full_marks\n  - lot", "  - lot"),
            ),
            "  - lot",
            "bốc thăm phải đứng cuối",
        ),
        (
            ((PREDICTION, ""),),
            "  - prediction",
            "xếp hạng theo “prediction” nhưng tệp chưa có câu dự đoán",
        ),
        (
            (("[all_right, time_taken]", "[all_right, prediction]"), (PREDICTION, ""), ("  - prediction\n", "")),
            "[all_right, prediction]",
            "bảng thi can-bo: xếp hạng theo “prediction” nhưng tệp chưa có câu dự đoán",
        ),
        ((("  - prediction\n", ""),), "prediction:\n  text", "câu dự đoán chưa được dùng để xếp hạng"),
        (((f"ranking:\n{RANKING}", ""),), "prediction:\n  text", "câu dự đoán chưa được dùng để xếp hạng"),
        ((("  - lot\n", ""),), "lot: {event", "không cách xếp hạng nào bốc thăm"),
        (NO_DIVISIONS[:2], "of: division", "phạm vi đếm “of” phải là “all”"),
        ((("[all_right, time_taken]", "[time_taken]"),), "[time_taken]", "bảng thi can-bo: cách xếp hạng phải bắt đầu"),
        (
            (("[all_right, time_taken]", "[score, all_right]"), (CONTEST_PRIZE, "")),
            "[score, all_right]",
            "bảng thi can-bo: đứng sau “score” thì “all_right” không phân định thêm được ai",
        ),
        (
            (*ONCE, ("  - full_marks\n", "")),
            "  - fewer_attempts",
            "mỗi tuần một lượt thì “fewer_attempts” không phân định được ai",
        ),
        (
            (*ONCE, ("  - fewer_attempts\n", "")),
            "  - full_marks",
            "mỗi tuần một lượt thì “full_marks” không phân định thêm được ai",
        ),
        (
            (
                *ONCE,
                ("  - fewer_attempts\n", ""),
                ("  - full_marks\n", ""),
                ("[all_right, time_taken]", "[all_right, full_marks]"),
            ),
            "[all_right, full_marks]",
            "bảng thi can-bo: mỗi tuần một lượt thì “full_marks”",
        ),
    ],
)
def test_rankings_that_cannot_be(changes: tuple[Change, ...], at: str, says: str) -> None:
    assert_fault(changes, at, says)


def test_rankings_that_look_idle_but_decide() -> None:
    assert_sound(("[all_right, time_taken]", "[score, all_right]"))  # over the contest, papers add up
    assert_sound(ONCE[0])  # over the contest, attempts add up
    assert_sound(
        *ONCE,
        ("  - fewer_attempts\n", ""),
        ("  - full_marks\n", ""),
        ("[all_right, time_taken]", "[full_marks, time_taken, score]"),
    )


def test_a_prediction_is_used_where_one_division_ranks_by_it() -> None:
    assert_sound(("  - prediction\n", ""), ("[all_right, time_taken]", "[all_right, prediction]"))
    own = changed(
        ("[all_right, time_taken]", "[score, lot]"),
        ("{code: nguoi-dan, name: Người dân}", "{code: nguoi-dan, name: Người dân, ranking: [score]}"),
    )
    assert ["chưa được dùng" in fault.message for fault in faults_of(own)] == [True]


def test_a_ranking_that_cannot_be_read_is_not_judged_further() -> None:
    for wrong in ("predicton", "{prediction: second}", "[prediction]", "{time_taken: hour}"):
        assert len(faults_of(changed(("  - prediction\n", f"  - {wrong}\n")))) == 1


# Prizes


@pytest.mark.parametrize(
    ("changes", "at", "says"),
    [
        (
            (("name: Giải Nhì, count", "name: Giải nhất, count"), ("Giải Nhì: 8", "Giải nhất: 8")),
            "name: Giải nhất",
            "giải 2: tên giải “Giải nhất” đã dùng ở dòng",
        ),
        (
            (("    prizes: []", "    prizes: [{name: A, count: 1}, {name: A, count: 2, per: week}]"),),
            "{name: A, count: 1}",
            "bảng thi can-bo, giải 2: tên giải “A” đã dùng",
        ),
        (
            ((SECOND, ""), (CONTEST_PRIZE, "")),
            "one_prize:",
            "không ai có thể được hai giải nên “one_prize” không có tác dụng",
        ),
        (
            ((SECOND, ""), ("one_prize: keep_best", "one_prize: bar_later_weeks")),
            "one_prize:",
            "không ai có thể được hai giải",
        ),
        (
            (
                ("  - {name: Giải Nhất, count: 1, amount: 3000000}\n  - {name: Giải Nhì, count: 2, per: week}\n", ""),
                ("Giải Nhất: 10, Giải Nhì: 8", "Giải toàn cuộc: 8"),
            ),
            "one_prize:",
            "không ai có thể được hai giải",
        ),
        (((PRIZES, ""), NO_COLLECTIVE), "one_prize:", "không ai có thể được hai giải"),
    ],
)
def test_prizes_that_cannot_be(changes: tuple[Change, ...], at: str, says: str) -> None:
    assert_fault(changes, at, says)


def test_a_prize_of_the_week_may_be_called_like_one_of_the_contest() -> None:
    assert_sound(("name: Giải toàn cuộc", "name: Giải Nhất"))


def test_one_prize_is_judged_by_what_each_division_can_win() -> None:
    assert_sound((PRIZES, ""), NO_COLLECTIVE, ("    prizes: []", "    prizes: [{name: A, count: 1}]"))
    silent = ("{code: nguoi-dan, name: Người dân}", "{code: nguoi-dan, name: Người dân, prizes: []}")
    assert_fault((silent, NO_COLLECTIVE), "one_prize:", "không ai có thể được hai giải")


def test_prizes_over_the_contest_may_be_those_of_one_division() -> None:
    own = ("    prizes: []", "    prizes: [{name: A, count: 1, per: contest}]")
    assert_sound((CONTEST_PRIZE, ""), own, ("[all_right, time_taken]", "[score, all_right]"))


def test_a_prize_without_a_name_is_one_fault() -> None:
    assert_fault((("name: Giải Nhì, count: 2, per: week", "count: 2, per: week"),), "{count: 2", "giải 2: thiếu “name”")


def test_a_file_without_weeks_is_not_told_of_rules_without_effect() -> None:
    weeks = WHOLE[WHOLE.index("weeks:") : WHOLE.index("paper:\n  questions: 10")]
    assert_fault(((weeks, "weeks: []\n"),), "weeks: []", "chưa có mục nào")


def test_one_prize_matters_with_several_weeks_or_a_week_and_the_contest() -> None:
    assert_sound((CONTEST_PRIZE, ""))
    assert_sound((SECOND, ""))
    assert_sound(("one_prize: keep_best", "one_prize: bar_later_weeks"))
    assert_sound((SECOND, ""), ("one_prize: keep_best", "one_prize: off"))


# Participation, those kept out


@pytest.mark.parametrize(
    ("changes", "at", "says"),
    [
        ((("below: 100", "below: 50"),), "percent: 25", "các mục phải theo “below” tăng dần: 50 không lớn hơn 50"),
        ((("{below: 50, percent: 30}", "{percent: 30}"),), "{percent: 30}", "chỉ mục cuối cùng mới được bỏ “below”"),
        ((("{percent: 20}", "{below: 200, percent: 20}"),), "below: 200", "mục cuối cùng phải bỏ “below”"),
        ((("{below: 50, percent: 30}", "{below: ít, percent: 30}"),), "below: ít", "phải là số nguyên"),
        ((("least: 1}", "least: 1, percent: 5}"),), "least: 1", "chỉ ghi “least” (số người) hoặc “percent” (tỷ lệ)"),
        (((", least: 1}", "}"),), "code: lanh-dao", "chưa ghi “least” (số người ít nhất) hoặc “percent”"),
        ((("code: mot-cua", "code: lanh-dao"),), "name: Công chức", "mã nhóm “lanh-dao” đã dùng ở dòng"),
        ((("name: Công chức một cửa", "name: Lãnh đạo cơ quan"),), "code: mot-cua", "tên nhóm “Lãnh đạo cơ quan” đã"),
        ((("code: to-thu-ky", "code: ban-to-chuc"),), "name: Thành viên Tổ", "mã nhóm “ban-to-chuc” đã dùng ở dòng"),
    ],
)
def test_participation_that_cannot_be(changes: tuple[Change, ...], at: str, says: str) -> None:
    assert_fault(changes, at, says)


# Collective awards


@pytest.mark.parametrize(
    ("changes", "at", "says"),
    [
        (
            (("  least_participation: 50", "  order: [participation, prizes]\n  least_participation: 50"),),
            "weights:",
            "chỉ ghi “order” (xét lần lượt) hoặc “weights” (tính điểm), không ghi cả hai",
        ),
        (
            (
                ("  weights: {participation: 60, average_score: 30, prizes: 10}\n", ""),
                ("  prize_points: {Giải Nhất: 10, Giải Nhì: 8}\n", ""),
            ),
            "collective:",
            "chưa ghi “order” (thứ tự tiêu chí) hoặc “weights” (trọng số)",
        ),
        (
            (("weights: {participation: 60, average_score: 30, prizes: 10}", "order: [prizes, entries, prizes]"),),
            "order: [prizes",
            "tiêu chí “prizes” đã dùng",
        ),
        ((("average_score: 30", "average_score: 30.5"),), "weights:", "các trọng số cộng lại 100,5%, phải là 100%"),
        (
            (("{Giải Nhất: 10,", "{Giải Ba: 10,"),),
            "prize_points:",
            "không có giải nào tên “Giải Ba”; các giải: Giải Nhất, Giải Nhì",
        ),
        (
            (("average_score: 30, prizes: 10", "average_score: 40"),),
            "prize_points:",
            "có điểm quy đổi giải nhưng không xét tiêu chí “prizes”",
        ),
        (
            (
                (PRIZES, ""),
                ("one_prize: keep_best\n", ""),
                ("  needs_prize: true\n", ""),
                ("  prize_points: {Giải Nhất: 10, Giải Nhì: 8}\n", ""),
            ),
            "weights:",
            "hội thi không có giải cá nhân (“prizes”) nên không thể xét tiêu chí này",
        ),
        (
            (
                (PRIZES, ""),
                ("one_prize: keep_best\n", ""),
                ("average_score: 30, prizes: 10", "average_score: 40"),
                ("  prize_points: {Giải Nhất: 10, Giải Nhì: 8}\n", ""),
            ),
            "needs_prize:",
            "hội thi không có giải cá nhân (“prizes”) nên không cơ quan nào",
        ),
        (((GROUPS, ""),), "needs_groups:", "“participation” không có “groups” nên không cơ quan nào"),
        (
            (("      agencies: [AD, HB]", "      kinds: [central, city]"),),
            "kinds: [central",
            "khối 2: loại cơ quan “city” đã dùng ở",
        ),
        ((("agencies: [AD, HB]", "agencies: [AD, HB, AD]"),), "agencies:", "khối 2: cơ quan “AD” đã dùng ở dòng"),
        (
            (("kinds: [city]", "kinds: [city]\n      agencies: [SNV]"),),
            "agencies: [SNV]",
            "khối 1: mỗi khối chỉ ghi “kinds”",
        ),
        (
            (("      kinds: [city]\n", ""), ("      agencies: [AD, HB]\n", "")),
            "- name: Khối cơ sở",
            "khối ở dòng 89 đã gồm mọi cơ quan còn lại",
        ),
        (
            (("name: Khối cơ sở", "name: Khối sở ngành"),),
            "name: Khối sở ngành\n      agencies",
            "khối 2: tên khối “Khối sở",
        ),
        (
            (("name: Giải Nhì khối", "name: Giải Nhất khối"),),
            "khối, count: 2",
            "khối 1, giải 2: tên giải “Giải Nhất khối”",
        ),
    ],
)
def test_collective_awards_that_cannot_be(changes: tuple[Change, ...], at: str, says: str) -> None:
    assert_fault(changes, at, says)


def test_the_order_of_measures_can_hold_the_prizes() -> None:
    weights = "weights: {participation: 60, average_score: 30, prizes: 10}"
    assert_sound((weights, "order: [participation, prizes]"))
    assert_fault(((weights, "order: [participation]"),), "prize_points:", "nhưng không xét tiêu chí “prizes”")


def test_one_block_may_take_whoever_is_left() -> None:
    assert_sound(("      agencies: [AD, HB]\n", ""))


# All together


def test_faults_of_form_and_of_sense_are_named_in_one_reading() -> None:
    text = changed(
        ("timezone: Asia/Ho_Chi_Minh", "timezone: Asia/Hanoi"),
        ("2024-10-04 17:00", "2024-10-07 09:00"),
        ("papers: {can-bo:", "papers: {khac:"),
        ("mot-cua, level: 1, count: 2", "mot-cua, level: 1, count: 12"),
        ("avoid_seen: true", "avoid_seen: có"),
        ("per_week: 4", "per_week: 9"),
        ("grace_seconds: 10", "grace_seconds: 100"),
        ("target: people_all_right", "target: everybody"),
        ("code: nguoi-dan", "code: can-bo"),
        ("name: Giải Nhì, count: 2", "name: Giải Nhất, count: 0"),
        ("below: 100", "below: 10"),
        ("average_score: 30", "average_score: 31"),
        ("name: Giải Nhì khối, count: 2", "name: Giải Nhì khối"),
    )
    found = faults_of(text)
    lines = [
        *("timezone:", "practice:", "papers: {khac", "  quotas:\n", "avoid_seen:", "attempts:", "attempts:", "target:"),
        *("code: can-bo, name", "count: 0", "count: 0", "below: 10,", "weights:", "prize_points:", "Giải Nhì khối"),
    ]
    assert [fault.line for fault in found] == [line_of(line, text) for line in lines], found


# At the edge


def test_a_round_that_closes_as_it_opens_is_one_fault() -> None:
    at = "closes: 2024-10-07 08:00"
    assert_fault((("closes: 2024-10-11 17:00", at),), at, "lúc đóng (2024-10-07 08:00) phải sau lúc mở")


def test_a_round_may_be_open_for_a_year_and_not_a_minute_longer() -> None:
    at = "closes: 2025-10-15 08:01"
    assert_fault((("closes: 2024-10-20 24:00", at),), at, "mở lâu hơn một năm")


def test_a_quota_without_a_number_is_not_counted_even_where_the_others_fill_the_paper() -> None:
    full = ("mot-cua, level: 1, count: 2", "mot-cua, level: 1, count: 10")
    assert_fault((full, ("sipas, count: 4", "sipas, count: bốn")), "count: bốn", "phải là số nguyên")


def test_a_size_misspelt_in_the_paper_of_one_week_is_one_fault() -> None:
    own = ("bank: dot-1}", "bank: dot-1, question: 30, quotas: [{level: 2, count: 21}]}")
    assert_fault((("  questions: 10\n", ""), own), "bank: dot-1", "có lẽ là “questions”")


def test_a_topic_asked_for_below_the_topics_is_named_where_it_is_asked_for() -> None:
    topics = ("  quotas:\n", "  topics: [mot-cua, sipas]\n  quotas:\n")
    asked = ("    paper: {minutes: 10}\n", "    paper:\n      quotas: [{topic: par, count: 1}]\n")
    changes = (("{topics: [mot-cua, sipas], bank: dot-1}", "{bank: dot-1}"), topics, asked)
    assert_fault(changes, "topic: par", "bảng thi can-bo: cơ cấu đề lấy chủ đề “par”")


# Appeals


@pytest.mark.parametrize("day", ["2024-10-20", "2024-10-14"])
def test_the_last_day_for_appeals_leaves_time_after_the_last_week(day: str) -> None:
    says = f"ngày cuối nhận phản ánh ({day}) không được trước khi tuần cuối cùng đóng (2024-10-21 00:00)"
    assert_fault((("last_day: 2025-12-31", f"last_day: {day}"),), "appeals:", says)


def test_appeals_may_end_on_the_day_after_the_last_week() -> None:
    assert_sound(("last_day: 2025-12-31", "last_day: 2024-10-21"))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("{days_after: 0}", "“days_after” (số ngày nhận phản ánh sau công bố) phải từ 1 đến 60"),
        ("{last_day: 2024-02-30}", "“last_day” (ngày cuối nhận phản ánh) là ngày không có thật"),
        ("{answer_within: mai}", "“answer_within” (số ngày để trả lời phản ánh) phải là số nguyên"),
        ("never", "“appeals” (phản ánh, khiếu nại) phải gồm các dòng"),
    ],
)
def test_what_is_said_of_appeals_is_read_field_by_field(written: str, says: str) -> None:
    assert_fault((("{days_after: 7, last_day: 2025-12-31, answer_within: 3}", written),), "appeals:", says)
