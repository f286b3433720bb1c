"""Why somebody may not be erased now: what is still running, or waits for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from quiz.errors import Refused
from quiz.models.appeals import DbAppeal
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbContest, DbWeek
from quiz.models.people import DbPerson, DbRoleGrant
from quiz.models.personal_data import DbErasure
from quiz.models.results import DbPublication
from quiz.permissions import BARRED_ROLES
from quiz.personal_data.periods import months_after
from quiz.services import Transaction, appeals, contests, publishing
from quiz.services.contests import StoredContest
from quiz.vietnamese import clean


def check(session: Transaction, person: DbPerson, ids: frozenset[int], now: datetime) -> None:
    """Raises Refused: erasure_done, erasure_holds_role, erasure_week_open, erasure_week_unpublished,
    erasure_appeal_open.
    """
    if session.get(DbErasure, person.id) is not None:
        raise Refused("erasure_done")
    roles = select(DbRoleGrant.role).where(DbRoleGrant.person_id.in_(ids), DbRoleGrant.role.in_(BARRED_ROLES))
    if session.scalar(roles.limit(1)) is not None:
        raise Refused("erasure_holds_role")
    _check_no_open_week(session, person, now)
    _check_all_published(session, ids, now)
    waiting = (DbAppeal.person_id.in_(ids), DbAppeal.state == appeals.State.WAITING)
    if session.scalar(select(DbAppeal.id).where(*waiting).limit(1)) is not None:
        raise Refused("erasure_appeal_open")


def prizes(session: Transaction, person: DbPerson) -> tuple[str, ...]:
    """Under which prizes of the current contest somebody of this name stands in public, which nothing can undo.

    Publications name people and hold no numbers of theirs: a namesake is mentioned once too often, not too seldom.
    """
    contest = contests.find_current(session)
    if contest is None:
        return ()
    found: list[str] = []
    for publication in publishing.latest_of_each_week(session, contest):
        round_ = f"{contest.rules.round_word} {publication.week}"
        over_contest = [winner for one in publication.overall for winner in one.winners]
        found += [
            f"{winner.prize} ({round_}, {winner.agency})"
            for winner in (*publication.winners, *over_contest)
            if clean(winner.name).casefold() == clean(person.name).casefold()
        ]
    return tuple(dict.fromkeys(reversed(found)))


def ended_at(session: Transaction, contest: StoredContest) -> datetime:
    """When the last week of a contest closes."""
    return max(week.week.closes_at for week in contests.rounds(session, contest))


def kept_until(session: Transaction, contest: StoredContest) -> datetime:
    """Until when what only the contest needed is kept."""
    return months_after(ended_at(session, contest), contest.rules.personal_data.months)


def over(session: Transaction, now: datetime) -> tuple[StoredContest, ...]:
    """The contests of which nothing is kept any more that only they needed."""
    all_ = (contests.get_by_id(session, id_) for id_ in session.scalars(select(DbContest.id).order_by(DbContest.id)))
    return tuple(contest for contest in all_ if kept_until(session, contest) <= now)


def _check_no_open_week(session: Transaction, person: DbPerson, now: datetime) -> None:
    contest = contests.find_current(session)
    if contest is None or person.left_at is not None:
        return
    rules = contests.as_extended(session, contest)
    current = rules.current_week(now)
    if current is not None:
        raise Refused("erasure_week_open", week=rules.name_of(current))


def _check_all_published(session: Transaction, ids: frozenset[int], now: datetime) -> None:
    """Every week that they sat was published, unless its contest is long over."""
    sat = select(DbAttempt.week_id).where(DbAttempt.person_id.in_(ids))
    published = select(DbPublication.week_id)
    open_ = select(DbWeek.id).where(DbWeek.id.in_(sat), DbWeek.number > 0, DbWeek.id.not_in(published))
    for week_id in session.scalars(open_.order_by(DbWeek.id)):
        week = contests.get_week_by_id(session, week_id)
        if kept_until(session, week.contest) > now:
            raise Refused("erasure_week_unpublished", week=week.name)
