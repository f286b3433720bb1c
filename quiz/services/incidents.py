"""Incidents: a longer week, time given back, or another sitting, for a named set, by a decision of two people.

Approving signs and applies in one transaction. Until results are published, and never after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from quiz.contest.schedule import Week
from quiz.errors import Refused
from quiz.models.contests import DbWeek
from quiz.models.decisions import DbIncident
from quiz.models.people import DbAgency
from quiz.models.results import DbPublication
from quiz.services import Actor, Transaction, audit, contests, decisions, incident_effects
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.decisions import Decision, State
from quiz.services.incident_plan import Kind, Plan, named_agencies, plan
from quiz.vietnamese import closing, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is decided about a disturbance of a week; no `agencies` means everybody."""

    kind: Kind
    began_at: datetime
    ended_at: datetime
    extended_to: datetime | None = None
    agencies: frozenset[int] = frozenset()
    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident with the decision about it; `attempts` is None before it is approved."""

    decision: Decision
    week: Week
    week_name: str
    kind: Kind
    began_at: datetime
    ended_at: datetime
    extended_to: datetime | None
    agencies: tuple[str, ...]
    attempts: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What approving would do now; `refusal` says why it cannot be approved.

    `counts_move`: the round is open, so the figures may change until the approval. `keys_seen`: it has closed before,
    so that those who sat could read the answers.
    """

    plan: Plan
    refusal: Refused | None
    counts_move: bool
    keys_seen: bool
    digest: str


def propose(session: Transaction, week: StoredWeek, terms: Terms, actor: Actor, now: datetime) -> int:
    """Put a decision about an incident before a second person; the id. Nothing has an effect yet.

    Raises Refused as `_check` does, and agency_missing, decision_number_missing, decision_number_long, reason_missing,
    reason_long.
    """
    row = DbIncident(
        week_id=week.id,
        kind=terms.kind,
        began_at=terms.began_at,
        ended_at=terms.ended_at,
        extended_to=terms.extended_to if terms.kind is Kind.EXTEND else None,
        agencies=" ".join(str(one) for one in sorted(terms.agencies)) if terms.kind is not Kind.EXTEND else "",
        decision_number=decisions.checked_number(terms.number),
        reason=audit.checked_reason(terms.reason),
        proposed_by=decisions.signer(actor),
        proposed_at=now,
    )
    if len(_agency_names(session, row)) != len(named_agencies(row)):
        raise Refused("agency_missing")
    _check(session, week, row, now)
    _check_touched(plan(session, week, row, now), row)
    session.add(row)
    session.flush()
    audit.record(session, audit.Act.PROPOSE_INCIDENT, actor, now, reason=row.reason, **_facts(session, week, row))
    return row.id


def get(session: Transaction, incident_id: int) -> Incident:
    """One incident; raises Refused(decision_missing)."""
    return _incident(session, _row(session, incident_id))


def listing(session: Transaction, contest: StoredContest) -> tuple[Incident, ...]:
    """Every incident of the contest, the newest first."""
    rows = session.scalars(
        select(DbIncident)
        .join(DbWeek, DbWeek.id == DbIncident.week_id)
        .where(DbWeek.contest_id == contest.id)
        .order_by(DbIncident.id.desc())
    ).all()
    return tuple(_incident(session, row) for row in rows)


def approved(session: Transaction, contest: StoredContest) -> tuple[Incident, ...]:
    """The incidents that were decided, oldest first, for the public pages."""
    return tuple(reversed([one for one in listing(session, contest) if one.decision.state is State.APPROVED]))


def preview(session: Transaction, incident_id: int, now: datetime) -> Preview:
    """What approving would do now; raises Refused(decision_missing)."""
    row = _row(session, incident_id)
    week = contests.get_week_by_id(session, row.week_id)
    planned, refusal = plan(session, week, row, now), None
    try:
        _check(session, week, row, now)
        _check_touched(planned, row)
    except Refused as refused:
        refusal = refused
    return Preview(
        plan=planned,
        refusal=refusal,
        counts_move=now < week.week.closes_at,
        keys_seen=row.kind == Kind.EXTEND and week.contest.rules.is_over(week.week, now),
        digest=_digest(week, row, planned, now),
    )


def approve(session: Transaction, incident_id: int, seen: str, actor: Actor, now: datetime) -> Plan:
    """The second signature, and in the same transaction what it decides.

    Holding the week's row keeps starts, marking and publishing out until the end.

    Raises Refused: decision_missing, decision_moved_on, decision_needs_two, decision_changed, and as `_check` does.
    """
    row = decisions.locked(session, DbIncident, incident_id)
    held = session.get_one(DbWeek, row.week_id, with_for_update=True, populate_existing=True)
    week = contests.get_week_by_id(session, row.week_id)
    _check(session, week, row, now)
    planned = plan(session, week, row, now, hold=True)
    _check_touched(planned, row)
    decisions.approve(row, _digest(week, row, planned, now), seen, actor, now)
    row.attempts = planned.attempts
    facts = _facts(session, week, row) | {"attempts": planned.attempts, "people": planned.people}
    if row.kind == Kind.EXTEND:
        held.extended_to = row.extended_to
    if row.kind == Kind.RESIT:
        incident_effects.set_aside(session, planned.changes, row.id, now)
    else:
        incident_effects.give_time(session, planned.changes, week)
    if planned.unmarks:
        incident_effects.unmark(session, held)
    session.flush()
    audit.record(session, audit.Act.APPROVE_INCIDENT, actor, now, reason=row.reason, **facts)
    return planned


