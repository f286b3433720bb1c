"""Accounts: sign in, activation by a personal code, passwords, roles; every way in is throttled alike."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, delete, func, insert, literal_column, or_, select

from quiz.contest.entry_rules import find_phone
from quiz.errors import Refused
from quiz.models.people import DbAgency, DbPerson, DbRegistration, DbRoleGrant, DbSignInFailure
from quiz.permissions import SEES_ALL_AGENCIES, Permission, Role, permissions_of
from quiz.personal_data import periods
from quiz.services import Actor, Transaction, audit, passwords
from quiz.services.direct import Direct
from quiz.vietnamese import clean

WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 5
TRIES_PER_ADDRESS = 100
"""An agency's people share one address, so this is wide; the account's own limit is the narrow one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody signed in: who they are, what they may do, and the epoch that ends their older sessions."""

    id: int
    name: str
    staff_code: str
    agency_id: int
    agency: str
    roles: frozenset[Role]
    session_epoch: int

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything that this person may do."""
        return permissions_of(self.roles)


@dataclass(frozen=True, slots=True)
class Slip:
    """One activation slip to print and cut; the code is shown this once and stored only as a hash."""

    name: str
    staff_code: str
    position: str
    code: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom a sign-in or activation form names; `person_id` is None for nobody."""

    person_id: int | None
    account_hash: str
    password_hash: str | None
    activation_hash: str | None
    name: str
    staff_code: str


def find(session: Transaction, person_id: int) -> Person | None:
    """The person for an open session; None when they have left."""
    return _person(session.execute(_FIND, {"person": person_id}).first())


def find_at_once(session: Transaction, person_id: int) -> Person | None:
    """The same as it stands outside any transaction: for each request of whoever is signed in."""
    return _person(_FIND_AT_ONCE.read(session, {"person": person_id}))


def _person(row: Any) -> Person | None:
    if row is None:
        return None
    return Person(
        id=row.id,
        name=row.name,
        staff_code=row.staff_code,
        agency_id=row.agency_id,
        agency=row.agency,
        roles=frozenset({Role.PARTICIPANT, *map(Role, (row.roles or "").split())}),
        session_epoch=row.session_epoch,
    )


_IN_ONE = func.aggregate_strings(DbRoleGrant.role, literal_column("' '"))  # type: ignore[arg-type]
_ROLES = select(_IN_ONE).where(DbRoleGrant.person_id == DbPerson.id)
_FIND = (
    select(
        DbPerson.id,
        DbPerson.name,
        DbPerson.staff_code,
        DbPerson.agency_id,
        DbPerson.session_epoch,
        DbAgency.name.label("agency"),
        _ROLES.scalar_subquery().label("roles"),
    )
    .join(DbAgency, DbAgency.id == DbPerson.agency_id)
    .where(DbPerson.id == bindparam("person", type_=Integer), DbPerson.left_at.is_(None))
)
_FIND_AT_ONCE = Direct(_FIND)


def find_candidate(session: Transaction, identifier: str, address: str, now: datetime) -> Candidate:
    """Whom a staff code, e-mail or registered phone names. Raises Refused(too_many_tries) before anything is checked.

    The tries of a person are counted together, by whichever of the names they were made.
    """
    wanted = clean(identifier).casefold()
    row = _named(session, wanted)
    account_hash = hashlib.sha256((row.staff_code.casefold() if row else wanted).encode()).hexdigest()
    _check_throttle(session, account_hash, address, now)
    if row is None:
        return Candidate(None, account_hash, None, None, "", "")
    return Candidate(row.id, account_hash, row.password_hash, row.activation_hash, row.name, row.staff_code)


def knows_password(candidate: Candidate, password: str) -> bool:
    """Whether the password is right; slow on purpose, so call it outside any transaction."""
    return passwords.is_right(password, candidate.password_hash)


def knows_activation_code(candidate: Candidate, code: str) -> bool:
    """Whether this is the person's unused activation code, however it was spaced or cased."""
    return candidate.activation_hash is not None and _code_hash(code) == candidate.activation_hash


def note_failure(session: Transaction, candidate: Candidate, address: str, now: datetime) -> None:
    """Count one wrong password or code."""
    session.execute(
        insert(DbSignInFailure).values(account_hash=candidate.account_hash, address=address, at=now),
    )


def forget_failures(session: Transaction, now: datetime) -> None:
    """Failures too old to matter are deleted, and with them the addresses from which they came."""
    session.execute(delete(DbSignInFailure).where(DbSignInFailure.at < now - periods.SIGN_IN_FAILURES))


def note_success(session: Transaction, candidate: Candidate) -> None:
    """A right password clears the count of the account."""
    session.execute(delete(DbSignInFailure).where(DbSignInFailure.account_hash == candidate.account_hash))


def check_new_password(candidate: Candidate, password: str, minimum: int) -> None:
    """Raises Refused: password_short, password_long, password_guessable."""
    passwords.check_strength(password, minimum, candidate.name, candidate.staff_code)


def set_password(session: Transaction, candidate: Candidate, password_hash: str) -> None:
    """Store a new password; the activation code is used up and every session of the person ends.

    Raises Refused(activation_failed) where password or code have changed since the candidate was looked up, so that a
    code works once even when it is typed twice at the same moment.
    """
    person = session.get(DbPerson, candidate.person_id, with_for_update=True, populate_existing=True)
    known = (candidate.password_hash, candidate.activation_hash)
    if person is None or (person.password_hash, person.activation_hash) != known:
        raise Refused("activation_failed")
    person.password_hash = password_hash
    person.activation_hash = None
    person.session_epoch += 1
    session.flush()


