"""Decisions of two people that touch single attempts: extra time for somebody, and what is done about an incident."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.models import Base


class DecisionOfTwo:
    """What every decision has: its number and reason on paper, who proposed it, who approved it or when it fell."""

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_number: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(1000))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class DbAllowance(DecisionOfTwo, Base):
    """Extra minutes for one person in every week they have not started yet, once a second person has approved.

    0 minutes revoke what was granted before.
    """

    __tablename__ = "allowances"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    minutes: Mapped[int]


class DbKeyOpening(DecisionOfTwo, Base):
    """That the sealed keys of a week are opened, where the contest file wants two people to say so."""

    __tablename__ = "key_openings"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), index=True)


class DbLotValue(DecisionOfTwo, Base):
    """The value of the public event that draws a week's lots, in normal form; the one approved last is in force.

    `ties` are, as JSON, the ties at a prize that it parted when it was approved; '' until then.
    """

    __tablename__ = "lot_values"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), index=True)
    value: Mapped[str] = mapped_column(String(200))
    ties: Mapped[str] = mapped_column(default="")


class DbIncident(DecisionOfTwo, Base):
    """A disturbance of a week, from `began_at` to `ended_at`, and what was decided for whom.

    `kind` is extend (the week closes at `extended_to`), give_back (the time lost) or resit (attempts of the interval
    are set aside); with `sit_again` the first two set aside the attempts that ran out because of it. `agencies` and
    `people` hold the ids of those concerned, joined by spaces; both '' means everybody. A `division` narrows that.
    `attempts` and `set_aside` are what approving touched.
    """

    __tablename__ = "incidents"

    week_id: Mapped[int] = mapped_column(ForeignKey("weeks.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    extended_to: Mapped[datetime | None]
    agencies: Mapped[str] = mapped_column(default="")
    people: Mapped[str] = mapped_column(default="")
    division: Mapped[str] = mapped_column(String(40), default="")
    sit_again: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int | None]
    set_aside: Mapped[int | None]
