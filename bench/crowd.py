"""A contest of any size in a scratch database, put there by bulk inserts: five weeks, of which four are published.

People, scores and times are made up from numbers, the same each time. Everybody sits twice in each week.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask
from sqlalchemy import Table, update

from quiz.models import Base, db
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbWeek
from quiz.models.people import DbAgency, DbMembership, DbPerson, DbRoleGrant
from quiz.models.seals import DbBatch, DbSealedRecord
from quiz.permissions import Role
from quiz.scoring.columns import Results
from quiz.scoring.tie_breaks import Result
from quiz.services import Actor, Transaction, contests, marking, publishing, transaction
from quiz.services.contests import StoredWeek
from quiz.services.many_rows import insert_rows
from tests import makers

WEEKS, EACH, AGENCIES, QUESTIONS = 5, 2, 300, 20
OPENS = [makers.WEEK_1 + timedelta(days=7 * week) for week in range(WEEKS)]
ROLES = (Role.COORDINATOR, Role.ORGANISER, Role.INSPECTOR, Role.ADMIN)
SHEET = '["A"' + ', "B"' * (QUESTIONS - 1) + "]"
NOW = OPENS[-1] + timedelta(days=2)
"""In the last week, which is open."""
MS = timedelta(milliseconds=1)
_WEEKS = "".join(
    f"  - {{number: {number}, opens: {opens:%Y-%m-%d} 08:00, closes: {opens + timedelta(days=4):%Y-%m-%d} 17:00}}\n"
    for number, opens in enumerate(OPENS, start=1)
)
RULES = (
    makers.CONTEST.partition("weeks:")[0]
    + f"weeks:\n{_WEEKS}paper: {{questions: {QUESTIONS}, minutes: 15}}\n"
    + f"attempts: {{per_week: {EACH}, counts: best}}\n"
    + makers.CONTEST[makers.CONTEST.index("prizes:") :]
)


def staff_code(person: int) -> str:
    """The first of each agency's people hold a role: see `person_of`."""
    return f"CB{person:07d}"


def person_of(role: Role | None) -> str:
    """Who holds a role, and takes part besides; None is somebody who holds none."""
    return staff_code(1 + (ROLES.index(role) if role else len(ROLES)))


def fill(app: Flask, attempts: int) -> None:
    """Lay out the contest with so many attempts, all but those of the open week marked, ranked and published."""
    people = attempts // (WEEKS * EACH)
    with app.app_context():
        makers.load_contest(RULES, makers.bank_text(60))
        with transaction() as session:
            _people(session, people)
        for number, opens in enumerate(OPENS, start=1):
            makers.commit(makers.BEFORE, number)
            with transaction() as session:
                contests.freeze_due_weeks(session, opens)
            with transaction() as session:
                results = _sit(session, makers.week(session, number), people)
            if number < WEEKS:
                _publish(number, results, opens + timedelta(days=5))
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        else:
            with db.engine.connect() as connection:
                connection.exec_driver_sql("ANALYZE")


def fill_week(app: Flask, attempts: int, each: int) -> None:
    """Lay out the contest with so many attempts, so many of each person, all in the first week, which has closed."""
    people = attempts // each
    with app.app_context():
        makers.load_contest(RULES, makers.bank_text(60))
        with transaction() as session:
            _people(session, people)
        makers.commit(makers.BEFORE)
        with transaction() as session:
            contests.freeze_due_weeks(session, OPENS[0])
        with transaction() as session:
            week = makers.week(session)
            results = _results(week, people, each)
            _insert(session, DbAttempt, (_attempt(week, one, is_marked=False) for one in results))


def _people(session: Transaction, people: int) -> None:
    agencies = [
        {"code": f"CQ{agency}", "name": f"Cơ quan {agency}", "sort_key": f"{agency:04d}"}
        | {"kind": "city", "parent_id": 1 if agency % 10 == 2 else None, "headcount": None}
        for agency in range(1, AGENCIES + 1)
    ]
    _insert(session, DbAgency, ({"id": number} | row for number, row in enumerate(agencies, start=1)))
    _insert(
        session,
        DbPerson,
        (
            {"id": person, "staff_code": staff_code(person), "sign_in_key": staff_code(person).casefold()}
            | {"email": f"cb{person}@example.vn", "name": f"Nguyễn Thị Hương {person}", "name_key": f"{person:07d}"}
            | {"position": "Chuyên viên", "agency_id": 1 + person % AGENCIES, "division": "", "session_epoch": 0}
            | {"listed_at": makers.BEFORE, "password_hash": makers.PASSWORD_HASH}
            for person in range(1, people + 1)
        ),
    )
    _insert(
        session,
        DbMembership,
        (
            {"id": person, "person_id": person, "agency_id": 1 + person % AGENCIES, "since": makers.BEFORE}
            for person in range(1, people + 1)
        ),
    )
    for number, role in enumerate(ROLES, start=1):
        session.add(DbRoleGrant(person_id=number, role=role))


