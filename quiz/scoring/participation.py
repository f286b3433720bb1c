"""Participation of agencies: distinct people over the frozen headcount, as exact fractions, against a threshold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import ceil

from quiz.vietnamese import exact_percent


class AgencyKind(StrEnum):
    """Whose agency it is; the thresholds differ by it."""

    CITY = "city"
    CENTRAL = "central"

    @property
    def words(self) -> str:
        return {"city": "Cơ quan, đơn vị thuộc thành phố", "central": "Cơ quan Trung ương trên địa bàn"}[self]


class Basis(StrEnum):
    """Over what the threshold is held; both rates are always shown."""

    WEEK = "week"
    CONTEST = "contest"


class Children(StrEnum):
    """Whether an agency with agencies below it answers for their people too."""

    SUM = "sum"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Tier:
    """A threshold for agencies of fewer than `below` people; None: of any size."""

    share: Fraction
    below: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People whose taking part is compulsory: at least so many of them, or at least such a share; never both."""

    code: str
    name: str
    least: int | None = None
    share: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationRules:
    """The thresholds by kind and size of agency, whether they hold per week or over the contest, compulsory groups.

    The tiers of a kind rise by size, and the last one is for any size.
    """

    tiers: Mapping[AgencyKind, tuple[Tier, ...]] = field(
        default_factory=lambda: {
            AgencyKind.CITY: (Tier(Fraction(70, 100)),),
            AgencyKind.CENTRAL: (Tier(Fraction(50, 100)),),
        }
    )
    basis: Basis = Basis.CONTEST
    children: Children = Children.SUM
    groups: tuple[Group, ...] = ()

    def threshold(self, kind: AgencyKind, headcount: int) -> Fraction:
        """The threshold of an agency of this kind with so many people."""
        return next(tier.share for tier in self.tiers[kind] if tier.below is None or headcount < tier.below)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The thresholds as they stand on the public rules page."""
        over = "trong cả hội thi (tính người dự thi ít nhất một tuần)" if self.basis is Basis.CONTEST else "mỗi tuần"
        limits = tuple(
            f"{kind.words}: ít nhất {exact_percent(tier.share)} tổng số cán bộ, công chức, viên chức dự thi {over}."
            for kind, tiers in self.tiers.items()
            for tier in tiers
        )
        return (
            *limits,
            "Mỗi người chỉ tính một lần dù thi nhiều lượt. Mẫu số là tổng số người của cơ quan chốt lúc mở tuần thi, "
            "trừ người được miễn; tỷ lệ so sánh bằng phân số chính xác, không làm tròn lên.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnout:
    """People of one agency (never attempts): listed, exempt and not taking part, and taking part."""

    headcount: int
    exempt: int
    people: int

    def __post_init__(self) -> None:
        if not 0 <= self.exempt <= self.headcount or not 0 <= self.people <= self.headcount - self.exempt:
            raise ValueError(f"impossible turnout: {self}")

    @property
    def base(self) -> int:
        """The denominator: headcount without those exempt."""
        return self.headcount - self.exempt

    @property
    def rate(self) -> Fraction | None:
        """People taking part over the base, exact; None for an agency of nobody."""
        return Fraction(self.people, self.base) if self.base else None

    def reaches(self, threshold: Fraction) -> bool:
        """Whether the rate is at least the threshold; an agency of nobody has nothing to reach."""
        return self.rate is None or self.rate >= threshold

    def missing(self, threshold: Fraction) -> int:
        """How many more people must take part to reach the threshold."""
        return max(0, ceil(threshold * self.base) - self.people)

    def __add__(self, other: Turnout) -> Turnout:
        return Turnout(
            headcount=self.headcount + other.headcount,
            exempt=self.exempt + other.exempt,
            people=self.people + other.people,
        )
