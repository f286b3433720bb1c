"""From what agencies did to their places and prizes, block by block, each place with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, groupby, zip_longest

from quiz.scoring.collective import AgencyFigures, Block, Collective, Measure
from quiz.scoring.prizes import Prize, counted_words, share_out
from quiz.vietnamese import exact_percent, number, percent, sort_key


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyPlace:
    """One agency's place in its block; equals share a rank: 1, 2, 2, 4. `why` says what parts it from the next."""

    rank: int
    agency: AgencyFigures
    why: str
    prize: Prize | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StruckAgency:
    """An agency that is not ranked, with every reason."""

    agency: AgencyFigures
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UndecidedAgencies:
    """Prizes, each as often as it would be given, that equal agencies cannot be told apart for."""

    prizes: tuple[Prize, ...]
    agencies: tuple[AgencyFigures, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The prizes, with how many of each."""
        return counted_words(self.prizes)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRanking:
    """The agencies of a block: those in their places, those struck out, and what is left to people."""

    block: Block
    places: tuple[AgencyPlace, ...]
    struck: tuple[StruckAgency, ...]
    undecided: tuple[UndecidedAgencies, ...]


def rank_agencies(rules: Collective, agencies: Iterable[AgencyFigures]) -> tuple[BlockRanking, ...]:
    """Every block with its agencies; who fits none is nowhere. The order of the input changes nothing."""
    in_order = sorted(agencies, key=lambda agency: (sort_key(agency.name), agency.code))
    return tuple(
        _rank_block(rules, block, [agency for agency in in_order if rules.block_of(agency) is block])
        for block in rules.blocks
    )


def _rank_block(rules: Collective, block: Block, agencies: Sequence[AgencyFigures]) -> BlockRanking:
    why_struck = {agency.code: rules.why_struck(agency) for agency in agencies}
    ranked = [agency for agency in agencies if not why_struck[agency.code]]
    scale = _Scale(rules, max((agency.attempts for agency in ranked), default=0))
    ordered = sorted(ranked, key=scale.figures, reverse=True)
    ties = [list(equals) for _, equals in groupby(ordered, key=scale.figures)]
    given, undecided = share_out(ties, block.prizes)
    prizes = {agency.code: prize for prize, agency in given}
    ranks = [sum(map(len, ties[:above])) + 1 for above, tie in enumerate(ties) for _ in tie]
    line = list(zip(ordered, ranks, strict=True))
    return BlockRanking(
        block=block,
        places=tuple(
            AgencyPlace(rank=rank, agency=agency, why=scale.why(agency, below), prize=prizes.get(agency.code))
            for (agency, rank), below in zip_longest(line, line[1:])
        ),
        struck=tuple(StruckAgency(agency=agency, why=why) for agency in agencies if (why := why_struck[agency.code])),
        undecided=tuple(UndecidedAgencies(prizes=due, agencies=equals) for due, equals in undecided),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """How the agencies of one block are compared; `most` are the most attempts of any of them."""

    rules: Collective
    most: int

    def figures(self, agency: AgencyFigures) -> tuple[Fraction, ...]:
        """What decides, the first first; the larger stands higher."""
        if not self.rules.weights:
            return tuple(self.rules.value(measure, agency) for measure in self.rules.order)
        total = sum((w * self._points(m, agency) for m, w in self.rules.weights.items()), Fraction(0))
        return (total,)

    def why(self, one: AgencyFigures, below: tuple[AgencyFigures, int] | None) -> str:
        """Why `one` stands above the next with its rank, with the figures; its own figures for the last."""
        if below is None:
            return ", ".join(self._all_of(one))
        other, rank = below
        if self.figures(one) == self.figures(other):
            return f"bằng {other.name} mọi tiêu chí: {', '.join(self._all_of(one))}"
        if self.rules.weights:
            (mine,), (theirs,) = self.figures(one), self.figures(other)
            digits = _digits_apart(mine, theirs)
            return f"tổng điểm {self._sum(one, digits)} so với {self._sum(other, digits)} của hạng {rank}"
        return self._why_in_order(one, other, rank)

    def _why_in_order(self, one: AgencyFigures, other: AgencyFigures, rank: int) -> str:
        """The measures in which the two are the same, and the one that parts them."""
        said = []
        for measure, mine, theirs in zip(self.rules.order, self.figures(one), self.figures(other), strict=True):
            if mine != theirs:
                digits = _digits_apart(100 * mine, 100 * theirs)
                figure = f"{_shown(measure, mine, one, digits)} so với {_shown(measure, theirs, other, digits)}"
                said.append(f"{measure.words} {figure} của hạng {rank}")
                break
            said.append(f"cùng {measure.words} {_value(measure, mine, 2)}")
        return ", ".join(said)

    def _all_of(self, agency: AgencyFigures) -> list[str]:
        if self.rules.weights:
            return [f"tổng điểm {self._sum(agency, 2)}"]
        figures = zip(self.rules.order, self.figures(agency), strict=True)
        return [f"{measure.words} {_shown(measure, value, agency, 2)}" for measure, value in figures]

    def _sum(self, agency: AgencyFigures, digits: int) -> str:
        weights = self.rules.weights or {}
        (total,) = self.figures(agency)
        terms = (f"{exact_percent(w)} × {_decimal(self._points(m, agency), digits)}" for m, w in weights.items())
        return f"{_decimal(total, digits)} ({' + '.join(terms)})"

    def _points(self, measure: Measure, agency: AgencyFigures) -> Fraction:
        """What enters a weighted sum: points of prizes as they are, everything else out of 100."""
        value = self.rules.value(measure, agency)
        match measure:
            case Measure.PRIZES:
                return value
            case Measure.ENTRIES:
                return 100 * value / self.most if self.most else Fraction(0)
        return 100 * value


def _shown(measure: Measure, value: Fraction, agency: AgencyFigures, digits: int) -> str:
    """A figure with what it was made from."""
    made_from: dict[Measure, Callable[[], str]] = {
        Measure.PARTICIPATION: lambda: f" ({number(agency.turnout.people)}/{number(agency.turnout.base)} người)",
        Measure.AVERAGE_SCORE: lambda: f" ({number(agency.score)}/{number(agency.full)} điểm)",
    }
    return _value(measure, value, digits) + made_from.get(measure, str)()


def _value(measure: Measure, value: Fraction, digits: int) -> str:
    return percent(value, digits) if measure in (Measure.PARTICIPATION, Measure.AVERAGE_SCORE) else number(int(value))


def _decimal(value: Fraction, digits: int) -> str:
    return percent(value / 100, digits).removesuffix("%")


def _digits_apart(one: Fraction, other: Fraction) -> int:
    """How many decimals, at least two, show that two different figures differ."""
    return next(digits for digits in count(2) if _decimal(one, digits) != _decimal(other, digits))
