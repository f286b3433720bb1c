"""Participation of agencies: distinct people over the frozen headcount, as exact fractions, against a threshold."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Protocol, Self, TypeVar

from quiz.vietnamese import exact_percent, number


class AgencyKind(StrEnum):
    """Whose agency it is; the thresholds differ by it. `words` are those of contests that have none of their own."""

    CITY = "city"
    CENTRAL = "central"

    @property
    def words(self) -> str:
        return {"city": "Cơ quan, đơn vị thuộc thành phố", "central": "Cơ quan Trung ương trên địa bàn"}[self]


class Basis(StrEnum):
    """Over what the threshold is held; both rates are always shown."""

    WEEK = "week"
    CONTEST = "contest"

    @property
    def words(self) -> str:
        return {"week": "mỗi tuần", "contest": "trong cả hội thi (tính người dự thi ít nhất một tuần)"}[self]


class Children(StrEnum):
    """Whether an agency with agencies below it answers for their people too."""

    SUM = "sum"
    APART = "apart"

    @property
    def sentence(self) -> str:
        """The rule as it stands on the public rules page."""
        return {
            "sum": "Cơ quan, đơn vị có đơn vị trực thuộc được tính chung với các đơn vị đó, mỗi người tính một lần.",
            "apart": "Mỗi cơ quan, đơn vị tính riêng, không gộp người của các đơn vị trực thuộc.",
        }[self]


@dataclass(frozen=True, slots=True)
class Tier:
    """A threshold for agencies of fewer than `below` people; None: of any size."""

    share: Fraction
    below: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People whose taking part is compulsory: at least so many of each agency's, or at least such a share; never both.

    Where an agency has fewer members than the least, all of them; one without members has nothing to reach.
    """

    code: str
    name: str
    least: int | None = None
    share: Fraction | None = None

    def __post_init__(self) -> None:
        if (self.least is None) == (self.share is None):
            raise ValueError(f"either a number of people or a share: {self}")

    def needed(self, members: int) -> int:
        """How many of so many members must take part."""
        return ceil(self.share * members) if self.share is not None else min(self.least or 0, members)

    @property
    def demand(self) -> str:
        """What is asked of the group, as in 'phải có … dự thi'."""
        if self.share is None:
            return f"ít nhất {self.least} người" + (" (có ít hơn thì tất cả)" if self.least != 1 else "")
        return "tất cả mọi người" if self.share == 1 else f"ít nhất {exact_percent(self.share)} số người"

    def sentence(self, basis: Basis) -> str:
        """The rule as it stands on the public rules page."""
        return f"{self.name}: mỗi cơ quan, đơn vị phải có {self.demand} thuộc nhóm này dự thi {basis.words}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationRules:
    """The thresholds by kind and size of agency, whether they hold per week or over the contest, compulsory groups.

    The tiers of a kind rise by size, and the last one is for any size. `kinds` says what the contest calls each kind.
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
    kinds: Mapping[AgencyKind, str] = field(default_factory=lambda: {kind: kind.words for kind in AgencyKind})

    def threshold(self, kind: AgencyKind, headcount: int) -> Fraction:
        """The threshold of an agency of this kind with so many people."""
        return next(tier.share for tier in self.tiers[kind] if tier.below is None or headcount < tier.below)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The thresholds as they stand on the public rules page."""
        limits = tuple(
            f"{self.kinds[kind]}{size}: ít nhất {exact_percent(share)} tổng số cán bộ, công chức, viên chức dự thi "
            f"{self.basis.words}."
            for kind, tiers in self.tiers.items()
            for size, share in _sizes(tiers)
        )
        return (
            *limits,
            *(group.sentence(self.basis) for group in self.groups),
            self.children.sentence,
            "Mỗi người chỉ tính một lần dù thi nhiều lượt. Mẫu số là tổng số người của cơ quan chốt lúc mở tuần thi, "
            "trừ người được miễn; tỷ lệ so sánh bằng phân số chính xác, không làm tròn lên.",
        )


def _sizes(tiers: tuple[Tier, ...]) -> Iterator[tuple[str, Fraction]]:
    """Each threshold with the sizes of agencies that it is for, in words; '' where it is for all."""
    for least, tier in zip((None, *(tier.below for tier in tiers)), tiers, strict=False):
        if least and tier.below:
            yield f" từ {number(least)} đến dưới {number(tier.below)} người", tier.share
        elif tier.below:
            yield f" dưới {number(tier.below)} người", tier.share
        else:
            yield f" từ {number(least)} người trở lên" if least else "", tier.share


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


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTurnout:
    """People of one agency in a compulsory group, without those exempt and not taking part, and those taking part."""

    group: Group
    members: int
    took_part: int

    def __post_init__(self) -> None:
        if not 0 <= self.took_part <= self.members:
            raise ValueError(f"impossible turnout: {self}")

    @property
    def missing(self) -> int:
        """How many more of the group must take part."""
        return max(0, self.group.needed(self.members) - self.took_part)

    @property
    def reaches(self) -> bool:
        """Whether enough of the group take part."""
        return not self.missing

    def __add__(self, other: GroupTurnout) -> GroupTurnout:
        return GroupTurnout(
            group=self.group, members=self.members + other.members, took_part=self.took_part + other.took_part
        )


class _Figures(Protocol):
    def __add__(self, other: Self, /) -> Self: ...


Agency = TypeVar("Agency", bound=Hashable)
Figures = TypeVar("Figures", bound=_Figures)


def with_those_below(own: Mapping[Agency, Figures], parents: Mapping[Agency, Agency | None]) -> dict[Agency, Figures]:
    """The figures of each agency together with those of all agencies below it, at any depth."""
    summed = dict(own)
    for agency, figures in own.items():
        for above in _above(agency, parents):
            if above in summed:
                summed[above] += figures
    return summed


def _above(agency: Agency, parents: Mapping[Agency, Agency | None]) -> Iterator[Agency]:
    seen = {agency}
    above = parents.get(agency)
    while above is not None and above not in seen:
        yield above
        seen.add(above)
        above = parents.get(above)
