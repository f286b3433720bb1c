"""Requests about the own personal data: what can be asked for, and by when it must be acknowledged and answered."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from quiz.errors import N_, Refused

ACKNOWLEDGED_WITHIN = 2
"""Working days; public holidays, which no software knows in advance, do not count in anybody's favour here."""
DAY = timedelta(days=1)


class Kind(StrEnum):
    """What somebody asks."""

    COPY = "copy"
    CORRECT = "correct"
    OBJECT = "object"
    ERASE = "erase"

    @property
    def days(self) -> int:
        """Within how many days it must be answered (Nghị định 356/2025/NĐ-CP, Điều 5)."""
        return {"copy": 10, "correct": 10, "object": 15, "erase": 20}[self]

    @property
    def words(self) -> str:
        """What the pages call it."""
        return KIND_WORDS[self]


KIND_WORDS = {
    Kind.COPY: N_("Xem, nhận bản sao dữ liệu"),
    Kind.CORRECT: N_("Sửa dữ liệu chưa đúng"),
    Kind.OBJECT: N_("Phản đối hoặc hạn chế xử lý, rút lại sự đồng ý"),
    Kind.ERASE: N_("Xóa dữ liệu"),
}


class State(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits for an answer."""
        return self in OPEN

    @property
    def words(self) -> str:
        """What the pages call it."""
        return STATE_WORDS[self]


OPEN = (State.WAITING, State.ACKNOWLEDGED)
STATE_WORDS = {
    State.WAITING: N_("Chưa tiếp nhận"),
    State.ACKNOWLEDGED: N_("Đã tiếp nhận, chờ trả lời"),
    State.GRANTED: N_("Đã thực hiện"),
    State.REFUSED: N_("Từ chối, có nêu lý do"),
    State.WITHDRAWN: N_("Đã rút"),
}


def acknowledge_by(asked_at: datetime, zone: ZoneInfo) -> date:
    """The last day on which a request is acknowledged in time: working days are Monday to Friday."""
    day, left = asked_at.astimezone(zone).date(), ACKNOWLEDGED_WITHIN
    while left:
        day += DAY
        left -= day.weekday() < 5
    return day


def answer_by(kind: Kind, asked_at: datetime, zone: ZoneInfo, *, is_extended: bool) -> date:
    """The last day on which it is answered in time; an extension is as long as the time was."""
    return asked_at.astimezone(zone).date() + kind.days * (2 if is_extended else 1) * DAY


def ends(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a last day is over."""
    return datetime.combine(day + DAY, time.min, tzinfo=zone).astimezone(UTC)


def check_may_extend(kind: Kind, state: State, *, is_extended: bool) -> None:
    """Only an erasure may be put off, once. Raises Refused: request_moved_on, request_not_extendable."""
    if not state.is_open:
        raise Refused("request_moved_on")
    if kind is not Kind.ERASE or is_extended:
        raise Refused("request_not_extendable")
