"""The people of all agencies as the organiser finds them, and everything that is on record of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from quiz.contest.tenures import Tenure
from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.merges import DbMerge
from quiz.models.people import DbAgency, DbMembership, DbPerson, DbRoleGrant
from quiz.permissions import BARRED_ROLES, Role
from quiz.services import Actor, Transaction, accounts, contests
from quiz.services.accounts import Slip
from quiz.vietnamese import clean, without_marks

SIZE = 50
FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Somebody as a search finds them."""

    id: int
    staff_code: str
    name: str
    position: str
    agency: str
    is_activated: bool
    has_left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An entry that was given up for the one looked at, or for which this one was given up."""

    person_id: int
    staff_code: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One person: the entry itself, where they belonged and when, which rounds they sat, what was joined."""

    id: int
    staff_code: str
    name: str
    position: str
    email: str
    agency_id: int
    agency: str
    listed_at: datetime
    left_at: datetime | None
    is_activated: bool
    roles: tuple[Role, ...]
    tenures: tuple[tuple[str, Tenure], ...]
    sat: tuple[str, ...]
    taken_in: tuple[Given, ...]
    given_up_for: Given | None

    @property
    def may_be_reset(self) -> bool:
        """Whether the desk may hand out a new activation code: never for those who decide about the contest."""
        return self.left_at is None and BARRED_ROLES.isdisjoint(self.roles)


def search(session: Transaction, wanted: str, page: int) -> tuple[tuple[Found, ...], int]:
    """One page of the people whose name, code or address holds what is looked for, and how many; by given name.

    Marks and capitals make no difference; a code or address typed in full is found by its index. Those who have left
    come too. Fewer than two letters find nobody.
    """
    words = without_marks(clean(wanted))
    if len(words) < FEWEST_LETTERS:
        return (), 0
    exact = clean(wanted).casefold()
    ids = list(session.scalars(select(DbPerson.id).where(or_(DbPerson.sign_in_key == exact, DbPerson.email == exact))))
    if not ids:
        rows = session.execute(
            select(DbPerson.id, DbPerson.name, DbPerson.staff_code, DbPerson.email).order_by(
                DbPerson.left_at.is_not(None), DbPerson.name_key, DbPerson.id
            )
        ).yield_per(2000)
        ids = [row.id for row in rows if words in without_marks(f"{row.name} {row.staff_code} {row.email or ''}")]
    shown = ids[(page - 1) * SIZE : page * SIZE]
    found = {one.id: one for one in _found(session, DbPerson.id.in_(shown))}
    return tuple(found[each] for each in shown), len(ids)


def get(session: Transaction, person_id: int) -> File:
    """Everything on record of one person; raises Refused(person_missing)."""
    person = session.get(DbPerson, person_id)
    if person is None:
        raise Refused("person_missing")
    roles = session.scalars(select(DbRoleGrant.role).where(DbRoleGrant.person_id == person_id)).all()
    return File(
        id=person.id,
        staff_code=person.staff_code,
        name=person.name,
        position=person.position,
        email=person.email or "",
        agency_id=person.agency_id,
        agency=session.get_one(DbAgency, person.agency_id).name,
        listed_at=person.listed_at,
        left_at=person.left_at,
        is_activated=person.password_hash is not None,
        roles=tuple(sorted(map(Role, roles))),
        tenures=_tenures(session, person_id),
        sat=_sat(session, person_id),
        taken_in=_given(session, DbMerge.kept_id == person_id, DbMerge.given_up_id),
        given_up_for=next(iter(_given(session, DbMerge.given_up_id == person_id, DbMerge.kept_id)), None),
    )


def reset(session: Transaction, person_id: int, actor: Actor, now: datetime, new_code: Callable[[], str]) -> Slip:
    """A new activation code for one person; the password and all sessions end with it.

    Whoever decides about the contest gets one from the console alone: nobody may take over another's signature. Raises
    Refused: person_missing, reset_holds_role.
    """
    person = get(session, person_id)
    if person.left_at is not None:
        raise Refused("person_missing")
    if not person.may_be_reset:
        raise Refused("reset_holds_role", person=person.staff_code)
    code = accounts.issue_code(session, person.staff_code, actor, now, new_code)
    return Slip(person.name, person.staff_code, person.position, "-".join((code[:5], code[5:10], code[10:])))


def _found(session: Transaction, condition: ColumnElement[bool]) -> list[Found]:
    rows = session.execute(
        select(DbPerson, DbAgency.name.label("agency"))
        .join(DbAgency, DbAgency.id == DbPerson.agency_id)
        .where(condition)
    )
    return [
        Found(
            id=person.id,
            staff_code=person.staff_code,
            name=person.name,
            position=person.position,
            agency=agency,
            is_activated=person.password_hash is not None,
            has_left=person.left_at is not None,
        )
        for person, agency in rows
    ]


def _tenures(session: Transaction, person_id: int) -> tuple[tuple[str, Tenure], ...]:
    """With the name of the agency, the newest first."""
    rows = session.execute(
        select(DbMembership, DbAgency.name)
        .join(DbAgency, DbAgency.id == DbMembership.agency_id)
        .where(DbMembership.person_id == person_id)
        .order_by(DbMembership.since.desc(), DbMembership.id.desc())
    )
    return tuple((name, Tenure(agency=row.agency_id, since=row.since, until=row.until)) for row, name in rows)


def _sat(session: Transaction, person_id: int) -> tuple[str, ...]:
    """The names of the rounds of every contest in which the person has started an attempt."""
    ids = session.scalars(select(DbAttempt.week_id).where(DbAttempt.person_id == person_id).distinct()).all()
    return tuple(contests.get_week_by_id(session, id_).name for id_ in sorted(ids))


def _given(session: Transaction, condition: ColumnElement[bool], other: object) -> tuple[Given, ...]:
    rows = session.execute(
        select(DbMerge, DbPerson.id, DbPerson.staff_code)
        .join(DbPerson, DbPerson.id == other)
        .where(condition)
        .order_by(DbMerge.merged_at)
    )
    return tuple(Given(person_id=id_, staff_code=code, at=row.merged_at, reason=row.reason) for row, id_, code in rows)
