"""A participant's appeals: sent on a question of the own paper or on the own result, in time; seen, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Select, func, select, update

from quiz.contest.appeal_rules import About, check_may_send, checked_text
from quiz.errors import N_, Refused
from quiz.models.appeals import DbAppeal, DbAppealAnswer
from quiz.models.contests import DbWeek
from quiz.models.people import DbPerson
from quiz.models.results import DbPublication
from quiz.questions.bank import Question
from quiz.questions.paper import PaperQuestion
from quiz.services import Transaction, attempts, banks, contests
from quiz.services.attempts import Attempt
from quiz.services.contests import StoredContest, StoredWeek


class State(StrEnum):
    """Where an appeal stands."""

    WAITING = "waiting"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


STATE_WORDS = {
    State.WAITING: N_("Đang chờ trả lời"),
    State.ANSWERED: N_("Đã trả lời"),
    State.WITHDRAWN: N_("Đã rút"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What an appeal from an attempt is about; `item` is the question as that paper has it, None for the result."""

    attempt: Attempt
    week: StoredWeek
    item: PaperQuestion | None

    @property
    def about(self) -> About:
        """A question or the result."""
        return About.QUESTION if self.item else About.RESULT

    @property
    def question_id(self) -> str:
        """The question's id in its bank, '' for the result."""
        return self.item.question.id if self.item else ""

    @property
    def bank(self) -> str:
        """The name of the question's bank, '' for the result."""
        rules = self.week.contest.rules
        return rules.paper_of(self.week.week, self.attempt.division).bank if self.item else ""

    @property
    def chosen(self) -> str:
        """The letters that were answered, as shown on the paper."""
        return self.attempt.answers[self.item.number - 1] if self.item else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAppeal:
    """An appeal as its sender sees it; `answer` is the newest version, None until there is one."""

    id: int
    week: StoredWeek
    about: About
    question: Question | None
    text: str
    sent_at: datetime
    due_on: date | None
    state: State
    answer: DbAppealAnswer | None


def topic(session: Transaction, person_id: int, code: str, number: int | None, now: datetime) -> Topic:
    """The own attempt's question of that number, or with None the own result of its week.

    Raises Refused: attempt_missing, not_closed while no answer may be seen, appeal_question_missing, keys_sealed.
    """
    attempt = attempts.get(session, code, person_id)
    week = contests.get_week_by_id(session, attempt.week_id)
    contests.check_closed(week, now)
    if number is None:
        return Topic(attempt=attempt, week=week, item=None)
    if not 1 <= number <= attempt.questions:
        raise Refused("appeal_question_missing")
    drawn = attempts.paper_with_keys(session, attempt, week)
    return Topic(attempt=attempt, week=week, item=drawn.questions[number - 1])


def ends_at(session: Transaction, week: StoredWeek) -> datetime | None:
    """The moment from which no appeal on the week is taken any more; None until it is known, or where none is taken."""
    rules = week.contest.rules
    return rules.appeals.ends_at(_first_published(session, week), rules.zone) if rules.appeals else None


def check_open(session: Transaction, week: StoredWeek, about: About, now: datetime) -> None:
    """Raises Refused: appeals_off, appeal_practice, appeal_not_published, appeal_too_late."""
    rules = week.contest.rules
    if rules.appeals is None or week.contest.id != contests.get_current(session).id:
        raise Refused("appeals_off")
    if week.week.is_practice:
        raise Refused("appeal_practice", week=week.name)
    rules.appeals.check_in_time(about, _first_published(session, week), rules.zone, now, week.name)


def send(session: Transaction, person_id: int, code: str, number: int | None, text: str, now: datetime) -> int:
    """Appeal on a question of an own attempt, or on the own result of its week; the appeal's id.

    Raises Refused: as `topic` and `check_open` do, text_missing, text_long, appeal_waiting, appeals_too_many.
    """
    asked = topic(session, person_id, code, number, now)
    check_open(session, asked.week, asked.about, now)
    words = checked_text(text)
    one_at_a_time = select(DbPerson.id).where(DbPerson.id == person_id).with_for_update(key_share=True)
    session.execute(one_at_a_time)
    own = session.scalars(
        select(DbAppeal).where(
            DbAppeal.person_id == person_id, DbAppeal.week_id == asked.week.id, DbAppeal.state != State.WITHDRAWN
        )
    ).all()
    waiting = {(row.about, row.bank, row.question_id) for row in own if row.state == State.WAITING}
    is_waiting = (asked.about, asked.bank, asked.question_id) in waiting
    check_may_send(len(own), is_waiting=is_waiting)
    row = DbAppeal(
        week_id=asked.week.id,
        person_id=person_id,
        attempt_code=code,
        about=asked.about,
        bank=asked.bank,
        question_id=asked.question_id,
        text=words,
        sent_at=now,
        state=State.WAITING,
    )
    session.add(row)
    session.flush()
    return row.id


def withdraw(session: Transaction, appeal_id: int, person_id: int, now: datetime) -> None:
    """Take an own appeal back before it is answered. Raises Refused: appeal_missing, appeal_moved_on."""
    mine = (DbAppeal.id == appeal_id, DbAppeal.person_id == person_id)
    if session.scalar(select(DbAppeal.id).where(*mine)) is None:
        raise Refused("appeal_missing")
    taken_back = session.execute(
        update(DbAppeal)
        .where(*mine, DbAppeal.state == State.WAITING)
        .values(state=State.WITHDRAWN, withdrawn_at=now)
        .returning(DbAppeal.id)
    ).first()
    if taken_back is None:
        raise Refused("appeal_moved_on")


def of_person(session: Transaction, person_id: int, contest: StoredContest) -> tuple[OwnAppeal, ...]:
    """Everything that somebody has appealed on in a contest, the latest first."""
    rows = session.execute(
        select(DbAppeal, DbAppealAnswer)
        .join(DbWeek, DbWeek.id == DbAppeal.week_id)
        .outerjoin(DbAppealAnswer, DbAppealAnswer.id == newest_answer().correlate(DbAppeal).scalar_subquery())
        .where(DbAppeal.person_id == person_id, DbWeek.contest_id == contest.id)
        .order_by(DbAppeal.id.desc())
    ).all()
    weeks = {week.id: week for week in contests.weeks(session, contest)}
    return tuple(_own(session, weeks[row.week_id], row, answer) for row, answer in rows)


def newest_answer() -> Select[int]:
    """The id of the newest version of the answer to an appeal, to be correlated with it."""
    return select(func.max(DbAppealAnswer.id)).where(
        DbAppealAnswer.week_id == DbAppeal.week_id, DbAppealAnswer.number == DbAppeal.entry
    )


def question(session: Transaction, week: StoredWeek, bank: str, question_id: str) -> Question | None:
    """A question as the week asked it; None for '', the result."""
    asked = banks.readable(session, week.banks[bank]).questions if question_id else ()
    return next((one for one in asked if one.id == question_id), None)


def _own(session: Transaction, week: StoredWeek, row: DbAppeal, answer: DbAppealAnswer | None) -> OwnAppeal:
    rules = week.contest.rules
    return OwnAppeal(
        id=row.id,
        week=week,
        about=About(row.about),
        question=question(session, week, row.bank, row.question_id),
        text=row.text,
        sent_at=row.sent_at,
        due_on=rules.appeals.due_on(row.sent_at, rules.zone) if rules.appeals else None,
        state=State(row.state),
        answer=answer,
    )


def _first_published(session: Transaction, week: StoredWeek) -> datetime | None:
    return session.scalar(
        select(DbPublication.published_at).where(DbPublication.week_id == week.id, DbPublication.number == 1)
    )
