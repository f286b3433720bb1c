"""One sitting: start, save, hand in. The hot path: plain statements by primary key, no object graph, no paper drawn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Integer, Row, Table, bindparam, func, select, update

from quiz.contest.attempt_rules import Entrant, check_may_start, check_sheet, credited, deadline
from quiz.contest.schedule import STAFF_BARRED
from quiz.errors import Refused
from quiz.models import UtcDateTime
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbBarred
from quiz.models.people import DbPerson, DbRoleGrant
from quiz.permissions import BARRED_ROLES
from quiz.questions.paper import Paper, draw
from quiz.services import Transaction, contests, insert_or_leave
from quiz.services.contests import StoredWeek
from quiz.vietnamese import closing, moment

ATTEMPTS = cast(Table, DbAttempt.__table__)
HIGHEST_SEQ = 2**31 - 1


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
        """The moment that counts as hand-in: the deadline where nobody handed in, or where it came within the grace."""
        return credited(self.handed_in_at or self.deadline_at, self.deadline_at)

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


def entrant(session: Transaction, person_id: int, week: StoredWeek, now: datetime) -> tuple[Entrant, str | None]:
    """What the start rule needs to know of this person, and the code of the attempt in progress, if any."""
    row = session.execute(
        _START_FACTS, {"person": person_id, "week": week.id, "contest": week.contest.id, "now": now}
    ).one()
    barred = week.contest.rules.barred_name(row.barred) if row.barred else None
    facts = Entrant(
        attempts_this_week=row.attempts,
        is_listed=row.left_at is None,
        barred_as=barred or (STAFF_BARRED if row.staff else None),
    )
    return facts, row.in_progress


def start(session: Transaction, person_id: int, week: StoredWeek, now: datetime, code: str) -> str:
    """Start an attempt, or go on with the one in progress; its code.

    A double click or a second tab gets the same attempt: the row is unique by week, person and number.
    Raises Refused as `check_may_start` does, or no_bank.
    """
    rules = week.contest.rules
    facts, in_progress = entrant(session, person_id, week, now)
    if in_progress:
        return in_progress
    check_may_start(facts, rules, week.week, now)
    if week.frozen_at is None:
        contests.freeze_due_weeks(session, now)
        session.expire_all()
        week = contests.get_week_by_id(session, week.id)
    contests.pool(session, week, "")
    ends = deadline(now, rules.paper.time_allowed, week.week)
    connection = session.connection()
    started = connection.execute(
        insert_or_leave(connection, DbAttempt),
        {
            "code": code,
            "week_id": week.id,
            "person_id": person_id,
            "number": facts.attempts_this_week + 1,
            "questions": rules.paper.questions,
            "started_at": now,
            "deadline_at": ends,
            "accept_until": ends + rules.attempts.grace,
            "seq": 0,
            "answers": "",
        },
    )
    if started.rowcount == 1:
        return code
    _, in_progress = entrant(session, person_id, week, now)
    if in_progress is None:
        raise Refused("already_sat", week=week.name)
    return in_progress


def get(session: Transaction, code: str, person_id: int) -> Attempt:
    """The person's own attempt; raises Refused(attempt_missing) for anybody else's."""
    row = session.connection().execute(_GET, {"the_code": code, "person": person_id}).first()
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
    sheet = check_sheet(answers, len(answers))
    stored = session.connection().execute(_SAVE, _sheet_facts(code, person_id, seq, sheet, now)).first()
    if stored:
        return Saved(seq=seq, deadline_at=stored.deadline_at)
    attempt = get(session, code, person_id)
    check_sheet(answers, attempt.questions)
    _check_open(attempt, now)
    if (attempt.seq, attempt.answers) != (seq, sheet):
        raise Refused("older_sheet")
    return Saved(seq=attempt.seq, deadline_at=attempt.deadline_at)


def hand_in(
    session: Transaction, code: str, person_id: int, seq: int, answers: Sequence[str] | None, now: datetime
) -> Attempt:
    """End the attempt with this sheet, or with what was saved where `answers` is None. Handing in twice is once.

    After the deadline the attempt ends at its deadline with what was saved. Raises Refused: bad_sheet,
    attempt_missing, older_sheet.
    """
    connection = session.connection()
    sheet = None if answers is None else check_sheet(answers, len(answers))
    if sheet is not None:
        ended = connection.execute(_SAVE_AND_END, _sheet_facts(code, person_id, seq, sheet, now)).first()
        if ended:
            return _attempt(ended)
    attempt = get(session, code, person_id)
    if attempt.handed_in_at is not None:
        return attempt
    if now > attempt.accept_until:
        close_overdue(session, now)
        return get(session, code, person_id)
    if sheet is not None and check_sheet(sheet, attempt.questions) != attempt.answers:
        raise Refused("older_sheet")
    connection.execute(_END, {"the_code": code, "person": person_id, "now": now})
    return get(session, code, person_id)


def close_overdue(session: Transaction, now: datetime) -> int:
    """Write down that attempts ended at their own deadline with what was saved; how many. Twice is once."""
    return session.connection().execute(_CLOSE_OVERDUE, {"now": now}).rowcount


def paper(session: Transaction, attempt: Attempt, week: StoredWeek) -> Paper:
    """The paper of an attempt, drawn again from the week's frozen bank and seed."""
    return draw(contests.pool(session, week, ""), week.contest.rules.paper, week.draw_seed, attempt.code)


