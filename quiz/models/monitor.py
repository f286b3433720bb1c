"""What tells whether the system is well: when the scheduler last worked, and what went wrong in which hour."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DbHeartbeat(Base):
    """The last moment at which a part of the scheduler was at work; and when a machine of the scheduler was started."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime]


class DbTrouble(Base):
    """How often something of a kind went wrong in the hour that begins at `hour`; nothing of whom it happened to."""

    __tablename__ = "troubles"

    hour: Mapped[datetime] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]
