"""Extra minutes for one person, granted or revoked before the start by two people under the number of a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, exists, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.decisions import DbAllowance
from quiz.models.people import DbAgency, DbPerson
from quiz.services import Actor, Transaction, audit, contests, decisions
from quiz.services.contests import StoredContest
from quiz.services.decisions import Decision
from quiz.vietnamese import clean

LEAST_MINUTES, MOST_MINUTES = 1, 120
REVOKED = 0

Key = ColumnElement[int] | InstrumentedAttribute[int] | int
Moment = ColumnElement[datetime] | InstrumentedAttribute[datetime] | datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Extra minutes for somebody, proposed, approved or withdrawn."""

    decision: Decision
    minutes: int
    person_id: int
    staff_code: str
    name: str
    agency: str

    @property
    def is_revocation(self) -> bool:
        """Whether it takes back what was granted before."""
        return self.minutes == REVOKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What approving an allowance now would do: the rounds it would be in force for, and those that are too late.

    `refusal` says why it cannot be approved: the person has an attempt in progress, or has not the minutes to revoke.
    """

    rounds: tuple[str, ...]
    started: tuple[str, ...]
    refusal: Refused | None
    digest: str


def extra_minutes(contest_id: Key, person_id: Key, week_id: Key, starts_at: Moment) -> ScalarSelect[int]:
    """The extra minutes of a person who starts at a moment, NULL for none: those approved last before the first start.

    An attempt that was set aside is no start: who sits again sits with what was granted meanwhile.
    """
    earlier = aliased(DbAttempt)
    started_before = (
        exists()
        .where(
            earlier.week_id == week_id,
            earlier.person_id == person_id,
            earlier.annulled_by.is_(None),
            earlier.started_at < DbAllowance.approved_at,
        )
        .correlate_except(earlier)
    )
    return (
        select(DbAllowance.minutes)
        .where(
            DbAllowance.contest_id == contest_id,
            DbAllowance.person_id == person_id,
            DbAllowance.approved_at <= starts_at,
            ~started_before,
        )
        .order_by(DbAllowance.approved_at.desc(), DbAllowance.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def propose(
    session: Transaction,
    contest: StoredContest,
    *,
    staff_code: str,
    minutes: int,
    number: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Put extra minutes for one person before a second one; the id. Nothing has an effect yet.

    Raises Refused: minutes_wrong, staff_code_unknown, decision_number_missing, decision_number_long, reason_missing,
    reason_long.
    """
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise Refused("minutes_wrong", least=LEAST_MINUTES, most=MOST_MINUTES)
    key = clean(staff_code).casefold()
    person = session.scalar(select(DbPerson).where(DbPerson.sign_in_key == key, DbPerson.left_at.is_(None)))
    if person is None:
        raise Refused("staff_code_unknown")
    paper = decisions.proposal(number, reason, actor, now)
    row = DbAllowance(contest_id=contest.id, person_id=person.id, minutes=minutes, **paper)
    return _store(session, row, person.staff_code, actor, now)


def propose_revocation(
    session: Transaction, allowance_id: int, *, number: str, reason: str, actor: Actor, now: datetime
) -> int:
    """Put before a second person that somebody no longer has the extra minutes in force; the id.

    Raises Refused: decision_missing, nothing_to_revoke, decision_number_missing, decision_number_long, reason_missing,
    reason_long.
    """
    if not is_in_force(session, allowance_id):
        raise Refused("nothing_to_revoke")
    revoked = session.get_one(DbAllowance, allowance_id)
    person = session.get_one(DbPerson, revoked.person_id)
    paper = decisions.proposal(number, reason, actor, now)
    row = DbAllowance(contest_id=revoked.contest_id, person_id=person.id, minutes=REVOKED, **paper)
    return _store(session, row, person.staff_code, actor, now)


def is_in_force(session: Transaction, allowance_id: int) -> bool:
    """Whether these minutes are what the person has in rounds not yet started; raises Refused(decision_missing)."""
    row = _row(session, allowance_id)
    return row is _last_approved(session, row) and row.minutes != REVOKED


def get(session: Transaction, allowance_id: int) -> Allowance:
    """One allowance; raises Refused(decision_missing)."""
    row = session.execute(_WITH_PERSON.where(DbAllowance.id == allowance_id)).first()
    if row is None:
        raise Refused("decision_missing")
    return _allowance(session, row)


def listing(session: Transaction, contest: StoredContest) -> tuple[Allowance, ...]:
    """Every allowance of the contest, the newest first."""
    rows = session.execute(_WITH_PERSON.where(DbAllowance.contest_id == contest.id).order_by(DbAllowance.id.desc()))
    return tuple(_allowance(session, row) for row in rows.all())


def preview(session: Transaction, allowance_id: int, now: datetime) -> Preview:
    """What approving would do now; raises Refused(decision_missing)."""
    return _preview(session, _row(session, allowance_id), now)


