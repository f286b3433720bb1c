"""Open registration: people enter themselves with the contest's passphrase, each of them once, and are throttled."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from quiz.contest import entry_rules
from quiz.contest.schedule import Registration
from quiz.errors import Refused
from quiz.models.contests import DbContest
from quiz.models.people import DbAgency, DbMembership, DbPerson, DbRegistration, DbSignInFailure
from quiz.scoring.participation import AgencyKind
from quiz.services import Actor, Transaction, accounts, audit, contests, passwords
from quiz.services.contests import StoredContest
from quiz.vietnamese import name_key

HOUR = timedelta(hours=1)
MOST_AN_HOUR = 300
"""How many may register from one address within an hour: the people of one large agency behind one connection can all
do so in their first hour, while a script that knows the passphrase is held to a number that an organiser notices."""

_PASSPHRASE = hashlib.sha256(b"the passphrase of open registration").hexdigest()
_NO_ADDRESS = "registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A contest that takes registrations now, with the hash of its passphrase."""

    contest: StoredContest
    passphrase_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What somebody declares, each field as its rule reads it; of the ID number only its hash and last digits."""

    name: str
    agency_id: int
    division: str
    phone: str
    email: str
    id_hash: str
    id_last_four: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """An own registration as its owner sees it."""

    staff_code: str
    name: str
    agency: str
    division: str
    phone: str
    email: str
    id_last_four: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Block:
    """The agencies of one kind to choose from, by id and name, in Vietnamese order."""

    kind: AgencyKind
    agencies: tuple[tuple[int, str], ...]


def get_open(session: Transaction, now: datetime) -> Opening:
    """The contest that one can register for; raises Refused as `entry_rules.check_open` does, or contest_missing."""
    contest = contests.get_current(session)
    stored = session.scalar(select(DbContest.passphrase_hash).where(DbContest.id == contest.id))
    closes_at = max(each.week.closes_at for each in contests.weeks(session, contest))
    entry_rules.check_open(contest.rules, stored is not None, closes_at, now)
    return Opening(contest=contest, passphrase_hash=stored or "")


def knows_passphrase(opening: Opening, typed: str) -> bool:
    """Whether the passphrase is right; slow on purpose, so call it outside any transaction."""
    return passwords.is_right(entry_rules.passphrase(typed), opening.passphrase_hash)


def note_failure(session: Transaction, address: str, now: datetime) -> None:
    """Count a wrong passphrase, or a number that is taken, among the failures of this address.

    There is no account to close meanwhile: whoever errs must not close registration for everybody.
    """
    session.execute(insert(DbSignInFailure).values(account_hash=_PASSPHRASE, address=address, at=now))


def agency_blocks(session: Transaction) -> tuple[Block, ...]:
    """Every agency that one can belong to, by kind, the city's own first."""
    rows = session.execute(select(DbAgency.kind, DbAgency.id, DbAgency.name).order_by(DbAgency.kind, DbAgency.sort_key))
    blocks = [
        Block(AgencyKind(kind), tuple((row.id, row.name) for row in group))
        for kind, group in groupby(rows, key=lambda row: str(row.kind))
    ]
    return tuple(sorted(blocks, key=lambda block: list(AgencyKind).index(block.kind)))


def register(
    session: Transaction,
    opening: Opening,
    declared: Declared,
    password_hash: str,
    staff_code: str,
    address: str,
    now: datetime,
) -> int:
    """Make the account of somebody new, a member of the agency from now on; the person's id.

    Raises Refused: too_many_registrations; already_registered where the ID number, phone or e-mail is known, whoever's
    it is. Two that come at once are told apart by the database, which holds each number once.
    """
    _count_registration(session, address, now)
    if _is_known(session, declared):
        raise Refused("already_registered")
    try:
        return _store(session, opening.contest.id, declared, password_hash, staff_code, now)
    except IntegrityError:
        raise Refused("already_registered") from None


def find_own(session: Transaction, person_id: int) -> Registered | None:
    """The registration of this person; None for people of the roster."""
    row = session.execute(
        select(DbPerson, DbRegistration, DbAgency.name, DbContest)
        .join(DbRegistration, DbRegistration.person_id == DbPerson.id)
        .join(DbAgency, DbAgency.id == DbPerson.agency_id)
        .join(DbContest, DbContest.id == DbRegistration.contest_id)
        .where(DbPerson.id == person_id)
    ).first()
    if row is None:
        return None
    person, registration, agency, contest = row
    return Registered(
        staff_code=person.staff_code,
        name=person.name,
        agency=agency,
        division=contests.rules_of(contest.rules_digest, contest.rules).division(person.division).name,
        phone=registration.phone,
        email=person.email or "",
        id_last_four=registration.id_last_four,
        registered_at=registration.registered_at,
    )


def set_passphrase(session: Transaction, typed: str, actor: Actor, now: datetime) -> None:
    """Open registration with this passphrase, or change it; those who have registered are not asked again.

    Raises Refused: contest_missing, registration_missing, passphrase_short.
    """
    contest = contests.get_current(session)
    if contest.rules.registration is not Registration.OPEN:
        raise Refused("registration_missing")
    text = entry_rules.passphrase(typed)
    if len(text) < entry_rules.SHORTEST_PASSPHRASE:
        raise Refused("passphrase_short", minimum=entry_rules.SHORTEST_PASSPHRASE)
    session.get_one(DbContest, contest.id).passphrase_hash = passwords.hashed(text)
    audit.record(session, audit.Act.SET_PASSPHRASE, actor, now, contest=contest.rules.slug)


def _count_registration(session: Transaction, address: str, now: datetime) -> None:
    """Kept for an hour beside the failures, with the address only as a hash, so that it is none of its failures."""
    here = hashlib.sha256(f"registered from {address}".encode()).hexdigest()
    since = DbSignInFailure.at > now - HOUR
    query = select(func.count(), func.min(DbSignInFailure.at)).where(DbSignInFailure.account_hash == here, since)
    count, oldest = session.execute(query).one()
    if count >= MOST_AN_HOUR:
        raise Refused("too_many_registrations", minutes=accounts.whole_minutes(oldest + HOUR - now))
    session.execute(insert(DbSignInFailure).values(account_hash=here, address=_NO_ADDRESS, at=now))


def _is_known(session: Transaction, declared: Declared) -> bool:
    """In any contest of this installation: an account stays good for the next one."""
    numbers = or_(DbRegistration.id_hash == declared.id_hash, DbRegistration.phone == declared.phone)
    if session.scalar(select(DbRegistration.person_id).where(numbers).limit(1)) is not None:
        return True
    if not declared.email:
        return False
    return session.scalar(select(DbPerson.id).where(DbPerson.email == declared.email).limit(1)) is not None


def _store(
    session: Transaction, contest_id: int, declared: Declared, password_hash: str, staff_code: str, now: datetime
) -> int:
    person = DbPerson(
        staff_code=staff_code,
        email=declared.email or None,
        name=declared.name,
        name_key=name_key(declared.name),
        agency_id=declared.agency_id,
        division=declared.division,
        listed_at=now,
        password_hash=password_hash,
    )
    session.add(person)
    session.flush()
    session.add(DbMembership(person_id=person.id, agency_id=declared.agency_id, since=now))
    session.add(
        DbRegistration(
            person_id=person.id,
            contest_id=contest_id,
            phone=declared.phone,
            id_hash=declared.id_hash,
            id_last_four=declared.id_last_four,
            registered_at=now,
        )
    )
    session.flush()
    return person.id
