"""What `bench.attempt` runs on: an open week with the real bank, people, and the tables of the references."""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path

import sqlalchemy
from sqlalchemy import insert

from bench.reference import store
from quiz import clock
from quiz.app import create_app
from quiz.config import ROOT, Config
from quiz.models import db
from quiz.models.attempts import DbAttempt
from quiz.models.people import DbMembership, DbPerson
from quiz.models.reviews import DbAttemptDevice
from quiz.services import contests, passwords, transaction
from quiz.vietnamese import HANOI
from tests import makers
from tests.conftest import migrate

PASSWORD = "mot cau mat khau dai"  # noqa: S105 - of nobody
CONTEST = """
contest: do-toc-do
title: Hội thi trực tuyến tìm hiểu cải cách hành chính
organiser: Sở Nội vụ
plan: Kế hoạch số 1/KH-UBND
weeks:
  - {{number: 1, opens: {opens}, closes: {closes}}}
  - {{number: 2, opens: {closes}, closes: {later}}}
paper: {{questions: 20, minutes: 20}}
prizes:
  - {{name: Giải Nhất, count: 1}}
"""


def prepare(url: str, many: int) -> None:
    """Everything but attempts."""
    migrate(url)
    now = clock.now()
    at = {"opens": -1, "closes": 3, "later": 9}
    days = {name: f"{(now + timedelta(days=day)).astimezone(HANOI):%Y-%m-%d} 08:00" for name, day in at.items()}
    app = create_app(Config(database_url=url, secret_key="bench" * 10, https=False))
    before = now - timedelta(days=20)
    with tempfile.TemporaryDirectory() as folder, app.app_context():
        os.environ["QUIZ_SEAL_KEY_FILE"] = str(Path(folder, "key"))
        makers.load_contest(CONTEST.format(**days), (ROOT / "question_bank.yaml").read_text("utf-8"), before)
        agency = makers.add_agency("SNV", "Sở Nội vụ", "city")
        makers.commit(before)
        with transaction() as session:
            contests.freeze_due_weeks(session, now)
        _add_people(agency, many, before)
        db.session.remove()
        _add_references(many)
        db.engine.dispose()


def _add_people(agency: int, many: int, since: object) -> None:
    stored = passwords.hashed(PASSWORD)
    person = {"name": "Nguyễn Thị Hương", "name_key": "x", "agency_id": agency, "listed_at": since}
    rows = [person | {"staff_code": f"B{number:05d}", "password_hash": stored} for number in range(many)]
    with db.engine.begin() as connection:
        connection.execute(insert(DbPerson), rows)
        ids = connection.execute(sqlalchemy.select(DbPerson.id)).scalars().all()
        connection.execute(
            insert(DbMembership), [{"person_id": id_, "agency_id": agency, "since": since} for id_ in ids]
        )


def _add_references(many: int) -> None:
    stored = passwords.hashed(PASSWORD)
    with db.engine.begin() as connection:
        for statement in filter(str.strip, store.TABLES.split(";")):
            connection.exec_driver_sql(statement)
        for number in range(many):
            values = {"id": number + 1, "code": f"B{number:05d}", "hash": stored}
            connection.execute(
                sqlalchemy.text("INSERT INTO reference_people VALUES (:id, :code, 'Nguyễn Thị Hương', :hash, 0, NULL)"),
                values,
            )


def clear(url: str) -> None:
    """Nobody has sat; for the bare UPDATE there is one row for each person."""
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        for table in (
            DbAttemptDevice.__tablename__,
            DbAttempt.__tablename__,
            "reference_sessions",
            "reference_attempts",
        ):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
    engine.dispose()


def lay_out_bare(url: str) -> None:
    """One row for each person, which the bare UPDATE writes over and over."""
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO reference_attempts SELECT substr('0000000000000000' || (id - 1), length('' || (id - 1)) + 1), "
            "id, 0, 9999999999, 0, '', NULL FROM reference_people"
        )
    engine.dispose()
