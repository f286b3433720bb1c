"""The item analysis of a week and division, as it was worked out after the marking it belongs to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base
from quiz.models.long_work import WorkOnMarking


class DbItemAnalysis(WorkOnMarking, Base):
    """Figures as JSON, '' until they are worked out."""

    __tablename__ = "item_analyses"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), primary_key=True)
    division: Mapped[str] = mapped_column(String(40), primary_key=True)
    made_at: Mapped[datetime]
    figures: Mapped[str]
