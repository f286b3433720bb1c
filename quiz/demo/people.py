"""Made-up people for the demo: Vietnamese names, posts and codes, the same at every run."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from quiz.questions.numbers import ticket

SEED = b"demo of hai phong 2024"
AGENCIES = Path(__file__).with_name("agencies.csv")

FAMILY = (
    "Nguyễn Nguyễn Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Phạm Phạm Vũ Vũ Hoàng Đặng Bùi Đỗ Đỗ Ngô Đào "
    "Đoàn Lương Trịnh Mai Đinh Phan Cao Tô Lưu Hà Quách Khổng"
).split()
MIDDLE_F = (
    "Thị",
    "Thị",
    "Thị",
    "Thị Thu",
    "Thị Hồng",
    "Thị Thanh",
    "Thị Minh",
    "Ngọc",
    "Thùy",
    "Phương",
    "Thị Bích",
    "Hoàng",
)
MIDDLE_M = ("Văn", "Văn", "Đức", "Quang", "Minh", "Hữu", "Xuân", "Ngọc", "Thành", "Trọng", "Công", "Tuấn", "Mạnh")
GIVEN_F = (
    "Hương Lan Hoa Hằng Hà Linh Trang Thảo Yến Nga Mai Nhung Huyền Hạnh Thủy Thúy Dung Vân Oanh Loan Quỳnh Ngân "
    "Phượng Liên Anh Tâm Hiền Nguyệt Ánh Hải"
).split()
GIVEN_M = (
    "Hùng Dũng Cường Tuấn Minh Sơn Long Thắng Hải Nam Trung Kiên Đức Hiếu Thành Quân Phong Toàn Tùng Khánh Bình "
    "Việt Hưng Vinh Tiến Đạt Hòa Anh Ân Ước"
).split()
POSTS = ("Chuyên viên",) * 12 + ("Chuyên viên chính",) * 4 + ("Trưởng phòng", "Phó Trưởng phòng", "Phó Trưởng phòng")
LEADERS = ("Thủ trưởng cơ quan", "Phó Thủ trưởng cơ quan")

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """One made-up person; `number` counts from 1 over the whole demo."""

    number: int
    staff_code: str
    name: str
    email: str
    position: str
    agency_code: str
    barred: str


def chosen(items: Sequence[Item], *about: str) -> Item:
    """One of the items, decided by what it is about and nothing else."""
    return items[int.from_bytes(ticket(SEED, *about)[:8]) % len(items)]


def share(*about: str) -> float:
    """A figure from 0 to 1, decided by what it is about and nothing else."""
    return int.from_bytes(ticket(SEED, *about)[:6]) / 2**48


def agency_rows() -> list[dict[str, str]]:
    """The agencies of 2024, with how many people the demo gives each and how eagerly they take part (percent)."""
    with AGENCIES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def people() -> Iterator[MadeUp]:
    """Everybody of the demo, agency by agency."""
    number = 0
    for agency in agency_rows():
        for place in range(int(agency["people"])):
            number += 1
            key = str(number)
            yield MadeUp(
                number=number,
                staff_code=f"HP{number:05d}",
                name=name_of(key),
                email=f"hp{number:05d}@haiphong.example",
                position=LEADERS[place] if place < len(LEADERS) else chosen(POSTS, "post", key),
                agency_code=agency["Mã cơ quan"],
                barred=_barred(agency["Mã cơ quan"], place),
            )


def name_of(key: str) -> str:
    """A Vietnamese name in full."""
    is_woman = share("sex", key) < 0.54
    middle, given = (MIDDLE_F, GIVEN_F) if is_woman else (MIDDLE_M, GIVEN_M)
    return f"{chosen(FAMILY, 'family', key)} {chosen(middle, 'middle', key)} {chosen(given, 'given', key)}"


def _barred(agency: str, place: int) -> str:
    if agency == "SNV":
        return {0: "ban-to-chuc", 1: "ban-to-chuc", 2: "to-thu-ky", 3: "to-ra-de", 4: "to-ra-de"}.get(place, "")
    return "van-hanh" if agency == "STTTT" and place == 2 else ""
