"""A contest and its weeks: what the rules (thể lệ) say, which phase a week is in, what is missing before opening."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain
from zoneinfo import ZoneInfo

from quiz.contest.appeal_rules import AppealRules
from quiz.contest.attempt_rules import AttemptRules
from quiz.contest.commitment_rules import HOURS_BEFORE
from quiz.contest.key_rules import OpenedBy
from quiz.errors import Refused
from quiz.personal_data.basis import PersonalDataRules
from quiz.questions.bank import Bank
from quiz.questions.paper import PaperRules, missing_from
from quiz.scoring.collective import Collective
from quiz.scoring.participation import ParticipationRules
from quiz.scoring.prediction import Prediction
from quiz.scoring.prizes import Needs, OnePrize, Prize
from quiz.scoring.tie_breaks import DEFAULT_CHAIN, TieBreak
from quiz.vietnamese import closing, moment


class Phase(StrEnum):
    """Where a week stands; decided by the clock alone, never by a job."""

    TO_COME = "to_come"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` until just before `end`, both aware, in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One round (tuần thi): open from `opens_at` until just before `closes_at`, but for its pauses; aware, in UTC.

    `pauses` are in order, lie inside, do not touch and leave something open (nights and days off, where the rules open
    only in office hours).
    Round 0 is the practice round (thi thử), which counts for nothing.
    """

    number: int
    opens_at: datetime
    closes_at: datetime
    pauses: tuple[Span, ...] = ()

    @property
    def is_practice(self) -> bool:
        """Whether the round counts for nothing."""
        return self.number == 0

    @property
    def open_spans(self) -> tuple[Span, ...]:
        """When one may sit: from opening to closing without the pauses."""
        starts = (self.opens_at, *(pause.end for pause in self.pauses))
        ends = (*(pause.start for pause in self.pauses), self.closes_at)
        return tuple(Span(start, end) for start, end in zip(starts, ends, strict=True) if start < end)

    def phase_at(self, now: datetime) -> Phase:
        """The phase at `now`: a moment of opening belongs to what it opens, a moment of closing no longer does.

        A pause before the first or after the last open span makes the week open later or close earlier.
        """
        spans = self.open_spans
        if any(span.start <= now < span.end for span in spans):
            return Phase.OPEN
        if now < spans[0].start:
            return Phase.TO_COME
        return Phase.PAUSED if now < spans[-1].start else Phase.CLOSED

    def shuts_at(self, at: datetime) -> datetime:
        """When the week, open at `at`, shuts next: for a pause, or for good."""
        return next((span.end for span in self.open_spans if at < span.end), self.closes_at)

    def next_opening(self, at: datetime) -> datetime | None:
        """When one may sit again, or for the first time, after `at`; None where the week does not open any more."""
        return next((span.start for span in self.open_spans if at < span.start), None)


PRACTICE = "Thi thử"
"""What the practice round is called."""

STAFF_BARRED = "Người tổ chức, quản trị hoặc giám sát hội thi"
"""What those are called whom their role in the software keeps out, whether or not a list names them."""


@dataclass(frozen=True, slots=True)
class BarredGroup:
    """A group that the rules keep out, by its code in the barred list and its name on the rules page."""

    code: str
    name: str


