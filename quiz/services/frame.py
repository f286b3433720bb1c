"""What stands around every page: the newest contest, and whether all this is a demo. One statement by itself."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from quiz.models.contests import DbContest, DbInstallation
from quiz.services import Transaction, contests
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
    is_demo = row.kind == DEMO
    contest = contests.known(session, row.contest, row.digest) if row.digest else None
    return Frame(contest=contest, is_demo=is_demo, edition=(row.contest, row.digest, is_demo))


_NEWEST = select(DbContest.id, DbContest.rules_digest).order_by(DbContest.id.desc()).limit(1).subquery()
_FRAME = Direct(
    select(
        select(_NEWEST.c.id).scalar_subquery().label("contest"),
        select(_NEWEST.c.rules_digest).scalar_subquery().label("digest"),
        select(DbInstallation.kind).limit(1).scalar_subquery().label("kind"),
    )
)
