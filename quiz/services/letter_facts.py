"""What official documents say, gathered from a publication: the frame that all of them share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from quiz.exports.letters import Values
from quiz.scoring.participation import Basis, Turnout
from quiz.services.machine import Event
from quiz.services.published import Publication
from quiz.vietnamese import closing, moment, number, percent


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """A publication with what its documents name besides: the contest, the window, and the week before.

    `before` is the newest publication of the week before, `before_name` what that week is called. `struck` counts the
    people whom a strike kept from the prizes when it was published. `head` is the final head of the week's chain.
    `machine` is what befell the server while the week was open.
    """

    title: str
    plan: str
    zone: ZoneInfo
    week_name: str
    opens_at: datetime
    closes_at: datetime
    basis: Basis
    publication: Publication
    before: Publication | None = None
    before_name: str = ""
    round_word: str = "Tuần"
    struck: int = 0
    head: str = ""
    machine: Sequence[Event] = ()

    @property
    def frame(self) -> Values:
        """The names that every template may use."""
        publication = self.publication
        return {
            "hoi_thi": self.title,
            "ke_hoach": self.plan,
            "ky": self.round_word.lower(),
            "tuan": self.week_name,
            "tuan_thuong": self.week_name[:1].lower() + self.week_name[1:],
            "tuan_in_hoa": self.week_name.upper(),
            "tu_luc": moment(self.opens_at, self.zone),
            "den_luc": closing(self.closes_at, self.zone),
            "lan_cong_bo": str(publication.number),
            "cong_bo_luc": moment(publication.published_at, self.zone),
            "ly_do_dinh_chinh": publication.reason.strip(" ."),
            "ma_cong_bo": publication.digest,
            "ma_dau_chuoi": self.head,
            "may_chu": [event.words(self.zone) for event in self.machine],
            "cau_hoi_da_xu_ly": [
                {
                    "cau_hoi": one.text,
                    "cach_xu_ly": one.sentence,
                    "so_quyet_dinh": one.decision,
                    "ly_do": one.reason.strip(" ."),
                }
                for one in publication.rulings
            ],
        }


def rate(turnout: Turnout) -> str:
    """A rate as it is published: cut, never rounded up; a dash for an agency of nobody."""
    return percent(turnout.rate) if turnout.rate is not None else "–"


def cut(turnout: Turnout) -> Fraction:
    """The rate exactly as it is shown, so that differences are those of the figures that people read."""
    units = 10_000
    return Fraction((turnout.rate or Fraction(0)) * units // 1, units)


def change(now: int, before: int) -> str:
    """How a count has changed, in words."""
    if now == before:
        return "không đổi"
    return f"{'tăng' if now > before else 'giảm'} {number(abs(now - before))}"
