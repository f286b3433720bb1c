"""Attempts: one row holds the whole sitting, so that a save is one UPDATE by primary key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DbAttempt(Base):
    """Lượt thi. The paper is not stored: the week's seed, its frozen bank, `code` and `seen` draw it again.

    `answers` is a JSON list, one text of chosen letters per question; `accept_until` is the deadline with the grace.
    `seen` holds the ids of questions to avoid, joined by spaces; `returned_ms` is the time that incidents gave back;
    an attempt with `annulled_by` was set aside by an incident and counts for nothing. `score` and `is_valid` (whether
    the rules take it into account at all) are written when the week is marked.

    `entry_id`, `agency` and `registered_at` are whose entry of the roster sat, for which agency's code, and since when
    it was registered, as they were at the start: what a receipt promises may not change when the roster does.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("week_id", "person_id", "number", name="uq_attempts_one_each"),
        Index("ix_attempts_person_id", "person_id"),
        Index(
            "ix_attempts_open",
            "accept_until",
            sqlite_where=text("handed_in_at IS NULL"),
            postgresql_where=text("handed_in_at IS NULL"),
        ),
    )

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    number: Mapped[int]
    questions: Mapped[int]
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    accept_until: Mapped[datetime]
    seq: Mapped[int] = mapped_column(default=0)
    answers: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime | None]
    handed_in_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(10))
    division: Mapped[str] = mapped_column(String(40), default="")
    entry_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    agency: Mapped[str] = mapped_column(String(40), default="")
    registered_at: Mapped[datetime]
    seen: Mapped[str] = mapped_column(default="")
    prediction: Mapped[int | None]
    returned_ms: Mapped[int] = mapped_column(default=0)
    annulled_by: Mapped[int | None] = mapped_column(ForeignKey("incidents.id"))
    score: Mapped[int | None]
    is_valid: Mapped[bool | None]
