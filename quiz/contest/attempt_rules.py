"""One attempt: who may start, until when answers are taken, and which attempt of a person counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from quiz.errors import Refused
from quiz.scoring.counted import Counts
from quiz.vietnamese import HANOI, closing, moment

if TYPE_CHECKING:
    from quiz.contest.schedule import Week


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRules:
    """How often a person may sit in a week, which attempt counts, and the grace given to the network."""

    per_week: int | None = 1
    per_day: int | None = None
    per_contest: int | None = None
    counts: Counts = Counts.ONLY
    grace: timedelta = timedelta(seconds=5)

    @property
    def sentence(self) -> str:
        """The attempts policy as it stands on the public rules page."""
        if self.per_week == 1:
            return "Mỗi người được thi một lần trong mỗi tuần."
        return (
            f"Mỗi người được thi tối đa {self.per_week} lần trong mỗi tuần; hệ thống lấy lượt thi xếp hạng cao nhất "
            "theo cách xếp hạng dưới đây."
        )

    @property
    def deadline_sentence(self) -> str:
        """What happens when the time runs out, as it stands on the public rules page."""
        seconds = int(self.grace.total_seconds())
        return (
            "Giờ làm bài do máy chủ tính, kết thúc khi hết thời gian làm bài hoặc khi tuần thi đóng, tùy điều kiện nào "
            f"đến trước. Bài gửi chậm không quá {seconds} giây do đường truyền vẫn được nhận nhưng thời gian chỉ tính "
            "đến lúc hết giờ. Hết giờ mà chưa nộp thì tính những câu đã lưu."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """What the rules need to know of a person who wants to start: group names, never reasons of their own."""

    attempts_this_week: int
    attempts_today: int = 0
    attempts_this_contest: int = 0
    is_listed: bool = True
    barred_as: str | None = None


def check_may_start(entrant: Entrant, rules: AttemptRules, week: Week, now: datetime, zone: ZoneInfo = HANOI) -> None:
    """A person may start while the week is open, is on the roster, is not barred and has attempts left.

    Raises Refused: barred, left, not_yet_open, closed, already_sat, attempts_used_up (in this order).
    """
    if entrant.barred_as:
        raise Refused("barred", role=entrant.barred_as)
    if not entrant.is_listed:
        raise Refused("left")
    if now < week.opens_at:
        raise Refused("not_yet_open", week=week.number, opens=moment(week.opens_at, zone))
    if now >= week.closes_at:
        raise Refused("closed", week=week.number, closes=closing(week.closes_at, zone))
    if entrant.attempts_this_week >= rules.per_week:
        if rules.per_week == 1:
            raise Refused("already_sat", week=week.number)
        raise Refused("attempts_used_up", week=week.number, limit=rules.per_week)


def deadline(started_at: datetime, time_allowed: timedelta, week: Week) -> datetime:
    """The time allowed runs out, or the week closes, whichever is first."""
    return min(started_at + time_allowed, week.closes_at)


def is_over(deadline_at: datetime, rules: AttemptRules, now: datetime) -> bool:
    """Whether even a message delayed by the network comes too late; the last moment of grace is still in time."""
    return now > deadline_at + rules.grace


def credited(handed_in_at: datetime, deadline_at: datetime) -> datetime:
    """The moment that counts for a hand-in: the grace is never counted in anyone's favour or disfavour."""
    return min(handed_in_at, deadline_at)


SHEET_LETTERS = frozenset("ABCD")


def check_sheet(answers: Sequence[str], questions: int) -> tuple[str, ...]:
    """The answer sheet, one text of chosen letters per question ('' for none), letters in order: ('A', '', 'BD').

    Raises Refused: bad_sheet, naming the question.
    """
    if len(answers) != questions:
        raise Refused("bad_sheet", where=f"có {len(answers)} câu, đề có {questions} câu")
    for number, chosen in enumerate(answers, start=1):
        if not isinstance(chosen, str) or not set(chosen) <= SHEET_LETTERS or len(set(chosen)) != len(chosen):
            raise Refused("bad_sheet", where=f"câu {number}")
    return tuple("".join(sorted(chosen)) for chosen in answers)
