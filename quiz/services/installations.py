"""What this database is for: a demo and a real contest can never share one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from quiz.errors import Refused
from quiz.models.contests import DbContest, DbInstallation
from quiz.models.people import DbPerson
from quiz.services import Transaction

DEMO, REAL = "demo", "real"


def is_demo(session: Transaction) -> bool:
    """Whether this is a demo database, which every page says aloud."""
    return session.scalar(select(DbInstallation.kind)) == DEMO


def claim_for_demo(session: Transaction, now: datetime) -> None:
    """Mark a new, empty database as a demo, for good. Raises Refused(not_a_demo) for any other database."""
    kind = session.scalar(select(DbInstallation.kind))
    if kind == DEMO:
        return
    in_use = session.scalar(select(DbPerson.id).limit(1)) or session.scalar(select(DbContest.id).limit(1))
    if kind is not None or in_use:
        raise Refused("not_a_demo")
    session.add(DbInstallation(id=1, kind=DEMO, since=now))


def claim_as_real(session: Transaction, now: datetime) -> None:
    """Mark the database as real when the first real data comes in, unless it is a demo already."""
    if session.scalar(select(DbInstallation.kind)) is None:
        session.add(DbInstallation(id=1, kind=REAL, since=now))
