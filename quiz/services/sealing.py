"""Sealing: every minute a batch of what has ended, never in the transaction of a save or a hand-in.

First the records of attempts that have ended are written down, some at a time; then a batch takes them all at once. A
record belongs to the batch after the newest, which is settled by holding the row of the week: so nothing is sealed
twice or left out, however often, late or together this runs. When the week has closed, the last batch is the final
one; nothing is opened or marked before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, insert, select

from quiz.models.commitments import DbCommitment
from quiz.models.contests import DbWeek
from quiz.models.seals import DbBatch, DbSealedRecord
from quiz.services import Transaction, attempts, audit_links, contests, reading, transaction
from quiz.services.attempt_statements import ATTEMPTS
from quiz.services.contests import StoredWeek
from quiz.services.receipts import RECORDS, record_of
from quiz.verification import chain, records
from quiz.verification.canonical import salt
from quiz.verification.rules import moment

EVERY = timedelta(seconds=60)
CHUNK = 500
"""So many records are written in one go: on SQLite a hand-in waits for it, a few milliseconds."""

Found = list[dict[str, object]]


def due_weeks(session: Transaction, now: datetime) -> list[int]:
    """The weeks in which a batch is due: each minute while they are open, whether or not there is anything to seal, so
    that the number of batches tells nothing; and the final one. A minute by a clock that was set back is one too.
    """
    opened = select(DbWeek).where(DbWeek.opens_at <= now).order_by(DbWeek.id)
    return [row.id for row in session.scalars(opened).all() if _is_due(session, row, now)]


def seal_due(now: datetime) -> None:
    """Seal what is due, in transactions so short that nobody waits for them."""
    for week_id in due_weeks(reading(), now):
        for codes in _chunks(unsealed(reading(), week_id)):
            found = written(reading(), week_id, codes)
            with transaction() as session:
                keep(session, week_id, found)
        with transaction() as session:
            seal_batch(session, week_id, now)


def unsealed(session: Transaction, week_id: int) -> Sequence[str]:
    """The codes of attempts that have ended and have no record yet."""
    recorded = exists().where(RECORDS.c.attempt_code == ATTEMPTS.c.code)
    ended = (ATTEMPTS.c.week_id == week_id, ATTEMPTS.c.handed_in_at.is_not(None), ~recorded)
    return session.scalars(select(ATTEMPTS.c.code).where(*ended).order_by(ATTEMPTS.c.code)).all()


def written(session: Transaction, week_id: int, codes: Sequence[str]) -> Found:
    """The records of these attempts, to be kept: what takes long, and holds nobody up."""
    secret = session.get_one(DbWeek, week_id).record_secret
    rows = session.connection().execute(select(ATTEMPTS).where(ATTEMPTS.c.code.in_(codes))).all()
    made = [(row.code, record_of(row, secret)) for row in rows]
    return [{"attempt_code": code, "week_id": week_id, "seal": records.seal(one), "record": one} for code, one in made]


def keep(session: Transaction, week_id: int, found: Found) -> None:
    """Write these records down for the next batch, but those that somebody else has written meanwhile."""
    _locked(session, week_id)
    codes = [row["attempt_code"] for row in found]
    known = set(session.scalars(select(RECORDS.c.attempt_code).where(RECORDS.c.attempt_code.in_(codes))))
    number = _number(newest(session, week_id)) + 1
    rows = [{**row, "batch": number} for row in found if row["attempt_code"] not in known]
    if rows:
        session.execute(insert(DbSealedRecord), rows)


def seal_batch(session: Transaction, week_id: int, now: datetime) -> DbBatch | None:
    """Seal what is written down as the next batch, and all that is left once the week is over; None if none is due."""
    row = _locked(session, week_id, alone=_is_over(session, week_id, now))
    if not _is_due(session, row, now):
        return None
    is_over = _is_over(session, week_id, now)
    if is_over:
        attempts.close_overdue(session, now)
        _keep_all(session, week_id)
    return _append(session, row, now, is_final=is_over)


def finish(session: Transaction, week: StoredWeek, now: datetime) -> None:
    """Before a week that is over is marked: everything in it is sealed, and the final head is fixed."""
    row = _locked(session, week.id, alone=True)
    if row.commitment is None:
        return
    _keep_all(session, week.id)
    last = newest(session, week.id)
    waiting = select(RECORDS.c.batch).where(RECORDS.c.week_id == week.id, RECORDS.c.batch > _number(last)).limit(1)
    if last is None or not last.is_final or session.scalar(waiting) is not None:
        _append(session, row, now, is_final=True)


def is_finished(session: Transaction, week: StoredWeek) -> bool:
    """Whether the final head of a week is fixed, so that its keys may be opened; so it is where nothing is sealed."""
    last = newest(session, week.id)
    return last.is_final if last else week.commitment is None


def newest(session: Transaction, week_id: int) -> DbBatch | None:
    """The last batch of a week."""
    return session.scalar(select(DbBatch).where(DbBatch.week_id == week_id).order_by(DbBatch.number.desc()).limit(1))


def batch_salt(row: DbWeek, number: int) -> str:
    """The secret part of a batch, shown in the bundle."""
    return salt(row.record_secret, "batch", str(number))


def first_head(session: Transaction, row: DbWeek) -> str:
    """What the first batch follows: the commitment under which the week opened."""
    promised = (DbCommitment.week_id == row.id, DbCommitment.number == row.commitment)
    return chain.first_head(session.scalars(select(DbCommitment.digest).where(*promised)).one())


def _is_due(session: Transaction, row: DbWeek, now: datetime) -> bool:
    if row.commitment is None or now < row.opens_at:
        return False
    last = newest(session, row.id)
    if _is_over(session, row.id, now):
        return last is None or not last.is_final
    return last is None or abs(now - last.sealed_at) >= EVERY


def _is_over(session: Transaction, week_id: int, now: datetime) -> bool:
    week = contests.get_week_by_id(session, week_id)
    return week.contest.rules.is_over(week.week, now)


def _keep_all(session: Transaction, week_id: int) -> None:
    for codes in _chunks(unsealed(session, week_id)):
        keep(session, week_id, written(session, week_id, codes))


def _chunks(codes: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(codes), CHUNK):
        yield codes[first : first + CHUNK]


def _append(session: Transaction, row: DbWeek, now: datetime, *, is_final: bool) -> DbBatch:
    last, audit = newest(session, row.id), audit_links.head(session)
    number, sealed_at = _number(last) + 1, max(now, last.sealed_at) if last else now
    held = (RECORDS.c.week_id == row.id, RECORDS.c.batch == number)
    seals = session.scalars(select(RECORDS.c.seal).where(*held)).all()
    stood = chain.AuditHead(count=audit.count, head=audit.link)
    batch = chain.batch(number, moment(sealed_at), stood, batch_salt(row, number), seals)
    made = DbBatch(
        week_id=row.id,
        number=number,
        sealed_at=sealed_at,
        audit_count=audit.count,
        audit_head=audit.link,
        seals=len(seals),
        head=chain.next_head(last.head if last else first_head(session, row), batch),
        is_final=is_final,
    )
    session.add(made)
    session.flush()
    return made


def _number(batch: DbBatch | None) -> int:
    return batch.number if batch else 0


def _locked(session: Transaction, week_id: int, *, alone: bool = False) -> DbWeek:
    """The row of the week until the end of the transaction: two who seal wait for each other, who starts does not.

    The final batch is sealed `alone`: a start that is not finished yet comes before it.
    """
    lock = True if alone else {"key_share": True}
    return session.get_one(DbWeek, week_id, with_for_update=lock, populate_existing=True)
