"""One sitting: start, save, hand in. The hot path: plain statements by primary key, no object graph, no paper drawn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, Row, Table, func, select, update

from quiz.contest.attempt_rules import Entrant, check_may_start, check_sheet, credited, deadline
from quiz.contest.schedule import Phase
from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbBarred
from quiz.models.people import DbPerson, DbRoleGrant
from quiz.permissions import BARRED_ROLES
from quiz.questions.paper import Paper, draw
from quiz.services import Transaction, contests, insert_or_leave
from quiz.services.contests import StoredWeek
from quiz.vietnamese import closing, moment

ATTEMPTS = cast(Table, DbAttempt.__table__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One sitting as its owner may see it. `answers` holds the chosen letters per question, '' for none."""

    code: str
    week_id: int
    number: int
    questions: int
    started_at: datetime
    deadline_at: datetime
    accept_until: datetime
    seq: int
    answers: tuple[str, ...]
    saved_at: datetime | None
    handed_in_at: datetime | None
    ended_by: str | None
    score: int | None

    def is_over(self, now: datetime) -> bool:
        """Whether the attempt has ended, handed in or at its deadline, whether or not a job has written it down."""
        return self.handed_in_at is not None or now > self.accept_until

    @property
    def ended_at(self) -> datetime:
        """The moment that counts as hand-in: the deadline where nobody handed in."""
        return self.handed_in_at or self.deadline_at

    @property
    def time_taken(self) -> timedelta:
        """Hand-in minus start, on the server's clock."""
        return self.ended_at - self.started_at

    @property
    def answered(self) -> int:
        """How many questions have an answer saved."""
        return sum(bool(chosen) for chosen in self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The acknowledgement of a save: what is stored now, and the deadline by which the page sets its clock."""

    seq: int
    deadline_at: datetime


def entrant(session: Transaction, person_id: int, week: StoredWeek) -> Entrant:
    """What the start rule needs to know of this person."""
    row = session.execute(
        select(
            DbPerson.left_at,
            select(DbBarred.group_code)
            .where(DbBarred.contest_id == week.contest.id, DbBarred.person_id == person_id)
            .scalar_subquery()
            .label("barred"),
            select(func.count())
            .where(DbRoleGrant.person_id == person_id, DbRoleGrant.role.in_(BARRED_ROLES))
            .scalar_subquery()
            .label("staff"),
            select(func.count())
            .where(DbAttempt.week_id == week.id, DbAttempt.person_id == person_id)
            .scalar_subquery()
            .label("attempts"),
        ).where(DbPerson.id == person_id)
    ).one()
    names = {group.code: group.name for group in week.contest.rules.barred}
    barred = names.get(row.barred, row.barred) if row.barred else None
    return Entrant(
        attempts_this_week=row.attempts,
        is_listed=row.left_at is None,
        barred_as=barred or ("người tổ chức, quản trị hoặc giám sát hội thi" if row.staff else None),
    )


def start(session: Transaction, person_id: int, week: StoredWeek, now: datetime, code: str) -> str:
    """Start an attempt, or go on with the one in progress; its code.

    A double click or a second tab gets the same attempt: the row is unique by week, person and number.
    Raises Refused as `check_may_start` does, or no_bank.
    """
    in_progress = find_in_progress(session, person_id, week, now)
    if in_progress:
        return in_progress
    rules = week.contest.rules
    facts = entrant(session, person_id, week)
    check_may_start(facts, rules.attempts, week.week, now, rules.zone)
    contests.pool(session, week)
    if week.frozen_at is None:
        contests.freeze_due_weeks(session, now)
    ends = deadline(now, rules.paper.time_allowed, week.week)
    connection = session.connection()
    connection.execute(
        insert_or_leave(connection, DbAttempt).values(
            code=code,
            week_id=week.id,
            person_id=person_id,
            number=facts.attempts_this_week + 1,
            questions=rules.paper.questions,
            started_at=now,
            deadline_at=ends,
            accept_until=ends + rules.attempts.grace,
            seq=0,
            answers="",
        )
    )
    stored = find_in_progress(session, person_id, week, now)
    if stored is None:
        raise Refused("already_sat", week=week.week.number)
    return stored


def find_in_progress(session: Transaction, person_id: int, week: StoredWeek, now: datetime) -> str | None:
    """The code of the attempt that this person can still go on with, or None."""
    return session.scalar(
        select(DbAttempt.code).where(
            DbAttempt.week_id == week.id,
            DbAttempt.person_id == person_id,
            DbAttempt.handed_in_at.is_(None),
            DbAttempt.deadline_at > now,
        )
    )


def get(session: Transaction, code: str, person_id: int) -> Attempt:
    """The person's own attempt; raises Refused(attempt_missing) for anybody else's."""
    row = session.execute(select(ATTEMPTS).where(ATTEMPTS.c.code == code, ATTEMPTS.c.person_id == person_id)).first()
    if row is None:
        raise Refused("attempt_missing")
    return _attempt(row)


def of_person(session: Transaction, person_id: int) -> tuple[Attempt, ...]:
    """Everything that a person has sat, oldest first."""
    rows = session.execute(select(ATTEMPTS).where(ATTEMPTS.c.person_id == person_id).order_by(ATTEMPTS.c.started_at))
    return tuple(_attempt(row) for row in rows)


def save(session: Transaction, code: str, person_id: int, seq: int, answers: Sequence[str], now: datetime) -> Saved:
    """Store the whole sheet if its sequence number is higher than the stored one, the attempt open and in time.

    The same sheet sent again is acknowledged again. Raises Refused: bad_sheet, attempt_missing, already_handed_in,
    too_late, older_sheet.
    """
    sheet = json.dumps(check_sheet(answers, len(answers)))
    result = session.connection().execute(
        update(ATTEMPTS)
        .where(*_still_open(code, person_id, now), ATTEMPTS.c.seq < seq, ATTEMPTS.c.questions == len(answers))
        .values(seq=seq, answers=sheet, saved_at=now)
        .returning(ATTEMPTS.c.deadline_at)
    )
    stored = result.first()
    if stored:
        return Saved(seq=seq, deadline_at=stored.deadline_at)
    attempt = get(session, code, person_id)
    check_sheet(answers, attempt.questions)
    _check_open(attempt, now)
    if (attempt.seq, list(attempt.answers)) != (seq, json.loads(sheet)):
        raise Refused("older_sheet")
    return Saved(seq=attempt.seq, deadline_at=attempt.deadline_at)


def hand_in(
    session: Transaction, code: str, person_id: int, seq: int, answers: Sequence[str] | None, now: datetime
) -> Attempt:
    """End the attempt with this sheet, or with what was saved where `answers` is None. Handing in twice is once.

    After the deadline the attempt ends at its deadline with what was saved. Raises Refused: bad_sheet,
    attempt_missing, older_sheet.
    """
    attempt = get(session, code, person_id)
    if attempt.handed_in_at is not None:
        return attempt
    if now > attempt.accept_until:
        close_overdue(session, now, code=code)
        return get(session, code, person_id)
    if answers is not None and seq > attempt.seq:
        save(session, code, person_id, seq, answers, now)
    elif answers is not None and list(check_sheet(answers, attempt.questions)) != list(attempt.answers):
        raise Refused("older_sheet")
    session.connection().execute(
        update(ATTEMPTS)
        .where(*_still_open(code, person_id, now))
        .values(handed_in_at=credited(now, attempt.deadline_at), ended_by="person")
    )
    return get(session, code, person_id)


def close_overdue(session: Transaction, now: datetime, code: str | None = None) -> int:
    """Write down that attempts ended at their own deadline with what was saved; how many. Twice is once."""
    overdue = update(ATTEMPTS).where(ATTEMPTS.c.handed_in_at.is_(None), ATTEMPTS.c.accept_until < now)
    if code is not None:
        overdue = overdue.where(ATTEMPTS.c.code == code)
    ended = overdue.values(handed_in_at=ATTEMPTS.c.deadline_at, ended_by="deadline")
    return session.connection().execute(ended).rowcount


def paper(session: Transaction, attempt: Attempt, week: StoredWeek) -> Paper:
    """The paper of an attempt, drawn again from the week's frozen bank and seed."""
    return draw(contests.pool(session, week), week.contest.rules.paper, week.draw_seed, attempt.code)


def check_answers_visible(week: StoredWeek, now: datetime) -> None:
    """Keys and explanations are shown only after the week has closed; raises Refused(answers_hidden)."""
    if week.week.phase_at(now) is not Phase.CLOSED or now <= week.week.closes_at + week.contest.rules.attempts.grace:
        closes = closing(week.week.closes_at, week.contest.rules.zone)
        raise Refused("answers_hidden", week=week.week.number, closes=closes)


def _still_open(code: str, person_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        ATTEMPTS.c.code == code,
        ATTEMPTS.c.person_id == person_id,
        ATTEMPTS.c.handed_in_at.is_(None),
        ATTEMPTS.c.accept_until >= now,
    )


def _check_open(attempt: Attempt, now: datetime) -> None:
    if attempt.handed_in_at is not None:
        raise Refused("already_handed_in", handed_in=moment(attempt.handed_in_at))
    if now > attempt.accept_until:
        raise Refused("too_late", deadline=moment(attempt.deadline_at))


def _attempt(row: Row[tuple[object, ...]]) -> Attempt:
    answers = tuple(json.loads(row.answers)) if row.answers else ("",) * row.questions
    return Attempt(
        code=row.code,
        week_id=row.week_id,
        number=row.number,
        questions=row.questions,
        started_at=row.started_at,
        deadline_at=row.deadline_at,
        accept_until=row.accept_until,
        seq=row.seq,
        answers=answers,
        saved_at=row.saved_at,
        handed_in_at=row.handed_in_at,
        ended_by=row.ended_by,
        score=row.score,
    )
