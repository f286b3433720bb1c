"""Erasing one person: everything by which they can be recognised goes for good, what counted stays under a code.

The row of the person stays with its number, so that attempts, places and whatever was committed to in public stay
valid; nobody can find out any more whose they were. Winners already published stay named: publications never change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update

from quiz.contest.appeal_rules import checked_text
from quiz.errors import Refused
from quiz.models import Base
from quiz.models.appeals import DbAppeal
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbBarred
from quiz.models.decisions import DbAllowance
from quiz.models.documents import DbCertificate, DbDocument
from quiz.models.mail import DbLetter, DbUnsubscribed
from quiz.models.merges import DbMerge
from quiz.models.people import (
    DbExemption,
    DbMembership,
    DbPerson,
    DbRegistration,
    DbRoleGrant,
    DbRosterMove,
)
from quiz.models.personal_data import DbDataRequest, DbErasure
from quiz.models.reviews import DbAttemptDevice, DbStrike
from quiz.personal_data.holdings import REMOVED, TOMBSTONE_NAME
from quiz.personal_data.request_rules import Kind
from quiz.services import Actor, Transaction, audit, data_requests, decisions, erasure_checks, erasure_traces
from quiz.vietnamese import name_key

NewCode = Callable[[], str]
DELETED: Mapping[type[Base], str] = {
    DbRosterMove: "person_id",
    DbBarred: "person_id",
    DbRoleGrant: "person_id",
    DbRegistration: "person_id",
    DbLetter: "person_id",
    DbUnsubscribed: "person_id",
    DbCertificate: "person_id",
    DbDocument: "asked_by",
}
"""Rows that go as a whole, by the column that says whose they are."""
EMPTIED: Mapping[type[Base], tuple[str, tuple[str, ...]]] = {
    DbExemption: ("person_id", ("reason",)),
    DbAllowance: ("person_id", ("reason",)),
    DbStrike: ("person_id", ("reason", "evidence", "undo_reason")),
    DbAppeal: ("person_id", ("text",)),
    DbMerge: ("kept_id", ("reason",)),
    DbDataRequest: ("person_id", ("text", "answer", "extended_for")),
}
"""Free texts that go, of rows that something that counted rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What erasing somebody would touch. `published` are the prizes under which they stay named in public."""

    name: str
    staff_code: str
    codes: tuple[str, ...]
    attempts: int
    letters: int
    appeals: int
    published: tuple[str, ...]
    refusal: Refused | None
    digest: str


def preview(session: Transaction, person_id: int, now: datetime) -> Preview:
    """What would go and what would stay, and why it may not be done now. Raises Refused(person_missing)."""
    person = session.get(DbPerson, person_id)
    if person is None:
        raise Refused("person_missing")
    ids = entries_of(session, person_id)
    published, refusal = erasure_checks.prizes(session, person), None
    try:
        erasure_checks.check(session, person, ids, now)
    except Refused as refused:
        refusal = refused
    codes = session.scalars(select(DbPerson.staff_code).where(DbPerson.id.in_(ids)).order_by(DbPerson.id)).all()
    counts = {table: _count(session, table, ids) for table in (DbAttempt, DbLetter, DbAppeal)}
    return Preview(
        name=person.name,
        staff_code=person.staff_code,
        codes=tuple(codes),
        attempts=counts[DbAttempt],
        letters=counts[DbLetter],
        appeals=counts[DbAppeal],
        published=published,
        refusal=refusal,
        digest=decisions.digest_of(sorted(ids), person.name, counts[DbAttempt], counts[DbAppeal], published),
    )


def carry_out(
    session: Transaction,
    request_id: int,
    seen: str,
    answer: str,
    actor: Actor,
    now: datetime,
    new_code: NewCode,
    *,
    prizes_paid: bool,
) -> None:
    """Grant a request for erasure that was looked at as `seen`: one asks, another erases.

    Raises Refused: request_missing, request_moved_on, request_own, erasure_needs_two, erasure_changed, text_missing,
    text_long; as `erasure_checks.check` does; erasure_prize_unpaid.
    """
    words = checked_text(answer)
    request = data_requests.held(session, request_id, actor)
    if request.kind != Kind.ERASE:
        raise Refused("request_missing")
    if request.recorded_by is not None and request.recorded_by == actor.id:
        raise Refused("erasure_needs_two")
    person = session.get_one(DbPerson, request.person_id, with_for_update=True, populate_existing=True)
    found = preview(session, person.id, now)
    if found.refusal:
        raise found.refusal
    if found.digest != seen:
        raise Refused("erasure_changed")
    if found.published and not prizes_paid:
        raise Refused("erasure_prize_unpaid")
    erase(session, person.id, actor, now, new_code)
    audit.record(session, audit.Act.ERASE_PERSON, actor, now, person=person.staff_code, request=request_id)
    data_requests.answer(session, request_id, words, actor, now, is_granted=True)


def erase(session: Transaction, person_id: int, actor: Actor, now: datetime, new_code: NewCode) -> None:
    """Take away whatever tells who somebody was, from their entry and those that were given up for it."""
    ids = entries_of(session, person_id)
    people = session.scalars(select(DbPerson).where(DbPerson.id.in_(ids)).with_for_update()).all()
    erasure_traces.forget_in_log(session, people, actor, now)
    erasure_traces.forget_addresses(session, people)
    erasure_traces.forget_in_reports(session, people)
    devices = select(DbAttempt.code).where(DbAttempt.person_id.in_(ids))
    session.execute(delete(DbAttemptDevice).where(DbAttemptDevice.attempt_code.in_(devices)))
    for table, whose in DELETED.items():
        session.execute(delete(table).where(getattr(table, whose).in_(ids)))
    for table, (whose, texts) in EMPTIED.items():
        for text in texts:
            held = (getattr(table, whose).in_(ids), getattr(table, text) != "")
            session.execute(update(table).where(*held).values({text: REMOVED}))
    still = (DbMembership.person_id.in_(ids), or_(DbMembership.until.is_(None), DbMembership.until > now))
    for row in session.scalars(select(DbMembership).where(*still)).all():
        row.until = max(now, row.since)
    for person in people:
        _bury(person, now, new_code())
        session.merge(DbErasure(person_id=person.id, erased_at=now, erased_by=actor.id))
    session.flush()


def entries_of(session: Transaction, person_id: int) -> frozenset[int]:
    """Every entry of the roster that was joined with this one, and itself."""
    found: set[int] = set()
    new = {person_id}
    while new:
        found |= new
        joined = or_(DbMerge.given_up_id.in_(new), DbMerge.kept_id.in_(new))
        rows = session.execute(select(DbMerge.given_up_id, DbMerge.kept_id).where(joined))
        new = {id_ for row in rows for id_ in row} - found
    return frozenset(found)


def _bury(person: DbPerson, now: datetime, code: str) -> None:
    person.staff_code, person.sign_in_key = code, code.casefold()
    person.name, person.name_key, person.position = TOMBSTONE_NAME, name_key(TOMBSTONE_NAME), ""
    person.email = person.password_hash = person.activation_hash = None
    person.left_at = person.left_at or now
    person.session_epoch += 1


def _count(session: Transaction, table: type[Base], ids: frozenset[int]) -> int:
    counted = select(func.count()).select_from(table).where(table.person_id.in_(ids))  # type: ignore[attr-defined]
    return session.scalar(counted) or 0
