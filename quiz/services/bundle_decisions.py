"""What was decided about a week, as its bundle says it: about codes and pseudonyms, never about names
(`docs/verification.md` §8).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, select

from quiz.models.decisions import DbAllowance, DbIncident
from quiz.models.people import DbPerson
from quiz.services import Transaction, rulings_in_force
from quiz.services.attempt_statements import ATTEMPTS
from quiz.services.awarding import Line
from quiz.services.contests import StoredWeek
from quiz.services.receipts import RECORDS
from quiz.services.struck import barred_people, struck_people
from quiz.verification.records import pseudonym

Json = dict[str, Any]
MINUTE_MS = 60_000


def gather(session: Transaction, week: StoredWeek, lines: Mapping[str, Line]) -> Json:
    """`quyet-dinh.json`; `lines` say who declines a prize for what they win in other weeks, by division."""
    return {
        "rulings": [
            {
                "bank": row.bank,
                "question": row.question_id,
                "kind": row.kind,
                "answers": row.letters.split("/") if row.letters else [],
                "decision": row.decision_number,
            }
            for row in rulings_in_force.rows_in_force(session, week.id)
        ],
        "set_aside": list(_set_aside(session, week)),
        "given_back": list(_given_back(session, week)),
        "allowances": list(_allowances(session, week)),
        "joined": list(_joined(session, week)),
        "passed_over": list(_passed_over(session, week, lines)),
    }


def staff_codes(session: Transaction, week: StoredWeek) -> dict[int, str]:
    """The staff codes of all who sat, by the row's id."""
    sat = select(ATTEMPTS.c.entry_id).where(*_of(week))
    rows = session.execute(select(DbPerson.id, DbPerson.staff_code).where(DbPerson.id.in_(sat)))
    return {row.id: row.staff_code for row in rows}


def _set_aside(session: Transaction, week: StoredWeek) -> Iterator[Json]:
    rows = session.execute(
        select(ATTEMPTS.c.code, DbIncident.decision_number)
        .join(DbIncident, DbIncident.id == ATTEMPTS.c.annulled_by)
        .where(*_of(week))
        .order_by(ATTEMPTS.c.code)
    )
    for row in rows:
        yield {"code": row.code, "decision": row.decision_number}


def _given_back(session: Transaction, week: StoredWeek) -> Iterator[Json]:
    approved = (DbIncident.week_id == week.id, DbIncident.approved_at.is_not(None))
    numbers = session.scalars(select(DbIncident.decision_number).where(*approved).order_by(DbIncident.id)).all()
    rows = session.execute(
        select(ATTEMPTS.c.code, ATTEMPTS.c.returned_ms)
        .where(*_of(week), ATTEMPTS.c.returned_ms > 0)
        .order_by(ATTEMPTS.c.code)
    )
    for row in rows:
        yield {"code": row.code, "ms": row.returned_ms, "decision": "; ".join(dict.fromkeys(numbers))}


def _allowances(session: Transaction, week: StoredWeek) -> Iterator[Json]:
    """The extra time that somebody had at the start: by the last decision approved before it."""
    rows = session.execute(
        select(ATTEMPTS.c.code, DbAllowance.minutes, DbAllowance.decision_number)
        .join(DbAllowance, DbAllowance.person_id == ATTEMPTS.c.person_id)
        .where(
            *_of(week),
            DbAllowance.contest_id == week.contest.id,
            DbAllowance.approved_at <= ATTEMPTS.c.started_at,
        )
        .order_by(ATTEMPTS.c.code, DbAllowance.approved_at, DbAllowance.id)
    )
    last = {row.code: row for row in rows}
    for code, row in last.items():
        if row.minutes:
            yield {"code": code, "ms": row.minutes * MINUTE_MS, "decision": row.decision_number}


def _joined(session: Transaction, week: StoredWeek) -> Iterator[Json]:
    rows = session.execute(
        select(ATTEMPTS.c.entry_id, ATTEMPTS.c.person_id)
        .where(*_of(week), ATTEMPTS.c.entry_id != ATTEMPTS.c.person_id)
        .distinct()
    )
    pairs = (
        (pseudonym(week.record_secret, row.entry_id), pseudonym(week.record_secret, row.person_id)) for row in rows
    )
    for given_up, kept in sorted(pairs):
        yield {"given_up": given_up, "kept": kept}


def _passed_over(session: Transaction, week: StoredWeek, lines: Mapping[str, Line]) -> Iterator[Json]:
    sat = set(session.scalars(select(ATTEMPTS.c.person_id).where(*_of(week)).distinct()))
    barred = barred_people(session, week.contest)
    struck = struck_people(session, week.contest).in_week(week.week.number)
    for division, line in lines.items():
        declined = {person: (rung, "other_prize") for person, rung in line.declined.items()}
        declined |= dict.fromkeys(struck, (0, "struck"))
        declined |= dict.fromkeys(barred, (0, "barred"))
        for person, (rung, why) in sorted(declined.items()):
            if person in sat:
                called = pseudonym(week.record_secret, person)
                yield {"division": division, "person": called, "from": rung, "why": why}


def _of(week: StoredWeek) -> tuple[ColumnElement[bool], ...]:
    """The attempts of the week that are sealed."""
    sealed = select(RECORDS.c.attempt_code).where(RECORDS.c.week_id == week.id)
    return ATTEMPTS.c.week_id == week.id, ATTEMPTS.c.code.in_(sealed)
