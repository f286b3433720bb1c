"""What every fault befalls: a week that is open now, promised and frozen, and people who may sit three times."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from flask import Flask

from quiz import clock
from quiz.app import create_app
from quiz.config import Config
from quiz.key_file import VARIABLE
from quiz.mail_settings import MailSettings
from quiz.models import Base, all_models, db
from quiz.models.people import DbMembership, DbPerson
from quiz.permissions import Role
from quiz.services import contests, transaction
from quiz.vietnamese import HANOI, name_key
from tests import makers
from tests.conftest import SECRET

assert all_models

QUESTIONS, MINUTES, TRIES, GRACE = 10, 30, 3, timedelta(seconds=5)
RULES = """
contest: chiu-loi
title: Hội thi chịu lỗi
organiser: Sở Nội vụ
plan: Kế hoạch số 1/KH-UBND
weeks:
  - {{number: 1, opens: {opens}, closes: {closes}}}
paper: {{questions: {questions}, minutes: {minutes}}}
attempts: {{per_week: {tries}, counts: best}}
prizes:
  - {{name: Giải Nhất, count: 1}}
  - {{name: Giải Nhì, count: 2}}
  - {{name: Giải Ba, count: 3}}
participation: {{basis: contest, thresholds: {{city: 70, central: 50}}}}
"""
ORGANISER = "BTC"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where everything is: the database's address, the key of sealed answers, and when the week opens and closes."""

    url: str
    seal_key: Path
    opens: datetime
    closes: datetime

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the processes of the product."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QUIZ_", "PYTEST"))}
        own = {
            "QUIZ_DATABASE_URL": self.url,
            "QUIZ_SECRET_KEY": SECRET,
            "QUIZ_HTTPS": "0",
            VARIABLE: str(self.seal_key),
        }
        return kept | own


def lay_out(
    url: str,
    folder: Path,
    people: int,
    opens: datetime | None = None,
    closes: datetime | None = None,
    *,
    promised: bool = True,
) -> Scene:
    """The week in a new database; it opened ten minutes ago, unless something else is said."""
    minute = clock.now().replace(second=0, microsecond=0)
    scene = Scene(
        url=url,
        seal_key=folder / "seal-key",
        opens=opens or minute - 10 * MINUTE,
        closes=closes or minute + 3 * HOUR,
    )
    with application(scene):
        Base.metadata.create_all(db.engine)
        rules = RULES.format(
            opens=_written(scene.opens),
            closes=_written(scene.closes),
            questions=QUESTIONS,
            minutes=MINUTES,
            tries=TRIES,
        )
        makers.load_contest(rules, makers.bank_text(60), scene.opens - 10 * DAY)
        _add_people(people, scene.opens - 9 * DAY)
        if promised:
            makers.commit(scene.opens - HOUR)
        if promised and scene.opens <= clock.now():
            with transaction() as session:
                contests.freeze_due_weeks(session, scene.opens)
    return scene


@contextmanager
def application(scene: Scene, mail: MailSettings | None = None) -> Iterator[Flask]:
    """The application in this process, for laying out and looking; it leaves no connection open."""
    os.environ[VARIABLE] = str(scene.seal_key)
    app = _app(scene.url, mail)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


@cache
def _app(url: str, mail: MailSettings | None) -> Flask:
    """Making one takes longer than most of what is then done with it."""
    return create_app(Config(database_url=url, secret_key=SECRET, https=False, mail=mail))


def staff_code(number: int) -> str:
    """By what the person of that number signs in."""
    return f"CB{number:05d}"


def _add_people(count: int, listed_at: datetime) -> None:
    """So many people in two agencies, and somebody who publishes."""
    agencies = [makers.add_agency(f"H{number}") for number in (1, 2)]
    makers.add_person(ORGANISER, makers.add_agency("STC"), roles=[Role.ORGANISER], now=listed_at)
    with transaction() as session:
        rows = [
            DbPerson(
                staff_code=staff_code(number),
                name=f"Lê Thị {number}",
                name_key=name_key(f"Lê Thị {number}"),
                position="Chuyên viên",
                agency_id=agencies[number % 2],
                listed_at=listed_at,
                password_hash=makers.PASSWORD_HASH,
            )
            for number in range(count)
        ]
        session.add_all(rows)
        session.flush()
        session.add_all(DbMembership(person_id=row.id, agency_id=row.agency_id, since=listed_at) for row in rows)


def _written(at: datetime) -> str:
    return at.astimezone(HANOI).strftime("%Y-%m-%d %H:%M")
