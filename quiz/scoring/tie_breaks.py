"""The steps of a ranking: each compares two results, prints its own rule, and says what it decided."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo
from functools import cache
from operator import neg
from typing import NamedTuple

from quiz.scoring.resolution import Resolution
from quiz.vietnamese import clean

Zone = tzinfo | None
"""Where a reason tells the time; None leaves out when people sat, which the public need not know."""

Key = float | bytes


class Result(NamedTuple):
    """What is ranked: one attempt of one person, with what the rules ask of the person's other attempts.

    `score` and `full` are points; `time_ms` is hand-in − start without the time given back; `handed_in_ms` and
    `registered_ms` count from 1970 UTC. `attempts` and `full_marks` count the person's attempts in the week, and those
    of them without a mistake. A tuple, since a week may hold a million.
    """

    code: str
    person: int
    score: int
    full: int
    questions: int
    time_ms: int
    handed_in_ms: int
    registered_ms: int = 0
    attempts: int = 1
    full_marks: int = 0
    prediction: int | None = None
    is_valid: bool = True

    @property
    def is_all_right(self) -> bool:
        """Whether every answer is right."""
        return self.score == self.full

    @property
    def time_taken(self) -> timedelta:
        """The time taken, to the millisecond."""
        return timedelta(milliseconds=self.time_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """What only the close of a week makes known: what lots are drawn from, and the figure that was predicted.

    `lot_seed` is the seed promised before the week opened or the key of a public value; b'' while that is not known:
    then lots part nobody.
    """

    lot_seed: bytes
    target: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TieBreak:
    """One step of the chain: `rule` is a clause of the rules page, and the smaller `key(result, facts)` stands higher.

    `why(one, other, whom, zone, facts)` says with the figures why `one` stands above `other`, whom the phrase calls
    `whom`; `gap(one, other, whom, facts)` says so by the difference alone, for somebody who is not to know the other;
    `same(one, other, zone, facts)` says what the two have in common where the step does not part them. Times are
    compared in whole units of `unit_ms` milliseconds.
    """

    name: str
    rule: str
    key: Callable[[Result, RoundFacts], Key]
    why: Callable[[Result, Result, str, Zone, RoundFacts], str]
    gap: Callable[[Result, Result, str, RoundFacts], str]
    same: Callable[[Result, Result, Zone, RoundFacts], str]
    is_lot: bool = False
    unit_ms: int = 1

    @property
    def sentence(self) -> str:
        """The rule on its own, as a sentence."""
        return f"{self.rule[0].upper()}{self.rule[1:]}."


@dataclass(frozen=True, slots=True)
class ByFigure:
    """The key of a step that compares one figure of the results in whole units; which one, a large week must know."""

    figure: str
    unit: int = 1
    more_first: bool = False

    def __call__(self, result: Result, _facts: RoundFacts) -> int:
        units: int = getattr(result, self.figure) // self.unit
        return -units if self.more_first else units

    def of_all(self, figures: Sequence[int]) -> Sequence[int]:
        """The key of each figure."""
        unit = self.unit
        units = figures if unit == 1 else [figure // unit for figure in figures]
        return [*map(neg, units)] if self.more_first else units


def lot_ticket(lot_seed: bytes, code: str) -> bytes:
    """The lot of one attempt: HMAC-SHA256(public lot seed, 'lot|' + code); the smallest ticket is drawn first."""
    return hmac.digest(lot_seed, f"lot|{code}".encode(), "sha256")


def lot_key(value: str) -> bytes:
    """What lots are drawn from where the rules name a public event: its value in normal form."""
    return clean(value).encode()


def _have_one_point_each(*results: Result) -> bool:
    return all(result.full == result.questions for result in results)


def _why_score(one: Result, other: Result, whom: str, _zone: Zone, _facts: RoundFacts) -> str:
    verb, unit = ("đúng", "câu") if _have_one_point_each(one, other) else ("đạt", "điểm")
    return f"{verb} {one.score}/{one.full} {unit}, nhiều hơn {whom} ({other.score}/{other.full} {unit})"


def _gap_score(one: Result, other: Result, whom: str, _facts: RoundFacts) -> str:
    verb, unit = ("đúng", "câu") if _have_one_point_each(one, other) else ("đạt", "điểm")
    return f"{verb} nhiều hơn {whom} {one.score - other.score} {unit}"


def _same_score(one: Result, other: Result, _zone: Zone, _facts: RoundFacts) -> str:
    if one.full != other.full or one.questions != other.questions:
        return f"cùng {one.score} điểm"
    return f"cùng {one.score}/{one.full} {'câu đúng' if _have_one_point_each(one) else 'điểm'}"


def _why_all_right(one: Result, other: Result, whom: str, _zone: Zone, _facts: RoundFacts) -> str:
    verb, unit = ("đúng", "câu") if _have_one_point_each(other) else ("đạt", "điểm")
    return f"đúng cả {one.questions} câu, còn {whom} {verb} {other.score}/{other.full} {unit}"


def _same_all_right(one: Result, _other: Result, _zone: Zone, _facts: RoundFacts) -> str:
    return "cùng đúng tất cả các câu" if one.is_all_right else "cùng chưa đúng tất cả các câu"


def _why_lot(_one: Result, _other: Result, _whom: str, _zone: Zone, _facts: RoundFacts) -> str:
    return "thứ tự theo bốc thăm công khai"


def _same_lot(_one: Result, _other: Result, _zone: Zone, facts: RoundFacts) -> str:
    return "cùng lá thăm" if facts.lot_seed else "còn chờ bốc thăm"


def _counting(name: str, rule: str, figure: str, words: str, than: str, *, more_first: bool = False) -> TieBreak:
    def count(result: Result) -> int:
        return int(getattr(result, figure))

    return TieBreak(
        name=name,
        rule=rule,
        key=ByFigure(figure, more_first=more_first),
        why=lambda one, other, whom, _zone, _facts: (
            f"có {count(one)} {words}, {than} {whom} ({count(other)} {words.partition(' ')[0]})"
        ),
        gap=lambda one, other, whom, _facts: f"có {than} {whom} {abs(count(one) - count(other))} {words}",
        same=lambda one, _other, _zone, _facts: f"cùng {count(one)} {words}",
    )


def _moment(name: str, rule: str, figure: str, did: str, resolution: Resolution) -> TieBreak:
    def moments(one: Result, other: Result, zone: tzinfo) -> tuple[str, str]:
        return resolution.moments(getattr(one, figure), getattr(other, figure), zone)

    def why(one: Result, other: Result, whom: str, zone: Zone, _facts: RoundFacts) -> str:
        times = " ({} so với {})".format(*moments(one, other, zone)) if zone else ""
        return f"{did} sớm hơn {whom}{times}"

    def same(one: Result, other: Result, zone: Zone, _facts: RoundFacts) -> str:
        if zone is None:
            return f"cùng thời điểm {did} tính đến {resolution.words}"
        return f"cùng {did} lúc {moments(one, other, zone)[0]}"

    unit = resolution.unit_ms
    return TieBreak(
        name=name,
        rule=rule,
        key=ByFigure(figure, unit),
        why=why,
        gap=lambda one, other, whom, facts: why(one, other, whom, None, facts),
        same=same,
        unit_ms=unit,
    )


@cache
def time_taken(resolution: Resolution, /) -> TieBreak:
    """Less time taken stands higher, compared in whole units: money must not turn on network noise."""
    unit = resolution.unit_ms

    def gap(one: Result, other: Result, whom: str, _facts: RoundFacts) -> str:
        gained = other.time_ms // unit * unit - one.time_ms // unit * unit
        return f"làm bài nhanh hơn {whom} là {resolution.length(gained)}"

    def why(one: Result, other: Result, whom: str, _zone: Zone, facts: RoundFacts) -> str:
        figures = f"{resolution.length(one.time_ms)} so với {resolution.length(other.time_ms)}"
        return f"{gap(one, other, whom, facts)} ({figures})"

    return TieBreak(
        name="time_taken",
        rule=f"người có thời gian làm bài ngắn hơn (tính bằng {resolution.words}, bỏ phần lẻ) xếp trên",
        key=ByFigure("time_ms", unit),
        why=why,
        gap=gap,
        same=lambda one, _other, _zone, _facts: f"cùng {resolution.length(one.time_ms)}",
        unit_ms=unit,
    )


@cache
def hand_in_moment(resolution: Resolution, /) -> TieBreak:
    """The earlier hand-in stands higher, compared in whole units of the clock."""
    rule = f"người nộp bài sớm hơn (tính đến {resolution.words}) xếp trên"
    return _moment("hand_in_moment", rule, "handed_in_ms", "nộp bài", resolution)


SCORE = TieBreak(
    name="score",
    rule="người có tổng điểm các câu trả lời đúng cao hơn xếp trên",
    key=ByFigure("score", more_first=True),
    why=_why_score,
    gap=_gap_score,
    same=_same_score,
)
ALL_RIGHT = TieBreak(
    name="all_right",
    rule="người trả lời đúng tất cả các câu xếp trên những người khác",
    key=lambda result, _: not result.is_all_right,
    why=_why_all_right,
    gap=lambda _one, _other, whom, _facts: f"đúng tất cả các câu, còn {whom} thì chưa",
    same=_same_all_right,
)
TIME_TAKEN = time_taken(Resolution.SECOND)
HAND_IN_MOMENT = hand_in_moment(Resolution.MILLISECOND)
FEWER_ATTEMPTS = _counting("fewer_attempts", "người dùng ít lượt thi hơn xếp trên", "attempts", "lượt thi", "ít hơn")
EARLIER_REGISTRATION = _moment(
    "earlier_registration",
    "người đăng ký (hoặc được đưa vào danh sách) dự thi sớm hơn xếp trên",
    "registered_ms",
    "có tên trong danh sách dự thi",
    Resolution.MILLISECOND,
)
FULL_MARKS = _counting(
    "full_marks",
    "người có nhiều lượt thi đạt điểm tối đa hơn xếp trên",
    "full_marks",
    "lượt thi đạt điểm tối đa",
    "nhiều hơn",
    more_first=True,
)
LOT = TieBreak(
    name="lot",
    rule="thứ tự theo bốc thăm từ số ngẫu nhiên đã cam kết trước khi mở tuần thi và công khai sau khi đóng; ai cũng "
    "tính lại được",
    key=lambda result, facts: lot_ticket(facts.lot_seed, result.code) if facts.lot_seed else b"",
    why=_why_lot,
    gap=lambda one, other, whom, facts: _why_lot(one, other, whom, None, facts),
    same=_same_lot,
    is_lot=True,
)


@cache
def lot_by(event: str, /) -> TieBreak:
    """Lots drawn by the value of a public event that the rules name before it takes place."""
    rule = (
        f"thứ tự theo bốc thăm từ một giá trị công khai mà trước khi tuần thi đóng chưa ai biết: “{event}”; ai cũng "
        "tính lại được"
    )
    return replace(LOT, rule=rule)


_FIXED = (SCORE, ALL_RIGHT, TIME_TAKEN, HAND_IN_MOMENT, FEWER_ATTEMPTS, EARLIER_REGISTRATION, FULL_MARKS, LOT)
TIE_BREAKS: Mapping[str, TieBreak] = {step.name: step for step in _FIXED}
"""Every step but the prediction, by its name, as it is where the contest file says no more than the name."""

DEFAULT_CHAIN = (SCORE, TIME_TAKEN, HAND_IN_MOMENT, LOT)