def _results(week: StoredWeek, people: int, each: int) -> Results:
    """Everybody's attempts in a week: two thirds of the questions are right, more or less."""
    chance, results = random.Random(week.week.number), Results()  # noqa: S311 - the same each time
    apart = 42 * 3_600_000 if week.week.number < WEEKS else 21 * 3_600_000
    for person in range(1, people + 1):
        for number in range(1, each + 1):
            lasts = chance.randrange(120_000, 900_000)
            begun = chance.randrange(20 * 3_600_000) + (number - 1) * apart
            results.append(
                Result(
                    code=f"{week.id:X}{number}{person:07d}{chance.randrange(16**7):07X}",
                    person=person,
                    score=min(QUESTIONS, max(0, round(chance.gauss(14, 3)))),
                    full=QUESTIONS,
                    questions=QUESTIONS,
                    time_ms=lasts,
                    handed_in_ms=begun + lasts,
                )
            )
    return results


def _sit(session: Transaction, week: StoredWeek, people: int) -> Results:
    """Everybody's attempts in a week, sealed as one batch; their results."""
    results, is_open = _results(week, people, EACH), week.week.number == WEEKS
    _insert(session, DbAttempt, (_attempt(week, one, is_marked=not is_open) for one in results))
    _insert(
        session,
        DbSealedRecord,
        (
            {"attempt_code": code, "week_id": week.id, "batch": 1, "seal": code * 4, "record": b"{}"}
            for code in results.column("code")
        ),
    )
    first = {
        "week_id": week.id,
        "number": 1,
        "sealed_at": NOW if is_open else week.week.closes_at + timedelta(minutes=1),
    }
    _insert(
        session,
        DbBatch,
        [
            first
            | {"audit_count": 0, "audit_head": "0" * 64, "seals": len(results), "head": "0" * 64}
            | {"is_final": not is_open, "told_at": NOW}
        ],
    )
    return results


def _attempt(week: StoredWeek, one: Result, *, is_marked: bool) -> dict[str, object]:
    ended = week.week.opens_at + one.handed_in_ms * MS
    started = ended - one.time_ms * MS
    deadline = started + timedelta(minutes=15)
    whole = {"code": one.code, "week_id": week.id, "person_id": one.person, "number": int(one.code[1])}
    whole |= {"questions": QUESTIONS, "started_at": started, "deadline_at": deadline, "seen": "", "returned_ms": 0}
    whole |= {"accept_until": deadline + timedelta(seconds=5), "seq": QUESTIONS, "answers": SHEET, "saved_at": ended}
    whole |= {"handed_in_at": ended, "ended_by": "person", "division": "", "entry_id": one.person}
    whole |= {"agency": f"CQ{1 + one.person % AGENCIES}", "registered_at": makers.BEFORE}
    return whole | ({"score": one.score, "is_valid": True} if is_marked else {})


def _publish(number: int, results: Results, now: datetime) -> None:
    with transaction() as session:
        week = makers.week(session, number)
        marking.keep_ranking(session, week, marking.rank_week(week, {"": results}))
        session.execute(update(DbWeek).where(DbWeek.id == week.id).values(marked_at=now))
    organiser = Actor(1 + ROLES.index(Role.ORGANISER))
    with transaction(organiser) as session:
        week = makers.week(session, number)
        seen = publishing.draft(session, week, now).digest
        publishing.publish(session, week, seen, "", organiser, now)


def _insert(session: Transaction, model: type[Base], rows: Any) -> None:
    """Rows by name, by the million; what is not given is empty."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SET LOCAL session_replication_role = replica")
    names = cast(Table, model.__table__).columns.keys()
    insert_rows(session, model, _in_order(rows, names))


def _in_order(rows: Any, names: list[str]) -> Iterator[tuple[Any, ...]]:
    return (tuple(row.get(name) for name in names) for row in rows)
