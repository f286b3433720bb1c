"""An uploaded roster file on its way: waiting, read into a dry run, confirmed, applied; or dropped.

The scheduler reads and applies. Every step is a conditional UPDATE of the state, so that any number of workers may
run: on PostgreSQL one of them holds an advisory lock for a file, on SQLite only one transaction can write at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial

from sqlalchemy import Row, Select, select, text, update
from sqlalchemy.exc import IntegrityError

from quiz.errors import Refused
from quiz.models import db
from quiz.models.people import DbPerson, DbRosterImport
from quiz.services import Actor, Transaction, audit, reading, roster, roster_report, transaction
from quiz.services.roster_file import FaultyRoster, check_upload, read_roster
from quiz.services.roster_report import Report
from quiz.vietnamese import clean

LOCK_NUMBER = 7340222


class State(StrEnum):
    """Where an import stands. Faulty, done and dropped ones are finished and hold no file any more."""

    WAITING = "waiting"
    READY = "ready"
    FAULTY = "faulty"
    APPLYING = "applying"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def is_moving(self) -> bool:
        """Whether the scheduler has something to do, so that a page should look again."""
        return self in {State.WAITING, State.APPLYING}


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterImport:
    """One import as the page shows it, without the file itself."""

    id: int
    filename: str
    uploader: str
    uploaded_at: datetime
    state: State
    done: int
    total: int
    report: Report
    finished_at: datetime | None

    @property
    def percent(self) -> int:
        """How far the present step is."""
        return min(100, self.done * 100 // self.total) if self.total else 0


def upload(session: Transaction, filename: str, content: bytes, actor: Actor, now: datetime) -> int:
    """Keep a file for the scheduler to read; the import's id. Raises Refused(roster_file_refused)."""
    name = _safe(filename)
    try:
        check_upload(content, name)
    except FaultyRoster as faulty:
        raise Refused("roster_file_refused", reason=str(faulty)) from faulty
    if actor.id is None:
        raise ValueError("an upload needs a person; on the server use the command")
    row = DbRosterImport(
        filename=name, content=content, uploaded_by=actor.id, uploaded_at=now, state=State.WAITING, report=""
    )
    session.add(row)
    session.flush()
    digest = hashlib.sha256(content).hexdigest()
    audit.record(session, audit.Act.UPLOAD_ROSTER, actor, now, file=name, bytes=len(content), digest=digest)
    return row.id


def latest(session: Transaction, most: int = 50) -> tuple[RosterImport, ...]:
    """The latest imports, newest first."""
    rows = session.execute(_select().order_by(DbRosterImport.id.desc()).limit(most))
    return tuple(map(_import, rows))


def get(session: Transaction, import_id: int) -> RosterImport:
    """One import; raises Refused(roster_import_missing)."""
    row = session.execute(_select().where(DbRosterImport.id == import_id)).first()
    if row is None:
        raise Refused("roster_import_missing")
    return _import(row)


def confirm(session: Transaction, import_id: int, shown: str, actor: Actor, now: datetime) -> None:
    """Have the scheduler carry out the dry run whose digest was `shown`.

    Raises Refused: roster_import_missing, roster_import_moved_on, roster_changed.
    """
    found = get(session, import_id)
    if found.state is not State.READY:
        raise Refused("roster_import_moved_on")
    report = found.report
    if report.digest != shown:
        raise Refused("roster_changed")
    kept = roster_report.dump(replace(report, confirmed_by=actor.id, again=False))
    total = report.added.count + report.changed.count + report.leaving.count
    if not _move(session, import_id, State.READY, State.APPLYING, report=kept, done=0, total=total):
        raise Refused("roster_import_moved_on")
    audit.record(
        session,
        audit.Act.CONFIRM_ROSTER,
        actor,
        now,
        file=found.filename,
        added=report.added.count,
        changed=report.changed.count,
        leaving=report.leaving.count,
    )


def drop(session: Transaction, import_id: int, actor: Actor, now: datetime) -> None:
    """Throw the file away unused. Raises Refused: roster_import_missing, roster_import_moved_on."""
    found = get(session, import_id)
    for state in (State.WAITING, State.READY):
        if _move(session, import_id, state, State.DROPPED, content=None, finished_at=now):
            audit.record(session, audit.Act.DROP_ROSTER, actor, now, file=found.filename)
            return
    raise Refused("roster_import_moved_on")


def read_waiting(now: datetime) -> int:
    """Read every waiting file and keep its dry run; how many were read."""
    return sum(_read(import_id, now) for import_id in _in_state(State.WAITING))


def apply_confirmed(now: datetime) -> int:
    """Carry out every confirmed import, each all or nothing; how many were carried out.

    Where the roster has changed since the dry run was shown, nothing is done and a new dry run is made instead.
    """
    return sum(_apply(import_id, now) for import_id in _in_state(State.APPLYING))


