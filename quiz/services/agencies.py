"""The agencies with their people, as the organiser sees them; agencies and people to be changed, locked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from quiz.errors import Refused
from quiz.models.people import DbAgency, DbExemption, DbPerson
from quiz.scoring.participation import AgencyKind
from quiz.services import Transaction
from quiz.services.turnout import exempt_at
from quiz.vietnamese import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyLine:
    """One agency as the organiser keeps it; `headcount` None means that the people listed are counted."""

    id: int
    code: str
    name: str
    kind: AgencyKind
    parent: str | None
    listed: int
    headcount: int | None
    exempt: int


def overview(session: Transaction, now: datetime) -> tuple[AgencyLine, ...]:
    """Every agency with its people, in Vietnamese order."""
    parent = aliased(DbAgency)
    on_roster = select(func.count()).where(DbPerson.agency_id == DbAgency.id, DbPerson.left_at.is_(None))
    exempt = (
        select(func.count(DbPerson.id.distinct()))
        .join(DbExemption, DbExemption.person_id == DbPerson.id)
        .where(DbPerson.agency_id == DbAgency.id, DbPerson.left_at.is_(None), exempt_at(now))
    )
    rows = session.execute(
        select(
            DbAgency.id,
            DbAgency.code,
            DbAgency.name,
            DbAgency.kind,
            parent.name.label("parent"),
            on_roster.scalar_subquery().label("listed"),
            DbAgency.headcount,
            exempt.scalar_subquery().label("exempt"),
        )
        .join(parent, parent.id == DbAgency.parent_id, isouter=True)
        .order_by(DbAgency.sort_key)
    )
    return tuple(AgencyLine(**dict(row._mapping) | {"kind": AgencyKind(row.kind)}) for row in rows)


def names(session: Transaction) -> tuple[tuple[int, str], ...]:
    """Every agency by id and name, in Vietnamese order."""
    rows = session.execute(select(DbAgency.id, DbAgency.name).order_by(DbAgency.sort_key))
    return tuple((row.id, row.name) for row in rows)


def with_those_below(session: Transaction, agency_ids: Collection[int]) -> frozenset[int]:
    """These agencies and all below them, at any depth."""
    named = select(DbAgency.id).where(DbAgency.id.in_(agency_ids)).cte(recursive=True)
    below = named.union(select(DbAgency.id).join(named, DbAgency.parent_id == named.c.id))
    return frozenset(session.scalars(select(below.c.id)))


def get_person_id(session: Transaction, agency_id: int, staff_code: str) -> int:
    """Somebody on the agency's roster, by staff code; raises Refused(person_missing)."""
    found = session.scalar(
        select(DbPerson.id).where(
            DbPerson.sign_in_key == clean(staff_code).casefold(),
            DbPerson.agency_id == agency_id,
            DbPerson.left_at.is_(None),
        )
    )
    if found is None:
        raise Refused("person_missing")
    return found


def get_locked(session: Transaction, agency_id: int) -> DbAgency:
    """The agency's row, locked, so that two who declare or fill its headcount wait for each other.

    Lock agencies before people, as a roster import does. Raises Refused(agency_missing).
    """
    agency = session.get(DbAgency, agency_id, with_for_update={"key_share": True})
    if agency is None:
        raise Refused("agency_missing")
    return agency


def listed_people(session: Transaction, agency_id: int) -> int:
    """How many people of the agency are on the roster now."""
    on_roster = select(func.count()).where(DbPerson.agency_id == agency_id, DbPerson.left_at.is_(None))
    return session.scalar(on_roster) or 0


def get_listed(session: Transaction, agency_id: int, person_id: int) -> DbPerson:
    """Somebody on the agency's roster, locked, so that two clicks cannot both find nothing; Refused(person_missing)."""
    person = session.get(DbPerson, person_id, with_for_update={"key_share": True})
    if person is None or person.left_at is not None or person.agency_id != agency_id:
        raise Refused("person_missing")
    return person
