"""Documents that take long to make, on their way: waiting, being made, made; or cancelled, failed, forgotten.

The scheduler makes them. A worker leases one for some minutes and extends that with every step, so that what a killed
worker leaves behind is taken up by the next one. Every step is a conditional UPDATE of the state.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, Select, or_, select, update

from quiz.errors import Refused
from quiz.models import db
from quiz.models.documents import DbDocument
from quiz.permissions import Permission
from quiz.personal_data import periods
from quiz.services import Transaction, insert_or_leave, reading, transaction
from quiz.services.accounts import Person

LEASE = timedelta(minutes=5)
MOST_TRIES = 3
KEPT = periods.DOCUMENT_FILES
AT_ONCE = 20
"""How many one tick makes, so that other long work gets its turn."""

Facts = Mapping[str, object]
Clock = Callable[[], datetime]
log = logging.getLogger("quiz.documents")


class Kind(StrEnum):
    """What can be asked for."""

    CERTIFICATE = "certificate"
    AGENCY_REPORT = "agency_report"
    PUBLICATION_TABLES = "publication_tables"
    ITEM_ANALYSIS = "item_analysis"
    OFFICIAL_LETTERS = "official_letters"
    QUESTION_EXPORT = "question_export"
    SEALED_OPENINGS = "sealed_openings"

    @property
    def permission(self) -> Permission:
        """What one must hold to ask for it, to see it and to fetch it."""
        return {
            "certificate": Permission.TAKE_QUIZ,
            "agency_report": Permission.SEE_AGENCY,
            "publication_tables": Permission.SEE_RESULTS,
            "item_analysis": Permission.SEE_RESULTS,
            "official_letters": Permission.PUBLISH_RESULTS,
            "question_export": Permission.KEEP_BANK,
            "sealed_openings": Permission.OPEN_RECORDS,
        }[self]

    @property
    def fresh_for(self) -> timedelta:
        """How long asking again gives what was made: what holds figures of today moves on."""
        return timedelta(minutes=2) if self in {"agency_report", "publication_tables"} else KEPT


class State(StrEnum):
    """Where a document stands."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    FORGOTTEN = "forgotten"

    @property
    def is_moving(self) -> bool:
        """Whether a page should look again, and whether it can still be cancelled."""
        return self in MOVING


