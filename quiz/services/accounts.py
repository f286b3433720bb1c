"""Accounts: sign in, activation by a personal code, passwords, roles; every way in is throttled alike."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from quiz.contest.entry_rules import find_phone
from quiz.errors import Refused
from quiz.models.people import DbAgency, DbPerson, DbRoleGrant, DbSignInFailure
from quiz.permissions import SEES_ALL_AGENCIES, Permission, Role, permissions_of
from quiz.personal_data import periods
from quiz.services import Actor, Transaction, audit, passwords
from quiz.services.account_statements import FIND, NAMED, TRIES
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
    """Whom a sign-in or activation form names, None for nobody; `failed` counts the wrong tries of late."""

    person: Person | None
    account_hash: str
    password_hash: str | None
    activation_hash: str | None
    failed: int

    @property
    def person_id(self) -> int | None:
        """The number of the person."""
        return self.person.id if self.person else None


def find(session: Transaction, person_id: int) -> Person | None:
    """The person for an open session; None when they have left."""
    row = session.execute(FIND, {"person": person_id}).first()
    return person_of(row) if row else None


def person_of(row: Any) -> Person:
    """The person of a row of FIND."""
    return Person(
        id=row.id,
        name=row.name,
        staff_code=row.staff_code,
        agency_id=row.agency_id,
        agency=row.agency,
        roles=frozenset({Role.PARTICIPANT, *map(Role, (row.roles or "").split())}),
        session_epoch=row.session_epoch,
    )


def find_candidate(session: Transaction, identifier: str, address: str, now: datetime) -> Candidate:
    """Whom a staff code, e-mail or registered phone names. Raises Refused(too_many_tries) before anything is checked.

    The tries of a person are counted together, by whichever of the names they were made.
    """
    return _candidate(session, identifier, address, now, Direct.within)


def find_candidate_at_once(session: Transaction, identifier: str, address: str, now: datetime) -> Candidate:
    """The same as it stands outside any transaction: no connection is held while the password is checked."""
    return _candidate(session, identifier, address, now, Direct.read)


Ask = Callable[[Direct, Transaction, Mapping[str, object]], Any]


def _candidate(session: Transaction, identifier: str, address: str, now: datetime, ask: Ask) -> Candidate:
    wanted = clean(identifier).casefold()
    row = ask(NAMED, session, {"wanted": wanted, "phone": find_phone(wanted)})
    account_hash = hashlib.sha256((row.staff_code.casefold() if row else wanted).encode()).hexdigest()
    tries = ask(TRIES, session, {"account": account_hash, "address": address, "since": now - WINDOW})
    assert tries is not None
    _check_tries(tries.of_account, tries.oldest_of_account, TRIES_PER_ACCOUNT, now)
    _check_tries(tries.of_address, tries.oldest_of_address, TRIES_PER_ADDRESS, now)
    if row is None:
        return Candidate(None, account_hash, None, None, tries.of_account)
    return Candidate(person_of(row), account_hash, row.password_hash, row.activation_hash, tries.of_account)


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
    who = candidate.person
    passwords.check_strength(password, minimum, *((who.name, who.staff_code) if who else ()))


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
    tries = TRIES.within(session, {"account": "", "address": address, "since": now - WINDOW})
    assert tries is not None
    _check_tries(tries.of_address, tries.oldest_of_address, TRIES_PER_ADDRESS, now)


def whole_minutes(wait: timedelta) -> int:
    """How many minutes to ask somebody to wait, at least one."""
    return max(1, -(-int(wait.total_seconds()) // 60))


def _check_tries(count: int, oldest: datetime | None, limit: int, now: datetime) -> None:
    if count >= limit and oldest:
        raise Refused("too_many_tries", minutes=whole_minutes(oldest + WINDOW - now))


def _code_hash(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.replace("0", "O").replace("1", "I").replace("8", "B").encode()).hexdigest()
