"""Making what is promised of a week: questions are promised with their keys, so it takes whoever holds the sealer.

That is the scheduler, or a command on the server. Everything slow is done in memory, and written down if nothing has
changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from quiz.contest.commitment_rules import is_due
from quiz.errors import Refused
from quiz.exports.verifiers import verifier_files
from quiz.models.commitments import DbCommitment, DbCommitmentRequest, DbVerifier
from quiz.models.contests import DbContest, DbWeek
from quiz.questions.bank_file import parse_bank
from quiz.services import (
    SYSTEM,
    Actor,
    Transaction,
    audit,
    audit_links,
    commitments,
    contests,
    insert_or_leave,
    key_sealing,
)
from quiz.services.contests import StoredWeek
from quiz.services.key_sealing import Sealer
from quiz.services.week_opening import Basis
from quiz.services.week_rules import week_rules
from quiz.verification import questions
from quiz.verification.canonical import canonical
from quiz.verification.chain import AuditHead
from quiz.verification.commitments import Promised, commitment, sha256
from quiz.verification.rules import WeekRules, written

Seed = Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A version worked out in memory; `sealed_secret` is what salts its questions."""

    week: StoredWeek
    basis: Basis
    rules: WeekRules
    banks: Mapping[str, Sequence[dict[str, Any]]]
    sealed_secret: bytes


def due(session: Transaction, now: datetime) -> list[tuple[StoredWeek, Actor]]:
    """The weeks for which a version is to be made now, and for whom: who asked, or nobody.

    A week that should have opened is waited for until it is frozen; one without questions, until it has some.
    """
    found = []
    contest = contests.find_current(session)
    asked = {row.week_id: Actor(row.asked_by) for row in session.scalars(select(DbCommitmentRequest))}
    for week in contests.weeks(session, contest) if contest else ():
        waits = week.frozen_at is None and week.week.opens_at <= now
        if waits or commitments.is_settled(week, now):
            continue
        newest = commitments.find_newest(session, week)
        made_at = newest.made_at if newest else None
        hours = week.contest.rules.commitment_hours
        if (week.id in asked or is_due(week.week.opens_at, hours, made_at, now)) and _is_needed(session, week):
            found.append((week, asked.get(week.id, SYSTEM)))
    return found


def work_out(session: Transaction, week: StoredWeek, sealer: Sealer, new_seed: Seed) -> Draft:
    """Everything that takes time: the questions read with their keys, and salted.

    Raises Refused: no_bank, seal_key_missing, seal_key_wrong.
    """
    basis = commitments.basis_of(session, week)
    secret, sealed = _secret(session, week, sealer, new_seed)
    rules, in_file = week.contest.rules, week.contest.rules.week(week.week.number)
    assert in_file is not None
    days = rules.local_days(in_file)
    banks = {
        name: [
            questions.written(one, name, secret)
            for one in parse_bank(key_sealing.file_of(session, digest, sealer)).pool(*days)
        ]
        for name, digest in basis.banks.items()
    }
    return Draft(week=week, basis=basis, rules=week_rules(rules, in_file), banks=banks, sealed_secret=sealed)


def keep(session: Transaction, draft: Draft, actor: Actor, now: datetime) -> int:
    """Publish what was worked out, and have a week that is frozen open under it; the number of the version.

    Raises Refused: commitment_settled, commitment_current, commitment_changed where something is otherwise by now.
    """
    _hold_coming_weeks(session)
    contests.freeze_due_weeks(session, now)
    row = session.get_one(DbWeek, draft.week.id, with_for_update=True, populate_existing=True)
    week = contests.get_week_by_id(session, row.id)
    commitments.check_needed(session, week, draft.basis, now)
    if commitments.basis_of(session, week).digest != draft.basis.digest:
        raise Refused("commitment_changed", week=week.name)
    made = _version(session, row, draft, now)
    made.made_by = actor.id
    session.add(made)
    row.sealed_question_secret = draft.sealed_secret
    if row.frozen_at is not None:
        row.commitment = made.number
    session.execute(delete(DbCommitmentRequest).where(DbCommitmentRequest.week_id == row.id))
    session.flush()
    number, digest = made.number, made.digest
    audit.record(session, audit.Act.MAKE_COMMITMENT, actor, now, week=week.week.number, number=number, digest=digest)
    return number


def _hold_coming_weeks(session: Transaction) -> None:
    """Alone, and in order: freezing holds them together with others, and two who then want one alone wait for ever."""
    session.scalars(select(DbWeek.id).where(DbWeek.frozen_at.is_(None)).order_by(DbWeek.id).with_for_update()).all()


def make(session: Transaction, week: StoredWeek, sealer: Sealer, new_seed: Seed, actor: Actor, now: datetime) -> int:
    """Work a version out and publish it in one transaction, for a command on the server."""
    return keep(session, work_out(session, week, sealer, new_seed), actor, now)


def open_secrets(session: Transaction, sealer: Sealer, now: datetime) -> int:
    """Open what salts the questions of weeks that are over and whose keys are open; of how many weeks.

    Raises Refused: seal_key_missing, seal_key_wrong.
    """
    count = 0
    sealed = select(DbWeek).where(DbWeek.sealed_question_secret.is_not(None), contests.closes_at() < now)
    for row in session.scalars(sealed.order_by(DbWeek.id).with_for_update()).all():
        week = contests.get_week_by_id(session, row.id)
        is_over = week.contest.rules.is_over(week.week, now)
        if is_over and row.sealed_question_secret and not week.keys_sealed:
            row.question_secret, row.sealed_question_secret = sealer.open(row.sealed_question_secret), None
            count += 1
    session.flush()
    return count


def _is_needed(session: Transaction, week: StoredWeek) -> bool:
    try:
        return not commitments.is_promised(session, week, commitments.basis_of(session, week))
    except Refused:
        return False


def _version(session: Transaction, row: DbWeek, draft: Draft, now: datetime) -> DbCommitment:
    """The next version, with the verifiers whose digests stand in it."""
    numbers = select(func.max(DbCommitment.number)).where(DbCommitment.week_id == row.id)
    number = (session.scalar(numbers) or 0) + 1
    verifiers, head = verifier_files(), audit_links.head(session)
    promised = Promised(
        rules=draft.rules,
        contest_file=session.get_one(DbContest, row.contest_id).rules,
        banks=draft.banks,
        draw_seed=row.draw_seed,
        lot_seed=row.lot_seed,
        agencies=draft.basis.agencies,
        verifiers=verifiers,
        audit=AuditHead(count=head.count, head=head.link),
    )
    published = commitment(promised, number, now)
    held = [{"digest": sha256(content), "content": content} for content in verifiers.values()]
    if held:
        session.execute(insert_or_leave(session.connection(), DbVerifier), held)
    return DbCommitment(
        week_id=row.id,
        number=number,
        made_at=now,
        digest=sha256(published),
        basis=draft.basis.digest,
        body=published,
        rules=canonical(written(draft.rules)),
    )


def _secret(session: Transaction, week: StoredWeek, sealer: Sealer, new_seed: Seed) -> tuple[bytes, bytes]:
    """What salts the questions of the week, and the same sealed; a new one where the key it was sealed with is lost.

    No version counts yet, so nothing is lost with it.
    """
    sealed = session.get_one(DbWeek, week.id).sealed_question_secret
    if sealed is not None:
        with suppress(Refused):
            return sealer.open(sealed), sealed
    secret = new_seed()
    return secret, sealer.seal(secret, is_first=key_sealing.is_nothing_sealed(session))
