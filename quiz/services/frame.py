"""What stands around every page: the newest contest, whether all this is a demo, and who reads it. One statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from quiz.models.contests import DbContest, DbInstallation
from quiz.services import Transaction, accounts, contests
from quiz.services.account_statements import FIND
from quiz.services.contests import StoredContest
from quiz.services.direct import Direct
from quiz.services.installations import DEMO


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The frame of a page; `edition` is another one wherever any of it has changed."""

    contest: StoredContest | None
    is_demo: bool
    edition: tuple[int | None, str | None, bool]


def of_pages(session: Transaction) -> Frame:
    """As it stands outside any transaction."""
    row = _FRAME.read(session, {})
    assert row is not None
    return _frame(session, row)


def of_visitor(session: Transaction, person_id: int) -> tuple[accounts.Person, Frame] | None:
    """`accounts.find` and the frame, for each request of whoever is signed in; None where they have left."""
    row = _VISITOR.read(session, {"person": person_id})
    return (accounts.person_of(row), _frame(session, row)) if row else None


def _frame(session: Transaction, row: Any) -> Frame:
    is_demo = row.kind == DEMO
    contest = contests.known(session, row.contest, row.digest) if row.digest else None
    return Frame(contest=contest, is_demo=is_demo, edition=(row.contest, row.digest, is_demo))


_NEWEST = select(DbContest.id, DbContest.rules_digest).order_by(DbContest.id.desc()).limit(1).subquery()
_COLUMNS = (
    select(_NEWEST.c.id).scalar_subquery().label("contest"),
    select(_NEWEST.c.rules_digest).scalar_subquery().label("digest"),
    select(DbInstallation.kind).limit(1).scalar_subquery().label("kind"),
)
_FRAME = Direct(select(*_COLUMNS))
_VISITOR = Direct(FIND.add_columns(*_COLUMNS))
