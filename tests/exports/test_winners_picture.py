"""The picture for social networks: everything fits, whoever wins under whatever name."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from quiz.exports.winners_picture import (
    BOTTOM,
    HEIGHT,
    NOBODY,
    TOP,
    WIDTH,
    Award,
    Cell,
    Group,
    WinnersPicture,
    _arranged,
    _awards,
    _height,
    _length,
    winners_picture,
)
from quiz.vietnamese import HANOI
from tests.exports.letters import LETTERS

ALPHABET = "".join(LETTERS) + " "
LONG_NAME = "Công Tằng Tôn Nữ Thị Hoàng Phượng Nguyệt Anh"
LONG_AGENCY = "Trung tâm Phục vụ hành chính công và Kiểm soát thủ tục hành chính trực thuộc Văn phòng Ủy ban nhân dân"


def awards(count: int, name: str = LONG_NAME, agency: str = LONG_AGENCY) -> tuple[Award, ...]:
    return tuple(Award(prize=f"Giải {place}", name=f"{name} {place}", agency=agency) for place in range(1, count + 1))


def picture(*groups: Group, **otherwise: object) -> WinnersPicture:
    facts = WinnersPicture(
        contest="Hội thi tìm hiểu cải cách hành chính năm 2024",
        heading="Kết quả tuần 1",
        number=1,
        published_at=datetime(2024, 10, 14, 9, 5, tzinfo=HANOI),
        zone=HANOI,
        groups=groups,
        address="hoithi.example.vn",
    )
    return replace(facts, **otherwise)  # type: ignore[arg-type]


def arranged(*groups: Group) -> tuple[list[list[Cell]], list[tuple[float, float]]]:
    return _arranged(_awards(picture(*groups)))


def texts(columns: list[list[Cell]]) -> list[str]:
    return [line.text for column in columns for cell in column for line in cell.lines]


def test_it_has_the_size_that_networks_ask_for_and_is_always_the_same() -> None:
    facts = picture(Group(name="", awards=awards(6)))
    content = winners_picture(facts)
    with Image.open(io.BytesIO(content)) as opened:
        assert (opened.format, opened.size) == ("PNG", (WIDTH, HEIGHT))
    assert winners_picture(facts) == content
    assert len(content) < 300_000
    assert winners_picture(replace(facts, note="Bản minh họa")) != content


def test_a_correction_says_so() -> None:
    assert picture().dated == "Công bố lần 1, 9 giờ 05 phút, thứ Hai ngày 14/10/2024"
    assert picture(number=2).dated.startswith("Công bố lần 2 (đính chính), ")


def test_every_vietnamese_letter_is_drawn_as_itself() -> None:
    """A letter that a font does not have would be drawn as an empty box, like every other such letter."""
    from PIL import ImageFont

    from quiz.exports.winners_picture import BOLD, REGULAR, _whole_font

    for weight in (REGULAR, BOLD):
        font = ImageFont.truetype(io.BytesIO(_whole_font(weight)), 40, layout_engine=ImageFont.Layout.BASIC)
        boxes = {bytes(font.getmask(letter)) for letter in ("\ue000", "\u4e00")}
        assert len(boxes) == 1
        assert [letter for letter in (*LETTERS, *"…–“”") if bytes(font.getmask(letter)) in boxes] == []


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_so_many_winners_with_long_names_are_all_there_uncut(count: int) -> None:
    columns, _ = arranged(Group(name="", awards=awards(count)))
    assert sum(map(len, columns)) == count
    assert [text for text in texts(columns) if "…" in text] == []


def test_the_fewer_the_larger() -> None:
    sizes = [arranged(Group(name="", awards=awards(count)))[0][0][0].lines[1].words.size for count in (1, 3, 6, 9)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 4


def test_divisions_stand_over_their_winners_and_what_does_not_fit_is_counted() -> None:
    columns, _ = arranged(Group(name="Cán bộ", awards=awards(6)), Group(name="Người dân", awards=awards(30)))
    said = texts(columns)
    assert said[0] == "Cán bộ"
    assert said[said.index("Người dân") + 1] == "Giải 1"
    shown = sum(text.startswith("Giải ") for text in said)
    assert said[-1] == f"và {36 - shown} giải khác"
    assert shown >= 12


def test_where_names_cannot_stand_whole_twelve_winners_are_named_with_names_cut() -> None:
    columns, _ = arranged(Group(name="", awards=awards(12)))
    assert sum(map(len, columns)) == 12
    assert sum(line.startswith("Giải ") for line in texts(columns)) == 12


def test_nobody_wins() -> None:
    assert texts(arranged()[0]) == [NOBODY]


@settings(max_examples=25)
@given(
    st.lists(
        st.lists(st.tuples(st.text(ALPHABET, max_size=200), st.text(ALPHABET, max_size=250)), max_size=9),
        max_size=3,
    )
)
def test_nothing_spills_over_whatever_the_names(people: list[list[tuple[str, str]]]) -> None:
    groups = (
        Group(name="Bảng", awards=tuple(Award(prize="Giải Ba", name=name, agency=agency) for name, agency in each))
        for each in people
    )
    columns, places = arranged(*groups)
    assert 0 < len(columns) <= len(places)
    assert max(map(_height, columns)) <= BOTTOM - TOP
    for column, (left, width) in zip(columns, places, strict=False):
        assert left + width <= WIDTH
        assert all(_length(line.words, line.text) <= width for cell in column for line in cell.lines)
