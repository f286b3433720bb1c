"""What people ask about their own personal data, and the entries whose personal data were erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DbDataRequest(Base):
    """A request of one person about the own data; `recorded_by` is who wrote down what came on paper.

    `extended_for` is the reason for which its deadline was put off once; '' where it was not.
    """

    __tablename__ = "data_requests"
    __table_args__ = (Index("ix_data_requests_state_asked_at", "state", "asked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(2000), default="")
    asked_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = mapped_column(String(12))
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    acknowledged_at: Mapped[datetime | None]
    extended_for: Mapped[str] = mapped_column(String(1000), default="")
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]


class DbErasure(Base):
    """An entry of the roster of which only the number and a made-up code are left; its attempts and places stay.

    `erased_by` is None where the time for which it was kept had run out.
    """

    __tablename__ = "erasures"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    erased_at: Mapped[datetime]
    erased_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
