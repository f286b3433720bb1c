"""Questions being worked on, and everything that was done with them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base

IS_OPEN = text("state IN ('draft', 'appraised', 'approved')")


class DbQuestionDraft(Base):
    """What should become of one question of a bank: `kind` is new, change or remove; `body` the wording as JSON.

    `base_digest` names the wording in the bank that it started from, '' for a new question. At most one draft of a
    question is open. `version` counts what happened to it, so that nobody decides about what they have not seen.
    """

    __tablename__ = "question_drafts"
    __table_args__ = (
        Index(
            "uq_question_drafts_open",
            *("contest_id", "bank", "question_id"),
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    bank: Mapped[str] = mapped_column(String(40))
    question_id: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    body: Mapped[str]
    base_digest: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    edited_at: Mapped[datetime]
    appraised_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    appraised_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None]


class DbQuestionEvent(Base):
    """One thing that somebody did with a draft: the act, a note, and the wording as it was afterwards."""

    __tablename__ = "question_history"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("question_drafts.id"), index=True)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    act: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(1000), default="")
    body: Mapped[str]
