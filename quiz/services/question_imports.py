"""An uploaded file of questions on its way: waiting, read into a preview, taken in as drafts; or refused, or dropped.

The scheduler reads it in a child process. Every step is a conditional UPDATE of the state; a file read twice says the
same twice, and the first reading is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath

from sqlalchemy import Row, Select, select, update

from quiz.errors import Refused
from quiz.models.people import DbPerson
from quiz.models.question_imports import DbQuestionImport
from quiz.questions.formats import report
from quiz.questions.formats.report import Report
from quiz.services import Actor, Transaction, audit, question_imports_reading, question_work, reading, transaction
from quiz.services.question_imports_preview import Choices, Preview, preview
from quiz.services.question_work_drafts import get_bank
from quiz.vietnamese import clean

MOST_MEGABYTES = 10
MOST_BYTES = MOST_MEGABYTES * 1024**2


class State(StrEnum):
    """Where an import stands; refused, taken and dropped ones are finished."""

    WAITING = "waiting"
    READ = "read"
    REFUSED = "refused"
    TAKEN = "taken"
    DROPPED = "dropped"

    @property
    def is_moving(self) -> bool:
        """Whether the scheduler has something to do, so that a page should look again."""
        return self is State.WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionImport:
    """One import as the list shows it; `found` questions can be taken, `refused` things cannot."""

    id: int
    bank: str
    filename: str
    uploader: str
    uploaded_at: datetime
    state: State
    found: int
    refused: int
    taken: int
    finished_at: datetime | None


def upload(session: Transaction, bank: str, filename: str, content: bytes, actor: Actor, now: datetime) -> int:
    """Keep a file for the scheduler to read; the import's id.

    Raises Refused: question_file_too_large, question_file_empty, keys_sealed, and as get_bank does.
    """
    current = get_bank(session, bank)
    current.check_open()
    if not content:
        raise Refused("question_file_empty")
    if len(content) > MOST_BYTES:
        raise Refused("question_file_too_large", most=MOST_MEGABYTES)
    if actor.id is None:
        raise ValueError("an upload needs a person")
    row = DbQuestionImport(
        contest_id=current.contest.id,
        bank=bank,
        filename=_safe(filename),
        content=content,
        uploaded_by=actor.id,
        uploaded_at=now,
        state=State.WAITING,
    )
    session.add(row)
    session.flush()
    audit.record(session, audit.Act.UPLOAD_QUESTIONS, actor, now, bank=bank, file=row.filename, bytes=len(content))
    return row.id


def latest(session: Transaction, most: int = 50) -> tuple[QuestionImport, ...]:
    """The latest imports, newest first."""
    return tuple(map(_import, session.execute(_SELECT.order_by(DbQuestionImport.id.desc()).limit(most))))


def get(session: Transaction, import_id: int) -> QuestionImport:
    """One import; raises Refused(question_import_missing)."""
    row = session.execute(_SELECT.where(DbQuestionImport.id == import_id)).first()
    if row is None:
        raise Refused("question_import_missing")
    return _import(row)


def report_of(session: Transaction, import_id: int) -> Report:
    """What the file says, as far as it has been read."""
    return report.load(session.scalars(_column("report", import_id)).one())


def preview_of(session: Transaction, found: QuestionImport) -> Preview:
    """What would be taken as things stand; raises Refused: keys_sealed, and as get_bank does."""
    current = get_bank(session, found.bank)
    current.check_open()
    chosen = Choices.load(session.scalars(_column("choices", found.id)).one())
    return preview(session, current, report_of(session, found.id), chosen)


def choose(
    session: Transaction,
    import_id: int,
    shown: Collection[int],
    ticked: Collection[int],
    defaults: Mapping[str, str],
    actor: Actor,
    now: datetime,
) -> None:
    """Keep which of the questions shown are ticked, and what fills in what the file does not say.

    Raises Refused: question_import_missing, question_import_moved_on.
    """
    found = get(session, import_id)
    chosen = Choices.load(session.scalars(_column("choices", import_id)).one())
    kept = chosen.with_page(shown, ticked, defaults).dump()
    if not _move(session, import_id, State.READ, State.READ, choices=kept):
        raise Refused("question_import_moved_on")
    audit.record(session, audit.Act.CHOOSE_QUESTIONS, actor, now, bank=found.bank, file=found.filename)


def take(session: Transaction, import_id: int, actor: Actor, now: datetime) -> int:
    """Take what is ticked into the workbench as drafts; how many.

    Raises Refused: question_import_missing, question_import_moved_on, no_question_chosen, contest_missing,
    bank_unknown, bank_not_loaded.
    """
    found = get(session, import_id)
    if not _move(session, import_id, State.READ, State.TAKEN, finished_at=now):
        raise Refused("question_import_moved_on")
    shown = preview_of(session, found)
    chosen = {item.number: item.wording for item in shown.items if item.is_ticked}
    if not chosen:
        raise Refused("no_question_chosen")
    taken = question_work.take_in(session, found.bank, list(chosen.values()), found.filename, actor, now)
    kept = Choices().with_page([item.number for item in shown.items], chosen, shown.defaults).dump()
    _move(session, import_id, State.TAKEN, State.TAKEN, taken=taken, choices=kept)
    audit.record(session, audit.Act.TAKE_QUESTIONS, actor, now, bank=found.bank, file=found.filename, questions=taken)
    return taken


def drop(session: Transaction, import_id: int, actor: Actor, now: datetime) -> None:
    """Throw the file away unused. Raises Refused: question_import_missing, question_import_moved_on."""
    found = get(session, import_id)
    for state in (State.WAITING, State.READ):
        if _move(session, import_id, state, State.DROPPED, content=None, finished_at=now):
            audit.record(session, audit.Act.DROP_QUESTIONS, actor, now, bank=found.bank, file=found.filename)
            return
    raise Refused("question_import_moved_on")


def read_waiting(now: datetime) -> int:
    """Read every waiting file and keep what it says; how many were read."""
    waiting = select(DbQuestionImport.id).where(DbQuestionImport.state == State.WAITING).order_by(DbQuestionImport.id)
    ids = list(reading().scalars(waiting))
    reading().rollback()
    return sum(_read(import_id, now) for import_id in ids)


def _read(import_id: int, now: datetime) -> bool:
    is_waiting = (DbQuestionImport.id == import_id, DbQuestionImport.state == State.WAITING)
    row = reading().execute(select(DbQuestionImport.filename, DbQuestionImport.content).where(*is_waiting)).first()
    reading().rollback()
    if row is None or row.content is None:
        return False
    said = question_imports_reading.read(row.filename, row.content)
    counts = {"found": len(said.questions), "refused": len(said.refused)}
    after, end = (State.REFUSED, now) if said.why else (State.READ, None)
    with transaction() as session:
        return _move(
            session,
            import_id,
            State.WAITING,
            after,
            report=report.dump(said),
            content=None,
            finished_at=end,
            **counts,
        )


def _move(session: Transaction, import_id: int, before: State, after: State, **values: object) -> bool:
    """Change the state if it still is `before`; whether it was."""
    moved = session.execute(
        update(DbQuestionImport)
        .where(DbQuestionImport.id == import_id, DbQuestionImport.state == before)
        .values(state=after, **values)
        .returning(DbQuestionImport.id)
    )
    return moved.scalar() is not None


def _column(name: str, import_id: int) -> Select[str]:
    return select(getattr(DbQuestionImport, name)).where(DbQuestionImport.id == import_id)


_SELECT: Select[int, str, str, str, datetime, str, int, int, int, datetime | None] = select(
    DbQuestionImport.id,
    DbQuestionImport.bank,
    DbQuestionImport.filename,
    DbPerson.name.label("uploader"),
    DbQuestionImport.uploaded_at,
    DbQuestionImport.state,
    DbQuestionImport.found,
    DbQuestionImport.refused,
    DbQuestionImport.taken,
    DbQuestionImport.finished_at,
).join(DbPerson, DbPerson.id == DbQuestionImport.uploaded_by)


def _import(row: Row[int, str, str, str, datetime, str, int, int, int, datetime | None]) -> QuestionImport:
    return QuestionImport(**{**row._mapping, "state": State(row.state)})


def _safe(filename: str) -> str:
    """The last part of the name, without what cannot be printed, at most 200 characters with its ending."""
    name = "".join(c for c in clean(PurePath(filename.replace("\\", "/")).name) if c.isprintable()).lstrip("-")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: 190 - len(ending)]}{dot}{ending}" if dot and len(ending) < 10 else name[:200]
