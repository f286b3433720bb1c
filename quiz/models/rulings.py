"""Decisions on questions found wrong, and how often each question of a marked week was dealt and answered rightly."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base
from quiz.models.decisions import DecisionOfTwo
from quiz.models.long_work import LongWork


class DbRuling(DecisionOfTwo, LongWork, Base):
    """What is done about one question of a bank in one week; the one approved last is in force.

    `letters` are the answers that count as right, parted by '/', in the letters of the bank's file. `preview` is the
    JSON of what approving would change, computed in the background from the state of which `computed_from` is the
    digest; both are '' until then.
    """

    __tablename__ = "rulings"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), index=True)
    bank: Mapped[str] = mapped_column(String(40))
    question_id: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    letters: Mapped[str] = mapped_column(String(80), default="")
    preview: Mapped[str] = mapped_column(default="")
    computed_from: Mapped[str] = mapped_column(String(64), default="")


class DbQuestionCount(Base):
    """In how many attempts of a week a question was dealt, and in how many it counted as right, as last marked."""

    __tablename__ = "question_counts"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), primary_key=True)
    bank: Mapped[str] = mapped_column(String(40), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    dealt: Mapped[int]
    right: Mapped[int]
