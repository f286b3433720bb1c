"""What makes no sense in office hours: each such fault is named once, at its line."""

from __future__ import annotations

import pytest

from tests.contest.test_schedule_faults import assert_fault, assert_sound, faults_of
from tests.contest.whole_file import changed, line_of

HOURS = 'hours: {from: "07:30", until: 17:30, days: [mon, tue, wed, thu, fri], except: [2024-10-09]}\n'
OWN = 'hours: {from: "06:00", until: "22:00"}\n'
SPANS = """\
hours:
  days: [mon, tue, wed, thu, fri]
  spans:
    - {from: "07:30", until: "11:30"}
    - {from: "13:00", until: "17:00"}
    - {from: "08:00", until: "11:00", days: [sat]}
  except: [2024-10-09]
"""
MORNING, AFTERNOON = '{from: "07:30", until: "11:30"}', '{from: "13:00", until: "17:00"}'
SATURDAY = '{from: "08:00", until: "11:00", days: [sat]}'


def with_spans(*changes: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The change that gives the whole file several spans a day, with these changes to them."""
    return ((HOURS, changed(*changes, text=SPANS)),)


def test_several_spans_a_day_are_sound() -> None:
    assert_sound(*with_spans())
    assert_sound(*with_spans(("days: [sat]", "days: [sun, sat]")))
    assert_sound(*with_spans((AFTERNOON, '{from: "11:31", until: "24:00"}')))
    assert_sound(*with_spans(("  days: [mon, tue, wed, thu, fri]\n", ""), (SATURDAY, '{from: "17:01", days: [sat]}')))


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        (AFTERNOON, '{from: "11:29", until: "17:00"}', "11:29", "trùng với khoảng ở dòng {} (mon, tue, wed, thu, fri)"),
        (AFTERNOON, '{from: "11:30", until: "17:00"}', '"17:00"', "nối liền với khoảng ở dòng {} (mon, tue, wed, thu,"),
        (AFTERNOON, '{from: "05:00", until: "07:30"}', "05:00", "nối liền với khoảng ở dòng {} (mon"),
        (AFTERNOON, '{from: "05:00", until: "17:00"}', "05:00", "trùng với khoảng ở dòng {} (mon"),
        (AFTERNOON, '{from: "08:00", until: "09:00"}', "09:00", "trùng với khoảng ở dòng {} (mon"),
        (AFTERNOON, '{until: "08:00", days: [tue]}', '"08:00", days: [tue]', "trùng với khoảng ở dòng {} (tue)"),
        (SATURDAY, '{from: "08:00", until: "11:00", days: [sat, fri]}', "sat", "trùng với khoảng ở dòng {} (fri)"),
    ],
)
def test_spans_of_one_day_neither_overlap_nor_touch(old: str, new: str, at: str, says: str) -> None:
    changes = with_spans((old, new))
    first = line_of('- {from: "07:30"', changed(*changes))
    assert_fault(changes, at, says.format(first))


def test_a_span_that_meets_two_is_told_of_once() -> None:
    assert_fault(with_spans((SATURDAY, '{from: "11:00", until: "14:00"}')), "14:00", "trùng với khoảng ở dòng")


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        (AFTERNOON, '{from: "17:00", until: "13:00"}', '"13:00"', "giờ đóng trong ngày (13:00) phải sau giờ mở (17:"),
        (AFTERNOON, '{from: "13:00", until: "13:00"}', 'until: "13:00"', "(13:00) phải sau giờ mở (13:00)"),
        (AFTERNOON, '{from: "24:00"}', '"24:00"', "giờ đóng trong ngày (24:00) phải sau giờ mở (24:00)"),
        ("days: [sat]", "days: [saturday]", "saturday", "“days” (các ngày trong tuần) phải là “mon”"),
        ("days: [sat]", "days: [sat, sat]", "[sat, sat]", "ngày “sat” đã dùng"),
        ("days: [sat]", "days: []", "days: []", "“days” (các ngày trong tuần) chưa có mục nào"),
        ("  spans:\n", "  from: 05:00\n  spans:\n", "05:00", "đã ghi “spans” (các khoảng giờ) thì không ghi"),
        ("  spans:\n", "  until: 20:00\n  spans:\n", "20:00", "thì không ghi thêm “until” ở ngoài"),
    ],
)  # fmt: skip
def test_spans_that_cannot_be(old: str, new: str, at: str, says: str) -> None:
    assert_fault(with_spans((old, new)), at, says)


def test_days_for_all_spans_are_idle_where_each_has_its_own() -> None:
    own = ((MORNING, MORNING[:-1] + ", days: [mon, tue]}"), (AFTERNOON, AFTERNOON[:-1] + ", days: [wed]}"))
    assert_fault(with_spans(*own), "  days: [mon, tue, wed, thu, fri]", "mỗi khoảng của “spans” đã ghi “days” riêng")
    assert_sound(*with_spans(*own, ("  days: [mon, tue, wed, thu, fri]\n", "")))


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2024-10-12", "ngày nghỉ 2024-10-12 không nằm trong tuần thi nào có giờ này"),
        ("2024-10-15", "ngày nghỉ 2024-10-15 không nằm trong tuần thi nào có giờ này"),
        ("2023-10-09", "ngày nghỉ 2023-10-09 không nằm trong tuần thi nào có giờ này"),
    ],
)
def test_a_day_off_outside_every_week_changes_nothing(day: str, says: str) -> None:
    """The second week has hours of its own."""
    assert_fault((("except: [2024-10-09]", f"except: [2024-10-09, {day}]"),), "07:30", says)


def test_a_day_off_that_is_not_open_anyway_changes_nothing() -> None:
    days = ("days: [mon, tue, wed, thu, fri]", "days: [mon, tue, thu, fri]")
    assert_fault((days,), "07:30", "ngày nghỉ 2024-10-09 vốn không mở theo giờ này")
    own = (OWN, "hours: {days: [mon, tue], except: [2024-10-15, 2024-10-16]}\n")
    assert_fault((own,), "2024-10-16", "đợt 2: ngày nghỉ 2024-10-16 vốn không mở theo giờ này")
    evening = ('hours: {from: "07:30", until: 17:30', 'hours: {from: "17:00", until: "18:00"')
    closing = ("except: [2024-10-09]", "except: [2024-10-11]")
    assert_fault((evening, closing), '"18:00"', "ngày nghỉ 2024-10-11 vốn không mở theo giờ này")
    assert_sound(evening, ("except: [2024-10-09]", "except: [2024-10-10]"))


def test_a_day_off_of_the_practice_round_is_one() -> None:
    assert_sound(("except: [2024-10-09]", "except: [2024-10-02]"))


def test_days_off_are_not_judged_by_weeks_that_cannot_be_read() -> None:
    text = changed(("opens: 2024-10-07 08:00", "opens: sáng thứ Hai"))
    assert [fault.line for fault in faults_of(text)] == [line_of("sáng thứ Hai", text)]
