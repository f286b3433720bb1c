"""The steps of a ranking: each compares two results, prints its own rule, and says what it decided."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from quiz.vietnamese import duration

Zone = tzinfo | None
"""Where a reason tells the time; None leaves out when people sat, which the public need not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What is ranked: one attempt of one person, with what the rules ask of the person's other attempts.

    `score` and `full` are points; `time_ms` is hand-in − start without the time given back; `handed_in_ms` and
    `registered_ms` count from 1970 UTC. `attempts` and `full_marks` count the person's attempts in the week, and those
    of them without a mistake.
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
    def seconds(self) -> int:
        """The time taken in whole seconds, parts of a second cut: money must not turn on network noise."""
        return self.time_ms // 1000

    @property
    def time_taken(self) -> timedelta:
        """The time taken, to the millisecond."""
        return timedelta(milliseconds=self.time_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """What only the close of a week makes known: the public seed of the lots, and the figure that was predicted."""

    lot_seed: bytes
    target: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TieBreak:
    """One step of the chain. The smaller `key(result, lot_seed)` stands higher.

    `why(one, other, whom, zone)` says with the figures why `one` stands above `other`, whom the phrase calls `whom`.
    """

    name: str
    sentence: str
    key: Callable[[Result, bytes], int | bytes]
    why: Callable[[Result, Result, str, Zone], str]
    is_lot: bool = False


def lot_ticket(lot_seed: bytes, code: str) -> bytes:
    """The lot of one attempt: HMAC-SHA256(public lot seed, 'lot|' + code); the smallest ticket is drawn first."""
    return hmac.digest(lot_seed, f"lot|{code}".encode(), "sha256")


def _clock(result: Result, zone: tzinfo) -> str:
    at = datetime.fromtimestamp(result.handed_in_ms / 1000, UTC).astimezone(zone)
    return f"{at:%H:%M:%S},{result.handed_in_ms % 1000:03d} ngày {at:%d/%m}"


def _why_score(one: Result, other: Result, whom: str, _: Zone) -> str:
    return f"đúng {one.score}/{one.questions} câu, nhiều hơn {whom} ({other.score}/{other.questions} câu)"


def _why_time(one: Result, other: Result, whom: str, _: Zone) -> str:
    return (
        f"cùng {one.score}/{one.questions} câu đúng, làm bài nhanh hơn {whom} là "
        f"{duration(timedelta(seconds=other.seconds - one.seconds))} "
        f"({duration(one.time_taken)} so với {duration(other.time_taken)})"
    )


def _why_moment(one: Result, other: Result, whom: str, zone: Zone) -> str:
    times = f" ({_clock(one, zone)} so với {_clock(other, zone)})" if zone else ""
    also = f" và cùng {duration(one.time_taken)}" if one.seconds == other.seconds else ""
    return f"cùng {one.score}/{one.questions} câu đúng{also}, nộp bài sớm hơn {whom}{times}"


def _why_lot(one: Result, other: Result, whom: str, zone: Zone) -> str:
    moment = f" ({_clock(one, zone)})" if zone else ""
    also = f", kể cả thời điểm nộp bài{moment}" if one.handed_in_ms == other.handed_in_ms else ""
    return f"bằng {whom} mọi tiêu chí{also}; thứ tự theo bốc thăm công khai"


SCORE = TieBreak(
    name="score",
    sentence="Người trả lời đúng nhiều câu hơn xếp trên.",
    key=lambda result, _: -result.score,
    why=_why_score,
)
TIME_TAKEN = TieBreak(
    name="time_taken",
    sentence="Nếu bằng nhau, người có thời gian làm bài ngắn hơn (tính bằng giây, bỏ phần lẻ) xếp trên.",
    key=lambda result, _: result.seconds,
    why=_why_time,
)
HAND_IN_MOMENT = TieBreak(
    name="hand_in_moment",
    sentence="Nếu vẫn bằng nhau, người nộp bài sớm hơn xếp trên.",
    key=lambda result, _: result.handed_in_ms,
    why=_why_moment,
)
LOT = TieBreak(
    name="lot",
    sentence="Nếu vẫn bằng nhau, thứ tự theo bốc thăm từ số ngẫu nhiên đã cam kết trước khi mở tuần thi và công khai "
    "sau khi đóng; ai cũng tính lại được.",
    key=lambda result, lot_seed: lot_ticket(lot_seed, result.code),
    why=_why_lot,
    is_lot=True,
)

TIE_BREAKS = {step.name: step for step in (SCORE, TIME_TAKEN, HAND_IN_MOMENT, LOT)}
DEFAULT_CHAIN = (SCORE, TIME_TAKEN, HAND_IN_MOMENT, LOT)