def _read(import_id: int, now: datetime) -> bool:
    with _alone(import_id) as is_mine:
        kept = _content(import_id, State.WAITING) if is_mine else None
        if kept is None or kept.content is None:
            return False
        try:
            file = read_roster(kept.content, kept.filename, partial(_tell, import_id))
            report = roster_report.of_plan(roster.plan(reading(), file, now))
        except FaultyRoster as faulty:
            report = roster_report.of_faults(faulty.faults)
        reading().rollback()
        words = roster_report.dump(replace(report, again=roster_report.load(kept.report).again))
        with transaction() as session:
            if report.fault_count:
                return _move(
                    session, import_id, State.WAITING, State.FAULTY, report=words, content=None, finished_at=now
                )
            return _move(session, import_id, State.WAITING, State.READY, report=words)


def _apply(import_id: int, now: datetime) -> bool:
    with _alone(import_id) as is_mine:
        kept = _content(import_id, State.APPLYING) if is_mine else None
        if kept is None or kept.content is None:
            return False
        report = roster_report.load(kept.report)
        file = read_roster(kept.content, kept.filename)
        actor = Actor(report.confirmed_by)
        try:
            with transaction(actor) as session:
                if get(session, import_id).state is not State.APPLYING:
                    return False
                roster.apply(session, file, report.digest, actor, now, partial(_tell_beside, import_id))
                if not _move(session, import_id, State.APPLYING, State.DONE, content=None, finished_at=now):
                    raise Refused("roster_import_moved_on")
        except (Refused, IntegrityError):
            again = roster_report.dump(Report(again=True))
            with transaction() as session:
                _move(session, import_id, State.APPLYING, State.WAITING, report=again, done=0, total=0)
            return False
        return True


@contextmanager
def _alone(import_id: int) -> Iterator[bool]:
    """Whether this worker is the one for this import; always on SQLite, whose one writer the state then decides."""
    if db.engine.dialect.name == "sqlite":
        yield True
        return
    with db.engine.begin() as connection:
        lock = text("SELECT pg_try_advisory_xact_lock(:number, :id)")
        yield bool(connection.scalar(lock, {"number": LOCK_NUMBER, "id": import_id}))


def _tell(import_id: int, done: int, total: int) -> None:
    """Keep the progress, in a transaction of its own."""
    with db.engine.execution_options(writes=True).begin() as connection:
        connection.execute(update(DbRosterImport).where(DbRosterImport.id == import_id).values(done=done, total=total))


def _tell_beside(import_id: int, done: int, total: int) -> None:
    """Keep the progress while another transaction is writing; SQLite has no second writer, so it waits for the end."""
    if db.engine.dialect.name != "sqlite":
        _tell(import_id, done, total)


def _in_state(state: State) -> list[int]:
    ids = reading().scalars(select(DbRosterImport.id).where(DbRosterImport.state == state).order_by(DbRosterImport.id))
    found = list(ids)
    reading().rollback()
    return found


def _content(import_id: int, state: State) -> Row[str, bytes | None, str] | None:
    found = reading().execute(
        select(DbRosterImport.filename, DbRosterImport.content, DbRosterImport.report).where(
            DbRosterImport.id == import_id, DbRosterImport.state == state
        )
    )
    row = found.first()
    reading().rollback()
    return row


def _move(session: Transaction, import_id: int, before: State, after: State, **values: object) -> bool:
    """Change the state if it still is `before`; whether it was."""
    moved = session.execute(
        update(DbRosterImport)
        .where(DbRosterImport.id == import_id, DbRosterImport.state == before)
        .values(state=after, **values)
        .returning(DbRosterImport.id)
    )
    return moved.scalar() is not None


def _select() -> Select[int, str, str, datetime, str, int, int, str, datetime | None]:
    return select(
        DbRosterImport.id,
        DbRosterImport.filename,
        DbPerson.name.label("uploader"),
        DbRosterImport.uploaded_at,
        DbRosterImport.state,
        DbRosterImport.done,
        DbRosterImport.total,
        DbRosterImport.report,
        DbRosterImport.finished_at,
    ).join(DbPerson, DbPerson.id == DbRosterImport.uploaded_by)


def _import(row: Row[int, str, str, datetime, str, int, int, str, datetime | None]) -> RosterImport:
    fields = {**row._mapping, "state": State(row.state), "report": roster_report.load(row.report)}
    return RosterImport(**fields)


def _safe(filename: str) -> str:
    """The last part of the name, without what cannot be printed, at most 200 characters with its ending."""
    name = "".join(c for c in clean(filename.replace("\\", "/").rpartition("/")[2]) if c.isprintable())
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: 190 - len(ending)]}{dot}{ending}" if dot and len(ending) < 10 else name[:200]