def withdraw(session: Transaction, incident_id: int, actor: Actor, now: datetime) -> None:
    """Take a proposal back before it is approved. Raises Refused: decision_missing, decision_moved_on."""
    row = decisions.locked(session, DbIncident, incident_id)
    row.withdrawn_at = now
    week = contests.get_week_by_id(session, row.week_id)
    audit.record(session, audit.Act.WITHDRAW_INCIDENT, actor, now, reason=row.reason, **_facts(session, week, row))


def _check(session: Transaction, week: StoredWeek, row: DbIncident, now: datetime) -> None:
    """Whether such a thing can be decided at all.

    Raises Refused: already_published, not_yet_open, incident_interval_wrong, incident_outside_week, incident_not_over,
    time_given_twice, extension_too_short, extension_too_long.
    """
    rules, name = week.contest.rules, week.contest.rules.name_of(week.week)
    opens, closes = week.week.opens_at, week.week.closes_at
    if session.scalar(select(DbPublication.id).where(DbPublication.week_id == week.id).limit(1)):
        raise Refused("already_published", week=name)
    if now < opens:
        raise Refused("not_yet_open", week=name, opens=moment(opens, rules.zone))
    if row.ended_at <= row.began_at:
        raise Refused("incident_interval_wrong")
    if row.ended_at <= opens or row.began_at >= closes:
        raise Refused(
            "incident_outside_week", week=name, opens=moment(opens, rules.zone), closes=closing(closes, rules.zone)
        )
    if row.kind == Kind.EXTEND:
        _check_extension(session, week, row, now)
    elif now < row.ended_at:
        raise Refused("incident_not_over")
    if row.kind == Kind.GIVE_BACK:
        _check_given_once(session, row)


def _check_extension(session: Transaction, week: StoredWeek, row: DbIncident, now: datetime) -> None:
    """A round closes later than it would, and no later than the next one opens."""
    rules, closes = week.contest.rules, week.week.closes_at
    if row.extended_to is None or row.extended_to <= max(closes, now):
        raise Refused("extension_too_short", closes=closing(closes, rules.zone))
    for other in contests.weeks(session, week.contest):
        if week.week.opens_at < other.week.opens_at < row.extended_to:
            name, opens = rules.name_of(other.week), moment(other.week.opens_at, rules.zone)
            raise Refused("extension_too_long", week=name, opens=opens)


def _check_given_once(session: Transaction, row: DbIncident) -> None:
    """The same time is never given back twice to the same people."""
    others = session.scalars(
        select(DbIncident).where(
            DbIncident.week_id == row.week_id,
            DbIncident.kind == Kind.GIVE_BACK,
            DbIncident.approved_at.is_not(None),
            DbIncident.began_at < row.ended_at,
            DbIncident.ended_at > row.began_at,
        )
    )
    named = named_agencies(row)
    for other in others.all():
        if not named or not other.agencies or named & named_agencies(other):
            raise Refused("time_given_twice", number=other.decision_number)


def _check_touched(planned: Plan, row: DbIncident) -> None:
    if not planned.changes and row.kind != Kind.EXTEND:
        raise Refused("incident_touches_nobody")


def _digest(week: StoredWeek, row: DbIncident, planned: Plan, now: datetime) -> str:
    """The terms, and once the round has closed the figures too: while it is open they change with every start."""
    terms = (row.id, row.kind, row.began_at, row.ended_at, row.extended_to, row.agencies, row.decision_number)
    settled = planned.figures if now >= week.week.closes_at else ()
    return decisions.digest_of(*terms, week.week.closes_at, planned.unmarks, *settled)


def _row(session: Transaction, incident_id: int) -> DbIncident:
    row = session.get(DbIncident, incident_id)
    if row is None:
        raise Refused("decision_missing")
    return row


def _agency_names(session: Transaction, row: DbIncident) -> tuple[str, ...]:
    wanted = select(DbAgency.name).where(DbAgency.id.in_(named_agencies(row))).order_by(DbAgency.sort_key)
    return tuple(session.scalars(wanted))


def _facts(session: Transaction, week: StoredWeek, row: DbIncident) -> dict[str, object]:
    zone = week.contest.rules.zone
    return {
        "week": week.week.number,
        "kind": Kind(row.kind).words,
        "began": moment(row.began_at, zone),
        "ended": moment(row.ended_at, zone),
        "closes": closing(row.extended_to, zone) if row.extended_to else "",
        "agencies": ", ".join(_agency_names(session, row)) or "tất cả",
        "decision": row.decision_number,
    }


def _incident(session: Transaction, row: DbIncident) -> Incident:
    week = contests.get_week_by_id(session, row.week_id)
    return Incident(
        decision=decisions.read(session, row),
        week=week.week,
        week_name=week.contest.rules.name_of(week.week),
        kind=Kind(row.kind),
        began_at=row.began_at,
        ended_at=row.ended_at,
        extended_to=row.extended_to,
        agencies=_agency_names(session, row),
        attempts=row.attempts,
    )
