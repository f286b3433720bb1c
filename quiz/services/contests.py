"""Contest files and banks into the database; freezing a week at its opening; what is held in memory by digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, insert, or_, select

from quiz.contest.schedule import Contest, Week, problems_before_opening
from quiz.contest.schedule_files import parse_contest
from quiz.errors import Refused
from quiz.models.contests import DbBank, DbContest, DbHeadcount, DbWeek
from quiz.models.people import DbAgency, DbMembership
from quiz.questions.bank import Bank, Question
from quiz.questions.bank_file import parse_bank
from quiz.questions.paper import missing_from
from quiz.services import Actor, Transaction, audit
from quiz.vietnamese import closing


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredContest:
    """A contest with its row's id and the bank that its next weeks will freeze (None before one is loaded)."""

    id: int
    rules: Contest
    bank_digest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWeek:
    """A week of a stored contest with what only the database knows; the seeds are secret until the week closes."""

    id: int
    contest: StoredContest
    week: Week
    bank_digest: str | None
    draw_seed: bytes
    lot_seed: bytes
    frozen_at: datetime | None
    marked_at: datetime | None

    @property
    def lot_commitment(self) -> str:
        """SHA-256 of the lot seed in hexadecimal, public before the week opens."""
        return hashlib.sha256(self.lot_seed).hexdigest()


_rules: dict[str, Contest] = {}
_banks: dict[str, Bank] = {}
_pools: dict[tuple[str, tuple[date, date]], tuple[Question, ...]] = {}


def rules_of(digest: str, source: bytes) -> Contest:
    """The rules of a stored file, parsed once per process."""
    if digest not in _rules:
        _rules[digest] = parse_contest(source)
    return _rules[digest]


def bank(session: Transaction, digest: str) -> Bank:
    """The bank of that digest, read from the database once per process."""
    if digest not in _banks:
        row = session.get_one(DbBank, digest)
        _banks[digest] = parse_bank(row.source)
    return _banks[digest]


def find_current(session: Transaction) -> StoredContest | None:
    """The newest contest, or None on an empty installation."""
    row = session.execute(
        select(DbContest.id, DbContest.rules_digest, DbContest.rules, DbContest.bank_digest)
        .order_by(DbContest.id.desc())
        .limit(1)
    ).first()
    return row and StoredContest(id=row.id, rules=rules_of(row.rules_digest, row.rules), bank_digest=row.bank_digest)


def get_current(session: Transaction) -> StoredContest:
    """The newest contest; raises Refused(contest_missing)."""
    contest = find_current(session)
    if contest is None:
        raise Refused("contest_missing")
    return contest


def get_week(session: Transaction, contest: StoredContest, number: int) -> StoredWeek:
    """The week of that number; raises Refused(week_missing)."""
    row = session.scalar(select(DbWeek).where(DbWeek.contest_id == contest.id, DbWeek.number == number))
    week = contest.rules.week(number)
    if row is None or week is None:
        raise Refused("week_missing")
    return _stored(row, contest, week)


def get_week_by_id(session: Transaction, week_id: int) -> StoredWeek:
    """The week of that row, under whichever contest it belongs to."""
    row = session.get_one(DbWeek, week_id)
    owner = session.get_one(DbContest, row.contest_id)
    rules, week = _rules_of_week(session, row)
    return _stored(row, StoredContest(id=owner.id, rules=rules, bank_digest=owner.bank_digest), week)


def weeks(session: Transaction, contest: StoredContest) -> tuple[StoredWeek, ...]:
    """Every week of the contest, in order."""
    rows = session.scalars(select(DbWeek).where(DbWeek.contest_id == contest.id).order_by(DbWeek.number))
    by_number = {week.number: week for week in contest.rules.weeks}
    return tuple(_stored(row, contest, by_number[row.number]) for row in rows)


def pool(session: Transaction, week: StoredWeek) -> tuple[Question, ...]:
    """The questions that may be asked in this week; raises Refused(no_bank).

    A week that opened without a bank for its papers has none until one is loaded.
    """
    digest = week.bank_digest if week.frozen_at else week.contest.bank_digest
    if digest is None:
        raise Refused("no_bank", week=week.week.number)
    return _pool(digest, bank(session, digest), week.contest.rules.local_days(week.week))


def _pool(digest: str, loaded: Bank, days: tuple[date, date]) -> tuple[Question, ...]:
    if (digest, days) not in _pools:
        _pools[digest, days] = loaded.pool(*days)
    return _pools[digest, days]


def load_contest(
    session: Transaction, source: bytes, actor: Actor, now: datetime, new_seed: Callable[[], bytes]
) -> StoredContest:
    """Store a contest file, new or changed. A week that has opened keeps its times, bank and seeds.

    Raises FaultyFile for a faulty file, Refused(week_already_open) where it would move a week that has opened,
    Refused(rules_already_apply) where it would change what has decided since the first week opened.
    """
    rules = parse_contest(source)
    digest = hashlib.sha256(source).hexdigest()
    row = session.scalar(select(DbContest).where(DbContest.slug == rules.slug))
    if row is None:
        row = DbContest(slug=rules.slug, rules=source, rules_digest=digest, loaded_at=now)
        session.add(row)
    else:
        _check_rules_kept(session, row, rules, now)
        row.rules, row.rules_digest, row.loaded_at = source, digest, now
    session.flush()
    _store_weeks(session, row.id, rules, now, new_seed)
    audit.record(session, audit.Act.LOAD_CONTEST, actor, now, contest=rules.slug, digest=digest)
    return StoredContest(id=row.id, rules=rules, bank_digest=row.bank_digest)


