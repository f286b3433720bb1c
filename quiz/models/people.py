"""Agencies, people and the roles they hold. One row per person serves as roster entry and account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DbAgency(Base):
    """Cơ quan, đơn vị. `headcount` is the declared total; NULL means that the roster is counted."""

    __tablename__ = "agencies"
    __table_args__ = (CheckConstraint("kind IN ('city', 'central')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    sort_key: Mapped[str] = mapped_column(String(2000))
    kind: Mapped[str] = mapped_column(String(10))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    headcount: Mapped[int | None]


def _sign_in_key(context: DefaultExecutionContext) -> str:
    staff_code: str = context.get_current_parameters()["staff_code"]  # type: ignore[no-untyped-call]
    return staff_code.casefold()


class DbPerson(Base):
    """A person on the roster. `left_at` is set when a later roster no longer lists them; rows are never deleted.

    `sign_in_key` is the staff code in small letters, Đ included, by which people sign in however they type it.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_code: Mapped[str] = mapped_column(String(40), unique=True)
    sign_in_key: Mapped[str] = mapped_column(String(80), unique=True, default=_sign_in_key)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(1500))
    position: Mapped[str] = mapped_column(String(120), default="")
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    division: Mapped[str] = mapped_column(String(40), default="")
    listed_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    activation_hash: Mapped[str | None] = mapped_column(String(64))
    session_epoch: Mapped[int] = mapped_column(default=0)


class DbPersonGroup(Base):
    """A person's place in a group whose taking part the rules make compulsory, by the group's code in the file."""

    __tablename__ = "person_groups"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    group_code: Mapped[str] = mapped_column(String(40), primary_key=True)


class DbRegistration(Base):
    """What somebody declared on entering an open contest. The ID number is kept as a keyed hash and its last digits."""

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("contest_id", "id_hash", name="uq_registrations_id_hash"),
        UniqueConstraint("contest_id", "phone", name="uq_registrations_phone"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    phone: Mapped[str] = mapped_column(String(20), index=True)
    id_hash: Mapped[str] = mapped_column(String(64))
    id_last_four: Mapped[str] = mapped_column(String(4))
    registered_at: Mapped[datetime]


class DbMembership(Base):
    """Who belonged to which agency from when (inclusive) until when (exclusive): the basis of every headcount."""

    __tablename__ = "memberships"
    __table_args__ = (Index("ix_memberships_agency_since", "agency_id", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class DbExemption(Base):
    """A person who need not take part, with the reason on record; leaves the denominator while it holds."""

    __tablename__ = "exemptions"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]


class DbRosterMove(Base):
    """A person who moves to another agency, or, where there is none, leaves the service, at a moment.

    Proposed by the agency that they leave, it waits for the other one's consent; it is carried out once both have come,
    the consent and the moment. Dropped: withdrawn, declined, or overtaken by a roster file.
    """

    __tablename__ = "roster_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    from_agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    to_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    moves_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(300))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    accepted_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class DbConfirmation(Base):
    """The figures of an agency for a week to come, as somebody confirmed them."""

    __tablename__ = "confirmations"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    listed: Mapped[int]
    declared: Mapped[int | None]
    exempt: Mapped[int]
    confirmed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime]


class DbRoleGrant(Base):
    """A role beyond that of participant; a coordinator's scope is the own agency and all agencies below it."""

    __tablename__ = "role_grants"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class DbSignInFailure(Base):
    """One wrong password or activation code; kept for throttling, without the name that was typed."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index("ix_sign_in_failures_account_at", "account_hash", "at"),
        Index("ix_sign_in_failures_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_hash: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime]


class DbRosterImport(Base):
    """An uploaded roster file on its way: read, shown as a dry run, applied or dropped."""

    __tablename__ = "roster_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None]
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    uploaded_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    report: Mapped[str] = mapped_column(default="")
    finished_at: Mapped[datetime | None]
