"""The letter that brings the answer to whoever appealed; the page of the own appeals shows it in any case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from quiz.contest.appeal_rules import About, Outcome
from quiz.mail_settings import is_mailable
from quiz.models.appeals import DbAppeal, DbAppealAnswer
from quiz.models.people import DbPerson
from quiz.services import Transaction, appeals, letters, outbox
from quiz.services.contests import StoredWeek
from quiz.services.letters import Site
from quiz.services.outbox import Kind, Letter

WORTH = timedelta(days=7)
"""A letter that could not be sent for so long is not sent any more."""


def tell(
    session: Transaction,
    site: Site | None,
    week: StoredWeek,
    entry: DbAppealAnswer,
    answered: Sequence[DbAppeal],
    now: datetime,
) -> int:
    """Write the answer to everybody who appealed and has an address; how many. Nobody where no mail is set up."""
    if site is None:
        return 0
    people = {row.id: row for row in session.scalars(select(DbPerson).where(DbPerson.id.in_(_senders(answered))))}
    written = [
        _letter(session, site, week, entry, row, people[row.person_id], now)
        for row in answered
        if is_mailable(people[row.person_id].email)
    ]
    return outbox.write(session, written, site.host, now)


def _senders(answered: Sequence[DbAppeal]) -> set[int]:
    return {row.person_id for row in answered}


def _letter(
    session: Transaction,
    site: Site,
    week: StoredWeek,
    entry: DbAppealAnswer,
    appeal: DbAppeal,
    person: DbPerson,
    now: datetime,
) -> Letter:
    rules = week.contest.rules
    asked = appeals.question(session, week, entry.bank, entry.question_id)
    return letters.about_week(
        site,
        rules,
        week.name,
        person,
        Kind.ANSWER,
        "appeal_answer",
        key=f"appeal:{appeal.id}:{entry.version}",
        subject=f"Trả lời phản ánh số {entry.number} – {rules.heading}",
        expires_at=now + WORTH,
        organiser=rules.organiser,
        about=f"câu hỏi “{asked.text}”" if asked and entry.about == About.QUESTION else "kết quả của ông/bà",
        appeal=appeal.text,
        outcome=Outcome(entry.outcome).words,
        answer=entry.answer,
        reason=entry.reason,
        own_url=site.page("/thi/phan-anh"),
        register_url=site.page("/phan-anh"),
    )
