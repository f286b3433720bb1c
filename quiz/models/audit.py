"""The audit log: who did what, when, why, and the facts that the act declares."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DbAuditEntry(Base):
    """One act. `actor_id` is NULL for the system and for commands on the server."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    act: Mapped[str] = mapped_column(String(40))
    facts: Mapped[str]
    reason: Mapped[str] = mapped_column(String(1000), default="")
