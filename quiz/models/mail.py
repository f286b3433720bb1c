"""The mail: letters waiting and sent, addresses that refuse, people who want none, reminders that were asked for."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DbLetter(Base):
    """One letter to one person. `dedupe_key` names what it tells, so that writing it twice is once.

    `state` is waiting, sending, sent, unknown (nobody can tell whether the server took it), failed or dropped. What a
    letter says is forgotten once it is sent or dropped, or has expired.
    """

    __tablename__ = "letters"
    __table_args__ = (Index("ix_letters_state_next_try_at", "state", "next_try_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str]
    html: Mapped[str]
    unsubscribe_url: Mapped[str] = mapped_column(String(400))
    message_id: Mapped[str] = mapped_column(String(320), unique=True)
    written_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    tried_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(300), default="")


class DbRefusedAddress(Base):
    """An address, in small letters, that a server has refused for good; from `blocked_at` on it gets no more mail."""

    __tablename__ = "refused_addresses"

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    refusals: Mapped[int]
    last_error: Mapped[str] = mapped_column(String(300))
    refused_at: Mapped[datetime]
    blocked_at: Mapped[datetime | None]


class DbUnsubscribed(Base):
    """A person who wants no more letters of a kind."""

    __tablename__ = "unsubscribed"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    since: Mapped[datetime]


class DbReminder(Base):
    """A reminder that was asked for: one a local day for each agency, with the words that were sent."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("agency_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    day: Mapped[date]
    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"))
    text: Mapped[str] = mapped_column(String(2000))
    people: Mapped[int]
    asked_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
