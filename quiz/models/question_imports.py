"""Foreign files of questions on their way into the workbench."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DbQuestionImport(Base):
    """An uploaded file of questions: read into a report, then taken in as drafts or dropped.

    `report` is the JSON of all that the file says and all that was not taken; `choices` the JSON of what the organiser
    has ticked and filled in so far. The file itself is forgotten once it has been read.
    """

    __tablename__ = "question_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    bank: Mapped[str] = mapped_column(String(40))
    filename: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None]
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    uploaded_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    report: Mapped[str] = mapped_column(default="")
    choices: Mapped[str] = mapped_column(default="")
    found: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
