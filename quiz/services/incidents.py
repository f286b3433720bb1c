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
from quiz.services import Actor, Transaction, audit, contests, decisions, incident_effects, incident_scope
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.decisions import Decision, State
from quiz.services.incident_checks import check, check_touched
from quiz.services.incident_plan import Kind, Plan, plan
from quiz.services.incident_scope import EVERYBODY, NamedPerson, Scope, Whom, joined
from quiz.vietnamese import closing, moment

MOST_LISTED = 500
SIT_AGAIN = "người đã hết giờ vì sự cố được thi lại"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is decided about a disturbance of a week; a longer week is always for everybody."""

    kind: Kind
    began_at: datetime
    ended_at: datetime
    extended_to: datetime | None = None
    scope: Scope = EVERYBODY
    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident with the decision about it; `attempts` and `set_aside` are None before it is approved.

    With `sit_again`, attempts that ran out because of it are set aside.
    """

    decision: Decision
    week: Week
    week_name: str
    kind: Kind
    began_at: datetime
    ended_at: datetime
    extended_to: datetime | None
    whom: Whom
    sit_again: bool
    attempts: int | None
    set_aside: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What approving would do now; `refusal` says why it cannot be approved.

    `touched` are the people themselves, unless they are more than can be listed. `counts_move`: the round is open, so
    the figures may change until the approval. `keys_seen`: it has closed before, so that those who sat could read the
    answers.
    """

    plan: Plan
    touched: tuple[NamedPerson, ...]
    refusal: Refused | None
    counts_move: bool
    keys_seen: bool
    digest: str


def propose(session: Transaction, week: StoredWeek, terms: Terms, actor: Actor, now: datetime) -> int:
    """Put a decision about an incident before a second person; the id. Nothing has an effect yet.

    Raises Refused as the checks of incidents do, as `incident_scope.check` does, and decision_number_missing,
    decision_number_long, reason_missing, reason_long.
    """
    scope = EVERYBODY if terms.kind is Kind.EXTEND else terms.scope
    row = DbIncident(
        week_id=week.id,
        kind=terms.kind,
        began_at=terms.began_at,
        ended_at=terms.ended_at,
        extended_to=terms.extended_to if terms.kind is Kind.EXTEND else None,
        agencies=joined(scope.agencies),
        people=joined(scope.people),
        division=scope.division,
        sit_again=False,
        **decisions.proposal(terms.number, terms.reason, actor, now),
    )
    incident_scope.check(session, week.contest.rules, scope)
    check(session, week, row, now)
    check_touched(session, week, row, plan(session, week, row, now), now)
    session.add(row)
    session.flush()
    audit.record(session, audit.Act.PROPOSE_INCIDENT, actor, now, reason=row.reason, **_facts(session, week, row))
    return row.id


def choose_sit_again(session: Transaction, incident_id: int, chosen: bool, actor: Actor, now: datetime) -> None:
    """Those whose attempts ran out because of the incident may sit again, or may not, by the same decision.

    Only who proposed it chooses: nobody may approve what they have changed. Raises Refused: decision_missing,
    decision_moved_on, not_own_proposal, and as the checks of incidents do.
    """
    row = decisions.locked(session, DbIncident, incident_id)
    if row.proposed_by != actor.id:
        raise Refused("not_own_proposal")
    week = contests.get_week_by_id(session, row.week_id)
    row.sit_again = chosen and row.kind != Kind.RESIT
    check(session, week, row, now)
    audit.record(session, audit.Act.CHANGE_INCIDENT, actor, now, reason=row.reason, **_facts(session, week, row))


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
        check(session, week, row, now)
        check_touched(session, week, row, planned, now)
    except Refused as refused:
        refusal = refused
    return Preview(
        plan=planned,
        touched=incident_scope.people(session, planned.touched) if planned.people <= MOST_LISTED else (),
        refusal=refusal,
        counts_move=now < week.week.closes_at,
        keys_seen=row.kind == Kind.EXTEND and week.contest.rules.is_over(week.week, now),
        digest=_digest(week, row, planned, now),
    )


def approve(session: Transaction, incident_id: int, seen: str, actor: Actor, now: datetime) -> Plan:
    """The second signature, and in the same transaction what it decides.

    Holding the week's row keeps starts, marking and publishing out until the end.

    Raises Refused: decision_missing, decision_moved_on, decision_needs_two, decision_changed, and as the checks do.
    """
    row = decisions.locked(session, DbIncident, incident_id)
    held = session.get_one(DbWeek, row.week_id, with_for_update=True, populate_existing=True)
    week = contests.get_week_by_id(session, row.week_id)
    check(session, week, row, now)
    planned = plan(session, week, row, now, hold=True)
    check_touched(session, week, row, planned, now)
    decisions.approve(row, _digest(week, row, planned, now), seen, actor, now)
    row.attempts, row.set_aside = planned.attempts, planned.set_aside
    facts = _facts(session, week, row) | {"attempts": planned.attempts, "people": planned.people}
    if row.kind == Kind.EXTEND:
        held.extended_to = row.extended_to
    incident_effects.set_aside(session, planned.changes, row.id, now)
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


def _digest(week: StoredWeek, row: DbIncident, planned: Plan, now: datetime) -> str:
    """The terms, and once the round has closed the figures too: while it is open they change with every start."""
    terms = (row.id, row.kind, row.began_at, row.ended_at, row.extended_to, row.sit_again, row.decision_number)
    whom = (row.agencies, row.people, row.division)
    settled = planned.figures if now >= week.week.closes_at else ()
    return decisions.digest_of(*terms, *whom, week.week.closes_at, planned.unmarks, *settled)


def _row(session: Transaction, incident_id: int) -> DbIncident:
    row = session.get(DbIncident, incident_id)
    if row is None:
        raise Refused("decision_missing")
    return row


def _facts(session: Transaction, week: StoredWeek, row: DbIncident) -> dict[str, object]:
    zone = week.contest.rules.zone
    return {
        "week": week.week.number,
        "kind": f"{Kind(row.kind).words}; {SIT_AGAIN}" if row.sit_again else Kind(row.kind).words,
        "began": moment(row.began_at, zone),
        "ended": moment(row.ended_at, zone),
        "closes": closing(row.extended_to, zone) if row.extended_to else "",
        "agencies": incident_scope.whom(session, week.contest.rules, row).words,
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
        whom=incident_scope.whom(session, week.contest.rules, row),
        sit_again=row.sit_again,
        attempts=row.attempts,
        set_aside=row.set_aside,
    )
