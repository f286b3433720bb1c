"""Contests, their weeks, the banks that weeks froze, and the denominators frozen at opening."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DbInstallation(Base):
    """One row that says what this database is for: a demo database can never become a real one, or the reverse."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime]


class DbBank(Base):
    """A question bank as the bytes of its file, named by their SHA-256.

    While its keys are sealed there is no `source`: `printed` is what papers need, as JSON, and `sealed` the file and
    all else that tells its keys, encrypted. `opened_at` says since when the keys are open for good.
    """

    __tablename__ = "banks"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[bytes | None]
    loaded_at: Mapped[datetime]
    printed: Mapped[str] = mapped_column(default="")
    sealed: Mapped[bytes | None]
    sealed_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]


class DbContest(Base):
    """A contest as the text of its file; the rules are always read from there. `passphrase_hash` opens registration."""

    __tablename__ = "contests"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    rules: Mapped[bytes]
    rules_digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime]
    passphrase_hash: Mapped[str | None] = mapped_column(String(200))


class DbContestBank(Base):
    """The bank that the next weeks to open will freeze, by the name that the contest file gives it, '' the main one."""

    __tablename__ = "contest_banks"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("banks.digest"))


class DbWeek(Base):
    """A week with its secrets. Its banks and headcounts are fixed when `frozen_at` is set, at opening.

    Number 0 is the practice round. `extended_to` is the closing moment that an incident put in place of `closes_at`.
    `commitment` is the number of the version that was promised of the week as it opened: before there is one, nobody
    starts. `record_secret` salts what is sealed of attempts; `question_secret` salts the questions promised, and is
    sealed as long as their keys are. `lot_value` is the public value that draws the lots, as two people signed it.
    """

    __tablename__ = "weeks"
    __table_args__ = (UniqueConstraint("contest_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    number: Mapped[int]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    draw_seed: Mapped[bytes]
    lot_seed: Mapped[bytes]
    lot_value: Mapped[str | None] = mapped_column(String(200))
    extended_to: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    marked_at: Mapped[datetime | None]
    record_secret: Mapped[bytes]
    sealed_question_secret: Mapped[bytes | None]
    question_secret: Mapped[bytes | None]
    commitment: Mapped[int | None]


class DbWeekBank(Base):
    """A bank that a week has frozen, by its name in the contest file."""

    __tablename__ = "week_banks"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("banks.digest"))


class DbHeadcount(Base):
    """The denominator of one agency in one week, as it stood when the week opened."""

    __tablename__ = "headcounts"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    headcount: Mapped[int]


class DbBarred(Base):
    """A person whom the rules keep out of a contest, under one of the file's groups."""

    __tablename__ = "barred_people"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    group_code: Mapped[str] = mapped_column(String(40))
