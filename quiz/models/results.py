"""Standings of a marked week, and the numbered publications made from them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from quiz.models import Base


class DbStanding(Base):
    """One person's place in the provisional ranking of a week and division.

    The attempt is the one that counts; `attempts`, `full_marks` and `prediction` are what the chain may ask besides.
    """

    __tablename__ = "standings"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), primary_key=True)
    division: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    place: Mapped[int] = mapped_column(primary_key=True)
    rank: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    attempt_code: Mapped[str] = mapped_column(ForeignKey("attempts.code"))
    decided_by: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(default=1)
    full_marks: Mapped[int] = mapped_column(default=0)
    prediction: Mapped[int | None]


class DbTally(Base):
    """People, people with everything right, and attempts of one week and division: what was to be predicted."""

    __tablename__ = "tallies"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), primary_key=True)
    division: Mapped[str] = mapped_column(String(40), primary_key=True)
    people: Mapped[int]
    people_all_right: Mapped[int]
    attempts: Mapped[int]


class DbWeekCounts(Base):
    """What is counted over all attempts of a round, as JSON, for pages that must not count a million themselves.

    `acts` is the number of the last entry of the audit log when it was counted.
    """

    __tablename__ = "week_counts"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), primary_key=True)
    counted_at: Mapped[datetime]
    acts: Mapped[int]
    body: Mapped[str]


class DbPublication(Base):
    """Công bố lần N of a week: immutable JSON from which every public page is served; a correction is lần N+1."""

    __tablename__ = "publications"
    __table_args__ = (UniqueConstraint("week_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"))
    number: Mapped[int]
    published_at: Mapped[datetime]
    published_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(String(1000))
    body: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))


@event.listens_for(DbPublication, "before_update")
@event.listens_for(DbPublication, "before_delete")
def _refuse_change(_mapper: Mapper[DbPublication], _connection: Connection, _publication: DbPublication) -> None:
    raise ValueError("a publication is immutable; a correction is the next number")
