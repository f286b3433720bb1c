"""The people of an agency as its coordinator keeps them: found, added, corrected; only within the own scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError

from quiz.contest import entry_rules
from quiz.errors import Refused
from quiz.models.people import DbAgency, DbExemption, DbMembership, DbPerson, DbPersonGroup, DbRoleGrant, DbRosterMove
from quiz.permissions import SEES_ALL_AGENCIES
from quiz.services import Actor, Transaction, accounts, agencies, audit, given_up
from quiz.services.contests import freeze_due_weeks
from quiz.services.roster_cells import Column, WrongCell, to_code, to_name, to_text
from quiz.services.roster_moves_due import is_agreed
from quiz.services.roster_plan import Difference
from quiz.services.turnout import exempt_at
from quiz.vietnamese import name_key, without_marks

SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What may be corrected of somebody; each as its reader below leaves it."""

    name: str
    position: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody to be added; `division` and `groups` are codes of the contest file."""

    staff_code: str
    details: Details
    division: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Somebody on the roster as their coordinator sees them."""

    id: int
    staff_code: str
    name: str
    position: str
    email: str
    division: str
    listed_at: datetime
    is_activated: bool
    is_exempt: bool


def staff_code(typed: str) -> str:
    """A staff code as a roster file may hold it; raises Refused(staff_code_wrong)."""
    code = _read(to_code, typed, 40)
    if not code:
        raise Refused("staff_code_wrong")
    return code


def name(typed: str) -> str:
    """A name as a roster file may hold it; raises Refused(name_wrong)."""
    found = _read(to_name, typed, 120)
    if not found:
        raise Refused("name_wrong")
    return found


def position(typed: str) -> str:
    """A position, or ''; raises Refused(position_wrong)."""
    found = _read(to_text, typed, 120)
    if found is None:
        raise Refused("position_wrong")
    return found


email = entry_rules.email
"""An address in small letters, or ''; raises Refused(email_wrong)."""


def people(session: Transaction, agency_id: int, wanted: str, page: int, now: datetime) -> tuple[list[Listed], int]:
    """One page of the agency's people by given name, and how many there are; pages count from 1.

    `wanted` is looked for in names without marks, in codes and in addresses.
    """
    words = without_marks(wanted)
    if not words:
        total = agencies.listed_people(session, agency_id)
        return _listed(session, _of(agency_id), now, limit=SIZE, offset=(page - 1) * SIZE), total
    found = [
        row.id
        for row in session.execute(
            select(DbPerson.id, DbPerson.name, DbPerson.staff_code, DbPerson.email)
            .where(_of(agency_id))
            .order_by(DbPerson.name_key, DbPerson.id)
        )
        if words in without_marks(f"{row.name} {row.staff_code} {row.email or ''}")
    ]
    shown = found[(page - 1) * SIZE : page * SIZE]
    return _listed(session, DbPerson.id.in_(shown), now), len(found)


def get(session: Transaction, agency_id: int, person_id: int, now: datetime) -> Listed:
    """Somebody on the agency's roster; raises Refused(person_missing)."""
    found = _listed(session, _of(agency_id) & (DbPerson.id == person_id), now)
    if not found:
        raise Refused("person_missing")
    return found[0]


def get_own(session: Transaction, who: accounts.Person, agency_id: int, person_id: int) -> DbPerson:
    """Somebody whom this visitor may move or correct, locked.

    Raises Refused: agency_missing, person_missing, person_holds_role.
    """
    accounts.get_agency(session, who, agency_id)
    person = agencies.get_listed(session, agency_id, person_id)
    check_no_role(session, who, person_id)
    return person


def holds_role(session: Transaction, person_id: int) -> bool:
    """Whether the person is more than a participant."""
    return bool(session.scalar(select(func.count()).where(DbRoleGrant.person_id == person_id)))


def check_no_role(session: Transaction, who: accounts.Person, person_id: int) -> None:
    """Whoever has a role takes it along, so coordinators leave them alone; raises Refused(person_holds_role)."""
    if who.roles.isdisjoint(SEES_ALL_AGENCIES) and holds_role(session, person_id):
        raise Refused("person_holds_role")


def check_room(session: Transaction, agency: DbAgency) -> None:
    """A roster never holds more people than are declared, with those agreed to come; raises Refused(headcount_full)."""
    if agency.headcount is None:
        return
    coming = session.scalar(select(func.count()).where(DbRosterMove.to_agency_id == agency.id, is_agreed())) or 0
    if agencies.listed_people(session, agency.id) + coming >= agency.headcount:
        raise Refused("headcount_full", total=agency.headcount, agency=agency.name)


