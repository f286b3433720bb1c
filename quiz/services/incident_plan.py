"""What a decision about an incident would do: the attempts it touches, whose time it moves, what it cannot mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Table, and_, or_, select

from quiz.contest.attempt_rules import credited
from quiz.contest.schedule import Span
from quiz.contest.time_back import new_deadline, overlap
from quiz.errors import N_
from quiz.models.attempts import DbAttempt
from quiz.models.decisions import DbIncident
from quiz.models.people import DbMembership
from quiz.services import Transaction
from quiz.services.allowances import extra_minutes
from quiz.services.contests import StoredWeek
from quiz.services.incident_scope import Scope, scope_of

ATTEMPTS = cast(Table, DbAttempt.__table__)
MILLISECOND = timedelta(milliseconds=1)
NOTHING = timedelta(0)
Found = Row[*tuple[Any, ...]]


class Kind(StrEnum):
    """What can be done about an incident."""

    EXTEND = "extend"
    GIVE_BACK = "give_back"
    RESIT = "resit"

    @property
    def words(self) -> str:
        """What the pages call it."""
        return _KINDS[self][0]

    @property
    def about(self) -> str:
        """What it does, for those who choose."""
        return _KINDS[self][1]


_KINDS = {
    Kind.EXTEND: (
        N_("Kéo dài thời gian mở"),
        N_(
            "Đóng muộn hơn, cho tất cả. Ai chưa bắt đầu được vì sự cố chỉ cần cách này; ai đang làm mà bị giờ đóng cũ "
            "cắt ngắn thì được làm đủ thời gian."
        ),
    ),
    Kind.GIVE_BACK: (
        N_("Trả lại thời gian bị mất"),
        N_("Ai đang làm bài khi có sự cố được trả lại đúng phần thời gian trùng với sự cố."),
    ),
    Kind.RESIT: (
        N_("Cho thi lại"),
        N_(
            "Hủy các lượt thi trùng với sự cố, kể cả bài đã nộp; những người ấy được thi lại khi còn trong thời gian "
            "mở."
        ),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One attempt as the decision would leave it: with the time `lost` given back, or set aside to be sat again."""

    code: str
    person_id: int
    agency_id: int | None
    sitting: bool
    is_set_aside: bool
    lost: timedelta
    returned_ms: int
    deadline_before: datetime
    deadline_at: datetime

    @property
    def moves(self) -> bool:
        """Whether the person gets a later deadline."""
        return self.deadline_at > self.deadline_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The changes, and how many attempts `ran_out`: none is opened again, but they can be set aside and sat again.

    `closes_at` is when the round closes afterwards; `unmarks` says that it has been marked and will be marked again.
    """

    closes_at: datetime
    is_open: bool
    unmarks: bool
    changes: tuple[Change, ...]
    ran_out: int

    @property
    def attempts(self) -> int:
        """Attempts touched (lượt)."""
        return len(self.changes)

    @property
    def people(self) -> int:
        """People touched, each once."""
        return len(self.touched)

    @property
    def agencies(self) -> int:
        """Agencies that these people belonged to when they started."""
        return len({change.agency_id for change in self.changes} - {None})

    @property
    def sitting(self) -> int:
        """Attempts still in progress."""
        return sum(change.sitting for change in self.changes)

    @property
    def moved(self) -> int:
        """Attempts in progress that end later."""
        return sum(change.moves for change in self.changes)

    @property
    def cut_short(self) -> int:
        """Attempts in progress that get less than they lost, because the round shuts before."""
        return sum(
            change.sitting and change.deadline_at - change.deadline_before < change.lost for change in self.changes
        )

    @property
    def set_aside(self) -> int:
        """Attempts that count for nothing afterwards."""
        return sum(change.is_set_aside for change in self.changes)

    @property
    def given(self) -> int:
        """Attempts that are kept and get time."""
        return self.attempts - self.set_aside

    @property
    def touched(self) -> frozenset[int]:
        """Who is touched."""
        return frozenset(change.person_id for change in self.changes)

    @property
    def sits_again(self) -> frozenset[int]:
        """Who may sit again."""
        return frozenset(change.person_id for change in self.changes if change.is_set_aside)

    @property
    def most_lost(self) -> timedelta:
        """The longest time that one attempt gets back."""
        return max((change.lost for change in self.changes), default=NOTHING)

    @property
    def figures(self) -> tuple[object, ...]:
        """What the approver has seen."""
        counts = self.attempts, self.people, self.agencies, self.sitting, self.moved, self.cut_short, self.ran_out
        return *counts, self.set_aside


def plan(session: Transaction, week: StoredWeek, incident: DbIncident, now: datetime, *, hold: bool = False) -> Plan:
    """What the decision would do now; `hold` keeps the attempts as they are until the transaction ends."""
    closes_at = incident.extended_to or week.week.closes_at
    rows = _attempts(session, week, incident, hold=hold)
    changes = (_change(row, week, incident, closes_at, now) for row in rows)
    return Plan(
        closes_at=closes_at,
        is_open=now < closes_at,
        unmarks=week.marked_at is not None,
        changes=tuple(change for change in changes if change),
        ran_out=0 if incident.kind == Kind.RESIT else sum(_ran_out(row, week, incident, now) for row in rows),
    )


def _attempts(session: Transaction, week: StoredWeek, incident: DbIncident, *, hold: bool) -> Sequence[Found]:
    """The attempts of the round that may be concerned, with the agency of the time and the extra minutes of each."""
    columns = ATTEMPTS.c
    member = and_(
        DbMembership.person_id == columns.person_id,
        DbMembership.since <= columns.started_at,
        or_(DbMembership.until.is_(None), DbMembership.until > columns.started_at),
    )
    extra = extra_minutes(week.contest.id, columns.person_id, week.id, columns.started_at)
    wanted = (
        select(ATTEMPTS, DbMembership.agency_id, extra.label("extra"))
        .join(DbMembership, member, isouter=True)
        .where(columns.week_id == week.id, columns.annulled_by.is_(None))
        .where(_concerned(week, incident), *_within(scope_of(incident)))
        .order_by(columns.code)
    )
    if hold:
        wanted = wanted.with_for_update(of=ATTEMPTS)
    return session.execute(wanted).all()


def _concerned(week: StoredWeek, incident: DbIncident) -> ColumnElement[bool]:
    """Those who were sitting during the incident; with an extension also all others whom the old closing cut off."""
    columns = ATTEMPTS.c
    disturbed = and_(
        columns.started_at < incident.ended_at,
        columns.deadline_at > incident.began_at,
        or_(columns.handed_in_at.is_(None), columns.handed_in_at > incident.began_at),
    )
    cut_off = columns.deadline_at == week.week.closes_at
    return or_(disturbed, cut_off) if incident.kind == Kind.EXTEND else disturbed


def _within(scope: Scope) -> Iterator[ColumnElement[bool]]:
    """The attempts of a scope: agencies are those of the start, divisions those of the paper."""
    named = []
    if scope.agencies:
        named.append(DbMembership.agency_id.in_(scope.agencies))
    if scope.people:
        named.append(ATTEMPTS.c.person_id.in_(scope.people))
    if named:
        yield or_(*named)
    if scope.division:
        yield ATTEMPTS.c.division == scope.division


def _change(row: Found, week: StoredWeek, incident: DbIncident, closes_at: datetime, now: datetime) -> Change | None:
    sitting = _is_sitting(row, now)
    again = incident.kind == Kind.RESIT or (incident.sit_again and _ran_out(row, week, incident, now))
    lost = _lost(row, incident) if incident.kind == Kind.GIVE_BACK and not again else NOTHING
    change = Change(
        code=row.code,
        person_id=row.person_id,
        agency_id=row.agency_id,
        sitting=sitting,
        is_set_aside=again,
        lost=lost,
        returned_ms=row.returned_ms + lost // MILLISECOND,
        deadline_before=row.deadline_at,
        deadline_at=row.deadline_at,
    )
    if sitting and not again:
        change = replace(change, deadline_at=_new_deadline(row, week, closes_at, change.returned_ms * MILLISECOND))
    return change if again or lost > NOTHING or change.moves else None


def _lost(row: Found, incident: DbIncident) -> timedelta:
    ended_at = credited(row.handed_in_at or row.deadline_at, row.deadline_at)
    return overlap(Span(row.started_at, ended_at), Span(incident.began_at, incident.ended_at))


def _new_deadline(row: Found, week: StoredWeek, closes_at: datetime, returned: timedelta) -> datetime:
    paper = week.contest.rules.paper_of(week.week, row.division)
    allowed = paper.time_allowed + timedelta(minutes=row.extra or 0) + returned
    return new_deadline(row.deadline_at, row.started_at, allowed, replace(week.week, closes_at=closes_at))


def _is_sitting(row: Found, now: datetime) -> bool:
    return row.handed_in_at is None and now <= row.accept_until


def _ran_out(row: Found, week: StoredWeek, incident: DbIncident, now: datetime) -> bool:
    """Whether the incident cost the attempt its end: the deadline passed during it, or the closing cut off the rest."""
    by_deadline = row.ended_by == "deadline" if row.handed_in_at else not _is_sitting(row, now)
    disturbed = row.started_at < incident.ended_at and row.deadline_at > incident.began_at
    cut_off = row.deadline_at <= incident.ended_at or row.deadline_at == week.week.closes_at
    return by_deadline and disturbed and cut_off
