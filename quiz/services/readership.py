"""What the public pages are made of: while the answer stays the same, so do the pages."""

from __future__ import annotations

from sqlalchemy import Select, func, select

from quiz.models.appeals import DbAppealAnswer
from quiz.models.commitments import DbCommitment
from quiz.models.contests import DbContest, DbContestBank, DbInstallation, DbWeek
from quiz.models.decisions import DbIncident
from quiz.models.publication_files import DbPublicationFile
from quiz.models.results import DbPublication
from quiz.models.seals import DbBatch
from quiz.services import Transaction

Edition = tuple[object, ...]


def _all_parts() -> Select[tuple[object, ...]]:
    newest = select(DbContest.id, DbContest.rules_digest).order_by(DbContest.id.desc()).limit(1).subquery()
    weeks = select(DbWeek.id).where(DbWeek.contest_id == newest.c.id).scalar_subquery()
    published = select(DbPublication.id).where(DbPublication.week_id.in_(weeks))
    parts = (
        select(DbInstallation.kind).limit(1),
        select(newest.c.id),
        select(newest.c.rules_digest),
        select(func.max(DbPublication.id)).where(DbPublication.week_id.in_(weeks)),
        select(func.count()).where(DbPublicationFile.publication_id.in_(published)),
        select(func.count()).where(DbIncident.week_id.in_(weeks), DbIncident.approved_at.is_not(None)),
        select(func.max(DbAppealAnswer.id)).where(DbAppealAnswer.week_id.in_(weeks)),
        select(func.max(DbCommitment.id)).where(DbCommitment.week_id.in_(weeks)),
        select(func.count(DbWeek.commitment)).where(DbWeek.id.in_(weeks)),
        select(func.sum(DbBatch.number)).where(DbBatch.week_id.in_(weeks), DbBatch.is_final),
    )
    return select(*(part.scalar_subquery() for part in parts))


_PARTS = _all_parts()
_BANKS = (
    select(DbContestBank.digest)
    .where(DbContestBank.contest_id == select(func.max(DbContest.id)).scalar_subquery())
    .order_by(DbContestBank.name)
)
"""Made once: writing these statements takes longer than the database needs to answer them."""


def edition(session: Transaction) -> Edition:
    """Another one with each change: of the contest, a bank, a promise, a publication, an incident, an answer."""
    connection = session.connection()
    return (*connection.execute(_PARTS).one(), *connection.scalars(_BANKS))
