"""How participation in a week has grown day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select

from quiz.models.attempts import DbAttempt
from quiz.models.people import DbMembership
from quiz.services import Transaction
from quiz.services.contests import StoredWeek, member_at
from quiz.services.turnout import belongs_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day on the contest's calendar: who took part for the first time on it, and everybody up to its end."""

    day: date
    people: int
    so_far: int


def by_day(session: Transaction, week: StoredWeek, agency_ids: Collection[int], now: datetime) -> tuple[Day, ...]:
    """The days of the week until now, each with the people of these agencies who ended their first attempt on it."""
    rules = week.contest.rules
    ended_at = func.coalesce(DbAttempt.handed_in_at, DbAttempt.deadline_at)
    members = select(DbMembership.person_id).where(
        DbMembership.agency_id.in_(agency_ids), member_at(belongs_at(week, now))
    )
    firsts = session.scalars(
        select(func.min(ended_at, type_=DbAttempt.deadline_at.type))
        .where(DbAttempt.week_id == week.id, DbAttempt.person_id.in_(members), DbAttempt.annulled_by.is_(None))
        .where(or_(DbAttempt.handed_in_at.is_not(None), DbAttempt.accept_until < now))
        .group_by(DbAttempt.person_id)
    )
    first_day, last_day = rules.local_days(week.week)
    counts = Counter(min(rules.local_day(at), last_day) for at in firsts)
    days, so_far = [], 0
    for number in range((min(rules.local_day(now), last_day) - first_day).days + 1):
        day = first_day + timedelta(days=number)
        so_far += counts[day]
        days.append(Day(day=day, people=counts[day], so_far=so_far))
    return tuple(days)
