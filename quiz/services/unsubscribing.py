"""Refusing letters of a kind: by the link in the letter, without signing in, and taken back the same way."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from quiz.errors import Refused
from quiz.models.mail import DbUnsubscribed
from quiz.models.people import DbPerson
from quiz.services import Transaction, insert_or_leave
from quiz.services.outbox import Kind


def refuse(session: Transaction, person_id: int, kind: Kind, now: datetime) -> None:
    """No more letters of this kind; twice is once. Raises Refused(unsubscribe_link_wrong) for nobody."""
    if session.get(DbPerson, person_id) is None:
        raise Refused("unsubscribe_link_wrong")
    row = insert_or_leave(session.connection(), DbUnsubscribed)
    session.execute(row.values(person_id=person_id, kind=kind, since=now))


def accept(session: Transaction, person_id: int, kind: Kind) -> None:
    """Letters of this kind again."""
    session.execute(delete(DbUnsubscribed).where(DbUnsubscribed.person_id == person_id, DbUnsubscribed.kind == kind))


def has_refused(session: Transaction, person_id: int, kind: Kind) -> bool:
    """Whether this person wants no letters of this kind."""
    return session.get(DbUnsubscribed, (person_id, kind)) is not None
