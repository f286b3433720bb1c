"""Who may not win: people whom the rules keep out and those struck from a ranking, each with why in words for staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, or_, select

from quiz.contest.schedule import STAFF_BARRED
from quiz.models.contests import DbBarred, DbWeek
from quiz.models.people import DbRoleGrant
from quiz.models.reviews import DbStrike
from quiz.permissions import BARRED_ROLES
from quiz.services import Transaction
from quiz.services.contests import StoredContest, StoredWeek


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """Who is passed over in every round, and who in single weeks besides, by the number of the week; each with why."""

    everywhere: Mapping[int, str] = field(default_factory=dict)
    in_weeks: Mapping[int, Mapping[int, str]] = field(default_factory=dict)

    def in_week(self, number: int) -> dict[int, str]:
        """Who is passed over in a week; a strike of that week is told before what holds everywhere."""
        return {**self.everywhere, **self.in_weeks.get(number, {})}

    @property
    def most(self) -> int:
        """No round passes over more people than this."""
        return len(self.everywhere) + sum(map(len, self.in_weeks.values()))

    def with_one(self, person: int, week: int | None, why: str) -> Struck:
        """The same with one person more, in a week or everywhere."""
        if week is None:
            return Struck(everywhere={**self.everywhere, person: why}, in_weeks=self.in_weeks)
        more = {**self.in_weeks.get(week, {}), person: why}
        return Struck(everywhere=self.everywhere, in_weeks={**self.in_weeks, week: more})


def struck_people(session: Transaction, contest: StoredContest, besides: int | None = None) -> Struck:
    """Everyone who may not win as things stand, or as they would without the one strike `besides`."""
    found = Struck(everywhere=barred_people(session, contest))
    rows = session.execute(
        select(DbStrike, DbWeek.number)
        .join(DbWeek, DbWeek.id == DbStrike.week_id)
        .where(DbWeek.contest_id == contest.id, DbStrike.undone_at.is_(None))
        .order_by(DbStrike.id)
    )
    for strike, number in rows:
        if strike.id != besides:
            found = found.with_one(strike.person_id, None if strike.whole_contest else number, in_words(strike.reason))
    return found


def count_at(session: Transaction, week: StoredWeek, at: datetime) -> int:
    """How many people a strike kept from the prizes of a week at a moment, one of the whole contest or of that week."""
    rows = select(func.count(DbStrike.person_id.distinct())).join(DbWeek, DbWeek.id == DbStrike.week_id)
    held = (DbStrike.struck_at <= at, or_(DbStrike.undone_at.is_(None), DbStrike.undone_at > at))
    touching = (DbWeek.contest_id == week.contest.id, or_(DbStrike.week_id == week.id, DbStrike.whole_contest))
    return session.scalar(rows.where(*held, *touching)) or 0


def in_words(reason: str) -> str:
    """Why somebody was struck, where a ranking says it to staff."""
    return f"bị loại: {reason}"


def barred_people(session: Transaction, contest: StoredContest) -> dict[int, str]:
    """Everyone whom the rules keep out, by person, with the group's name; checked again before prizes."""
    listed = session.execute(
        select(DbBarred.person_id, DbBarred.group_code).where(DbBarred.contest_id == contest.id)
    ).all()
    staff = session.scalars(select(DbRoleGrant.person_id).where(DbRoleGrant.role.in_(BARRED_ROLES)))
    barred = dict.fromkeys(staff, STAFF_BARRED)
    return barred | {row.person_id: contest.rules.barred_name(row.group_code) for row in listed}


def is_struck(session: Transaction, week: StoredWeek, person_id: int) -> bool:
    """Whether somebody's result of a week was struck, in that week or in the whole contest."""
    weeks = select(DbWeek.id).where(DbWeek.contest_id == week.contest.id)
    strike = select(DbStrike.id).where(
        DbStrike.person_id == person_id,
        DbStrike.undone_at.is_(None),
        or_(DbStrike.week_id == week.id, DbStrike.whole_contest & DbStrike.week_id.in_(weeks)),
    )
    return session.scalar(strike.limit(1)) is not None
