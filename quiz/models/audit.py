"""The audit log: who did what, when, why, and the facts that the act declares; each entry follows the one before it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base

HASH = String(64)


class DbAuditEntry(Base):
    """One act. `id` is its place in the chain: 1, 2, 3 … without gaps, in the order of the commits.

    `actor_id` is NULL for the system and for commands on the server; `who` is the actor's staff code at that time, or
    `console:` and the account of the server. `words` is what a search looks through, folded, and no part of the chain.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_at", "at"),
        Index("ix_audit_entries_act", "act"),
        Index("ix_audit_entries_actor_id", "actor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    act: Mapped[str] = mapped_column(String(40))
    facts: Mapped[str]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    who: Mapped[str] = mapped_column(String(80), default="")
    salt: Mapped[str] = mapped_column(HASH)
    facts_hash: Mapped[str] = mapped_column(HASH)
    link: Mapped[str] = mapped_column(HASH)
    erased: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str]


class DbAuditHead(Base):
    """The one row that transactions with an act lock last of all: how many entries, and the link of the newest."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    link: Mapped[str] = mapped_column(HASH)


class DbAuditCheck(Base):
    """One check of the whole chain: how far it was whole, and what was wrong (NULL: nothing) at which entry."""

    __tablename__ = "audit_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    count: Mapped[int]
    link: Mapped[str] = mapped_column(HASH)
    fault: Mapped[str | None] = mapped_column(String(20))
    number: Mapped[int]
