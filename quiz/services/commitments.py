"""What is promised of a week before it opens: one file for the public, whose digest others hold.

A week opens under the newest version that still says what is so, and until there is one nobody starts
(`docs/verification.md` §6). Made in `commitment_making.py`, where the keys can be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from quiz.errors import Refused
from quiz.models.commitments import DbCommitment, DbCommitmentRequest
from quiz.models.contests import DbContest, DbContestBank, DbWeek
from quiz.questions.paper import missing_from
from quiz.services import Actor, Transaction, audit, contests, headcounts, insert_or_leave, week_opening
from quiz.services.contests import StoredWeek
from quiz.services.week_opening import Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """One version as the public reads it. `is_late`: made when the week should already have been open.

    `counts`: the week opened under this version.
    """

    number: int
    made_at: datetime
    digest: str
    is_late: bool
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a version made now would promise, without any key; `is_promised`: the newest version says the same."""

    basis: Basis
    questions: Mapping[str, int]
    is_promised: bool

    @property
    def people(self) -> int:
        """The sum of all denominators."""
        return sum(people for _code, _kind, people in self.basis.agencies)


def of_week(session: Transaction, week: StoredWeek) -> tuple[Commitment, ...]:
    """Every version, the newest first."""
    columns = (DbCommitment.number, DbCommitment.made_at, DbCommitment.digest)
    rows = session.execute(select(*columns).where(_of(week)).order_by(DbCommitment.number.desc()))
    return tuple(
        Commitment(
            number=row.number,
            made_at=row.made_at,
            digest=row.digest,
            is_late=row.made_at >= week.week.opens_at,
            counts=row.number == week.commitment,
        )
        for row in rows
    )


def find_newest(session: Transaction, week: StoredWeek) -> Commitment | None:
    """The newest version, or None."""
    return next(iter(of_week(session, week)), None)


def file(session: Transaction, week: StoredWeek, number: int | None = None) -> tuple[bytes, str]:
    """A version as published, to the byte, and its digest; the newest where no number is given.

    Raises Refused(commitment_missing).
    """
    wanted = () if number is None else (DbCommitment.number == number,)
    columns = select(DbCommitment.body, DbCommitment.digest).where(_of(week), *wanted)
    row = session.execute(columns.order_by(DbCommitment.number.desc()).limit(1)).one_or_none()
    if row is None:
        raise Refused("commitment_missing", week=week.name)
    return row.body, row.digest


def contents(session: Transaction, week: StoredWeek) -> Contents:
    """What there is to promise; raises Refused(no_bank) where a paper of the week cannot be drawn."""
    basis = basis_of(session, week)
    rules = week.contest.rules
    division_of = {rules.paper_of(week.week, one.code).bank: one.code for one in rules.all_divisions}
    counts = {name: len(contests.pool(session, week, division_of[name])) for name in sorted(basis.banks)}
    return Contents(basis=basis, questions=counts, is_promised=is_promised(session, week, basis))


def asked_at(session: Transaction, week: StoredWeek) -> datetime | None:
    """Since when an organiser waits for a version."""
    return session.scalar(select(DbCommitmentRequest.asked_at).where(DbCommitmentRequest.week_id == week.id))


def ask(session: Transaction, week_id: int, actor: Actor, now: datetime) -> None:
    """Have a version made now; asking twice is once.

    Raises Refused: commitment_settled, commitment_current, no_bank.
    """
    contests.freeze_due_weeks(session, now)
    week = contests.get_week_by_id(session, week_id)
    check_needed(session, week, basis_of(session, week), now)
    row = {"week_id": week_id, "asked_by": actor.id, "asked_at": now}
    session.execute(insert_or_leave(session.connection(), DbCommitmentRequest), [row])
    audit.record(session, audit.Act.ASK_COMMITMENT, actor, now, week=week.week.number)


def is_settled(week: StoredWeek, now: datetime) -> bool:
    """Whether no version can be made any more: the week opened under one, or is over."""
    return week.week.is_practice or week.commitment is not None or week.contest.rules.is_over(week.week, now)


def is_promised(session: Transaction, week: StoredWeek, basis: Basis) -> bool:
    """Whether the newest version says what is so. A week that opened under none needs another one in any case."""
    newest = select(DbCommitment.basis).where(_of(week)).order_by(DbCommitment.number.desc()).limit(1)
    return week.frozen_at is None and session.scalar(newest) == basis.digest


def check_needed(session: Transaction, week: StoredWeek, basis: Basis, now: datetime) -> None:
    """Raises Refused where no further version is made: commitment_settled, commitment_current."""
    if is_settled(week, now):
        raise Refused("commitment_settled", week=week.name)
    if is_promised(session, week, basis):
        raise Refused("commitment_current", week=week.name)


def basis_of(session: Transaction, week: StoredWeek) -> Basis:
    """What the opening has fixed, or what it would fix by what is known now; raises Refused(no_bank)."""
    rules = week.contest.rules
    for division in rules.all_divisions:
        if missing_from(contests.pool(session, week, division.code), rules.paper_of(week.week, division.code)):
            raise Refused("no_bank", week=week.name)
    row = session.get_one(DbWeek, week.id)
    if week.frozen_at is not None:
        return week_opening.of_frozen(session, row)
    names = {rules.paper_of(week.week, division.code).bank for division in rules.all_divisions}
    loaded = select(DbContestBank.name, DbContestBank.digest).where(
        DbContestBank.contest_id == week.contest.id, DbContestBank.name.in_(names)
    )
    return Basis(
        contest_file=session.get_one(DbContest, row.contest_id).rules_digest,
        banks={one.name: one.digest for one in session.execute(loaded)},
        agencies=headcounts.denominators(session, row.opens_at),
    )


def _of(week: StoredWeek) -> ColumnElement[bool]:
    return DbCommitment.week_id == week.id