class Registration(StrEnum):
    """How people come to take part."""

    ROSTER = "roster"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """Bảng thi: people ranked apart, with their own papers, ranking and prizes. Code '' where there is only one."""

    code: str = ""
    name: str = ""
    paper: PaperRules
    chain: tuple[TieBreak, ...]
    prizes: tuple[Prize, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """The whole of one contest file. `papers` holds what single weeks and divisions have otherwise than the rest.

    `lot_event` is the public event whose value draws the lots, None where a seed promised before does.
    """

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
    round_word: str = "Tuần"
    practice: Week | None = None
    registration: Registration = Registration.ROSTER
    divisions: tuple[Division, ...] = ()
    papers: Mapping[tuple[int, str], PaperRules] = field(default_factory=dict)
    prediction: Prediction | None = None
    one_prize: OnePrize = OnePrize.OFF
    prize_needs: Needs = Needs.ONE_RIGHT
    collective: Collective | None = None
    appeals: AppealRules | None = field(default_factory=AppealRules)
    personal_data: PersonalDataRules = field(default_factory=PersonalDataRules)
    keys_opened_by: OpenedBy = OpenedBy.CLOSING
    commitment_hours: int = HOURS_BEFORE
    lot_event: str | None = None

    @property
    def heading(self) -> str:
        """The name for places too narrow for the whole title."""
        return self.short_title or self.title

    @property
    def all_divisions(self) -> tuple[Division, ...]:
        """The divisions; a contest without any is one division without a name."""
        return self.divisions or (Division(paper=self.paper, chain=self.chain, prizes=self.prizes),)

    def division(self, code: str) -> Division:
        """The division of that code; the first one for codes that the file does not (or no longer) hold."""
        return next((one for one in self.all_divisions if one.code == code), self.all_divisions[0])

    def paper_of(self, week: Week, division: str) -> PaperRules:
        """What a paper of this week and division looks like."""
        known = self.division(division)
        return self.papers.get((week.number, known.code), known.paper)

    def attempts_of(self, week: Week) -> AttemptRules:
        """How often one may sit in this week: in the practice round as often as one likes."""
        if week.is_practice:
            return replace(self.attempts, per_week=None, per_day=None, per_contest=None)
        return self.attempts

    @property
    def banks(self) -> tuple[str, ...]:
        """The names of the banks that papers are drawn from, '' being the main one."""
        return tuple(sorted({self.paper_of(week, d.code).bank for week in self.rounds for d in self.all_divisions}))

    @property
    def rounds(self) -> tuple[Week, ...]:
        """The practice round, if any, and every week."""
        return (self.practice, *self.weeks) if self.practice else self.weeks

    def week(self, number: int) -> Week | None:
        """The round of that number, 0 being the practice round, or None."""
        return next((week for week in self.rounds if week.number == number), None)

    def name_of(self, week: Week) -> str:
        """What the round is called: 'Tuần 2', 'Đợt 2', 'Thi thử'."""
        return PRACTICE if week.is_practice else f"{self.round_word} {week.number}"

    def in_own_words(self, sentence: str) -> str:
        """A rule's sentence, which speaks of weeks, with the contest's own word; quotations stay as they are."""
        word = self.round_word.lower()
        return re.sub(r"“[^”]*”|\btuần\b", lambda found: word if found[0] == "tuần" else found[0], sentence)

    def current_week(self, now: datetime) -> Week | None:
        """The round that is under way, open or paused, or None; a week goes before a practice round still open."""
        under_way = [week for week in self.rounds if week.phase_at(now) in (Phase.OPEN, Phase.PAUSED)]
        return under_way[-1] if under_way else None

    def next_week(self, now: datetime) -> Week | None:
        """The round that opens next, or None."""
        to_come = [week for week in self.rounds if week.phase_at(now) is Phase.TO_COME]
        return min(to_come, key=lambda week: week.opens_at, default=None)

    def next_change(self, now: datetime) -> datetime | None:
        """When the phase of a round changes next, or None: until then the time alone changes nothing."""
        moments = (at for week in self.rounds for span in week.open_spans for at in (span.start, span.end))
        return min((at for at in moments if at > now), default=None)

    def check_open(self, week: Week, now: datetime) -> None:
        """Raises Refused unless one may sit now: not_yet_open, paused, closed."""
        phase, opens = week.phase_at(now), week.next_opening(now)
        if phase is Phase.OPEN:
            return
        if opens is None:
            raise Refused("closed", week=self.name_of(week), closes=closing(week.open_spans[-1].end, self.zone))
        if phase is Phase.TO_COME:
            raise Refused("not_yet_open", week=self.name_of(week), opens=moment(opens, self.zone))
        raise Refused("paused", week=self.name_of(week), reopens=moment(opens, self.zone))

    def barred_name(self, code: str) -> str:
        """What a barred group is called; the code itself where the file no longer holds the group."""
        return next((group.name for group in self.barred if group.code == code), code)

    def is_over(self, week: Week, now: datetime) -> bool:
        """Whether nothing of the week can change any more: closed, and the last moment of grace has passed.

        Keys, marks and results exist only from then on.
        """
        return now > week.closes_at + self.attempts.grace

    def local_day(self, at: datetime) -> date:
        """The day of a moment on the contest's own calendar."""
        return at.astimezone(self.zone).date()

    def local_days(self, week: Week) -> tuple[date, date]:
        """The first and last day of the week on the contest's own calendar."""
        return self.local_day(week.opens_at), self.local_day(week.closes_at - timedelta(milliseconds=1))


def together(names: Iterable[str]) -> str:
    """Names of divisions in a row; they may hold commas themselves."""
    return " và ".join(names)


def problems_before_opening(contest: Contest, banks: Mapping[str, Bank | None]) -> tuple[str, ...]:
    """What is still missing before rounds may open, each as a sentence for the organiser; empty when ready.

    `banks` holds the banks by the names that the contest file gives them, '' being the main one.
    """
    absent = [name for name in contest.banks if banks.get(name) is None]
    unloaded = [f"Chưa có {bank_name(name)} ({load_command(name)})." for name in absent]
    short = (_shortages(contest, week, banks) for week in contest.rounds)
    return (*unloaded, *chain.from_iterable(short))


def _shortages(contest: Contest, week: Week, banks: Mapping[str, Bank | None]) -> Iterator[str]:
    papers: dict[PaperRules, list[str]] = {}
    for division in contest.all_divisions:
        papers.setdefault(contest.paper_of(week, division.code), []).append(division.name)
    for paper, names in papers.items():
        bank = banks.get(paper.bank)
        if bank is None:
            continue
        where = f"{contest.name_of(week)}, {together(names)}" if len(papers) > 1 else contest.name_of(week)
        for quota in missing_from(bank.pool(*contest.local_days(week)), paper):
            yield f"{where}: {bank_name(paper.bank)} còn thiếu {quota.words(bank.topics)}."


def bank_name(name: str) -> str:
    """What a bank is called in sentences, '' being the main one."""
    return f"bộ câu hỏi “{name}”" if name else "bộ câu hỏi"


def load_command(bank: str) -> str:
    """How a bank is loaded."""
    return "lệnh flask bank load TỆP" + (f" --name {bank}" if bank else "")