def load_bank(session: Transaction, source: bytes, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Store a bank for the weeks of the current contest that have no bank of their own yet; the problems left.

    Those are the weeks that have not opened, and those that opened without a bank from which papers can be drawn.

    Raises FaultyFile with every fault of the file, Refused(contest_missing).
    """
    loaded = parse_bank(source)
    contest = get_current(session)
    freeze_due_weeks(session, now)
    if session.get(DbBank, loaded.digest) is None:
        session.add(DbBank(digest=loaded.digest, source=source, loaded_at=now))
        session.flush()
    session.get_one(DbContest, contest.id).bank_digest = loaded.digest
    session.flush()
    opened_without = (DbWeek.contest_id == contest.id, DbWeek.frozen_at.is_not(None), DbWeek.bank_digest.is_(None))
    for row in session.scalars(select(DbWeek).where(*opened_without)).all():
        _freeze_bank(session, row)
    slug, count = contest.rules.slug, len(loaded.questions)
    audit.record(session, audit.Act.LOAD_BANK, actor, now, contest=slug, digest=loaded.digest, questions=count)
    return problems_before_opening(contest.rules, loaded)


def freeze_due_weeks(session: Transaction, now: datetime) -> int:
    """Write down what the opening of a week decided: its bank and its denominators. How many weeks were frozen.

    Runs before anything that could change them, so that it makes no difference whether a job has run.
    """
    due = session.scalars(
        select(DbWeek).where(DbWeek.frozen_at.is_(None), DbWeek.opens_at <= now).order_by(DbWeek.id).with_for_update()
    ).all()
    for row in due:
        row.frozen_at = now
        _freeze_bank(session, row)
        _freeze_headcounts(session, row)
    session.flush()
    return len(due)


def problems(session: Transaction, contest: StoredContest) -> tuple[str, ...]:
    """What is still missing before weeks may open, as sentences for the organiser."""
    loaded = bank(session, contest.bank_digest) if contest.bank_digest else None
    return problems_before_opening(contest.rules, loaded)


def _freeze_bank(session: Transaction, row: DbWeek) -> None:
    """A week keeps the first bank from which all of its papers can be drawn; before that nobody can start."""
    digest = session.get_one(DbContest, row.contest_id).bank_digest
    if digest is None:
        return
    rules, week = _rules_of_week(session, row)
    if not missing_from(_pool(digest, bank(session, digest), rules.local_days(week)), rules.paper):
        row.bank_digest = digest


def _freeze_headcounts(session: Transaction, row: DbWeek) -> None:
    members = (
        select(DbMembership.agency_id, func.count().label("people"))
        .where(member_at(row.opens_at))
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
            [{"week_id": row.id, "agency_id": a.id, "headcount": max(a.headcount or 0, a.people)} for a in agencies],
        )


def member_at(at: datetime) -> ColumnElement[bool]:
    """The condition that a membership holds at a moment."""
    return (DbMembership.since <= at) & or_(DbMembership.until.is_(None), DbMembership.until > at)


def _check_rules_kept(session: Transaction, row: DbContest, rules: Contest, now: datetime) -> None:
    """Once a week has opened, what decides papers, places, prizes and rates stays as people knew it."""
    opened = session.scalar(select(func.min(DbWeek.number)).where(DbWeek.contest_id == row.id, DbWeek.opens_at <= now))
    if opened is not None and _deciding(rules_of(row.rules_digest, row.rules)) != _deciding(rules):
        raise Refused("rules_already_apply", week=opened)


def _deciding(rules: Contest) -> tuple[object, ...]:
    return rules.zone, rules.paper, rules.attempts, rules.chain, rules.prizes, rules.participation


def _store_weeks(
    session: Transaction, contest_id: int, rules: Contest, now: datetime, new_seed: Callable[[], bytes]
) -> None:
    stored = {row.number: row for row in session.scalars(select(DbWeek).where(DbWeek.contest_id == contest_id))}
    for number, row in stored.items():
        week = rules.week(number)
        unchanged = week is not None and (week.opens_at, week.closes_at) == (row.opens_at, row.closes_at)
        if row.opens_at <= now and not unchanged:
            raise Refused("week_already_open", week=number)
        if week is None:
            session.delete(row)
        elif not unchanged:
            row.opens_at, row.closes_at = week.opens_at, week.closes_at
    for week in rules.weeks:
        if week.number not in stored:
            session.add(
                DbWeek(
                    contest_id=contest_id,
                    number=week.number,
                    opens_at=week.opens_at,
                    closes_at=week.closes_at,
                    draw_seed=new_seed(),
                    lot_seed=new_seed(),
                )
            )
    session.flush()


def _rules_of_week(session: Transaction, row: DbWeek) -> tuple[Contest, Week]:
    owner = session.get_one(DbContest, row.contest_id)
    rules = rules_of(owner.rules_digest, owner.rules)
    week = rules.week(row.number)
    assert week is not None
    return rules, week


def _stored(row: DbWeek, contest: StoredContest, week: Week) -> StoredWeek:
    return StoredWeek(
        id=row.id,
        contest=contest,
        week=week,
        bank_digest=row.bank_digest,
        draw_seed=row.draw_seed,
        lot_seed=row.lot_seed,
        frozen_at=row.frozen_at,
        marked_at=row.marked_at,
    )


def check_closed(week: StoredWeek, now: datetime) -> None:
    """Nothing about results or answers exists before the week and its grace are over; raises Refused(not_closed)."""
    rules = week.contest.rules
    if not rules.is_over(week.week, now):
        raise Refused("not_closed", week=week.week.number, closes=closing(week.week.closes_at, rules.zone))
