"""The published table of participation: searched with or without marks, put in order, summed up."""

from __future__ import annotations

import pytest

from quiz.services.published import PublishedAgency
from quiz.web.participation import bands, chosen, reaching


def agency(name: str, people: int, headcount: int = 10, threshold: str = "7/10") -> PublishedAgency:
    return PublishedAgency(
        name=name,
        kind="city",
        kind_words="Cơ quan, đơn vị thuộc tỉnh",
        headcount=headcount,
        exempt=0,
        people=people,
        contest_headcount=headcount,
        contest_exempt=0,
        contest_people=people,
        threshold=threshold,
    )


AGENCIES = (
    agency("Ban Dân tộc", 7),
    agency("Đài Phát thanh và Truyền hình", 10),
    agency("Sở Giáo dục và Đào tạo", 300, headcount=1000),
    agency("Sở Nội vụ", 6),
    agency("Văn phòng trống", 0, headcount=0),
)


def names(wanted: str = "", order: str = "ten") -> list[str]:
    return [one.name for one in chosen(AGENCIES, wanted, order)]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("so noi", ["Sở Nội vụ"]),
        ("SỞ", ["Sở Giáo dục và Đào tạo", "Sở Nội vụ"]),
        ("dai", ["Đài Phát thanh và Truyền hình"]),
        ("tạo đào", ["Sở Giáo dục và Đào tạo"]),
        ("không có", []),
    ],
)
def test_every_word_is_looked_for_with_or_without_marks(wanted: str, found: list[str]) -> None:
    assert names(wanted) == found


def test_orders() -> None:
    by_name = [one.name for one in AGENCIES]
    assert names() == names(order="khac") == by_name
    assert names(order="ty-le") == [by_name[1], by_name[0], by_name[3], by_name[2], by_name[4]]
    assert names(order="thieu") == [by_name[2], by_name[3], by_name[0], by_name[1], by_name[4]]
    assert names(order="tong-so")[0] == "Sở Giáo dục và Đào tạo"
    assert names(order="tong-so")[-1] == "Văn phòng trống"


def test_bands_hold_every_agency_with_people_once() -> None:
    made = {band.words: (band.reaching, band.short) for band in bands(AGENCIES) if band.reaching or band.short}
    assert made == {"30–40%": (0, 1), "60–70%": (0, 1), "70–80%": (1, 0), "90–100%": (1, 0)}
    assert [band.words for band in bands(())][::9] == ["0–10%", "90–100%"]


def test_how_many_reach_their_threshold() -> None:
    assert reaching(AGENCIES[:4]) == 2
