"""People whose time has run out: those who left long ago, and those who registered for a contest that is long over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from quiz.errors import N_, Refused
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbContest, DbWeek
from quiz.models.people import DbPerson, DbRegistration, DbRoleGrant
from quiz.models.personal_data import DbErasure
from quiz.permissions import BARRED_ROLES
from quiz.personal_data import periods
from quiz.personal_data.holdings import FOR_THE_CONTEST
from quiz.services import SYSTEM, Transaction, contests, erasure, erasure_checks

AT_ONCE = 20
"""How many are erased in one tick."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leavers:
    """People who left the roster and have not come back."""

    words: str = N_("Tài khoản của người đã rời danh sách")
    kept: str = N_("%(leavers)s tháng sau khi rời danh sách")

    def wanted(self, _session: Transaction, now: datetime) -> Select[int]:
        """Who is due."""
        return _STILL_NAMED.where(DbPerson.left_at <= now - periods.LEAVERS)

    def due(self, session: Transaction, now: datetime) -> int:
        """How many are due."""
        return _count(session, self.wanted(session, now))

    def next_at(self, session: Transaction) -> datetime | None:
        """When the first of them is due."""
        first = select(func.min(DbPerson.left_at)).where(DbPerson.id.in_(_STILL_NAMED))
        left_at = session.scalar(first)
        return left_at + periods.LEAVERS if left_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """People who registered by themselves for a contest that is over, and have sat no later one."""

    words: str = N_("Tài khoản của người tự đăng ký")
    kept: str = FOR_THE_CONTEST

    def wanted(self, session: Transaction, now: datetime) -> Select[int]:
        """Who is due."""
        over = [contest.id for contest in erasure_checks.over(session, now)]
        later = select(DbAttempt.person_id).join(DbWeek).where(DbWeek.contest_id.not_in(over))
        mine = select(DbRegistration.person_id).where(DbRegistration.contest_id.in_(over))
        return _STILL_NAMED.where(DbPerson.id.in_(mine), DbPerson.id.not_in(later))

    def due(self, session: Transaction, now: datetime) -> int:
        """How many are due."""
        return _count(session, self.wanted(session, now))

    def next_at(self, session: Transaction) -> datetime | None:
        """When the first contest for which somebody registered is over for good."""
        held = select(DbRegistration.contest_id).distinct()
        ids = session.scalars(select(DbContest.id).where(DbContest.id.in_(held))).all()
        return min((erasure_checks.kept_until(session, contests.get_by_id(session, id_)) for id_ in ids), default=None)


SWEEPS = (Leavers(), Registered())


def run(session: Transaction, now: datetime, new_code: Callable[[], str]) -> int:
    """Erase the next few who are due, passing over those for whom something still runs; how many."""
    erased = 0
    for sweep in SWEEPS:
        for person_id in session.scalars(sweep.wanted(session, now).order_by(DbPerson.id)).all():
            if erased == AT_ONCE:
                return erased
            erased += _erase(session, person_id, now, new_code)
    return erased


def _erase(session: Transaction, person_id: int, now: datetime, new_code: Callable[[], str]) -> bool:
    person, ids = session.get_one(DbPerson, person_id), erasure.entries_of(session, person_id)
    try:
        erasure_checks.check(session, person, ids, now)
    except Refused:
        return False
    erasure.erase(session, person_id, SYSTEM, now, new_code)
    return True


def _count(session: Transaction, wanted: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


_DECIDES = select(DbRoleGrant.person_id).where(DbRoleGrant.role.in_(BARRED_ROLES))
_STILL_NAMED = select(DbPerson.id).where(DbPerson.id.not_in(select(DbErasure.person_id)), DbPerson.id.not_in(_DECIDES))
"""Whoever decided about a contest stays named beside what they signed."""