def check_answers_visible(week: StoredWeek, now: datetime) -> None:
    """Keys and explanations are shown only after the week has closed; raises Refused(answers_hidden)."""
    rules = week.contest.rules
    if not rules.is_over(week.week, now):
        raise Refused("answers_hidden", week=week.name, closes=closing(week.week.closes_at, rules.zone))


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


def _sheet_facts(code: str, person_id: int, seq: int, sheet: tuple[str, ...], now: datetime) -> dict[str, object]:
    if not 0 <= seq <= HIGHEST_SEQ:
        raise Refused("bad_sheet", where="seq")
    text = json.dumps(sheet)
    return {"the_code": code, "person": person_id, "sheet_seq": seq, "sheet": text, "count": len(sheet), "now": now}


# The statements of the hot path, built once. One save, and one hand-in, is one UPDATE by primary key.

_NOW = bindparam("now", type_=UtcDateTime)
_PERSON = bindparam("person", type_=Integer)
_OWN = (ATTEMPTS.c.code == bindparam("the_code"), ATTEMPTS.c.person_id == _PERSON)
_OPEN = (*_OWN, ATTEMPTS.c.handed_in_at.is_(None), ATTEMPTS.c.accept_until >= _NOW)
_NEWER = (*_OPEN, ATTEMPTS.c.seq < bindparam("sheet_seq"), ATTEMPTS.c.questions == bindparam("count"))
_SHEET = {"seq": bindparam("sheet_seq"), "answers": bindparam("sheet"), "saved_at": _NOW}
_ENDED = {"handed_in_at": _NOW, "ended_by": "person"}

_GET = select(ATTEMPTS).where(*_OWN)
_SAVE = update(ATTEMPTS).where(*_NEWER).values(_SHEET).returning(ATTEMPTS.c.deadline_at)
_SAVE_AND_END = update(ATTEMPTS).where(*_NEWER).values(_SHEET | _ENDED).returning(ATTEMPTS)
_END = update(ATTEMPTS).where(*_OPEN).values(_ENDED)
_CLOSE_OVERDUE = (
    update(ATTEMPTS)
    .where(ATTEMPTS.c.handed_in_at.is_(None), ATTEMPTS.c.accept_until < _NOW)
    .values(handed_in_at=ATTEMPTS.c.deadline_at, ended_by="deadline")
)

_OF_WEEK = (ATTEMPTS.c.week_id == bindparam("week", type_=Integer), ATTEMPTS.c.person_id == _PERSON)
_START_FACTS = select(
    DbPerson.left_at,
    select(DbBarred.group_code)
    .where(DbBarred.contest_id == bindparam("contest", type_=Integer), DbBarred.person_id == _PERSON)
    .scalar_subquery()
    .label("barred"),
    select(func.count())
    .where(DbRoleGrant.person_id == _PERSON, DbRoleGrant.role.in_(sorted(BARRED_ROLES)))
    .scalar_subquery()
    .label("staff"),
    select(func.count()).where(*_OF_WEEK).scalar_subquery().label("attempts"),
    select(func.max(ATTEMPTS.c.code))
    .where(*_OF_WEEK, ATTEMPTS.c.handed_in_at.is_(None), ATTEMPTS.c.deadline_at > _NOW)
    .scalar_subquery()
    .label("in_progress"),
).where(DbPerson.id == _PERSON)
