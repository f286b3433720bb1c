"""Contests and weeks as they are stored, and the banks that they use; freezing a week at its opening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, bindparam, func, or_, select

from quiz.contest.schedule import Contest, problems_before_opening
from quiz.errors import Refused
from quiz.models.contests import DbBank, DbContest, DbContestBank, DbWeek, DbWeekBank
from quiz.models.people import DbMembership
from quiz.questions.bank import Bank, Question
from quiz.questions.paper import Deck, PaperRules, missing_from
from quiz.services import Transaction, banks, roster_moves_due, week_opening
from quiz.services.stored_weeks import StoredContest as StoredContest
from quiz.services.stored_weeks import StoredWeek as StoredWeek
from quiz.services.stored_weeks import as_extended as with_extension
from quiz.services.stored_weeks import known_rules, stored_week, week_of
from quiz.services.stored_weeks import rules_of as rules_of
from quiz.vietnamese import closing


def find_current(session: Transaction) -> StoredContest | None:
    """The newest contest, or None on an empty installation."""
    newest = session.execute(_NEWEST).first()
    return known(session, newest.id, newest.rules_digest) if newest else None


def get_by_id(session: Transaction, contest_id: int) -> StoredContest:
    """The contest of that row."""
    row = session.get_one(DbContest, contest_id)
    return StoredContest(id=row.id, rules=rules_of(row.rules_digest, row.rules))


def known(session: Transaction, contest_id: int, digest: str) -> StoredContest:
    """The contest of that row and digest; its file is read only where this process has not parsed it yet."""
    rules = known_rules(digest)
    return StoredContest(id=contest_id, rules=rules) if rules else get_by_id(session, contest_id)


def get_current(session: Transaction) -> StoredContest:
    """The newest contest; raises Refused(contest_missing)."""
    contest = find_current(session)
    if contest is None:
        raise Refused("contest_missing")
    return contest


def get_week(session: Transaction, contest: StoredContest, number: int) -> StoredWeek:
    """The week of that number, 0 being the practice round; raises Refused(week_missing)."""
    row = session.scalar(_WEEK, {"contest": contest.id, "number": number})
    if row is None or contest.rules.week(number) is None:
        raise Refused("week_missing")
    return _stored(session, contest, [row])[0]


def get_week_by_id(session: Transaction, week_id: int) -> StoredWeek:
    """The week of that row, under whichever contest it belongs to."""
    row = session.get_one(DbWeek, week_id)
    return _stored(session, get_by_id(session, row.contest_id), [row])[0]


def weeks(session: Transaction, contest: StoredContest) -> tuple[StoredWeek, ...]:
    """Every week of the contest, in order; the practice round is none of them."""
    return tuple(week for week in rounds(session, contest) if not week.week.is_practice)


def rounds(session: Transaction, contest: StoredContest) -> tuple[StoredWeek, ...]:
    """The practice round, if any, and every week."""
    rows = session.scalars(_ROUNDS, {"contest": contest.id}).all()
    return _stored(session, contest, rows)


def as_extended(session: Transaction, contest: StoredContest) -> Contest:
    """The rules with the closings that incidents have put in place of those in the file."""
    rules = contest.rules
    extended = (DbWeek.contest_id == contest.id, DbWeek.extended_to.is_not(None))
    moved = {row.number: with_extension(rules, row) for row in session.scalars(select(DbWeek).where(*extended))}
    return replace(
        rules,
        weeks=tuple(moved.get(week.number, week) for week in rules.weeks),
        practice=rules.practice and moved.get(0, rules.practice),
    )


def held(session: Transaction, week: StoredWeek) -> StoredWeek:
    """The week as it closes now, and so until the transaction ends: an extension has come before, or waits."""
    extended_to = session.scalar(
        select(DbWeek.extended_to).where(DbWeek.id == week.id).with_for_update(read=True, key_share=True)
    )
    return replace(week, week=replace(week.week, closes_at=extended_to)) if extended_to else week


def closes_at() -> ColumnElement[datetime]:
    """The moment at which a week really closes, for conditions: an incident may have extended it."""
    return func.coalesce(DbWeek.extended_to, DbWeek.closes_at)


def pool(session: Transaction, week: StoredWeek, division: str) -> tuple[Question, ...]:
    """The questions, without keys, that papers of a division in this week are drawn from; raises Refused(no_bank)."""
    return banks.pool(session, _bank_of(session, week, division), _days(week.contest.rules, week.week.number))


def pool_with_keys(session: Transaction, week: StoredWeek, division: str) -> tuple[Question, ...]:
    """The same questions with their keys, for marking; raises Refused: no_bank, keys_sealed."""
    if week.keys_sealed:
        raise Refused("keys_sealed")
    digest, days = _bank_of(session, week, division), _days(week.contest.rules, week.week.number)
    return banks.with_keys(session, digest).pool(*days)


def deck(session: Transaction, week: StoredWeek, division: str) -> Deck:
    """The questions of `pool`, made ready for drawing papers; raises Refused(no_bank)."""
    rules = week.contest.rules
    asked, days = rules.paper_of(week.week, division), _days(rules, week.week.number)
    return banks.deck(session, _bank_of(session, week, division), days, asked)


def deck_with_keys(session: Transaction, week: StoredWeek, division: str) -> Deck:
    """The same with their keys, for marking; raises Refused: no_bank, keys_sealed."""
    return Deck(pool_with_keys(session, week, division), week.contest.rules.paper_of(week.week, division))


def _bank_of(session: Transaction, week: StoredWeek, division: str) -> str:
    """A week that opened without a bank for its papers has none until one is loaded."""
    rules = week.contest.rules
    name = rules.paper_of(week.week, division).bank
    digest = (week.banks if week.frozen_at else _next_banks(session, week.contest)).get(name)
    if digest is None:
        raise Refused("no_bank", week=rules.name_of(week.week))
    return digest


def _days(rules: Contest, number: int) -> banks.Days:
    """Whatever extends a week, its questions are those of the days in the contest file: no paper may change."""
    return rules.local_days(week_of(rules, number))


def freeze_due_weeks(session: Transaction, now: datetime) -> int:
    """Write down what the opening of a week decided: bank, denominators, promise. How many weeks were frozen.

    Runs before anything that could change them, so that it makes no difference whether a job has run. Whoever changes
    something holds the weeks to come until the end of the transaction: one that opens meanwhile waits for the change.
    """
    unfrozen = select(DbWeek).where(DbWeek.frozen_at.is_(None)).order_by(DbWeek.id)
    due = session.scalars(unfrozen.where(DbWeek.opens_at <= now).with_for_update()).all()
    roster_moves_due.carry_out_due(session, now)
    session.scalars(unfrozen.where(DbWeek.opens_at > now).with_for_update(read=True, key_share=True)).all()
    for row in due:
        row.frozen_at = now
        freeze_banks(session, row)
        if row.number:
            week_opening.freeze_headcounts(session, row, member_at(row.opens_at))
            week_opening.open_under_newest(session, row)
    session.flush()
    return len(due)


def problems(session: Transaction, contest: StoredContest) -> tuple[str, ...]:
    """What is still missing before weeks may open, as sentences for the organiser."""
    return problems_before_opening(contest.rules, loaded_banks(session, contest))


def loaded_banks(session: Transaction, contest: StoredContest) -> dict[str, Bank]:
    """The banks that the next weeks to open will freeze, by name and without keys."""
    return {name: banks.for_papers(session, digest) for name, digest in _next_banks(session, contest).items()}


def topics(session: Transaction, contest: StoredContest) -> dict[str, str]:
    """What the topics are called in the banks loaded."""
    loaded = loaded_banks(session, contest).values()
    return {topic: name for each in loaded for topic, name in each.topics.items()}


def freeze_banks(session: Transaction, row: DbWeek) -> None:
    """A week keeps, by name, the first bank from which all its papers can be drawn; before that nobody can start."""
    contest = get_by_id(session, row.contest_id)
    rules, week = contest.rules, week_of(contest.rules, row.number)
    papers: dict[str, list[PaperRules]] = {}
    for division in rules.all_divisions:
        paper = rules.paper_of(week, division.code)
        papers.setdefault(paper.bank, []).append(paper)
    frozen, loaded = _banks_of_weeks(session, [row.id]).get(row.id, {}), _next_banks(session, contest)
    for name, drawn in papers.items():
        digest = loaded.get(name)
        if digest is None or name in frozen:
            continue
        questions = banks.pool(session, digest, _days(rules, row.number))
        if not any(missing_from(questions, paper) for paper in drawn):
            session.add(DbWeekBank(week_id=row.id, name=name, digest=digest))
    session.flush()


def member_at(at: datetime) -> ColumnElement[bool]:
    """The condition that a membership holds at a moment."""
    return (DbMembership.since <= at) & or_(DbMembership.until.is_(None), DbMembership.until > at)


def _next_banks(session: Transaction, contest: StoredContest) -> dict[str, str]:
    """The digests, by name, of the banks that the next weeks to open will freeze."""
    rows = session.execute(
        select(DbContestBank.name, DbContestBank.digest).where(DbContestBank.contest_id == contest.id)
    )
    return {row.name: row.digest for row in rows}


def _banks_of_weeks(session: Transaction, week_ids: Sequence[int]) -> dict[int, dict[str, tuple[str, bool]]]:
    """By week and name, the digest of each bank and whether its keys are sealed."""
    found: dict[int, dict[str, tuple[str, bool]]] = {}
    for row in session.execute(_FROZEN_BANKS, {"weeks": week_ids}):
        found.setdefault(row.week_id, {})[row.name] = (row.digest, row.is_sealed)
    return found


def _stored(session: Transaction, contest: StoredContest, rows: Sequence[DbWeek]) -> tuple[StoredWeek, ...]:
    found = _banks_of_weeks(session, [row.id for row in rows])
    return tuple(stored_week(contest, row, found.get(row.id, {})) for row in rows)


def check_closed(week: StoredWeek, now: datetime) -> None:
    """Nothing about results or answers exists before the week and its grace are over; raises Refused(not_closed)."""
    rules = week.contest.rules
    if not rules.is_over(week.week, now):
        raise Refused("not_closed", week=rules.name_of(week.week), closes=closing(week.week.closes_at, rules.zone))


_CONTEST = bindparam("contest", type_=Integer)
_NEWEST = select(DbContest.id, DbContest.rules_digest).order_by(DbContest.id.desc()).limit(1)
_ROUNDS = select(DbWeek).where(DbWeek.contest_id == _CONTEST).order_by(DbWeek.number)
_WEEK = select(DbWeek).where(DbWeek.contest_id == _CONTEST, DbWeek.number == bindparam("number", type_=Integer))
_FROZEN_BANKS = (
    select(DbWeekBank.week_id, DbWeekBank.name, DbWeekBank.digest, DbBank.source.is_(None).label("is_sealed"))
    .join(DbBank, DbBank.digest == DbWeekBank.digest)
    .where(DbWeekBank.week_id.in_(bindparam("weeks", expanding=True)))
)
