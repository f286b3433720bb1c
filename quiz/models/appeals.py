"""Appeals of participants, and the answers that make up the public register."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DbAppeal(Base):
    """What one person appeals on in a week: a question of the own paper, by its bank and id, or '' the own result.

    `state` is waiting, answered or withdrawn; `entry` the number in the register under which it was answered.
    """

    __tablename__ = "appeals"
    __table_args__ = (Index("ix_appeals_week_id_state", "week_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    attempt_code: Mapped[str] = mapped_column(ForeignKey("attempts.code"))
    about: Mapped[str] = mapped_column(String(10))
    bank: Mapped[str] = mapped_column(String(40), default="")
    question_id: Mapped[str] = mapped_column(String(40), default="")
    text: Mapped[str] = mapped_column(String(2000))
    sent_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    withdrawn_at: Mapped[datetime | None]
    entry: Mapped[int | None]


class DbAppealAnswer(Base):
    """One entry of a contest's register in one version; a correction is the next version, and no row ever changes.

    `public_text` is what was appealed as everybody may read it; `reason` says why a version replaces the one before.
    """

    __tablename__ = "appeal_answers"
    __table_args__ = (UniqueConstraint("contest_id", "number", "version", name="uq_appeal_answers_version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    number: Mapped[int]
    version: Mapped[int]
    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"))
    about: Mapped[str] = mapped_column(String(10))
    bank: Mapped[str] = mapped_column(String(40), default="")
    question_id: Mapped[str] = mapped_column(String(40), default="")
    outcome: Mapped[str] = mapped_column(String(10))
    public_text: Mapped[str] = mapped_column(String(2000))
    answer: Mapped[str] = mapped_column(String(2000))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    answered_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime]
