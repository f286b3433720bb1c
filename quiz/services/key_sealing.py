"""Sealing the keys of a bank that a round has fixed, and opening them when the round is over.

Only the scheduler and commands on the server hold the sealer; what it encrypted is all that is left of the keys until
it is opened. `docs/adr/0016-keys-sealed.md` says what that protects and what it does not.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from quiz.contest.key_rules import OpenedBy, Use, are_done_with
from quiz.errors import Refused
from quiz.models.contests import DbBank, DbContestBank, DbWeek, DbWeekBank
from quiz.models.decisions import DbKeyOpening
from quiz.questions import sealed_bank
from quiz.questions.bank_file import parse_bank
from quiz.services import SYSTEM, Actor, Transaction, audit, contests, key_holders, sealing
from quiz.services.contests import StoredWeek
from quiz.services.key_holders import Named


class Sealer(Protocol):
    """Encrypts and decrypts with a key that the web server cannot read."""

    def seal(self, plain: bytes, *, is_first: bool) -> bytes:
        """The bytes, encrypted; a key is made only where nothing else is sealed. Raises Refused(seal_key_missing)."""

    def open(self, sealed: bytes) -> bytes:
        """What was encrypted; raises Refused: seal_key_missing, seal_key_wrong."""


def seal_due(session: Transaction, sealer: Sealer, now: datetime) -> int:
    """Seal the banks of every round that is not over; how many versions."""
    unsettled = DbBank.opened_at.is_(None)
    found = select(DbWeekBank.week_id).join(DbBank, DbBank.digest == DbWeekBank.digest).where(unsettled).distinct()
    weeks = [contests.get_week_by_id(session, week_id) for week_id in session.scalars(found).all()]
    return sum(seal(session, week, sealer, now) for week in weeks)


def seal(session: Transaction, week: StoredWeek, sealer: Sealer, now: datetime) -> int:
    """Seal the banks that a round has fixed, and those that stand in for them under the same names; how many versions.

    Twice is once. A version of which a round that is over has shown the answers is left open for good. Raises
    Refused(seal_key_missing) where other keys are sealed with a key that is lost.
    """
    if week.contest.rules.is_over(week.week, now):
        return 0
    count = 0
    for name, digest in week.banks.items():
        of_name = (DbContestBank.contest_id == week.contest.id, DbContestBank.name == name)
        current = select(DbContestBank.digest).where(*of_name)
        versions = (DbBank.digest == digest) | DbBank.digest.in_(current)
        in_the_open = select(DbBank.digest).where(versions, DbBank.source.is_not(None), DbBank.opened_at.is_(None))
        if session.scalars(in_the_open).first() is not None:
            session.scalar(current.with_for_update())  # whoever works on its questions has finished, or waits
            found = session.scalars(in_the_open.order_by(DbBank.digest)).all()
            count += sum(_seal_version(session, version, week, sealer, now) for version in found)
    return count


def open_due(session: Transaction, sealer: Sealer, now: datetime) -> int:
    """Open what no round needs sealed any more; how many versions.

    Raises Refused: seal_key_missing, seal_key_wrong; then everything stays as it is.
    """
    sealed = select(DbBank.digest).where(DbBank.sealed.is_not(None)).order_by(DbBank.digest)
    digests = session.scalars(sealed).all()
    used = {digest: _weeks_of(session, digest) for digest in digests}
    count = 0
    for digest in sorted(digests, key=lambda one: not used[one]):  # stand-ins go with the versions they stand for
        weeks = used[digest]
        if _may_open(session, weeks, now) if weeks else not _is_guarded(session, digest):
            _open_version(session, digest, weeks, sealer, now)
            count += 1
    return count


def open_with_file(session: Transaction, source: bytes, actor: Actor, now: datetime) -> None:
    """Open a version with its own file where the key is lost: what else was sealed with it is lost.

    Raises Refused: seal_file_unknown where no version sealed is this file to the byte, keys_sealed before its time.
    """
    row = session.get(DbBank, hashlib.sha256(source).hexdigest(), with_for_update=True, populate_existing=True)
    if row is None or row.sealed is None:
        raise Refused("seal_file_unknown")
    weeks = _weeks_of(session, row.digest)
    if not _may_open(session, weeks, now):
        raise Refused("keys_sealed")
    _put_source(session, row, source, weeks, actor, now)


def is_nothing_sealed(session: Transaction) -> bool:
    """Whether a new key may be made, because none is in use; what no week has opened under can be made again."""
    banks = select(DbBank.digest).where(DbBank.sealed.is_not(None)).limit(1)
    in_force = (DbWeek.sealed_question_secret.is_not(None), DbWeek.commitment.is_not(None))
    secrets = select(DbWeek.id).where(*in_force).limit(1)
    return session.scalar(banks) is None and session.scalar(secrets) is None


def file_of(session: Transaction, digest: str, sealer: Sealer) -> bytes:
    """The file of a bank, sealed or not, for what is worked out of it in memory and tells no key.

    Raises Refused: seal_key_missing, seal_key_wrong.
    """
    row = session.execute(select(DbBank.source, DbBank.sealed).where(DbBank.digest == digest)).one()
    if row.source is not None:
        return bytes(row.source)
    return base64.b64decode(json.loads(zlib.decompress(sealer.open(row.sealed)))["source"])


def _seal_version(session: Transaction, digest: str, week: StoredWeek, sealer: Sealer, now: datetime) -> int:
    row = session.get_one(DbBank, digest, with_for_update=True, populate_existing=True)
    if row.source is None or row.opened_at is not None:
        return 0
    if are_done_with(_uses(_weeks_of(session, digest), now)):
        row.opened_at = now
        return 0
    bank, names = parse_bank(row.source), _names_of(session, digest)
    kept = {
        "source": base64.b64encode(row.source).decode(),
        **key_holders.take(session, names, {question.id for question in bank.questions}),
    }
    plain = zlib.compress(json.dumps(kept, ensure_ascii=False).encode())
    sealed = sealer.seal(plain, is_first=is_nothing_sealed(session))
    if sealer.open(sealed) != plain:
        raise RuntimeError("what was sealed does not open")
    row.printed, row.sealed, row.source, row.sealed_at = sealed_bank.dump(bank), sealed, None, now
    session.flush()
    number, questions = week.week.number, len(bank.questions)
    audit.record(session, audit.Act.SEAL_KEYS, SYSTEM, now, week=number, digest=digest, questions=questions)
    return 1


def _open_version(
    session: Transaction, digest: str, weeks: tuple[StoredWeek, ...], sealer: Sealer, now: datetime
) -> None:
    row = session.get_one(DbBank, digest, with_for_update=True, populate_existing=True)
    if row.sealed is None:
        return
    kept = json.loads(zlib.decompress(sealer.open(row.sealed)))
    source = base64.b64decode(kept.pop("source"))
    if hashlib.sha256(source).hexdigest() != digest:
        raise RuntimeError("what was opened is not the bank that was sealed")
    _put_source(session, row, source, weeks, SYSTEM, now)
    key_holders.put_back(session, kept)


def _put_source(
    session: Transaction, row: DbBank, source: bytes, weeks: tuple[StoredWeek, ...], actor: Actor, now: datetime
) -> None:
    row.source, row.sealed, row.sealed_at, row.printed = source, None, None, ""
    row.opened_at = now if weeks else None
    session.flush()
    numbers = ", ".join(str(week.week.number) for week in weeks)
    audit.record(session, audit.Act.OPEN_KEYS, actor, now, week=numbers, digest=row.digest)


def _may_open(session: Transaction, weeks: tuple[StoredWeek, ...], now: datetime) -> bool:
    if not are_done_with(_uses(weeks, now)):
        return False
    over = [week for week in weeks if week.contest.rules.is_over(week.week, now)]
    if not all(sealing.is_finished(session, week) for week in over):
        return False
    return not any(map(_needs_two, over)) or _is_decided(session, over)


def _needs_two(week: StoredWeek) -> bool:
    return week.contest.rules.keys_opened_by is OpenedBy.TWO_PEOPLE and not week.week.is_practice


def _is_decided(session: Transaction, weeks: list[StoredWeek]) -> bool:
    """Whether two people have signed that the keys of one of these rounds are opened."""
    signed = (DbKeyOpening.approved_at.is_not(None), DbKeyOpening.week_id.in_([week.id for week in weeks]))
    return session.scalar(select(DbKeyOpening.id).where(*signed).limit(1)) is not None


def _is_guarded(session: Transaction, digest: str) -> bool:
    """Whether a version that no round uses stands in for one that is sealed."""
    of_names = [
        (DbWeek.contest_id == contest_id) & (DbWeekBank.name == name) for contest_id, name in _names_of(session, digest)
    ]
    used = select(DbWeek.contest_id, DbWeekBank.name, DbBank.digest).join(DbWeekBank, DbWeekBank.week_id == DbWeek.id)
    sealed = used.join(DbBank, DbBank.digest == DbWeekBank.digest).where(DbBank.sealed.is_not(None))
    return any(session.execute(sealed.where(one)).first() is not None for one in of_names)


def _weeks_of(session: Transaction, digest: str) -> tuple[StoredWeek, ...]:
    """The rounds that have fixed a version."""
    ids = session.scalars(select(DbWeekBank.week_id).where(DbWeekBank.digest == digest).distinct()).all()
    return tuple(contests.get_week_by_id(session, week_id) for week_id in sorted(ids))


def _uses(weeks: tuple[StoredWeek, ...], now: datetime) -> Iterator[Use]:
    for one in weeks:
        is_over = one.contest.rules.is_over(one.week, now)
        yield Use(opens_at=one.week.opens_at, closes_at=one.week.closes_at, is_over=is_over)


def _names_of(session: Transaction, digest: str) -> set[Named]:
    """What the contests call a version."""
    fixed = select(DbWeek.contest_id, DbWeekBank.name).join(DbWeekBank, DbWeekBank.week_id == DbWeek.id)
    current = select(DbContestBank.contest_id, DbContestBank.name)
    rows = [
        *session.execute(fixed.where(DbWeekBank.digest == digest)),
        *session.execute(current.where(DbContestBank.digest == digest)),
    ]
    return {(row.contest_id, row.name) for row in rows}
