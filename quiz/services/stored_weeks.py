"""Contests and weeks as values, and the rules of stored files, parsed once per process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, String, case, func, literal_column, select

from quiz.contest.schedule import Contest, Week
from quiz.contest.schedule_files import parse_contest
from quiz.models.contests import DbBank, DbWeekBank
from quiz.services import banks
from quiz.verification.commitments import seed_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredContest:
    """A contest with its row's id."""

    id: int
    rules: Contest


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWeek:
    """A week of a stored contest with what only the database knows; the seeds are secret until the week closes.

    `banks` are the digests of the banks that it has frozen, by name; `week` closes when an incident says, if one does.
    While `keys_sealed` nothing of it can be marked or explained.
    `commitment` is the number of the promise under which it opened, `lot_value` the public value signed for its lots.
    """

    id: int
    contest: StoredContest
    week: Week
    banks: Mapping[str, str]
    keys_sealed: bool
    draw_seed: bytes
    lot_seed: bytes
    record_secret: bytes
    frozen_at: datetime | None
    marked_at: datetime | None
    commitment: int | None
    lot_value: str | None

    @property
    def name(self) -> str:
        """What the round is called: 'Tuần 2', 'Thi thử'."""
        return self.contest.rules.name_of(self.week)

    @property
    def lot_commitment(self) -> str:
        """What stands for the lot seed before the week opens, on the rules page as in the commitment."""
        return seed_hash("lot", self.lot_seed)


_rules: dict[str, Contest] = {}


def rules_of(digest: str, source: bytes) -> Contest:
    """The rules of a stored file, parsed once per process."""
    if digest not in _rules:
        _rules[digest] = parse_contest(source)
    return _rules[digest]


def known_rules(digest: str) -> Contest | None:
    """The rules of a stored file that this process has parsed already."""
    return _rules.get(digest)


def stored_week(contest: StoredContest, row: Any, frozen: Mapping[str, tuple[str, bool]]) -> StoredWeek:
    """The week of a row, with the digest of each bank by name, and whether its keys are sealed."""
    for digest, is_sealed in frozen.values():
        if is_sealed:
            banks.let_go(digest)
    return StoredWeek(
        id=row.id,
        contest=contest,
        week=as_extended(contest.rules, row),
        banks={name: digest for name, (digest, _) in frozen.items()},
        keys_sealed=any(is_sealed for _, is_sealed in frozen.values()),
        draw_seed=row.draw_seed,
        lot_seed=row.lot_seed,
        record_secret=row.record_secret,
        frozen_at=row.frozen_at,
        marked_at=row.marked_at,
        commitment=row.commitment,
        lot_value=row.lot_value,
    )


_DIGEST, _SEALED, _END = 64, "1", "\x1e"
_FROZEN = (
    case((DbBank.source.is_(None), literal_column(f"'{_SEALED}'", String)), else_=literal_column("'0'", String))
    + DbWeekBank.digest
    + DbWeekBank.name
)


def columns(weeks: FromClause) -> tuple[ColumnElement[Any], ...]:
    """All that a week is made of in one row; `frozen` tells of each bank whether it is sealed, its digest and name."""
    all_frozen = (
        select(func.aggregate_strings(_FROZEN, literal_column(f"'{_END}'")))  # type: ignore[arg-type]
        .join_from(DbWeekBank, DbBank, DbBank.digest == DbWeekBank.digest)
        .where(DbWeekBank.week_id == weeks.c.id)
    )
    return (*weeks.c, all_frozen.scalar_subquery().label("frozen"))


def of_columns(contest: StoredContest, row: Any) -> StoredWeek:
    """The week of such a row."""
    kept = (each for each in (row.frozen or "").split(_END) if each)
    return stored_week(
        contest, row, {each[1 + _DIGEST :]: (each[1 : 1 + _DIGEST], each[0] == _SEALED) for each in kept}
    )


def as_extended(rules: Contest, row: Any) -> Week:
    """The week of a row, closing when an incident says, if one does."""
    week = week_of(rules, row.number)
    return replace(week, closes_at=row.extended_to) if row.extended_to else week


def week_of(rules: Contest, number: int) -> Week:
    """The week of a number that the rules have."""
    week = rules.week(number)
    assert week is not None
    return week
