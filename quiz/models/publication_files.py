"""Files made from publications."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base

PICTURE, BUNDLE = "picture", "bundle"
"""What social networks show of a publication, and from what anyone recomputes it."""


class DbPublicationFile(Base):
    """A file that the scheduler has made from a publication, one of each kind; `digest` is its SHA-256."""

    __tablename__ = "publication_files"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    content: Mapped[bytes]
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