def approve(session: Transaction, allowance_id: int, seen: str, actor: Actor, now: datetime) -> None:
    """The second signature: from now on the minutes are in force for every round the person has not started.

    Raises Refused: decision_missing, decision_moved_on, decision_needs_two, decision_changed, person_sitting,
    nothing_to_revoke.
    """
    row = decisions.locked(session, DbAllowance, allowance_id)
    person = session.get_one(DbPerson, row.person_id, with_for_update=True)
    plan = _preview(session, row, now)
    if plan.refusal:
        raise plan.refusal
    decisions.approve(row, plan.digest, seen, actor, now)
    _record(session, audit.Act.APPROVE_ALLOWANCE, row, person.staff_code, actor, now)


def withdraw(session: Transaction, allowance_id: int, actor: Actor, now: datetime) -> None:
    """Take a proposal back before it is approved. Raises Refused: decision_missing, decision_moved_on."""
    row = decisions.locked(session, DbAllowance, allowance_id)
    row.withdrawn_at = now
    person = session.get_one(DbPerson, row.person_id)
    _record(session, audit.Act.WITHDRAW_ALLOWANCE, row, person.staff_code, actor, now)


def _store(session: Transaction, row: DbAllowance, staff_code: str, actor: Actor, now: datetime) -> int:
    session.add(row)
    session.flush()
    _record(session, audit.Act.PROPOSE_ALLOWANCE, row, staff_code, actor, now)
    return row.id


def _row(session: Transaction, allowance_id: int) -> DbAllowance:
    row = session.get(DbAllowance, allowance_id)
    if row is None:
        raise Refused("decision_missing")
    return row


def _last_approved(session: Transaction, row: DbAllowance) -> DbAllowance | None:
    """What is in force for the person of this row, or was revoked last."""
    return session.scalar(
        select(DbAllowance)
        .where(DbAllowance.contest_id == row.contest_id, DbAllowance.person_id == row.person_id)
        .where(DbAllowance.approved_at.is_not(None))
        .order_by(DbAllowance.approved_at.desc(), DbAllowance.id.desc())
        .limit(1)
    )


def _refusal(
    session: Transaction, row: DbAllowance, sat: Sequence[Row[int, datetime | None, datetime]], now: datetime
) -> Refused | None:
    """A revocation is of what was in force when it was proposed, and of nothing granted since."""
    if any(attempt.handed_in_at is None and now <= attempt.accept_until for attempt in sat):
        return Refused("person_sitting")
    last = _last_approved(session, row)
    has_changed = last is None or last.minutes == REVOKED or (last.approved_at or now) > row.proposed_at
    return Refused("nothing_to_revoke") if row.minutes == REVOKED and has_changed else None


def _preview(session: Transaction, row: DbAllowance, now: datetime) -> Preview:
    """Of the contest that the allowance is for, whichever has been loaded since."""
    sat = _attempts_of(session, row.person_id)
    rounds_of_contest = contests.rounds(session, contests.get_by_id(session, row.contest_id))
    open_rounds = [one for one in rounds_of_contest if now < one.week.closes_at]
    started = {attempt.week_id for attempt in sat}
    rounds = tuple(one.name for one in open_rounds if one.id not in started)
    refusal = _refusal(session, row, sat, now)
    return Preview(
        rounds=rounds,
        started=tuple(one.name for one in open_rounds if one.id in started),
        refusal=refusal,
        digest=decisions.digest_of(row.id, row.minutes, row.decision_number, rounds, refusal and refusal.code),
    )


def _attempts_of(session: Transaction, person_id: int) -> Sequence[Row[int, datetime | None, datetime]]:
    return session.execute(
        select(DbAttempt.week_id, DbAttempt.handed_in_at, DbAttempt.accept_until).where(
            DbAttempt.person_id == person_id, DbAttempt.annulled_by.is_(None)
        )
    ).all()


def _record(
    session: Transaction, act: audit.Act, row: DbAllowance, staff_code: str, actor: Actor, now: datetime
) -> None:
    minutes = "thu hồi" if row.minutes == REVOKED else row.minutes
    facts = {"person": staff_code, "minutes": minutes, "decision": row.decision_number}
    audit.record(session, act, actor, now, reason=row.reason, **facts)


_WITH_PERSON: Select[DbAllowance, str, str, str] = (
    select(DbAllowance, DbPerson.staff_code, DbPerson.name, DbAgency.name.label("agency"))
    .join(DbPerson, DbPerson.id == DbAllowance.person_id)
    .join(DbAgency, DbAgency.id == DbPerson.agency_id)
)


def _allowance(session: Transaction, row: Row[DbAllowance, str, str, str]) -> Allowance:
    return Allowance(
        decision=decisions.read(session, row.DbAllowance),
        minutes=row.DbAllowance.minutes,
        person_id=row.DbAllowance.person_id,
        staff_code=row.staff_code,
        name=row.name,
        agency=row.agency,
    )
