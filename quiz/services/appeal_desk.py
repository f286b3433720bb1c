"""Appeals as the organisers see them: what waits, oldest first, the same question together; and one with its facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, case, func, select

from quiz.contest.appeal_rules import About
from quiz.contest.due import Due, until
from quiz.errors import N_, Refused
from quiz.models.appeals import DbAppeal, DbAppealAnswer
from quiz.models.contests import DbWeek
from quiz.models.people import DbAgency, DbPerson
from quiz.questions.bank import Question
from quiz.services import Transaction, appeals, attempts, contests
from quiz.services.appeals import State, Topic
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.own_place import OwnPlace, own_place
from quiz.services.today_desk import Desk

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One appeal in the list; `alike` counts those in the list on the same question, `left` days until it is due."""

    id: int
    week: StoredWeek
    question: Question | None
    text: str
    sent_at: datetime
    state: State
    entry: int | None
    alike: int
    left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One appeal with whom it is from and what the organisers need to judge it.

    `alike` are the appeals to answer together with it: all that wait on the same question, or those under one entry.
    """

    id: int
    person: DbPerson
    agency: str
    topic: Topic
    score: int | None
    full: int
    place: OwnPlace | None
    text: str
    sent_at: datetime
    due_on: date | None
    state: State
    entry: int | None
    alike: tuple[DbAppeal, ...]
    answers: tuple[DbAppealAnswer, ...]


def count_waiting(session: Transaction) -> int:
    """How many appeals of the current contest wait for an answer."""
    contest = contests.find_current(session)
    if contest is None:
        return 0
    return _count(session, _of(contest, State.WAITING, None))


def waiting(session: Transaction, desk: Desk) -> Iterator[Due]:
    """What the Today page says of appeals: how many wait, and when the first answer is due."""
    rules = desk.contest.rules
    oldest = session.scalar(_of(desk.contest, State.WAITING, None).order_by(DbAppeal.id).limit(1))
    if oldest and rules.appeals:
        due_at = rules.appeals.due_at(oldest.sent_at, rules.zone)
        in_time = N_("%(count)s phản ánh, khiếu nại chờ trả lời; hạn gần nhất còn %(left)s.")
        overdue = N_("%(count)s phản ánh, khiếu nại chờ trả lời, có phản ánh đã quá hạn trả lời.")
        left, count = due_at - desk.now, _count(session, _of(desk.contest, State.WAITING, None))
        yield Due(
            words=in_time if left > timedelta() else overdue,
            facts={"count": count, "left": left} if left > timedelta() else {"count": count},
            urgency=until(due_at, desk.now),
            at=due_at,
            page="appeal_desk.listing",
        )


def listing(
    session: Transaction, contest: StoredContest, state: State | None, week: int | None, page: int, now: datetime
) -> tuple[tuple[Listed, ...], int]:
    """One page of the appeals in a state (None: any) of a week (None: all), and how many there are.

    Those on the same question stand together, where the first of them would stand.
    """
    alone = case((DbAppeal.about == About.RESULT, DbAppeal.id), else_=0)
    same = (DbAppeal.week_id, DbAppeal.bank, DbAppeal.question_id, alone)
    found = _of(contest, state, week)
    rows = session.execute(
        found.add_columns(func.count().over(partition_by=same))
        .order_by(func.min(DbAppeal.id).over(partition_by=same), DbAppeal.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    weeks = {one.id: one for one in contests.weeks(session, contest)}
    listed = tuple(_listed(session, weeks[row.week_id], row, alike, now) for row, alike in rows)
    return listed, _count(session, found)


def one(session: Transaction, contest: StoredContest, appeal_id: int, now: datetime) -> Facts:
    """One appeal of the contest; raises Refused(appeal_missing)."""
    row = session.scalar(_of(contest, None, None).where(DbAppeal.id == appeal_id))
    if row is None:
        raise Refused("appeal_missing")
    person, agency = session.execute(
        select(DbPerson, DbAgency.name)
        .join(DbAgency, DbAgency.id == DbPerson.agency_id)
        .where(DbPerson.id == row.person_id)
    ).one()
    topic = _topic(session, row, now)
    return Facts(
        id=row.id,
        person=person,
        agency=agency,
        topic=topic,
        score=topic.attempt.score,
        full=attempts.paper(session, topic.attempt, topic.week).full,
        place=own_place(session, topic.week, row.person_id),
        text=row.text,
        sent_at=row.sent_at,
        due_on=_due_on(contest, row),
        state=State(row.state),
        entry=row.entry,
        alike=_alike(session, row),
        answers=versions(session, contest, row.entry) if row.entry else (),
    )


def versions(session: Transaction, contest: StoredContest, number: int) -> tuple[DbAppealAnswer, ...]:
    """Every version of an entry of the register, the newest first."""
    mine = (DbAppealAnswer.contest_id == contest.id, DbAppealAnswer.number == number)
    return tuple(session.scalars(select(DbAppealAnswer).where(*mine).order_by(DbAppealAnswer.version.desc())))


def _count(session: Transaction, found: Select[DbAppeal]) -> int:
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _of(contest: StoredContest, state: State | None, week: int | None) -> Select[DbAppeal]:
    of_contest = select(DbAppeal).join(DbWeek, DbWeek.id == DbAppeal.week_id).where(DbWeek.contest_id == contest.id)
    in_state = of_contest if state is None else of_contest.where(DbAppeal.state == state)
    return in_state if week is None else in_state.where(DbWeek.number == week)


def _topic(session: Transaction, row: DbAppeal, now: datetime) -> Topic:
    """What the appeal is about, on the paper from which it was sent."""
    topic = appeals.topic(session, row.person_id, row.attempt_code, None, now)
    if not row.question_id:
        return topic
    paper = attempts.paper_with_keys(session, topic.attempt, topic.week)
    item = next(item for item in paper.questions if item.question.id == row.question_id)
    return Topic(attempt=topic.attempt, week=topic.week, item=item)


def _alike(session: Transaction, row: DbAppeal) -> tuple[DbAppeal, ...]:
    if row.state == State.WITHDRAWN:
        return ()
    same = (
        DbAppeal.week_id == row.week_id,
        DbAppeal.state == row.state,
        DbAppeal.entry.is_not_distinct_from(row.entry),
    )
    if row.about == About.RESULT:
        return tuple(session.scalars(select(DbAppeal).where(*same, DbAppeal.id == row.id)))
    question = (DbAppeal.bank == row.bank, DbAppeal.question_id == row.question_id)
    return tuple(session.scalars(select(DbAppeal).where(*same, *question).order_by(DbAppeal.id)))


def _listed(session: Transaction, week: StoredWeek, row: DbAppeal, alike: int, now: datetime) -> Listed:
    due_on = _due_on(week.contest, row)
    return Listed(
        id=row.id,
        week=week,
        question=appeals.question(session, week, row.bank, row.question_id),
        text=row.text,
        sent_at=row.sent_at,
        state=State(row.state),
        entry=row.entry,
        alike=alike,
        left=(due_on - week.contest.rules.local_day(now)).days if due_on and row.state == State.WAITING else None,
    )


def _due_on(contest: StoredContest, row: DbAppeal) -> date | None:
    """By when an answer is due; None where a later contest file no longer takes appeals."""
    rules = contest.rules
    return rules.appeals.due_on(row.sent_at, rules.zone) if rules.appeals else None
