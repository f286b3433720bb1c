"""From standings to winners: the prizes of a week, in order, to those who are not barred."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quiz.scoring.ranking import Standing
from quiz.vietnamese import number


class Per(StrEnum):
    """How often a prize is given."""

    WEEK = "week"
    CONTEST = "contest"


class OnePrize(StrEnum):
    """Whether one person may win in several weeks."""

    OFF = "off"
    KEEP_BEST = "keep_best"
    BAR_LATER_WEEKS = "bar_later_weeks"


class Needs(StrEnum):
    """What an attempt must have reached to win anything."""

    ONE_RIGHT = "one_right"
    ALL_RIGHT = "all_right"


@dataclass(frozen=True, slots=True)
class Prize:
    """One kind of prize: its name, how many are given each week, and the amount in VND where the rules state one."""

    name: str
    count: int
    amount: int | None = None
    per: Per = Per.WEEK

    @property
    def sentence(self) -> str:
        """The prize as it stands on the public rules page."""
        money = f", mỗi giải {number(self.amount)} đồng" if self.amount is not None else ""
        return f"{self.count:02d} {self.name}{money}."


@dataclass(frozen=True, slots=True)
class Award:
    """One prize won; `runner_up` is the next person in line, with whom the place can be compared."""

    prize: Prize
    standing: Standing
    runner_up: Standing | None


def award(standings: Sequence[Standing], prizes: Sequence[Prize], struck: Collection[int]) -> tuple[Award, ...]:
    """The prizes in order, each person at most one; people in `struck` are passed over and the next moves up.

    `standings` need to hold only the first places, as long as more follow than there are prizes and people struck.
    Somebody without a single right answer wins nothing.
    """
    line = [standing for standing in standings if standing.result.person not in struck and standing.result.score > 0]
    each = [prize for prize in prizes for _ in range(prize.count)]
    return tuple(
        Award(prize, standing, line[place] if place < len(line) else None)
        for place, (prize, standing) in enumerate(zip(each, line, strict=False), start=1)
    )
