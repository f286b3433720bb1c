"""What a report on the participation of one agency and those below it says; written as .xlsx and .docx beside this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from fractions import Fraction

from quiz.exports.printable import printable
from quiz.scoring.participation import Turnout
from quiz.vietnamese import moment, number, percent

OVERALL = "Cả hội thi"
"""What the figures over all weeks are called where each week's are called by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The participation of one agency in one week, or over the contest. `above` is the agency that it belongs to."""

    period: str
    code: str
    agency: str
    above: str
    turnout: Turnout
    threshold: Fraction

    @property
    def cut_rate(self) -> Fraction | None:
        """The rate in hundredths of a percent, cut and never rounded up, as every page shows it."""
        rate = self.turnout.rate
        return None if rate is None else Fraction(rate * 10_000 // 1, 10_000)

    @property
    def rate(self) -> str:
        """The rate in words."""
        return "–" if self.turnout.rate is None else percent(self.turnout.rate)

    @property
    def missing(self) -> int:
        """How many more people must take part."""
        return self.turnout.missing(self.threshold)

    @property
    def reaches(self) -> bool:
        """Whether the threshold is reached."""
        return self.turnout.reaches(self.threshold)

    @property
    def verdict(self) -> str:
        """The same in words, with what is missing."""
        return "Đạt" if self.reaches else f"Còn thiếu {number(self.missing)} người"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absentee:
    """A person who is counted and has not taken part. `groups` are the compulsory groups that they are in."""

    name: str
    position: str
    agency: str
    account: str
    groups: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyReport:
    """The whole report, each part in the order in which it is written.

    `own` are the lines of the agency itself, `lines` those of it and all below it; in both the contest comes last.
    `absent_in` names the week that `absentees` have not taken part in; `hidden` are the weeks whose figures the
    reader may not see yet.
    """

    contest: str
    plan: str
    agency: str
    above: str
    made_at: datetime
    zone: tzinfo
    own: tuple[Line, ...]
    lines: tuple[Line, ...]
    absent_in: str
    absentees: tuple[Absentee, ...]
    hidden: tuple[str, ...]

    @property
    def as_of(self) -> str:
        """Of when the figures are, and which are left out."""
        left_out = f" Chưa gồm {', '.join(self.hidden)}: số liệu hiện sau khi đóng." if self.hidden else ""
        return f"Số liệu tính đến {moment(self.made_at, self.zone)}.{left_out}"

    @property
    def title(self) -> str:
        """What the report is about."""
        return f"Báo cáo tham gia của {printable(self.agency)}"
