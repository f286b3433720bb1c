"""Contest files and banks on their way in: what may still be changed, and what stays as people knew it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from quiz.contest.schedule import Contest
from quiz.contest.schedule_files import parse_contest
from quiz.contest.schedule_words import NOT_TEXT
from quiz.errors import Refused
from quiz.models.contests import DbBank, DbContest, DbContestBank, DbWeek
from quiz.questions.bank_file import parse_bank
from quiz.questions.paper import PaperRules
from quiz.services import Actor, Transaction, audit, contests
from quiz.services.contests import StoredContest
from quiz.vietnamese import closing, moment
from quiz.yaml_text import Fault, FaultyFile, read_yaml

MAIN_BANK = "(bộ câu hỏi chính)"


def load_contest(
    session: Transaction, source: bytes, actor: Actor, now: datetime, new_seed: Callable[[], bytes]
) -> StoredContest:
    """Store a contest file, new or changed. A week that has opened keeps its times, banks and seeds.

    Raises FaultyFile for a faulty file and for a week that would open while an incident keeps the one before it open,
    Refused(week_already_open) where it would move a week that has opened,
    Refused(rules_already_apply) where it would change what has decided since the first week opened.
    """
    rules = parse_contest(source)
    digest = hashlib.sha256(source).hexdigest()
    row = session.scalar(select(DbContest).where(DbContest.slug == rules.slug))
    before = None
    if row is None:
        row = DbContest(slug=rules.slug, rules=source, rules_digest=digest, loaded_at=now)
        session.add(row)
    else:
        before = contests.rules_of(row.rules_digest, row.rules)
        _check_rules_kept(session, row, before, rules, now)
        _check_after_extensions(session, row, rules, source)
        row.rules, row.rules_digest, row.loaded_at = source, digest, now
    session.flush()
    _store_weeks(session, row.id, before, rules, now, new_seed)
    audit.record(session, audit.Act.LOAD_CONTEST, actor, now, contest=rules.slug, digest=digest)
    return contests.get_by_id(session, row.id)


def load_bank(session: Transaction, source: bytes, actor: Actor, now: datetime, name: str = "") -> tuple[str, ...]:
    """Store a bank for the weeks of the current contest that have none of that name yet; the problems left.

    Those are the weeks that have not opened, and those that opened without a bank from which papers can be drawn.

    Raises FaultyFile with every fault of the file, Refused(contest_missing), Refused(bank_unknown) for a name that no
    paper of the contest is drawn from.
    """
    loaded = parse_bank(source)
    contest = contests.get_current(session)
    if name not in contest.rules.banks:
        names = ", ".join(one or MAIN_BANK for one in contest.rules.banks)
        raise Refused("bank_unknown", name=name or MAIN_BANK, names=names)
    contests.freeze_due_weeks(session, now)
    if session.get(DbBank, loaded.digest) is None:
        session.add(DbBank(digest=loaded.digest, source=source, loaded_at=now))
        session.flush()
    session.merge(DbContestBank(contest_id=contest.id, name=name, digest=loaded.digest))
    session.flush()
    opened = (DbWeek.contest_id == contest.id, DbWeek.frozen_at.is_not(None))
    for row in session.scalars(select(DbWeek).where(*opened)).all():
        contests.freeze_banks(session, row)
    slug, count = contest.rules.slug, len(loaded.questions)
    audit.record(
        session, audit.Act.LOAD_BANK, actor, now, contest=slug, bank=name, digest=loaded.digest, questions=count
    )
    return contests.problems(session, contests.get_current(session))


def _check_rules_kept(session: Transaction, row: DbContest, before: Contest, rules: Contest, now: datetime) -> None:
    """Once a week has opened, what decides papers, places, prizes and rates stays as people knew it.

    The practice round counts for nothing, and keeps no more than its own papers.
    """
    opened = set(session.scalars(select(DbWeek.number).where(DbWeek.contest_id == row.id, DbWeek.opens_at <= now)))
    if 0 in opened and _papers(before, [0]) != _papers(rules, [0]):
        raise Refused("rules_already_apply", week=_name(before, 0))
    first = min(opened - {0}, default=None)
    if first is None:
        return
    common = {week.number for week in before.weeks} & {week.number for week in rules.weeks}
    if _deciding(before, common) != _deciding(rules, common):
        raise Refused("rules_already_apply", week=_name(before, first))


def _check_after_extensions(session: Transaction, row: DbContest, rules: Contest, source: bytes) -> None:
    """No week opens before the end to which an incident has extended an earlier one."""
    extended = (DbWeek.contest_id == row.id, DbWeek.extended_to.is_not(None))
    ends = session.execute(select(DbWeek.number, DbWeek.opens_at, DbWeek.extended_to).where(*extended)).all()
    faults = [
        Fault(
            read_yaml(source, NOT_TEXT).line(("weeks", place, "opens")),
            f"{rules.name_of(week)} mở lúc {moment(week.opens_at, rules.zone)}, khi {_name(rules, other.number)} còn "
            f"mở đến {closing(other.extended_to, rules.zone)} theo quyết định về sự cố; "
            "hãy ghi giờ mở từ lúc đó trở đi",
        )
        for place, week in enumerate(rules.weeks)
        for other in ends
        if other.opens_at < week.opens_at < other.extended_to
    ]
    if faults:
        raise FaultyFile(faults)


def _deciding(rules: Contest, numbers: Iterable[int]) -> tuple[object, ...]:
    """Everything that decides; the steps of a ranking are compared by what they say, kinds of agencies bear no name."""
    divisions = [
        (one.code, one.paper, [(step.name, step.sentence) for step in one.chain], one.prizes)
        for one in rules.all_divisions
    ]
    return (
        *(rules.zone, rules.registration, rules.attempts, divisions, _papers(rules, numbers)),
        *(rules.prediction, rules.one_prize, rules.prize_needs, rules.collective, rules.keys_opened_by),
        replace(rules.participation, kinds={}),
    )


def _papers(rules: Contest, numbers: Iterable[int]) -> dict[tuple[int, str], PaperRules]:
    """What the papers of these rounds look like in every division."""
    rounds = [week for number in numbers if (week := rules.week(number))]
    return {(week.number, one.code): rules.paper_of(week, one.code) for week in rounds for one in rules.all_divisions}


def _name(rules: Contest, number: int) -> str:
    week = rules.week(number)
    return rules.name_of(week) if week else str(number)


def _store_weeks(
    session: Transaction,
    contest_id: int,
    before: Contest | None,
    rules: Contest,
    now: datetime,
    new_seed: Callable[[], bytes],
) -> None:
    rows = {row.number: row for row in session.scalars(select(DbWeek).where(DbWeek.contest_id == contest_id))}
    for number, row in rows.items():
        week = rules.week(number)
        if before and row.opens_at <= now and week != before.week(number):
            raise Refused("week_already_open", week=_name(before, number))
        if week is None:
            session.delete(row)
        else:
            row.opens_at, row.closes_at = week.opens_at, week.closes_at
    for week in rules.rounds:
        if week.number not in rows:
            session.add(
                DbWeek(
                    contest_id=contest_id,
                    number=week.number,
                    opens_at=week.opens_at,
                    closes_at=week.closes_at,
                    draw_seed=new_seed(),
                    lot_seed=new_seed(),
                    record_secret=new_seed(),
                )
            )
    session.flush()
