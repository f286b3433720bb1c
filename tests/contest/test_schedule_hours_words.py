"""When a round is open, in words: as people say it, and never more than is true."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from quiz.contest.schedule import Week
from quiz.contest.schedule_files import parse_contest
from quiz.contest.schedule_hours_words import open_in_words
from quiz.vietnamese import HANOI

OFFICE = '{days: [mon, tue, wed, thu, fri], spans: [{from: "07:30", until: "11:30"}, {from: "13:00", until: "17:00"}]}'
BOTH = "từ 7 giờ 30 đến 11 giờ 30 và từ 13 giờ đến 17 giờ"


def week(hours: str, opens: str = "2024-10-07 07:30", closes: str = "2024-10-11 17:00") -> Week:
    """The week of a file with these hours."""
    lines = ("contest: thu", "title: Thử", "organiser: Sở Nội vụ", "plan: Kế hoạch", f"hours: {hours}")
    text = "\n".join([*lines, f"weeks: [{{number: 1, opens: {opens}, closes: {closes}}}]"])
    return parse_contest(text.encode()).weeks[0]


def hours_of(one: Week) -> str:
    """What is said of the hours between opening and closing."""
    return open_in_words(one, HANOI).partition("; trong thời gian đó chỉ mở ")[2]


def test_mornings_and_afternoons_of_working_days() -> None:
    assert open_in_words(week(OFFICE), HANOI) == (
        "mở lúc 7 giờ 30 phút, thứ Hai ngày 07/10/2024; đóng lúc 17 giờ 00 phút, thứ Sáu ngày 11/10/2024; "
        f"trong thời gian đó chỉ mở {BOTH} các ngày thứ Hai đến thứ Sáu"
    )


NO_WEDNESDAY = f"{BOTH} các ngày thứ Hai, thứ Ba, thứ Năm và thứ Sáu"
SATURDAY = OFFICE.replace("}]", '}, {from: "08:00", until: "11:00", days: [sat, sun]}]')
EVENING = OFFICE.replace("}]", '}, {from: "18:00", until: "24:00", days: [wed]}]')


@pytest.mark.parametrize(
    ("hours", "opens", "closes", "said"),
    [
        (OFFICE, "07 08:00", "11 16:00", f"{BOTH} các ngày thứ Hai đến thứ Sáu"),
        (OFFICE, "07 14:00", "11 11:00", f"{BOTH} các ngày thứ Hai đến thứ Sáu"),
        (OFFICE, "07 00:00", "31 24:00", f"{BOTH} các ngày thứ Hai đến thứ Sáu"),
        (SATURDAY, "07 00:00", "20 24:00",
         f"{BOTH} các ngày thứ Hai đến thứ Sáu; từ 8 giờ đến 11 giờ các ngày thứ Bảy và Chủ nhật"),
        (EVENING, "07 00:00", "18 24:00",
         f"{NO_WEDNESDAY}; từ 7 giờ 30 đến 11 giờ 30, từ 13 giờ đến 17 giờ và từ 18 giờ đến 24 giờ các ngày thứ Tư"),
        (OFFICE.replace("spans", "except: [2024-10-09], spans"), "07 00:00", "13 24:00", NO_WEDNESDAY),
        (OFFICE.replace("spans", "except: [2024-10-09], spans"), "07 00:00", "31 24:00",
         f"{BOTH} các ngày thứ Hai đến thứ Sáu, trừ ngày 09/10"),
        (OFFICE.replace("spans", "except: [2024-10-08, 2024-10-09, 2024-10-16], spans"), "07 00:00", "31 24:00",
         f"{BOTH} các ngày thứ Hai đến thứ Sáu, trừ các ngày 08/10–09/10, 16/10"),
        ("{days: [sat], except: [2024-10-12, 2024-10-19]}", "07 00:00", "31 24:00", ""),
        ("{days: [sat, sun], except: [2024-10-13, 2024-10-19, 2024-10-20, 2024-10-26]}", "07 00:00", "27 24:00",
         "từ 0 giờ đến 24 giờ các ngày 12/10, 27/10"),
        ('{from: "06:00", until: "22:00"}', "07 00:00", "13 24:00", "từ 6 giờ đến 22 giờ hằng ngày"),
        ("{days: [sat]}", "07 08:00", "31 17:00", "từ 0 giờ đến 24 giờ các ngày thứ Bảy"),
        ('{from: "07:30", until: "17:00", days: [mon, tue]}', "07 08:00", "08 16:00",
         "từ 8 giờ đến 17 giờ thứ Hai ngày 07/10; từ 7 giờ 30 đến 16 giờ thứ Ba ngày 08/10"),
        ("{days: [mon, wed, thu]}", "07 08:00", "10 17:00",
         "từ 8 giờ đến 24 giờ thứ Hai ngày 07/10; từ 0 giờ ngày 09/10 đến 17 giờ ngày 10/10"),
    ],
)  # fmt: skip
def test_hours_as_people_say_them(hours: str, opens: str, closes: str, said: str) -> None:
    assert hours_of(week(hours, f"2024-10-{opens}", f"2024-10-{closes}")) == said


def test_a_week_that_was_extended_says_what_holds_on_its_last_day() -> None:
    extended = replace(week(OFFICE), closes_at=datetime(2024, 10, 11, 20, tzinfo=HANOI))
    assert hours_of(extended) == (
        f"{BOTH} các ngày thứ Hai đến thứ Năm; từ 7 giờ 30 đến 11 giờ 30 và từ 13 giờ đến 20 giờ thứ Sáu ngày 11/10"
    )
