"""What the opening of a week fixes besides its banks: the denominators, and the promise under which it opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, insert, select

from quiz.models.commitments import DbCommitment
from quiz.models.contests import DbContest, DbHeadcount, DbWeek, DbWeekBank
from quiz.models.people import DbAgency, DbMembership
from quiz.services import Transaction
from quiz.verification.canonical import fingerprint

Denominator = tuple[str, str, int]
"""An agency by its code, its kind and the people by which its rate is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """All that may still change before a week opens: the contest file, the bank of each name, the denominators.

    It is told without any key, so that whoever starts can see whether the newest promise still stands.
    """

    contest_file: str
    banks: Mapping[str, str]
    agencies: Sequence[Denominator]

    @property
    def digest(self) -> str:
        """The same as long as nothing has changed."""
        told = {"contest_file": self.contest_file, "banks": dict(self.banks), "agencies": sorted(self.agencies)}
        return fingerprint("basis", told)


def freeze_headcounts(session: Transaction, week: DbWeek, belongs: ColumnElement[bool]) -> None:
    """By how many people each agency is measured in this week: those who belong there, or more where it says so."""
    members = (
        select(DbMembership.agency_id, func.count().label("people"))
        .where(belongs)
        .group_by(DbMembership.agency_id)
        .subquery()
    )
    agencies = session.execute(
        select(DbAgency.id, DbAgency.headcount, func.coalesce(members.c.people, 0).label("people")).join(
            members, members.c.agency_id == DbAgency.id, isouter=True
        )
    ).all()
    if agencies:
        session.execute(
            insert(DbHeadcount),
            [{"week_id": week.id, "agency_id": a.id, "headcount": max(a.headcount or 0, a.people)} for a in agencies],
        )


def of_frozen(session: Transaction, week: DbWeek) -> Basis:
    """What the opening of a week has fixed."""
    banks = session.execute(select(DbWeekBank.name, DbWeekBank.digest).where(DbWeekBank.week_id == week.id))
    agencies = session.execute(
        select(DbAgency.code, DbAgency.kind, DbHeadcount.headcount)
        .join(DbAgency, DbAgency.id == DbHeadcount.agency_id)
        .where(DbHeadcount.week_id == week.id)
    )
    return Basis(
        contest_file=session.get_one(DbContest, week.contest_id).rules_digest,
        banks={row.name: row.digest for row in banks},
        agencies=[(row.code, row.kind, row.headcount) for row in agencies],
    )


def open_under_newest(session: Transaction, week: DbWeek) -> None:
    """Note under which promise a week opens: the newest one, if everything is still as it was promised."""
    newest = session.scalar(
        select(DbCommitment).where(DbCommitment.week_id == week.id).order_by(DbCommitment.number.desc()).limit(1)
    )
    if newest and newest.basis == of_frozen(session, week).digest:
        week.commitment = newest.number
