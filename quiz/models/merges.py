"""Two entries of the roster that turned out to be one person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DbMerge(Base):
    """An entry that was given up for another; the row given up stays, as everything does that once counted.

    `weeks` are the numbers of the rounds whose attempts were handed over, joined by spaces.
    """

    __tablename__ = "merges"

    given_up_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    weeks: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(1000))
    merged_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    merged_at: Mapped[datetime]
