"""What tests of sealing start from: a week of which something was promised, and the chain as an outsider follows it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.models.commitments import DbCommitment
from quiz.models.contests import DbWeek
from quiz.models.seals import DbBatch, DbSealedRecord
from quiz.services import sealing, transaction
from quiz.verification import chain
from quiz.verification.rules import moment
from tests import makers

MINUTE = timedelta(minutes=1)
OPENS = makers.WEEK_1
OVER = makers.WEEK_1_ENDS + timedelta(seconds=6)


def promise(*numbers: int) -> None:
    """Something was promised of these weeks before they opened."""
    with transaction() as session:
        for number in numbers or (1, 2):
            row = session.get_one(DbWeek, makers.week(session, number).id)
            row.commitment = 1
            exists = session.query(DbCommitment).filter_by(week_id=row.id, number=1).count()
            if not exists:
                session.add(
                    DbCommitment(
                        week_id=row.id,
                        number=1,
                        made_at=makers.BEFORE,
                        digest="c" * 64,
                        basis="b" * 64,
                        body=b"{}",
                        rules=b"{}",
                    )
                )


def seal(*moments: datetime) -> None:
    """The scheduler at work at these moments."""
    for now in moments:
        sealing.seal_due(now)


def batches(session: Session, number: int = 1) -> list[DbBatch]:
    """What was sealed, in order."""
    session.rollback()
    session.expire_all()
    of_week = DbBatch.week_id == makers.week(session, number).id
    return list(session.scalars(select(DbBatch).where(of_week).order_by(DbBatch.number)))


def sealed(session: Session, number: int = 1) -> dict[str, int]:
    """In which batch each attempt is, by its code."""
    session.rollback()
    session.expire_all()
    of_week = DbSealedRecord.week_id == makers.week(session, number).id
    made = {batch.number for batch in batches(session, number)}
    rows = session.scalars(select(DbSealedRecord).where(of_week)).all()
    return {row.attempt_code: row.batch for row in rows if row.batch in made}


def check_chain(session: Session, number: int = 1) -> None:
    """Every head follows from the one before it and the seals of its batch, as anyone can see in the bundle."""
    row = session.get_one(DbWeek, makers.week(session, number).id)
    head, before = sealing.first_head(session, row), row.opens_at
    for place, batch in enumerate(batches(session, number), start=1):
        of_batch = (DbSealedRecord.week_id == row.id, DbSealedRecord.batch == place)
        seals = session.scalars(select(DbSealedRecord.seal).where(*of_batch)).all()
        audit = chain.AuditHead(count=batch.audit_count, head=batch.audit_head)
        salt = sealing.batch_salt(row, place)
        head = chain.next_head(head, chain.batch(place, moment(batch.sealed_at), audit, salt, seals))
        assert (batch.number, batch.head, batch.seals) == (place, head, len(seals))
        assert batch.sealed_at >= before
        before = batch.sealed_at