def end_sessions(session: Transaction, person_id: int) -> None:
    """Sign the person out everywhere."""
    session.get_one(DbPerson, person_id).session_epoch += 1
    session.flush()


def issue_slips(
    session: Transaction, agency: DbAgency, actor: Actor, now: datetime, new_code: Callable[[], str]
) -> tuple[Slip, ...]:
    """New activation codes for everybody of the agency who has no password yet; older unused codes stop working."""
    people = session.scalars(
        select(DbPerson)
        .where(DbPerson.agency_id == agency.id, DbPerson.left_at.is_(None), DbPerson.password_hash.is_(None))
        .order_by(DbPerson.name_key)
    ).all()
    slips = []
    for person in people:
        code = new_code()
        person.activation_hash = _code_hash(code)
        slips.append(Slip(person.name, person.staff_code, person.position, "-".join((code[:5], code[5:10], code[10:]))))
    audit.record(session, audit.Act.ISSUE_ACTIVATION_CODES, actor, now, agency=agency.code, people=len(slips))
    return tuple(slips)


def issue_code(session: Transaction, staff_code: str, actor: Actor, now: datetime, new_code: Callable[[], str]) -> str:
    """A new activation code for one person; the old password and sessions end. Raises Refused(person_missing)."""
    person = session.scalar(select(DbPerson).where(DbPerson.staff_code == staff_code, DbPerson.left_at.is_(None)))
    if person is None:
        raise Refused("person_missing")
    code = new_code()
    person.activation_hash, person.password_hash = _code_hash(code), None
    person.session_epoch += 1
    agency = session.get_one(DbAgency, person.agency_id)
    audit.record(session, audit.Act.ISSUE_ACTIVATION_CODE, actor, now, agency=agency.code, person=person.staff_code)
    return code


def grant(session: Transaction, staff_code: str, role: Role, actor: Actor, now: datetime) -> None:
    """Give a person a role; giving it twice is once. Raises Refused(person_missing)."""
    person = session.scalar(select(DbPerson).where(DbPerson.staff_code == staff_code, DbPerson.left_at.is_(None)))
    if person is None:
        raise Refused("person_missing")
    if session.get(DbRoleGrant, (person.id, role)) is None:
        session.add(DbRoleGrant(person_id=person.id, role=role))
        person.session_epoch += 1
    audit.record(session, audit.Act.GRANT_ROLE, actor, now, person=staff_code, role=role)


def agencies_of(session: Transaction, person: Person) -> Sequence[DbAgency]:
    """The agencies whose people this person may see: own and all below for a coordinator; in Vietnamese order."""
    query = select(DbAgency).order_by(DbAgency.sort_key)
    if person.roles.isdisjoint(SEES_ALL_AGENCIES):
        own = select(DbAgency.id).where(DbAgency.id == person.agency_id).cte(recursive=True)
        with_below = own.union(select(DbAgency.id).join(own, DbAgency.parent_id == own.c.id))
        query = query.where(DbAgency.id.in_(select(with_below.c.id)))
    return session.scalars(query).all()


def get_agency(session: Transaction, person: Person, agency_id: int) -> DbAgency:
    """An agency within the person's scope; raises Refused(agency_missing) outside of it."""
    agency = next((each for each in agencies_of(session, person) if each.id == agency_id), None)
    if agency is None:
        raise Refused("agency_missing")
    return agency


def check_address(session: Transaction, address: str, now: datetime) -> None:
    """Whether this address may try again, whatever it tries; raises Refused(too_many_tries)."""
    _check_tries(session, DbSignInFailure.address == address, TRIES_PER_ADDRESS, now)


def whole_minutes(wait: timedelta) -> int:
    """How many minutes to ask somebody to wait, at least one."""
    return max(1, -(-int(wait.total_seconds()) // 60))


def _named(session: Transaction, wanted: str) -> DbPerson | None:
    """In one query by index, as long for nobody. A staff code comes before somebody else's phone of the same digits."""
    by_phone = select(func.max(DbRegistration.person_id)).where(DbRegistration.phone == find_phone(wanted))
    named = or_(DbPerson.sign_in_key == wanted, DbPerson.email == wanted, DbPerson.id == by_phone.scalar_subquery())
    by_code_first = (DbPerson.sign_in_key != wanted, DbPerson.id.desc())
    return session.scalars(select(DbPerson).where(named, DbPerson.left_at.is_(None)).order_by(*by_code_first)).first()


def _check_throttle(session: Transaction, account_hash: str, address: str, now: datetime) -> None:
    _check_tries(session, DbSignInFailure.account_hash == account_hash, TRIES_PER_ACCOUNT, now)
    check_address(session, address, now)


def _check_tries(session: Transaction, whose: ColumnElement[bool], limit: int, now: datetime) -> None:
    query = select(func.count(), func.min(DbSignInFailure.at)).where(whose, DbSignInFailure.at > now - WINDOW)
    count, oldest = session.execute(query).one()
    if count >= limit:
        raise Refused("too_many_tries", minutes=whole_minutes(oldest + WINDOW - now))


def _code_hash(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.replace("0", "O").replace("1", "I").replace("8", "B").encode()).hexdigest()
