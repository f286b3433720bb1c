"""Whether an incident can be decided at all: in time, in the right order, once, and not after publication."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from quiz.errors import Refused
from quiz.models.decisions import DbIncident
from quiz.models.results import DbPublication
from quiz.services import Transaction, contests
from quiz.services.contests import StoredWeek
from quiz.services.incident_plan import Kind, Plan, plan
from quiz.vietnamese import closing, moment


def check(session: Transaction, week: StoredWeek, row: DbIncident, now: datetime) -> None:
    """Raises Refused: already_published, not_yet_open, incident_interval_wrong, incident_outside_week,
    incident_not_over, extension_too_short, extension_too_long, practice_has_no_limit.
    """
    rules, name = week.contest.rules, week.name
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
    if (row.kind != Kind.EXTEND or row.sit_again) and now < row.ended_at:
        raise Refused("incident_not_over")
    if (row.kind == Kind.RESIT or row.sit_again) and week.week.is_practice:
        raise Refused("practice_has_no_limit", week=name)


def _check_extension(session: Transaction, week: StoredWeek, row: DbIncident, now: datetime) -> None:
    """A round closes later than it would, and no later than the next one opens."""
    rules, closes = week.contest.rules, week.week.closes_at
    if row.extended_to is None or row.extended_to <= max(closes, now):
        raise Refused("extension_too_short", closes=closing(closes, rules.zone))
    for other in contests.weeks(session, week.contest):
        if week.week.opens_at < other.week.opens_at < row.extended_to:
            raise Refused("extension_too_long", week=other.name, opens=moment(other.week.opens_at, rules.zone))


def check_touched(session: Transaction, week: StoredWeek, row: DbIncident, planned: Plan, now: datetime) -> None:
    """Somebody must be concerned, and no attempt gets the same time back twice.

    Raises Refused: incident_touches_nobody, time_given_twice.
    """
    if row.kind == Kind.GIVE_BACK:
        _check_given_once(session, week, row, planned, now)
    if not planned.changes and row.kind != Kind.EXTEND:
        raise Refused("incident_touches_nobody")


def _check_given_once(session: Transaction, week: StoredWeek, row: DbIncident, planned: Plan, now: datetime) -> None:
    touched = {change.code for change in planned.changes}
    others = session.scalars(
        select(DbIncident).where(
            DbIncident.week_id == row.week_id,
            DbIncident.kind == Kind.GIVE_BACK,
            DbIncident.approved_at.is_not(None),
            DbIncident.began_at < row.ended_at,
            DbIncident.ended_at > row.began_at,
        )
    )
    for other in others.all():
        if touched & {change.code for change in plan(session, week, other, now).changes}:
            raise Refused("time_given_twice", number=other.decision_number)
