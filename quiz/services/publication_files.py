"""Pictures of publications: drawn by the scheduler from the frozen figures, kept, and given back as they were drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import select

from quiz.errors import Refused
from quiz.exports.winners_picture import Award, Group, WinnersPicture, winners_picture
from quiz.models.publication_files import PICTURE, DbPublicationFile
from quiz.models.results import DbPublication
from quiz.services import (
    Transaction,
    contests,
    insert_or_leave,
    installations,
    publication_history,
    reading,
    transaction,
)
from quiz.services.contests import StoredContest
from quiz.services.published import Publication, PublishedDivision, PublishedOverall, read_publication

DEMO = "Bản minh họa: người và kết quả là giả định"


def draw_missing(address: str, now: Callable[[], datetime]) -> int:
    """Draw the pictures that are missing, of the newest publication first; how many.

    `address` is where readers find more, '' where it is not known.
    """
    drawn = select(DbPublicationFile.publication_id).where(DbPublicationFile.kind == PICTURE)
    missing = select(DbPublication.id).where(DbPublication.id.not_in(drawn)).order_by(DbPublication.id.desc())
    waiting = reading().scalars(missing).all()
    for publication_id in waiting:
        content = winners_picture(gather(reading(), publication_id, address))
        reading().rollback()
        with transaction() as session:
            _keep(session, publication_id, content, now())
    return len(waiting)


def picture(session: Transaction, contest: StoredContest, week: int, number: int) -> tuple[bytes, str]:
    """The picture of a publication and its SHA-256; raises Refused: publication_missing, picture_not_drawn."""
    found = next((each for each in publication_history.issues(session, contest, week) if each.number == number), None)
    if found is None:
        raise Refused("publication_missing")
    row = session.get(DbPublicationFile, (found.id, PICTURE))
    if row is None:
        raise Refused("picture_not_drawn")
    return row.content, row.digest


def gather(session: Transaction, publication_id: int, address: str) -> WinnersPicture:
    """What the picture of a publication says: winners of the week, of the whole contest, and agencies."""
    row = session.get_one(DbPublication, publication_id)
    week = contests.get_week_by_id(session, row.week_id)
    rules, publication = week.contest.rules, read_publication(row)
    return WinnersPicture(
        contest=rules.title,
        heading=f"Kết quả {week.name[:1].lower()}{week.name[1:]}",
        number=publication.number,
        published_at=publication.published_at,
        zone=rules.zone,
        groups=tuple(group for group in _groups(publication) if group.awards),
        address=address,
        note=DEMO if installations.is_demo(session) else "",
    )


def _groups(publication: Publication) -> Iterator[Group]:
    for division in publication.divisions:
        yield Group(name=division.name, awards=tuple(_awards(division)))
    for overall in publication.overall:
        of = f", {overall.name}" if overall.name else ""
        yield Group(name=f"Giải cả hội thi{of}", awards=tuple(_awards(overall)))
    for block in publication.collective:
        given = (Award(prize=place.prize, name=place.agency) for place in block.places if place.prize)
        yield Group(name=f"Giải tập thể, {block.name}", awards=tuple(given))


def _awards(one: PublishedDivision | PublishedOverall) -> Iterator[Award]:
    for winner in one.winners:
        yield Award(prize=winner.prize, name=winner.name, agency=winner.agency)
    for tie in one.tied:
        yield Award(
            prize=", ".join(tie.prizes), name="Chờ Ban Tổ chức quyết định", agency=f"{tie.people} người bằng nhau"
        )


def _keep(session: Transaction, publication_id: int, content: bytes, now: datetime) -> None:
    """Two schedulers may have drawn it; the first stays."""
    connection = session.connection()
    digest = hashlib.sha256(content).hexdigest()
    drawn = {"publication_id": publication_id, "kind": PICTURE, "content": content, "digest": digest, "made_at": now}
    connection.execute(insert_or_leave(connection, DbPublicationFile), drawn)