def add(session: Transaction, who: accounts.Person, agency_id: int, new: Newcomer, now: datetime) -> int:
    """Put somebody on the roster, a member from now on; whoever has left one of the own agencies comes back.

    Raises Refused: agency_missing, staff_code_taken, staff_code_elsewhere, email_taken, email_elsewhere,
    headcount_full, person_holds_role, listed_meanwhile, staff_code_given_up.
    """
    freeze_due_weeks(session, now)
    accounts.get_agency(session, who, agency_id)
    agency = agencies.get_locked(session, agency_id)
    known = session.scalar(select(DbPerson).where(DbPerson.sign_in_key == new.staff_code.casefold()).with_for_update())
    if known:
        given_up.check_not_given_up(session, known)
        _check_may_return(session, who, known)
    check_room(session, agency)
    _claim_email(session, who, new.details.email, known)
    person = known or DbPerson(staff_code=new.staff_code)
    person.listed_at, person.left_at = now, None
    person.agency_id, person.division = agency_id, new.division
    _write(person, new.details)
    session.add(person)
    try:
        session.flush()
    except IntegrityError:
        raise Refused("listed_meanwhile") from None
    session.add(DbMembership(person_id=person.id, agency_id=agency_id, since=now))
    for held in session.scalars(select(DbPersonGroup).where(DbPersonGroup.person_id == person.id)).all():
        session.delete(held)
    session.flush()
    session.add_all(DbPersonGroup(person_id=person.id, group_code=code) for code in new.groups)
    audit.record(session, audit.Act.ADD_PERSON, Actor(who.id), now, person=person.staff_code, agency=agency.code)
    return person.id


def correct(
    session: Transaction, who: accounts.Person, agency_id: int, person_id: int, new: Details, now: datetime
) -> bool:
    """Correct name, position and address; whether anything changed. A new address ends the person's sessions.

    Raises Refused: agency_missing, person_missing, person_holds_role, email_taken, email_elsewhere, listed_meanwhile.
    """
    person = get_own(session, who, agency_id, person_id)
    differences = [
        each
        for each in (
            Difference(Column.NAME, person.name, new.name),
            Difference(Column.POSITION, person.position, new.position),
            Difference(Column.EMAIL, person.email or "", new.email),
        )
        if each.before != each.after
    ]
    if not differences:
        return False
    if new.email != (person.email or ""):
        _claim_email(session, who, new.email, person)
        person.session_epoch += 1
    _write(person, new)
    try:
        session.flush()
    except IntegrityError:
        raise Refused("listed_meanwhile") from None
    changed = "; ".join(map(str, differences))
    audit.record(session, audit.Act.CORRECT_PERSON, Actor(who.id), now, person=person.staff_code, changed=changed)
    return True


def _read(reader: Callable[[str, int], str], typed: str, maximum: int) -> str | None:
    """What a cell of a roster file with this in it would hold, or None where such a cell is wrong."""
    try:
        return reader(typed, maximum)
    except WrongCell:
        return None


def _write(person: DbPerson, details: Details) -> None:
    person.name, person.name_key = details.name, name_key(details.name)
    person.position, person.email = details.position, details.email or None


def _check_may_return(session: Transaction, who: accounts.Person, known: DbPerson) -> None:
    """Of people elsewhere nothing is told but that they are on a roster."""
    mine = {agency.id: agency.name for agency in accounts.agencies_of(session, who)}
    if known.agency_id not in mine:
        raise Refused("staff_code_elsewhere")
    if known.left_at is None:
        raise Refused("staff_code_taken", name=known.name, agency=mine[known.agency_id])
    check_no_role(session, who, known.id)


def _claim_email(session: Transaction, who: accounts.Person, address: str, owner: DbPerson | None) -> None:
    """Whoever has left gives the address up, as with a roster file."""
    holder = session.scalar(select(DbPerson).where(DbPerson.email == address)) if address else None
    if holder is None or holder is owner:
        return
    mine = {agency.id: agency.name for agency in accounts.agencies_of(session, who)}
    if holder.left_at is not None:
        holder.email = None
        session.flush()
    elif holder.agency_id in mine:
        raise Refused("email_taken", name=holder.name, agency=mine[holder.agency_id])
    else:
        raise Refused("email_elsewhere")


def _of(agency_id: int) -> ColumnElement[bool]:
    return (DbPerson.agency_id == agency_id) & DbPerson.left_at.is_(None)


def _listed(
    session: Transaction, condition: ColumnElement[bool], now: datetime, limit: int = SIZE, offset: int = 0
) -> list[Listed]:
    exempt = select(DbExemption.id).where(DbExemption.person_id == DbPerson.id, exempt_at(now)).exists()
    rows = session.execute(
        select(DbPerson, exempt.label("is_exempt"))
        .where(condition)
        .order_by(DbPerson.name_key, DbPerson.id)
        .limit(limit)
        .offset(offset)
    )
    return [
        Listed(
            id=person.id,
            staff_code=person.staff_code,
            name=person.name,
            position=person.position,
            email=person.email or "",
            division=person.division,
            listed_at=person.listed_at,
            is_activated=person.password_hash is not None,
            is_exempt=is_exempt,
        )
        for person, is_exempt in rows
    ]
