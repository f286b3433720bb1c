"""Two entries of the roster that are one person: one is kept, the other is given up and hands over what counts.

Attempts keep their papers, times and marks; only whose they are changes. So a person is counted once, in the agency of
the entry that is kept for every moment at which it belonged to one, and otherwise in that of the other. Where both have
sat the same round there is nothing to join: that is for the review of the ranking to decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update

from quiz.contest.tenures import Tenure, added
from quiz.errors import Refused
from quiz.models import Base
from quiz.models.appeals import DbAppeal
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbBarred
from quiz.models.decisions import DbAllowance
from quiz.models.documents import DbCertificate
from quiz.models.merges import DbMerge
from quiz.models.people import DbExemption, DbMembership, DbPerson, DbRosterMove
from quiz.models.results import DbPublication, DbStanding
from quiz.models.reviews import DbStrike
from quiz.services import Actor, Transaction, audit, contests, decisions, roster_care
from quiz.services.roster_moves_due import is_open
from quiz.vietnamese import clean

HANDED_OVER: tuple[type[Base], ...] = (DbAttempt, DbStanding, DbStrike, DbAppeal, DbAllowance, DbCertificate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One of the two entries as the organiser compares them."""

    id: int
    staff_code: str
    name: str
    position: str
    email: str
    agency_id: int
    listed_at: datetime
    is_activated: bool
    rounds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What joining the two would do; `published` are rounds whose published figures would then be corrected.

    `refusal` says why they cannot be joined.
    """

    kept: Entry
    given_up: Entry
    published: tuple[str, ...]
    refusal: Refused | None
    digest: str


def preview(session: Transaction, kept_id: int, staff_code: str, now: datetime) -> Preview:
    """What giving up the entry of that staff code would do. Raises Refused: person_missing, merge_with_itself."""
    kept, other = _pair(session, kept_id, staff_code)
    refusal = None
    try:
        _check(session, kept, other, now)
    except Refused as refused:
        refusal = refused
    rounds = _rounds(session, other)
    return Preview(
        kept=_entry(session, kept),
        given_up=_entry(session, other),
        published=tuple(name for id_, (_, name) in rounds.items() if _is_published(session, id_)),
        refusal=refusal,
        digest=_digest(session, kept, other),
    )


def merge(
    session: Transaction, kept_id: int, staff_code: str, seen: str, reason: str, actor: Actor, now: datetime
) -> None:
    """Join the two as they were `seen`.

    Raises Refused: person_missing, merge_with_itself, merge_person_left, merge_holds_role, merge_both_sat,
    merge_sitting, merge_changed, reason_missing, reason_long.
    """
    words = audit.checked_reason(reason)
    contests.freeze_due_weeks(session, now)
    kept, other = _pair(session, kept_id, staff_code, hold=True)
    _check(session, kept, other, now)
    if _digest(session, kept, other) != seen:
        raise Refused("merge_changed")
    numbers = " ".join(str(number) for number, _ in _rounds(session, other).values())
    _hand_over(session, kept, other, now)
    by = decisions.signer(actor)
    session.add(
        DbMerge(given_up_id=other.id, kept_id=kept.id, weeks=numbers, reason=words, merged_by=by, merged_at=now)
    )
    facts = {"person": kept.staff_code, "given_up": other.staff_code, "week": numbers}
    audit.record(session, audit.Act.MERGE_PEOPLE, actor, now, reason=words, **facts)


def _pair(session: Transaction, kept_id: int, staff_code: str, hold: bool = False) -> tuple[DbPerson, DbPerson]:
    """Both rows, locked in the order of their ids, so that two merges cannot wait for each other."""
    given_up_id = session.scalar(select(DbPerson.id).where(DbPerson.sign_in_key == clean(staff_code).casefold()))
    if given_up_id is None:
        raise Refused("person_missing")
    if given_up_id == kept_id:
        raise Refused("merge_with_itself")
    wanted = select(DbPerson).where(DbPerson.id.in_((kept_id, given_up_id))).order_by(DbPerson.id)
    if hold:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    rows = {row.id: row for row in session.scalars(wanted)}
    if len(rows) < 2:
        raise Refused("person_missing")
    return rows[kept_id], rows[given_up_id]


def _check(session: Transaction, kept: DbPerson, other: DbPerson, now: datetime) -> None:
    for person in (kept, other):
        if person.left_at is not None:
            raise Refused("merge_person_left", person=person.staff_code)
        if roster_care.holds_role(session, person.id):
            raise Refused("merge_holds_role", person=person.staff_code)
    mine, theirs = _rounds(session, kept), _rounds(session, other)
    both = [name for id_, (_, name) in theirs.items() if id_ in mine]
    if both:
        raise Refused("merge_both_sat", weeks=", ".join(both))
    sitting = (DbAttempt.person_id == other.id, DbAttempt.handed_in_at.is_(None), DbAttempt.accept_until >= now)
    if session.scalar(select(func.count()).where(*sitting)):
        raise Refused("merge_sitting", person=other.staff_code)


def _hand_over(session: Transaction, kept: DbPerson, other: DbPerson, now: datetime) -> None:
    for table in HANDED_OVER:
        session.execute(update(table).where(table.person_id == other.id).values(person_id=kept.id))  # type: ignore[attr-defined]
    for tenure in added(_tenures(session, other.id), _tenures(session, kept.id)):
        session.add(DbMembership(person_id=kept.id, agency_id=tenure.agency, since=tenure.since, until=tenure.until))
    still = (DbMembership.person_id == other.id, DbMembership.until.is_(None))
    for row in session.scalars(select(DbMembership).where(*still)).all():
        row.until = max(now, row.since)
    held = (DbExemption.person_id == other.id, or_(DbExemption.until.is_(None), DbExemption.until > now))
    session.execute(update(DbExemption).where(*held).values(person_id=kept.id))
    session.execute(update(DbRosterMove).where(DbRosterMove.person_id == other.id, is_open()).values(dropped_at=now))
    _stay_barred(session, kept, other)
    _close(session, kept, other, now)


def _stay_barred(session: Transaction, kept: DbPerson, other: DbPerson) -> None:
    barred = set(session.scalars(select(DbBarred.contest_id).where(DbBarred.person_id == kept.id)))
    for row in session.scalars(select(DbBarred).where(DbBarred.person_id == other.id)).all():
        if row.contest_id not in barred:
            session.add(DbBarred(contest_id=row.contest_id, person_id=kept.id, group_code=row.group_code))


def _close(session: Transaction, kept: DbPerson, other: DbPerson, now: datetime) -> None:
    """Nobody signs in by the entry given up any more; an address that only it had goes to the one kept."""
    address, other.email = other.email, None
    other.left_at, other.password_hash, other.activation_hash = now, None, None
    other.session_epoch += 1
    session.flush()
    kept.email = kept.email or address
    kept.listed_at = min(kept.listed_at, other.listed_at)


def _tenures(session: Transaction, person_id: int) -> Iterable[Tenure]:
    rows = session.scalars(select(DbMembership).where(DbMembership.person_id == person_id))
    return [Tenure(agency=row.agency_id, since=row.since, until=row.until) for row in rows]


def _rounds(session: Transaction, person: DbPerson) -> dict[int, tuple[int, str]]:
    """The rounds in which the person has started an attempt, by id: number and name."""
    ids = session.scalars(select(DbAttempt.week_id).where(DbAttempt.person_id == person.id).distinct()).all()
    found = [contests.get_week_by_id(session, id_) for id_ in sorted(ids)]
    return {week.id: (week.week.number, week.name) for week in found}


def _is_published(session: Transaction, week_id: int) -> bool:
    return bool(session.scalar(select(func.count()).where(DbPublication.week_id == week_id)))


def _entry(session: Transaction, person: DbPerson) -> Entry:
    return Entry(
        id=person.id,
        staff_code=person.staff_code,
        name=person.name,
        position=person.position,
        email=person.email or "",
        agency_id=person.agency_id,
        listed_at=person.listed_at,
        is_activated=person.password_hash is not None,
        rounds=tuple(name for _, name in _rounds(session, person).values()),
    )


def _digest(session: Transaction, kept: DbPerson, other: DbPerson) -> str:
    """What the organiser has compared."""
    seen = [(each.id, each.name, each.agency_id, sorted(_rounds(session, each))) for each in (kept, other)]
    return decisions.digest_of(*seen)
