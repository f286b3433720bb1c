"""The item analysis of a week and division, as it was worked out after the marking it belongs to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DbItemAnalysis(Base):
    """Figures as JSON; `marked_at` is the marking that they come from, and no other."""

    __tablename__ = "item_analyses"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), primary_key=True)
    division: Mapped[str] = mapped_column(String(40), primary_key=True)
    marked_at: Mapped[datetime]
    made_at: Mapped[datetime]
    figures: Mapped[str]
