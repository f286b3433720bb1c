"""Whether what a ranking is made from is still what was written: looked at before a week is marked.

A flipped bit in a page of the embedded database shows in its own check; PostgreSQL looks at the checksums of its pages
as it reads them. A bit in an answer shows in no structure, but in the seal of the attempt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from contextlib import closing
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from quiz.errors import Refused
from quiz.models.contests import DbBank, DbContest, DbWeek
from quiz.models.seals import DbBatch
from quiz.services import Transaction, sealing
from quiz.services.attempt_statements import ATTEMPTS
from quiz.services.contests import StoredWeek
from quiz.services.receipts import RECORDS, record_of
from quiz.verification import chain, records
from quiz.verification.rules import moment

AT_ONCE = 2000
NONE: tuple[int, list[str]] = (0, [])


def check(session: Transaction, week: StoredWeek) -> None:
    """Raises Refused: storage_damaged, record_damaged, batch_damaged."""
    if fault := storage_fault(session):
        raise Refused("storage_damaged", fault=fault)
    try:
        _check_files(session, week)
        _check_batches(session, week)
    except (DBAPIError, ValueError) as error:  # so spoilt that it cannot be read
        raise Refused("storage_damaged", fault=str(error)) from error


def storage_fault(session: Transaction) -> str:
    """What the embedded database finds wrong with its file; nothing where it is whole, and on PostgreSQL."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        return ""
    try:
        found = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar())
    except DBAPIError as error:
        return str(error.orig)
    return "" if found == "ok" else found


def _check_files(session: Transaction, week: StoredWeek) -> None:
    """The rules and the questions are the files that were loaded."""
    contest = session.get_one(DbContest, week.contest.id)
    held = [("contests", contest.rules_digest, contest.rules)]
    banks = session.scalars(select(DbBank).where(DbBank.digest.in_(week.banks.values())))
    held += [("banks", bank.digest, bank.source) for bank in banks if bank.source is not None]
    for table, digest, source in held:
        if hashlib.sha256(source).hexdigest() != digest:
            raise Refused("storage_damaged", fault=f"{table} {digest}")


def _check_batches(session: Transaction, week: StoredWeek) -> None:
    """Every sealed attempt gives the seal that it was given, and every head follows from the seals of its batch."""
    row = session.get_one(DbWeek, week.id)
    batches = session.scalars(select(DbBatch).where(DbBatch.week_id == week.id).order_by(DbBatch.number)).all()
    if not batches:
        return
    head = sealing.first_head(session, row)
    with closing(_seals(session, week, row.record_secret)) as sealed:
        number, seals = next(sealed, NONE)
        for place, batch in enumerate(batches, start=1):
            stood = chain.AuditHead(count=batch.audit_count, head=batch.audit_head)
            salt, its = sealing.batch_salt(row, place), seals if number == place else []
            head = chain.next_head(head, chain.batch(place, moment(batch.sealed_at), stood, salt, its))
            if batch.head != head:
                raise Refused("batch_damaged", week=week.name, number=place)
            if number == place:
                number, seals = next(sealed, NONE)


def _seals(session: Transaction, week: StoredWeek, secret: bytes) -> Generator[tuple[int, list[str]]]:
    """The seals of each batch that has some, worked out anew from the rows of the attempts."""
    sealed = (
        select(*ATTEMPTS.c, RECORDS.c.seal, RECORDS.c.batch)
        .join(RECORDS, RECORDS.c.attempt_code == ATTEMPTS.c.code)
        .where(RECORDS.c.week_id == week.id)
        .order_by(RECORDS.c.batch)
        .execution_options(yield_per=AT_ONCE)
    )
    with session.connection().execute(sealed) as found:
        for number, rows in groupby(found, key=lambda one: one.batch):
            seals = []
            for one in rows:
                if records.seal(record_of(one, secret)) != one.seal:
                    raise Refused("record_damaged", week=week.name, attempt=one.code)
                seals.append(one.seal)
            yield number, seals
