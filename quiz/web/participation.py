"""The published table of participation as a reader asks for it: searched, put in order, and summed up as a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from quiz.errors import N_
from quiz.services.published import PublishedAgency
from quiz.vietnamese import without_marks

BAND = Fraction(1, 10)
ORDERS: dict[str, str] = {
    "ten": N_("Theo tên"),
    "ty-le": N_("Tỷ lệ cao trước"),
    "thieu": N_("Còn thiếu nhiều trước"),
    "tong-so": N_("Đông người trước"),
}
_KEYS: dict[str, Callable[[PublishedAgency], Fraction | int]] = {
    "ty-le": lambda agency: -(agency.contest.rate or Fraction(0)),
    "thieu": lambda agency: -agency.contest.missing(agency.limit),
    "tong-so": lambda agency: -agency.contest_headcount,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Agencies whose rate over the contest lies between two tens of percent, by whether they reach their threshold."""

    words: str
    reaching: int
    short: int


def chosen(agencies: Sequence[PublishedAgency], wanted: str, order: str) -> tuple[PublishedAgency, ...]:
    """The agencies whose name holds every word wanted, with or without its marks, in the order asked for.

    Equals stay in the order of the publication, which is that of their names.
    """
    words = without_marks(wanted).split()
    found = [agency for agency in agencies if all(word in without_marks(agency.name) for word in words)]
    return tuple(sorted(found, key=_KEYS[order]) if order in _KEYS else found)


def bands(agencies: Sequence[PublishedAgency]) -> tuple[Band, ...]:
    """How many agencies have which rate, from 0–10 % to 90–100 %; those without anybody to count are in none."""
    counts = [[0, 0] for _ in range(int(1 / BAND))]
    for agency in agencies:
        if agency.contest.rate is not None:
            place = min(int(agency.contest.rate / BAND), len(counts) - 1)
            counts[place][not agency.contest.reaches(agency.limit)] += 1
    return tuple(
        Band(words=f"{place * 10}–{place * 10 + 10}%", reaching=reaching, short=short)
        for place, (reaching, short) in enumerate(counts)
    )


def reaching(agencies: Sequence[PublishedAgency]) -> int:
    """How many agencies reach their threshold over the contest."""
    return sum(agency.contest.reaches(agency.limit) for agency in agencies)
