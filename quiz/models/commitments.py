"""What was promised before a week opened: the published bytes, and the verifiers whose hashes stand in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DbCommitment(Base):
    """One version of what is promised of a week, as published; never changed. `made_by` is None for the scheduler.

    `basis` tells whether the week is still as it was promised; `rules` is `the-le.json`, whose hash is promised.
    """

    __tablename__ = "commitments"
    __table_args__ = (UniqueConstraint("week_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"))
    number: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    digest: Mapped[str] = mapped_column(String(64))
    basis: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes]
    rules: Mapped[bytes]


class DbCommitmentRequest(Base):
    """An organiser waits for a commitment: only the scheduler can read the keys that it is made from."""

    __tablename__ = "commitment_requests"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), primary_key=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]


class DbVerifier(Base):
    """A verifier whose digest stands in a commitment: the bundle ships these very bytes."""

    __tablename__ = "verifiers"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes]
