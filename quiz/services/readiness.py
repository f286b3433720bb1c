"""What is left to do before a contest opens: gathers what is in place, and lets the rule say what is missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from quiz.contest.readiness import InPlace, to_do
from quiz.contest.schedule import Contest
from quiz.models.contests import DbBarred, DbContest, DbContestBank
from quiz.models.people import DbAgency, DbPerson, DbPersonGroup, DbRoleGrant
from quiz.permissions import Role
from quiz.services import Transaction, contests
from quiz.services.contests import StoredContest

LISTED = DbPerson.left_at.is_(None)


def problems(session: Transaction, contest: StoredContest, now: datetime) -> tuple[str, ...]:
    """What is left to do for a loaded contest, as sentences for the organiser; nothing once its last week is over."""
    rules = contests.as_extended(session, contest)
    if rules.current_week(now) is None and rules.next_week(now) is None:
        return ()
    return to_do(contest.rules, contests.loaded_banks(session, contest), in_place(session, contest.rules), now)


def find_loaded(session: Transaction, rules: Contest) -> StoredContest | None:
    """The contest of the same name as it is loaded, or None."""
    contest_id = session.scalar(select(DbContest.id).where(DbContest.slug == rules.slug))
    return contests.get_by_id(session, contest_id) if contest_id is not None else None


def in_place(session: Transaction, rules: Contest, source: bytes | None = None) -> InPlace:
    """What the database holds for a contest; `source` is its file where that may differ from the one loaded."""
    row = session.scalar(select(DbContest).where(DbContest.slug == rules.slug))
    contest_id = row.id if row else None
    codes = [division.code for division in rules.divisions]
    people = select(func.count()).select_from(DbPerson).where(LISTED)
    agencies = select(func.count()).select_from(DbAgency)
    return InPlace(
        is_known=row is not None,
        is_loaded=row is not None and source in (None, row.rules),
        banks=session.scalars(select(DbContestBank.name).where(DbContestBank.contest_id == contest_id)).all(),
        has_passphrase=row is not None and row.passphrase_hash is not None,
        agencies=_count(session, agencies),
        undeclared=_count(session, agencies.where(DbAgency.headcount.is_(None))),
        people=_count(session, people),
        undivided=_count(session, people.where(DbPerson.division.not_in(codes))) if codes else 0,
        groups=_groups(session),
        barred=_count(session, select(func.count()).where(DbBarred.contest_id == contest_id)),
        organisers=_holders(session, Role.ORGANISER),
        coordinators=_holders(session, Role.COORDINATOR),
    )


def _count(session: Transaction, statement: Select[Any]) -> int:
    return session.scalar(statement) or 0


def _groups(session: Transaction) -> frozenset[str]:
    joined = select(DbPersonGroup.group_code).join(DbPerson, DbPerson.id == DbPersonGroup.person_id)
    return frozenset(session.scalars(joined.where(LISTED).distinct()))


def _holders(session: Transaction, role: Role) -> int:
    held = select(func.count()).join(DbPerson, DbPerson.id == DbRoleGrant.person_id)
    return _count(session, held.select_from(DbRoleGrant).where(LISTED, DbRoleGrant.role == role))