MOVING = (State.WAITING, State.WORKING)
FINISHED = (State.DONE, State.FAILED, State.CANCELLED)
EMPTIED = {"state": State.FORGOTTEN, "key": None, "facts": "{}", "content": None, "filename": "", "digest": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document as its page shows it, without its content."""

    id: int
    kind: Kind
    asked_at: datetime
    state: State
    done: int
    total: int
    filename: str
    digest: str
    finished_at: datetime | None
    facts: str

    @property
    def week_id(self) -> int | None:
        """The week that it is about, None for documents about no single one and those no longer kept."""
        week: int | None = json.loads(self.facts).get("week")
        return week

    @property
    def percent(self) -> int:
        """How far the work is."""
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def kept_until(self) -> datetime | None:
        """When the file will be forgotten."""
        return self.finished_at + KEPT if self.finished_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file made."""

    name: str
    mimetype: str
    content: bytes


Tell = Callable[[int, int], None]
"""Keeps how many steps of how many are done; ends the work where nobody wants it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a maker is given: who asked for what, the time, and whom to tell of the progress."""

    asked_by: int
    facts: dict[str, object]
    now: datetime
    tell: Tell


Makers = Mapping[Kind, Callable[[Transaction, Work], File]]


class NobodyWaitsError(Exception):
    """The document was cancelled, or another worker has taken it over."""


def ask(session: Transaction, kind: Kind, facts: Facts, person_id: int, now: datetime) -> int:
    """Have a document made; its id. The same thing asked for again, waiting or still fresh, is the same document."""
    words = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    key = hashlib.sha256(f"{kind} {person_id} {words}".encode()).hexdigest()
    stale = (DbDocument.state == State.DONE) & (DbDocument.finished_at <= now - kind.fresh_for)
    session.execute(update(DbDocument).where(DbDocument.key == key, stale).values(key=None))
    connection = session.connection()
    new = {"kind": kind, "facts": words, "key": key, "asked_by": person_id, "asked_at": now, "state": State.WAITING}
    empty = {"tries": 0, "done": 0, "total": 0, "filename": "", "mimetype": "", "digest": ""}
    connection.execute(insert_or_leave(connection, DbDocument), {**new, **empty})
    return session.execute(select(DbDocument.id).where(DbDocument.key == key)).scalar_one()


def own(session: Transaction, person: Person, most: int = 50) -> tuple[Document, ...]:
    """What a person has asked for, newest first."""
    kinds = [kind for kind in Kind if kind.permission in person.permissions]
    whose = (DbDocument.asked_by == person.id, DbDocument.kind.in_(kinds))
    return tuple(map(_document, session.execute(_SELECT.where(*whose).order_by(DbDocument.id.desc()).limit(most))))


def get(session: Transaction, document_id: int, person: Person) -> Document:
    """A person's own document, as long as they may have its kind; raises Refused(document_missing)."""
    row = session.execute(_SELECT.where(DbDocument.id == document_id, DbDocument.asked_by == person.id)).first()
    if row is None or Kind(row.kind).permission not in person.permissions:
        raise Refused("document_missing")
    return _document(row)


def file(session: Transaction, document_id: int, person: Person) -> File:
    """The file of a person's own document; raises Refused: document_missing, document_not_made."""
    if get(session, document_id, person).state is not State.DONE:
        raise Refused("document_not_made")
    row = session.execute(
        select(DbDocument.filename, DbDocument.mimetype, DbDocument.content).where(DbDocument.id == document_id)
    ).one()
    return File(name=row.filename, mimetype=row.mimetype, content=row.content)


def cancel(session: Transaction, document_id: int, person: Person, now: datetime) -> None:
    """Stop waiting for a document; raises Refused: document_missing, document_moved_on."""
    get(session, document_id, person)
    if not _move(session, document_id, MOVING, state=State.CANCELLED, key=None, finished_at=now):
        raise Refused("document_moved_on")


def make_waiting(makers: Makers, now: Clock) -> int:
    """Make what waits and what a killed worker left, the oldest first; how many were made."""
    made = 0
    for _ in range(AT_ONCE):
        taken = _take(now())
        if taken is None:
            break
        made += _make(taken, makers, now)
    return made


def forget_old(session: Transaction, now: datetime) -> int:
    """Empty what was finished long ago: the file and what it was made from; how many."""
    old = (DbDocument.state.in_(FINISHED), DbDocument.finished_at <= now - KEPT)
    return len(session.scalars(update(DbDocument).where(*old).values(EMPTIED).returning(DbDocument.id)).all())


def forget_all(session: Transaction, kind: Kind) -> None:
    """Empty every document of a kind, made or not: it may be asked for again."""
    session.execute(update(DbDocument).where(DbDocument.kind == kind).values(EMPTIED))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """A document in the hands of this worker; `tries` tells its hands from those of another."""

    id: int
    kind: Kind
    facts: str
    asked_by: int
    tries: int


def _take(now: datetime) -> _Taken | None:
    """Lease the oldest document that nobody works on; one that has ended its worker too often has failed."""
    left = (DbDocument.state == State.WORKING) & (DbDocument.leased_until < now)
    with transaction() as session:
        given_up = {"state": State.FAILED, "key": None, "finished_at": now, "leased_until": None}
        session.execute(update(DbDocument).where(left, DbDocument.tries >= MOST_TRIES).values(given_up))
        free = select(DbDocument).where(or_(DbDocument.state == State.WAITING, left))
        row = session.scalars(free.order_by(DbDocument.id).limit(1).with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        row.state, row.leased_until, row.tries, row.done, row.total = State.WORKING, now + LEASE, row.tries + 1, 0, 0
        return _Taken(id=row.id, kind=Kind(row.kind), facts=row.facts, asked_by=row.asked_by, tries=row.tries)


def _make(taken: _Taken, makers: Makers, now: Clock) -> bool:
    """Gather and write one document, and keep it if it is still wanted. One that cannot be made has failed."""

    def tell(done: int, total: int) -> None:
        _tell(taken, done, total, now())

    work = Work(asked_by=taken.asked_by, facts=json.loads(taken.facts), now=now(), tell=tell)
    end: dict[str, object] = {"leased_until": None}
    try:
        made = makers[taken.kind](reading(), work)
        end |= {"state": State.DONE, "filename": made.name, "mimetype": made.mimetype, "content": made.content}
        end |= {"digest": hashlib.sha256(made.content).hexdigest()}
    except NobodyWaitsError:
        return False
    except Exception:
        log.exception("document %s (%s) could not be made", taken.id, taken.kind)
        end |= {"state": State.FAILED, "key": None}
    finally:
        reading().rollback()
    with transaction() as session:
        kept = _move(session, taken.id, (State.WORKING,), DbDocument.tries == taken.tries, finished_at=now(), **end)
    return kept and end["state"] is State.DONE


def _tell(taken: _Taken, done: int, total: int, now: datetime) -> None:
    """Keep the progress and extend the lease, in a transaction of its own; raises NobodyWaitsError."""
    mine = (DbDocument.id == taken.id, DbDocument.state == State.WORKING, DbDocument.tries == taken.tries)
    with db.engine.execution_options(writes=True).begin() as connection:
        told = update(DbDocument).where(*mine).values(done=done, total=total, leased_until=now + LEASE)
        if connection.execute(told).rowcount == 0:
            raise NobodyWaitsError


def _move(
    session: Transaction, document_id: int, before: tuple[State, ...], *also: ColumnElement[bool], **values: object
) -> bool:
    """Change a document if it is still in one of those states; whether it was."""
    where = (DbDocument.id == document_id, DbDocument.state.in_(before), *also)
    moved = session.execute(update(DbDocument).where(*where).values(**values).returning(DbDocument.id))
    return moved.scalar() is not None


_SELECT: Select[int, str, datetime, str, int, int, str, str, datetime | None, str] = select(
    DbDocument.id,
    DbDocument.kind,
    DbDocument.asked_at,
    DbDocument.state,
    DbDocument.done,
    DbDocument.total,
    DbDocument.filename,
    DbDocument.digest,
    DbDocument.finished_at,
    DbDocument.facts,
)


def _document(row: Row[int, str, datetime, str, int, int, str, str, datetime | None, str]) -> Document:
    return Document(**{**row._mapping, "kind": Kind(row.kind), "state": State(row.state)})
