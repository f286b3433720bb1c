"""Documents made in the background, and the certificates of participation that were issued."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DbDocument(Base):
    """A document that somebody asked for: waiting, being made, made, or over.

    `facts` is the JSON that it is made from; `key` is the same for the same kind, facts and person as long as asking
    again means this document. A worker holds it until `leased_until`. After some days content and facts are emptied.
    """

    __tablename__ = "documents"
    __table_args__ = (Index("ix_documents_state_finished_at", "state", "finished_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    facts: Mapped[str]
    key: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    filename: Mapped[str] = mapped_column(String(200), default="")
    mimetype: Mapped[str] = mapped_column(String(100), default="")
    content: Mapped[bytes | None]
    digest: Mapped[str] = mapped_column(String(64), default="")
    finished_at: Mapped[datetime | None]


class DbCertificate(Base):
    """A certificate of participation as it was last issued, by the code that stands on it.

    `weeks` are the numbers of the weeks taken part in, joined by spaces.
    """

    __tablename__ = "certificates"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    agency: Mapped[str] = mapped_column(String(200))
    weeks: Mapped[str] = mapped_column(String(300))
    issued_at: Mapped[datetime]
