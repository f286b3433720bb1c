"""The receipt by mail, to whoever has an address: once the attempt is sealed, never by the hand-in, at most once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, select, update

from quiz.mail_settings import is_mailable
from quiz.models.attempts import DbAttempt
from quiz.models.mail import DbRefusedAddress, DbUnsubscribed
from quiz.models.people import DbPerson
from quiz.models.seals import DbBatch, DbSealedRecord
from quiz.services import contests, letters, outbox, reading, transaction
from quiz.services.contests import StoredWeek
from quiz.services.letters import Site
from quiz.services.outbox import Kind, Letter
from quiz.services.receipts import anchor
from quiz.verification import records
from quiz.vietnamese import grouped, moment, number

NEWS = timedelta(days=1)
"""What was sealed longer ago is told to nobody any more, as where mail is set up late."""
CHUNK = 500
Found = Row[*tuple[Any, ...]]


def write_due(site: Site, now: datetime) -> None:
    """Write what there is to tell of the batches of which nothing was told yet, a few letters in each transaction."""
    untold = (DbBatch.told_at.is_(None), DbBatch.sealed_at > now - NEWS)
    last = select(DbBatch.week_id, func.max(DbBatch.number)).where(*untold).group_by(DbBatch.week_id)
    for week_id, newest in reading().execute(last.order_by(DbBatch.week_id)).all():
        of_week = (*untold, DbBatch.week_id == week_id, DbBatch.number <= newest)
        people = reading().execute(_people(of_week)).all()
        for first in range(0, len(people), CHUNK):
            with transaction() as session:
                week = contests.get_week_by_id(session, week_id)
                wanted = (row for row in people[first : first + CHUNK] if is_mailable(row.email))
                outbox.write(session, [_receipt(site, week, row, now) for row in wanted], site.host, now)
        with transaction() as session:
            session.execute(update(DbBatch).where(*of_week).values(told_at=now))


def _people(of_week: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """Whose attempts are in these batches and whom a letter reaches."""
    in_batch = (DbBatch.week_id == DbSealedRecord.week_id) & (DbBatch.number == DbSealedRecord.batch)
    attempt = (DbAttempt.code, DbAttempt.started_at, DbAttempt.handed_in_at, DbAttempt.deadline_at)
    return (
        select(DbPerson.id, DbPerson.name, DbPerson.email, *attempt)
        .add_columns(DbSealedRecord.seal, DbBatch.number, DbBatch.sealed_at, DbBatch.head)
        .join(DbAttempt, DbAttempt.person_id == DbPerson.id)
        .join(DbSealedRecord, DbSealedRecord.attempt_code == DbAttempt.code)
        .join(DbBatch, in_batch)
        .where(*of_week, *_reached())
        .order_by(DbAttempt.code)
    )


def _reached() -> tuple[ColumnElement[bool], ...]:
    refused = exists().where(DbUnsubscribed.person_id == DbPerson.id, DbUnsubscribed.kind == Kind.RECEIPT)
    blocked = exists().where(
        DbRefusedAddress.address == func.lower(DbPerson.email), DbRefusedAddress.blocked_at.is_not(None)
    )
    return DbPerson.email.is_not(None), DbPerson.left_at.is_(None), ~refused, ~blocked


def _receipt(site: Site, week: StoredWeek, row: Found, now: datetime) -> Letter:
    short = records.short(row.seal)
    return letters.about_week(
        site,
        week.contest.rules,
        week.name,
        row,
        Kind.RECEIPT,
        "receipt",
        key=f"receipt:{row.code}",
        subject=f"Biên nhận bài thi {week.name} – {week.contest.rules.heading}",
        expires_at=now + NEWS,
        code=grouped(row.code),
        seal=grouped(short),
        handed_in=moment(min(row.handed_in_at, row.deadline_at), week.contest.rules.zone),
        started=moment(row.started_at, week.contest.rules.zone),
        batch=number(row.number),
        sealed=moment(row.sealed_at, week.contest.rules.zone),
        head=grouped(row.head),
        check_url=site.page("/kiem-chung") + f"#{anchor(row.code, short, week.week.number, row.number)}",
    )
