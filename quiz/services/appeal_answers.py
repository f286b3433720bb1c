"""Answering appeals: several on the same together, final and numbered in the public register; a correction is a new
version with its reason. What goes public names none of those who appealed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from quiz.contest.appeal_rules import About, Outcome, check_names_nobody, checked_text
from quiz.errors import Refused
from quiz.models.appeals import DbAppeal, DbAppealAnswer
from quiz.models.contests import DbContest
from quiz.models.people import DbPerson
from quiz.services import Actor, Transaction, appeal_desk, appeal_letters, audit, contests
from quiz.services.appeals import State
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.letters import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What an entry of the register says: what was appealed, as everybody may read it, the outcome and the answer."""

    outcome: Outcome
    public_text: str
    answer: str


def checked(session: Transaction, wording: Wording, appeal_ids: Collection[int], reason: str = "") -> Wording:
    """The wording as it would be published. Raises Refused: text_missing, text_long, appeal_names_somebody."""
    clean = Wording(
        outcome=wording.outcome,
        public_text=checked_text(wording.public_text),
        answer=checked_text(wording.answer),
    )
    people = session.scalars(
        select(DbPerson).join(DbAppeal, DbAppeal.person_id == DbPerson.id).where(DbAppeal.id.in_(appeal_ids))
    )
    forbidden = [words for one in people for words in (one.name, one.staff_code, one.email or "")]
    for text in (clean.public_text, clean.answer, reason):
        check_names_nobody(text, forbidden)
    return clean


def answer(
    session: Transaction,
    contest: StoredContest,
    appeal_ids: Collection[int],
    wording: Wording,
    site: Site | None,
    actor: Actor,
    now: datetime,
) -> int:
    """Answer these waiting appeals, all on the same, for good; the number of the entry in the register.

    Without a site nobody is told by mail. Raises Refused: appeals_none_chosen, appeal_moved_on, as `checked` does.
    """
    _hold_register(session, contest)
    rows = session.scalars(
        select(DbAppeal).where(DbAppeal.id.in_(appeal_ids)).order_by(DbAppeal.id).with_for_update()
    ).all()
    if not rows or len({_subject(row) for row in rows}) > 1:
        raise Refused("appeals_none_chosen")
    week = contests.get_week_by_id(session, rows[0].week_id)
    if week.contest.id != contest.id or any(row.state != State.WAITING for row in rows):
        raise Refused("appeal_moved_on")
    clean = checked(session, wording, appeal_ids)
    last = select(func.max(DbAppealAnswer.number)).where(DbAppealAnswer.contest_id == contest.id)
    number = (session.scalar(last) or 0) + 1
    for row in rows:
        row.state, row.entry = State.ANSWERED, number
    entry = _entry(contest, rows[0], number, 1, clean, "", actor, now)
    session.add(entry)
    appeal_letters.tell(session, site, week, entry, rows, now)
    audit.record(session, audit.Act.ANSWER_APPEAL, actor, now, people=len(rows), **_facts(week, entry, clean))
    return number


def correct(
    session: Transaction,
    contest: StoredContest,
    number: int,
    seen_version: int,
    wording: Wording,
    reason: str,
    site: Site | None,
    actor: Actor,
    now: datetime,
) -> int:
    """Put another version in place of an entry's newest one, which must be the one that was seen; its number.

    Raises Refused: appeal_missing, appeal_moved_on, reason_missing, reason_long, as `checked` does.
    """
    _hold_register(session, contest)
    kept = appeal_desk.versions(session, contest, number)
    if not kept:
        raise Refused("appeal_missing")
    newest, words = kept[0], audit.checked_reason(reason)
    if newest.version != seen_version:
        raise Refused("appeal_moved_on")
    week = contests.get_week_by_id(session, newest.week_id)
    rows = session.scalars(select(DbAppeal).where(DbAppeal.week_id == week.id, DbAppeal.entry == number)).all()
    clean = checked(session, wording, [row.id for row in rows], words)
    entry = _entry(contest, newest, number, newest.version + 1, clean, words, actor, now)
    session.add(entry)
    appeal_letters.tell(session, site, week, entry, rows, now)
    audit.record(session, audit.Act.CORRECT_ANSWER, actor, now, reason=words, **_facts(week, entry, clean))
    return entry.version


def _hold_register(session: Transaction, contest: StoredContest) -> None:
    """Whoever answers holds the register until the end of the transaction: numbers and versions follow each other."""
    session.execute(select(DbContest.id).where(DbContest.id == contest.id).with_for_update(key_share=True))


def _subject(row: DbAppeal) -> tuple[object, ...]:
    """What may be answered together: a question is the same for everybody, a result is each one's own."""
    return row.week_id, row.bank, row.question_id, row.id if row.about == About.RESULT else 0


def _facts(week: StoredWeek, entry: DbAppealAnswer, wording: Wording) -> dict[str, Any]:
    return {
        "entry": entry.number,
        "week": week.week.number,
        "question": entry.question_id,
        "outcome": wording.outcome.words,
    }


def _entry(
    contest: StoredContest,
    about: DbAppeal | DbAppealAnswer,
    number: int,
    version: int,
    wording: Wording,
    reason: str,
    actor: Actor,
    now: datetime,
) -> DbAppealAnswer:
    return DbAppealAnswer(
        contest_id=contest.id,
        number=number,
        version=version,
        week_id=about.week_id,
        about=about.about,
        bank=about.bank,
        question_id=about.question_id,
        outcome=wording.outcome,
        public_text=wording.public_text,
        answer=wording.answer,
        reason=reason,
        answered_by=actor.id,
        answered_at=now,
    )
