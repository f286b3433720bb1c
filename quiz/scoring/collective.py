"""Collective awards (giải tập thể): a ranking of agencies from what their people did, in blocks, with thresholds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from quiz.scoring.participation import AgencyKind, GroupTurnout, Turnout
from quiz.scoring.prizes import Prize
from quiz.vietnamese import exact_percent, number, percent


class Measure(StrEnum):
    """What an agency is measured by, over the whole contest."""

    PARTICIPATION = "participation"
    AVERAGE_SCORE = "average_score"
    PRIZES = "prizes"
    ENTRIES = "entries"

    @property
    def words(self) -> str:
        return {
            "participation": "tỷ lệ tham gia",
            "average_score": "điểm trung bình",
            "prizes": "điểm giải cá nhân",
            "entries": "số lượt dự thi",
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Agencies compared with each other: of these kinds, or those named by their codes; both empty means all."""

    name: str
    kinds: frozenset[AgencyKind] = frozenset()
    agencies: frozenset[str] = frozenset()
    prizes: tuple[Prize, ...]

    def sentence(self, kinds: Mapping[AgencyKind, str]) -> str:
        """Who is compared, and for what; `kinds` says what the contest calls each kind."""
        members = [kinds[kind] for kind in AgencyKind if kind in self.kinds]
        members += [f"mã {', '.join(sorted(self.agencies))}"] if self.agencies else []
        whom = f" ({'; '.join(members)})" if members else ""
        return f"{self.name}{whom}: {'; '.join(prize.words for prize in self.prizes)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFigures:
    """What an agency's people did over the whole contest: `score` of `full` points in the attempts that count.

    `prizes` says how many individual prizes they won by name; `attempts` are all that were not set aside.
    """

    code: str
    name: str
    kind: AgencyKind
    turnout: Turnout
    groups: tuple[GroupTurnout, ...] = ()
    score: int = 0
    full: int = 0
    prizes: Mapping[str, int] = field(default_factory=dict)
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Collective:
    """How agencies are ranked: by the weighted sum where there are weights, otherwise by the measures in order.

    An agency below `least_participation`, short of a compulsory group (`needs_groups`) or without an individual prize
    (`needs_prize`) is struck out, and so is one of which nobody took part. `prize_points` says what each individual
    prize is worth by its name, nothing if it is not named; where it is None, each is worth 1.
    """

    blocks: tuple[Block, ...]
    order: tuple[Measure, ...] = ()
    weights: Mapping[Measure, Fraction] | None = None
    prize_points: Mapping[str, int] | None = None
    least_participation: Fraction = Fraction(0)
    needs_groups: bool = False
    needs_prize: bool = False

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What counts at all."""
        return tuple(self.weights) if self.weights else self.order

    def block_of(self, agency: AgencyFigures) -> Block | None:
        """The block that names the agency, otherwise the first of its kind, otherwise the first for all."""
        fits: tuple[Callable[[Block], bool], ...] = (
            lambda block: agency.code in block.agencies,
            lambda block: agency.kind in block.kinds,
            lambda block: not block.agencies and not block.kinds,
        )
        return next((block for fit in fits for block in self.blocks if fit(block)), None)

    def value(self, measure: Measure, agency: AgencyFigures) -> Fraction:
        """The exact figure: shares for participation and average score, points of prizes, number of attempts."""
        match measure:
            case Measure.PARTICIPATION:
                return agency.turnout.rate or Fraction(0)
            case Measure.AVERAGE_SCORE:
                return Fraction(agency.score, agency.full) if agency.full else Fraction(0)
            case Measure.PRIZES:
                points = self.prize_points
                return Fraction(sum(n * (points.get(name, 0) if points else 1) for name, n in agency.prizes.items()))
            case Measure.ENTRIES:
                return Fraction(agency.attempts)

    def why_struck(self, agency: AgencyFigures) -> tuple[str, ...]:
        """Every reason why the agency is not ranked, as phrases; empty if it is."""
        if not agency.turnout.people:
            return ("không có người nào dự thi",)
        return tuple(self._faults(agency))

    def _faults(self, agency: AgencyFigures) -> Iterator[str]:
        rate = self.value(Measure.PARTICIPATION, agency)
        if rate < self.least_participation:
            yield f"tỷ lệ tham gia {percent(rate)} dưới {exact_percent(self.least_participation)}"
        for group in agency.groups if self.needs_groups else ():
            if not group.reaches:
                took_part = f"{number(group.took_part)}/{number(group.members)} người dự thi"
                yield f"nhóm bắt buộc “{group.group.name}” mới có {took_part}, còn thiếu {number(group.missing)} người"
        if self.needs_prize and not any(agency.prizes.values()):
            yield "không có giải cá nhân"

    def sentences(self, kinds: Mapping[AgencyKind, str]) -> tuple[str, ...]:
        """The rule as it stands on the public rules page; `kinds` says what the contest calls each kind of agency."""
        return (
            *(block.sentence(kinds) for block in self.blocks),
            self._order_sentence,
            *map(self._measure_sentence, self.measures),
            *(f"Không xét cơ quan, đơn vị {whom}." for whom in self._struck_out()),
            "Cơ quan, đơn vị bằng nhau mọi tiêu chí thì đồng hạng; nếu không đủ giải như nhau cho các cơ quan, đơn vị "
            "đồng hạng, Ban Tổ chức quyết định.",
        )

    @property
    def _order_sentence(self) -> str:
        ranked = "Trong mỗi khối, cơ quan, đơn vị xếp hạng từ cao xuống thấp theo"
        if self.weights:
            terms = (f"{exact_percent(weight)} {measure.words}" for measure, weight in self.weights.items())
            return f"{ranked} tổng điểm gồm {' cộng '.join(terms)}."
        return f"{ranked} {'; nếu bằng nhau thì theo '.join(measure.words for measure in self.order)}."

    def _measure_sentence(self, measure: Measure) -> str:
        match measure:
            case Measure.PARTICIPATION:
                what = "số người dự thi chia cho tổng số người của cơ quan, đơn vị, trừ người được miễn"
            case Measure.AVERAGE_SCORE:
                what = (
                    "tổng số điểm đạt được chia cho tổng số điểm tối đa của các bài thi được tính trong tất cả các tuần"
                )
            case Measure.PRIZES:
                points = self.prize_points or {}
                worth = ", ".join(f"{name} {number(each)} điểm" for name, each in points.items())
                what = worth or "mỗi giải 1 điểm"
            case Measure.ENTRIES:
                what = "tổng số lượt thi trong tất cả các tuần, không phải số người"
        return f"{measure.words.capitalize()}: {what}{self._scale(measure)}."

    def _scale(self, measure: Measure) -> str:
        if not self.weights or measure is Measure.PRIZES:
            return ""
        if measure is Measure.ENTRIES:
            return ", quy theo thang 100 so với cơ quan, đơn vị được xét có nhiều lượt nhất trong khối"
        return ", quy theo thang 100"

    def _struck_out(self) -> Iterator[str]:
        yield "không có người nào dự thi"
        if self.least_participation:
            yield f"có tỷ lệ tham gia dưới {exact_percent(self.least_participation)}"
        if self.needs_groups:
            yield "chưa đủ người thuộc các nhóm bắt buộc dự thi"
        if self.needs_prize:
            yield "không có giải cá nhân"
