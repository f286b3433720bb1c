"""What the busiest moments of a week ask of a server, from how many people are on the roster."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

STARTS_IN_BUSIEST_MINUTE = Fraction(1, 15)
"""Of everybody, who sign in and start within the first minute: for 30,000 people 2,000."""
SAVES_A_SECOND = Fraction(1, 150)
"""For 30,000 people 200: one in five is inside, and each chooses an answer every half minute."""
HAND_INS_A_SECOND = Fraction(1, 300)
"""Just before a week closes: for 30,000 people 100."""
READERS_A_SECOND = Fraction(1, 60)
"""Public pages, when results come out or a paper tells of the contest: for 30,000 people 500."""

FEWEST_STARTS, FEWEST_A_SECOND = 6.0, 2.0
"""Below these nothing is measured: a small roster is played a little too hard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The busiest moments of one week; everything but `starts_a_minute` by the second."""

    people: int
    starts_a_minute: float
    saves: float
    hand_ins: float
    readers: float


def expected(people: int) -> Expected:
    """What so many people on the roster ask for, all of them taking part."""
    return Expected(
        people=people,
        starts_a_minute=max(FEWEST_STARTS, float(people * STARTS_IN_BUSIEST_MINUTE)),
        saves=max(FEWEST_A_SECOND, float(people * SAVES_A_SECOND)),
        hand_ins=max(FEWEST_A_SECOND, float(people * HAND_INS_A_SECOND)),
        readers=max(FEWEST_A_SECOND, float(people * READERS_A_SECOND)),
    )


def roster_for(starts_a_minute: float) -> int:
    """How many people may be on the roster where a server takes so many starts in one minute."""
    return int(starts_a_minute / STARTS_IN_BUSIEST_MINUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """How long each part of a rehearsal lasts, in seconds."""

    opening: float
    steady: float
    closing: float
    search: float

    @property
    def whole(self) -> float:
        """The longest that all of it can take, without preparing and clearing away."""
        return self.opening + 2 * self.steady + self.closing + len(SEARCHED) * self.search


SEARCHED = (1.25, 1.6, 2.0, 2.6, 3.4)
"""How many times what is expected is tried, one after the other, until it is too much."""
SEARCHED_BELOW = (0.8, 0.6, 0.4, 0.25)
"""The same where already what is expected is too much."""


def lengths(minutes: float) -> Lengths:
    """The parts of a rehearsal whose opening lasts so long."""
    seconds = 60 * minutes
    return Lengths(opening=seconds, steady=seconds / 3, closing=seconds / 3, search=seconds / 4)


def whole(rate: float, seconds: float) -> int:
    """How many come in so many seconds; at least one does."""
    return max(1, ceil(rate * seconds))
