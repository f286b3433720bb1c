"""Whose data, and how many: what the minutes of a breach need, made from the declaration of personal data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Table, func, select

from quiz.models import Base
from quiz.models.attempts import DbAttempt
from quiz.models.people import DbAgency, DbPerson, DbRegistration
from quiz.models.personal_data import DbErasure
from quiz.personal_data.holdings import HOLDINGS
from quiz.personal_data.labels import OWN
from quiz.services import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One table of one kind of data: how many rows, of how many people who can still be recognised."""

    what: str
    table: str
    rows: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """Somebody who has to be told, and how to reach them."""

    staff_code: str
    name: str
    agency: str
    email: str
    phone: str


def figures(session: Transaction) -> tuple[Held, ...]:
    """How much is held of how many people, kind after kind."""
    return tuple(_held(session))


def people(session: Transaction, table: str) -> Iterator[Concerned]:
    """Everybody of whom a table holds something, by code; those who were erased cannot be reached."""
    concerned = _whose(Base.metadata.tables[table]).subquery()
    rows = session.execute(
        select(DbPerson, DbAgency.name, DbRegistration.phone)
        .join(DbAgency, DbAgency.id == DbPerson.agency_id)
        .join(DbRegistration, DbRegistration.person_id == DbPerson.id, isouter=True)
        .where(DbPerson.id.in_(select(concerned.c.person)), _can_be_recognised(DbPerson.id))
        .order_by(DbPerson.staff_code)
    )
    for person, agency, phone in rows:
        yield Concerned(
            staff_code=person.staff_code, name=person.name, agency=agency, email=person.email or "", phone=phone or ""
        )


def _held(session: Transaction) -> Iterator[Held]:
    seen = set[str]()
    for holding in HOLDINGS:
        for name in holding.columns:
            if name in seen or name not in OWN:
                continue
            seen.add(name)
            table = Base.metadata.tables[name]
            concerned = _whose(table).subquery()
            counted = select(func.count(concerned.c.person.distinct())).where(_can_be_recognised(concerned.c.person))
            rows = session.scalar(select(func.count()).select_from(table)) or 0
            yield Held(what=holding.what, table=name, rows=rows, people=session.scalar(counted) or 0)


def _whose(table: Table) -> Select[int]:
    """The numbers of the people whose rows a table holds."""
    whose = table.c[OWN[table.name]]
    if table.name == "attempt_devices":
        return select(DbAttempt.person_id.label("person")).join(table, whose == DbAttempt.code)
    return select(whose.label("person"))


def _can_be_recognised(person: SQLColumnExpression[int]) -> ColumnElement[bool]:
    return person.not_in(select(DbErasure.person_id))
