"""The rounds that have opened and those to come, as the rules on changes of the roster need them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from quiz.contest.roster_rules import Calendar
from quiz.models.contests import DbWeek
from quiz.services import Transaction, contests
from quiz.vietnamese import HANOI


def get(session: Transaction, now: datetime) -> Calendar:
    """Of every contest of the installation: one that is over keeps its figures as well."""
    rows = session.scalars(select(DbWeek).where(DbWeek.number > 0).order_by(DbWeek.opens_at)).all()
    rounds = [(_name(session, row), row.opens_at) for row in rows]
    opened = [each for each in rounds if each[1] <= now]
    current = contests.find_current(session)
    return Calendar(
        zone=current.rules.zone if current else HANOI,
        last_name=opened[-1][0] if opened else "",
        last_opening=opened[-1][1] if opened else None,
        to_come=tuple(rounds[len(opened) :]),
    )


def _name(session: Transaction, row: DbWeek) -> str:
    rules = contests.get_by_id(session, row.contest_id).rules
    return f"{rules.round_word} {row.number}"
