"""What was sealed: the record of each attempt that has ended, and the batches of each week, whose heads others keep."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DbSealedRecord(Base):
    """The record of an attempt as it was promised; never changed, whatever becomes of the attempt.

    `batch` is the number of the batch that holds the seal, or that will: it is sealed once that batch exists.
    """

    __tablename__ = "sealed_records"
    __table_args__ = (Index("ix_sealed_records_week_id_batch", "week_id", "batch"),)

    attempt_code: Mapped[str] = mapped_column(ForeignKey("attempts.code"), primary_key=True)
    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"))
    batch: Mapped[int]
    seal: Mapped[str] = mapped_column(String(64))
    record: Mapped[bytes]


class DbBatch(Base):
    """A batch: where the audit log stood, how many seals, and the head after it.

    `is_final` marks the head that was fixed when the week had closed; `told_at` is when letters about it were written.
    """

    __tablename__ = "batches"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed_at: Mapped[datetime]
    audit_count: Mapped[int]
    audit_head: Mapped[str] = mapped_column(String(64))
    seals: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
    is_final: Mapped[bool]
    told_at: Mapped[datetime | None]
