"""A database of its own for a rehearsal, on the same server or disk as the real one, and the made-up people in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy
from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import ProgrammingError

from quiz import chance
from quiz.config import ROOT
from quiz.contest.schedule_files import parse_contest
from quiz.errors import Refused
from quiz.models import Base, db
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbContest, DbInstallation
from quiz.models.people import DbAgency, DbMembership, DbPerson
from quiz.rehearsal.participant import Participant
from quiz.services import (
    SYSTEM,
    Actor,
    commitment_making,
    contest_files,
    contests,
    installations,
    passwords,
    transaction,
)
from quiz.services.key_sealing import Sealer
from quiz.vietnamese import HANOI, sort_key

CONSOLE = Actor(None)
CONTEST = "tong-dien-tap"
BANK = ROOT / "question_bank.yaml"
PASSWORD = "nguoi gia lap tong dien tap"  # noqa: S105 - of people who do not exist, in a database that is deleted
PEOPLE_PER_AGENCY = 100
PREPARED, OPEN_SINCE, OPEN_FOR = timedelta(days=10), timedelta(minutes=2), timedelta(days=2)
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Paper:
    """What everybody sits, as the real contest's papers are."""

    questions: int = 20
    minutes: int = 20


def contest_source(now: datetime, mark: str, paper: Paper) -> str:
    """The rules of the rehearsal: one week that opened just now. Public pages show the mark, in its title."""
    opens, closes = ((now + after).astimezone(HANOI) for after in (-OPEN_SINCE, OPEN_FOR))
    return f"""
contest: {CONTEST}
title: Tổng diễn tập {mark}
organiser: Người giả lập
plan: Tổng diễn tập
weeks:
  - {{number: 1, opens: {opens:%Y-%m-%d %H:%M}, closes: {closes:%Y-%m-%d %H:%M}}}
paper: {{questions: {paper.questions}, minutes: {paper.minutes}}}
prizes:
  - {{name: Giải Nhất, count: 1}}
participation:
  basis: contest
  thresholds: {{city: 70, central: 50}}
barred:
  - {{code: ban-to-chuc, name: Thành viên Ban Tổ chức}}
"""


@contextmanager
def database(url: str) -> Iterator[str]:
    """The address of a new database beside this one, deleted afterwards. Raises Refused(rehearsal_no_database)."""
    given = sqlalchemy.make_url(url)
    if given.get_backend_name() == "sqlite":
        beside = Path(given.database).absolute().parent if given.database else None
        with TemporaryDirectory(prefix="dien-tap-", dir=beside, ignore_cleanup_errors=True) as folder:
            yield f"sqlite:///{Path(folder) / 'dien-tap.sqlite3'}"
        return
    name = f"quiz_dien_tap_{hashlib.sha256(chance.seed()).hexdigest()[:10]}"
    server = sqlalchemy.create_engine(given, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            try:
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
            except ProgrammingError as refused:
                raise Refused("rehearsal_no_database", user=given.username or "") from refused
        try:
            yield given.set(database=name).render_as_string(hide_password=False)
        finally:
            with server.connect() as connection:
                connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        server.dispose()


def claim(now: datetime) -> None:
    """Make sure that the database at hand holds nobody real; what a rehearsal that died has left is deleted.

    Raises Refused(rehearsal_not_scratch).
    """
    with transaction() as session:
        known = set(session.scalars(select(DbContest.slug)))
        people = session.scalar(select(func.count()).select_from(DbPerson))
        is_left_over = installations.is_demo(session) and known == {CONTEST}
        is_empty = not known and not people and session.scalar(select(DbInstallation.kind)) != installations.REAL
    if is_left_over:
        clear()
    elif not is_empty:
        raise Refused("rehearsal_not_scratch")
    with transaction() as session:
        installations.claim_for_demo(session, now)


def clear() -> None:
    """Delete every row; only ever called for a database that `claim` has found to hold nothing else."""
    with transaction() as session:
        is_postgresql = db.engine.dialect.name == "postgresql"
        if is_postgresql:
            names = ", ".join(Base.metadata.tables)
            session.connection().exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
            return
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in reversed(Base.metadata.sorted_tables):
            session.connection().execute(delete(table))


def fill(people: int, mark: str, now: datetime, sealer: Sealer, paper: Paper, password_hash: str = "") -> None:
    """The contest, its bank and so many people with the same password, in the week that has just opened."""
    source = contest_source(now, mark, paper).encode()
    rules = parse_contest(source)
    opened_at = rules.weeks[0].opens_at
    before = opened_at - PREPARED
    with transaction(CONSOLE) as session:
        contest_files.load_contest(session, source, CONSOLE, before, chance.seed)
        contest_files.load_bank(session, BANK.read_bytes(), CONSOLE, before)
    _add_people(people, before, password_hash or passwords.hashed(PASSWORD))
    with transaction() as session:
        week = contests.get_week(session, contests.get_current(session), 1)
        promised_at = opened_at - timedelta(hours=rules.commitment_hours)
        commitment_making.make(session, week, sealer, chance.seed, SYSTEM, promised_at)
        contests.freeze_due_weeks(session, opened_at)


def _add_people(people: int, listed_at: datetime, password_hash: str) -> None:
    agencies = [
        {"id": place, "code": f"DT{place:04d}", "name": f"Cơ quan diễn tập {place}", "kind": "city"}
        | {"sort_key": sort_key(f"Cơ quan diễn tập {place}")}
        for place in range(1, max(1, people // PEOPLE_PER_AGENCY) + 1)
    ]
    with transaction() as session:
        session.execute(insert(DbAgency), agencies)
        for first in range(1, people + 1, BATCH):
            numbers = range(first, min(first + BATCH, people + 1))
            there = {number: 1 + number % len(agencies) for number in numbers}
            session.execute(insert(DbPerson), [_person(n, there[n], listed_at, password_hash) for n in numbers])
            rows = [{"person_id": n, "agency_id": there[n], "since": listed_at} for n in numbers]
            session.execute(insert(DbMembership), rows)


def _person(number: int, agency: int, listed_at: datetime, password_hash: str) -> dict[str, object]:
    name = f"Người diễn tập {number}"
    return {
        "id": number,
        "staff_code": sign_in_name(number),
        "name": name,
        "name_key": name,
        "agency_id": agency,
        "listed_at": listed_at,
        "password_hash": password_hash,
    }


def sign_in_name(number: int) -> str:
    """How the made-up person of this number signs in, counted from 1."""
    return f"DT{number:06d}"


def missing(acknowledged: Mapping[str, Participant]) -> int:
    """Of what was acknowledged, by the attempt's code, how much the database does not hold."""
    with transaction() as session:
        rows = session.execute(select(DbAttempt.code, DbAttempt.seq, DbAttempt.handed_in_at)).all()
    stored = {row.code: (row.seq, row.handed_in_at is not None) for row in rows}
    return sum(
        code not in stored or stored[code][0] < one.acknowledged or stored[code][1] < one.is_handed_in
        for code, one in acknowledged.items()
    )
