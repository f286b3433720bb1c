"""While a week is open, whoever may take part must not read off the live figures what they are asked to predict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select

from quiz.models.people import DbMembership, DbPerson
from quiz.permissions import BARRED_ROLES, Role
from quiz.scoring.prediction import Scope, Target
from quiz.services import Transaction
from quiz.services.contests import StoredWeek, member_at
from quiz.services.turnout import belongs_at

MOST_KNOWN = Fraction(1, 10)
"""How much of the people counted one may watch: the rest is then guessed three times as widely as from half of them.

Where agencies differ in their rates, knowing a share p exactly leaves an error that goes with √((1 − p) / p): 1 at a
half, 3 at a tenth. Coordinators of most agencies of a province stay below it and can chase their own people.
"""


def is_secret(week: StoredWeek, roles: frozenset[Role], now: datetime) -> bool:
    """Whether somebody with these roles must not see the live figures of everybody together."""
    rules = week.contest.rules
    if rules.prediction is None or rules.prediction.target is Target.PEOPLE_ALL_RIGHT:
        return False
    return not rules.is_over(week.week, now) and roles.isdisjoint(BARRED_ROLES)


def hides(
    session: Transaction, week: StoredWeek, roles: frozenset[Role], agency_ids: Collection[int], now: datetime
) -> bool:
    """Whether somebody with these roles, who sees these agencies, must not see the live figures of the week.

    So it is until the week is over where people or attempts are to be predicted, for whoever their roles do not bar,
    if more than a tenth of the people counted, or of a division that is predicted by itself, belong to the agencies,
    all those that they see taken together.
    """
    rules = week.contest.rules
    if rules.prediction is None or not is_secret(week, roles, now):
        return False
    seen, everybody = Counter[str](), Counter[str]()
    for row in session.execute(
        select(DbMembership.agency_id, DbPerson.division, func.count().label("people"))
        .join(DbPerson, DbPerson.id == DbMembership.person_id)
        .where(member_at(belongs_at(week, now)))
        .group_by(DbMembership.agency_id, DbPerson.division)
    ):
        division = rules.division(row.division).code if rules.prediction.scope is Scope.DIVISION else ""
        everybody[division] += row.people
        seen[division] += row.people if row.agency_id in agency_ids else 0
    return any(seen[division] > MOST_KNOWN * people for division, people in everybody.items())
