"""Every publication of a contest in its order, each as it was stored, down to the byte."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from quiz.errors import Refused
from quiz.models.contests import DbWeek
from quiz.models.publication_files import BUNDLE, PICTURE, DbPublicationFile
from quiz.models.results import DbPublication
from quiz.services import Transaction
from quiz.services.contests import StoredContest
from quiz.services.published import Publication, read_publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A publication as lists name it, and whether its picture is drawn, and its bundle made, yet."""

    id: int
    week: int
    number: int
    published_at: datetime
    reason: str
    digest: str
    pictured: bool
    bundled: bool


def issues(session: Transaction, contest: StoredContest, week: int | None = None) -> tuple[Issue, ...]:
    """The publications of a week, or of all of them, the newest first."""
    drawn, bundled = (
        select(DbPublicationFile.kind)
        .where(DbPublicationFile.publication_id == DbPublication.id, DbPublicationFile.kind == kind)
        .exists()
        for kind in (PICTURE, BUNDLE)
    )
    columns = (DbPublication.id, DbWeek.number.label("week"), DbPublication.number, DbPublication.published_at)
    found = (
        select(
            *columns,
            *(DbPublication.reason, DbPublication.digest),
            *(drawn.label("pictured"), bundled.label("bundled")),
        )
        .join(DbWeek, DbWeek.id == DbPublication.week_id)
        .where(DbWeek.contest_id == contest.id)
        .order_by(DbPublication.id.desc())
    )
    if week is not None:
        found = found.where(DbWeek.number == week)
    return tuple(Issue(**row._mapping) for row in session.execute(found))


def get(session: Transaction, contest: StoredContest, week: int, number: int) -> Publication:
    """One publication; raises Refused(publication_missing)."""
    return read_publication(_row(session, contest, week, number))


def stored(session: Transaction, contest: StoredContest, week: int, number: int) -> tuple[bytes, str]:
    """The JSON of a publication to the byte, and its SHA-256; raises Refused(publication_missing)."""
    row = _row(session, contest, week, number)
    return row.body.encode(), row.digest


def _row(session: Transaction, contest: StoredContest, week: int, number: int) -> DbPublication:
    row = session.scalar(
        select(DbPublication)
        .join(DbWeek, DbWeek.id == DbPublication.week_id)
        .where(DbWeek.contest_id == contest.id, DbWeek.number == week, DbPublication.number == number)
    )
    if row is None:
        raise Refused("publication_missing")
    return row
