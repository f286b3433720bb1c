"""Templates of official documents as the office has edited them, and what it filled into them last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DbOfficeTemplate(Base):
    """One edition of a template, kept for good; the newest of its kind is in use.

    Without content it is the step back to the template that comes with the software.
    """

    __tablename__ = "office_templates"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    filename: Mapped[str] = mapped_column(String(200), default="")
    content: Mapped[bytes | None]
    digest: Mapped[str] = mapped_column(String(64), default="")
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    uploaded_at: Mapped[datetime]


class DbLetterFields(Base):
    """What the office filled into the documents of a contest last: JSON, offered again the next time."""

    __tablename__ = "letter_fields"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True)
    facts: Mapped[str]
