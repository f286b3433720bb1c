"""What the review of a ranking rests on: the devices of attempts, people struck from it, and the signals found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base
from quiz.models.long_work import WorkOnMarking


class DbAttemptDevice(Base):
    """A device on which an attempt was started or handed in, as a keyed hash of a random number in its browser.

    Nothing else is known of the device, and the hash is another one in each round.
    """

    __tablename__ = "attempt_devices"

    attempt_code: Mapped[str] = mapped_column(ForeignKey("attempts.code"), primary_key=True)
    device: Mapped[str] = mapped_column(String(16), primary_key=True, index=True)


class DbStrike(Base):
    """A person who is passed over for the prizes of one week, or of the whole contest, until somebody undoes it."""

    __tablename__ = "strikes"
    __table_args__ = (
        Index(
            "uq_strikes_standing",
            "week_id",
            "person_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    whole_contest: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(1000))
    evidence: Mapped[str]
    struck_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    struck_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    undone_at: Mapped[datetime | None]
    undo_reason: Mapped[str] = mapped_column(String(1000), default="")


class DbSignals(WorkOnMarking, Base):
    """The signals of a marked week as JSON, '' until they are worked out."""

    __tablename__ = "signals"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), primary_key=True)
    body: Mapped[str]
