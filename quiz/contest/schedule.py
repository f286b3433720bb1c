"""A contest and its weeks: what the rules (thể lệ) say, which phase a week is in, what is missing before opening."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from quiz.contest.attempt_rules import AttemptRules
from quiz.questions.bank import Bank
from quiz.questions.paper import PaperRules, missing_from
from quiz.scoring.participation import ParticipationRules
from quiz.scoring.prizes import Prize
from quiz.scoring.tie_breaks import DEFAULT_CHAIN, TieBreak
from quiz.vietnamese import closing, moment


class Phase(StrEnum):
    """Where a week stands; decided by the clock alone, never by a job."""

    TO_COME = "to_come"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One round (tuần thi): open from `opens_at` until just before `closes_at`, both aware, in UTC."""

    number: int
    opens_at: datetime
    closes_at: datetime

    def phase_at(self, now: datetime) -> Phase:
        """The phase at `now`: the opening moment belongs to the week, the closing moment no longer does."""
        if now < self.opens_at:
            return Phase.TO_COME
        return Phase.OPEN if now < self.closes_at else Phase.CLOSED


STAFF_BARRED = "Người tổ chức, quản trị hoặc giám sát hội thi"
"""What those are called whom their role in the software keeps out, whether or not a list names them."""


@dataclass(frozen=True, slots=True)
class BarredGroup:
    """A group that the rules keep out, by its code in the barred list and its name on the rules page."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """The whole of one contest file."""

    slug: str
    title: str
    organiser: str
    plan: str
    zone: ZoneInfo
    weeks: tuple[Week, ...]
    paper: PaperRules = field(default_factory=PaperRules)
    attempts: AttemptRules = field(default_factory=AttemptRules)
    chain: tuple[TieBreak, ...] = DEFAULT_CHAIN
    prizes: tuple[Prize, ...] = ()
    participation: ParticipationRules = field(default_factory=ParticipationRules)
    barred: tuple[BarredGroup, ...] = ()
    hotline: str = ""
    short_title: str = ""

    @property
    def heading(self) -> str:
        """The name for places too narrow for the whole title."""
        return self.short_title or self.title

    def week(self, number: int) -> Week | None:
        """The week of that number, or None."""
        return next((week for week in self.weeks if week.number == number), None)

    def current_week(self, now: datetime) -> Week | None:
        """The week that is open now, or None."""
        return next((week for week in self.weeks if week.phase_at(now) is Phase.OPEN), None)

    def next_week(self, now: datetime) -> Week | None:
        """The first week still to come, or None."""
        return next((week for week in self.weeks if week.phase_at(now) is Phase.TO_COME), None)

    def barred_name(self, code: str) -> str:
        """What a barred group is called; the code itself where the file no longer holds the group."""
        return next((group.name for group in self.barred if group.code == code), code)

    def is_over(self, week: Week, now: datetime) -> bool:
        """Whether nothing of the week can change any more: closed, and the last moment of grace has passed.

        Keys, marks and results exist only from then on.
        """
        return now > week.closes_at + self.attempts.grace

    def local_days(self, week: Week) -> tuple[date, date]:
        """The first and last day of the week on the contest's own calendar."""
        last = week.closes_at - timedelta(milliseconds=1)
        return week.opens_at.astimezone(self.zone).date(), last.astimezone(self.zone).date()

    @property
    def sentences(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The rules as headed paragraphs for the public rules page; each rule prints itself."""
        return (
            ("Thời gian", tuple(self._week_sentence(week) for week in self.weeks)),
            ("Đề thi", (self.paper.sentence, self.attempts.sentence, self.attempts.deadline_sentence)),
            ("Cách xếp hạng", tuple(tie_break.sentence for tie_break in self.chain)),
            ("Giải thưởng mỗi tuần", tuple(prize.sentence for prize in self.prizes)),
            ("Tỷ lệ tham gia", self.participation.sentences),
            ("Người không được dự thi", tuple(f"{group.name}." for group in self.barred)),
        )

    def _week_sentence(self, week: Week) -> str:
        opens, closes = moment(week.opens_at, self.zone), closing(week.closes_at, self.zone)
        return f"Tuần {week.number}: mở lúc {opens}; đóng lúc {closes}."


def problems_before_opening(contest: Contest, bank: Bank | None) -> tuple[str, ...]:
    """What is still missing before weeks may open, each as a sentence for the organiser; empty when ready."""
    if bank is None:
        return ("Chưa nạp bộ câu hỏi.",)
    problems = []
    for week in contest.weeks:
        pool = bank.pool(*contest.local_days(week))
        for quota in missing_from(pool, contest.paper):
            topic = f" về {bank.topics.get(quota.topic, quota.topic)}" if quota.topic else ""
            level = f" mức {quota.level.words}" if quota.level else ""
            problems.append(f"Tuần {week.number}: bộ câu hỏi còn thiếu {quota.count} câu{topic}{level}.")
    return tuple(problems)
