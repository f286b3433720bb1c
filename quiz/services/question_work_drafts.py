"""Drafts of questions as they are read: of which bank, how far they have come, by whom, and what was done with them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, select

from quiz.errors import N_, Refused
from quiz.models.contests import DbContestBank
from quiz.models.people import DbPerson
from quiz.models.question_work import DbQuestionDraft, DbQuestionEvent
from quiz.questions import wording
from quiz.questions.bank import Bank, Question
from quiz.questions.wording import Wording
from quiz.services import Actor, Transaction, banks, contests
from quiz.services.contest_files import MAIN_BANK
from quiz.services.contests import StoredContest


class State(StrEnum):
    """How far a draft has come; only what is applied stands in the bank."""

    DRAFT = "draft"
    APPRAISED = "appraised"
    APPROVED = "approved"
    APPLIED = "applied"
    DROPPED = "dropped"

    @property
    def words(self) -> str:
        """What the pages call it."""
        return _STATES[self]

    @property
    def is_open(self) -> bool:
        """Whether something can still become of it."""
        return self in OPEN


class Kind(StrEnum):
    """What a draft wants of the bank."""

    NEW = "new"
    CHANGE = "change"
    REMOVE = "remove"

    @property
    def words(self) -> str:
        """What the pages call it."""
        return _KINDS[self]


class Step(StrEnum):
    """What somebody did with a draft."""

    WRITE = "write"
    TAKE_IN = "take_in"
    ASK_REMOVAL = "ask_removal"
    APPRAISE = "appraise"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    DROP = "drop"
    APPLY = "apply"

    @property
    def words(self) -> str:
        """What the history calls it."""
        return _STEPS[self]


OPEN = frozenset({State.DRAFT, State.APPRAISED, State.APPROVED})
_STATES = {
    State.DRAFT: N_("Bản nháp, chờ thẩm định"),
    State.APPRAISED: N_("Đã thẩm định, chờ phê duyệt"),
    State.APPROVED: N_("Đã phê duyệt, chờ đưa vào bộ"),
    State.APPLIED: N_("Đã đưa vào bộ"),
    State.DROPPED: N_("Đã bỏ"),
}
_KINDS = {Kind.NEW: N_("Câu mới"), Kind.CHANGE: N_("Sửa câu"), Kind.REMOVE: N_("Bỏ câu")}
_STEPS = {
    Step.WRITE: N_("Soạn, sửa"),
    Step.TAKE_IN: N_("Nhập từ tệp"),
    Step.ASK_REMOVAL: N_("Đề nghị bỏ câu hỏi"),
    Step.APPRAISE: N_("Thẩm định"),
    Step.APPROVE: N_("Phê duyệt"),
    Step.SEND_BACK: N_("Trả lại"),
    Step.DROP: N_("Bỏ bản nháp"),
    Step.APPLY: N_("Đưa vào bộ câu hỏi"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentBank:
    """The bank that the next weeks to open will freeze, under the name that the contest file gives it."""

    contest: StoredContest
    name: str
    bank: Bank

    def check_open(self, question_id: str = "") -> None:
        """Raises Refused(keys_sealed) while its keys are sealed; about one question, if it is of this bank."""
        if self.bank.is_sealed and (not question_id or question_id in self.questions):
            raise Refused("keys_sealed")

    @property
    def questions(self) -> Mapping[str, Question]:
        """The questions by id."""
        return {question.id: question for question in self.bank.questions}

    def find(self, question_id: str) -> Wording | None:
        """What the question says now, None where there is none."""
        return next((wording.of(one) for one in self.bank.questions if one.id == question_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft with the names of those who wrote, appraised and approved it; '' where nobody has yet."""

    id: int
    bank: str
    question_id: str
    kind: Kind
    wording: Wording
    base_digest: str
    state: State
    version: int
    author_id: int
    author: str
    edited_at: datetime
    appraiser_id: int | None
    appraiser: str
    appraised_at: datetime | None
    approver_id: int | None
    approver: str
    approved_at: datetime | None

    @property
    def seen(self) -> str:
        """What a form sends back to say which state of the draft was looked at."""
        return f"{self.id}.{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a question's history; `name` is '' for a command on the server."""

    at: datetime
    name: str
    step: Step
    note: str
    wording: Wording


def get_bank(session: Transaction, name: str) -> CurrentBank:
    """The bank of that name; raises Refused: contest_missing, bank_unknown, bank_not_loaded."""
    contest = contests.get_current(session)
    if name not in contest.rules.banks:
        names = ", ".join(one or MAIN_BANK for one in contest.rules.banks)
        raise Refused("bank_unknown", name=name or MAIN_BANK, names=names)
    digest = session.scalar(select(DbContestBank.digest).where(*_is_bank(contest, name)))
    if digest is None:
        raise Refused("bank_not_loaded", name=name or MAIN_BANK)
    return CurrentBank(contest=contest, name=name, bank=banks.readable(session, digest))


def held_bank(session: Transaction, name: str) -> CurrentBank:
    """The same, held until the transaction ends: whoever does anything to a draft of a bank does it alone."""
    contest = contests.get_current(session)
    session.scalar(select(DbContestBank.digest).where(*_is_bank(contest, name)).with_for_update())
    return get_bank(session, name)


def _is_bank(contest: StoredContest, name: str) -> tuple[ColumnElement[bool], ...]:
    return DbContestBank.contest_id == contest.id, DbContestBank.name == name


def of_bank(current: CurrentBank) -> tuple[ColumnElement[bool], ...]:
    """The condition that a draft belongs to this bank."""
    return DbQuestionDraft.contest_id == current.contest.id, DbQuestionDraft.bank == current.name


def find_open(session: Transaction, current: CurrentBank, question_id: str) -> DbQuestionDraft | None:
    """The one draft of this question of which something can still become."""
    is_wanted = (DbQuestionDraft.question_id == question_id, DbQuestionDraft.state.in_(OPEN))
    statement = select(DbQuestionDraft).where(*of_bank(current), *is_wanted)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def get_held(session: Transaction, draft_id: int) -> tuple[CurrentBank, DbQuestionDraft]:
    """A draft and its bank, held.

    Raises Refused: draft_missing, also for a draft of an older contest; keys_sealed of a question that is being asked.
    """
    row = session.get(DbQuestionDraft, draft_id)
    if row is None or row.contest_id != contests.get_current(session).id:
        raise Refused("draft_missing")
    current = held_bank(session, row.bank)
    current.check_open(row.question_id)
    session.refresh(row)
    return current, row


def read(session: Transaction, row: DbQuestionDraft) -> Draft:
    """The draft of a row."""
    return read_all(session, [row])[0]


def read_all(session: Transaction, rows: Sequence[DbQuestionDraft]) -> tuple[Draft, ...]:
    """The drafts of these rows."""
    ids = {person for row in rows for person in (row.author_id, row.appraised_by, row.approved_by)}
    people = session.execute(select(DbPerson.id, DbPerson.name).where(DbPerson.id.in_(ids - {None})))
    names: dict[int | None, str] = {person.id: person.name for person in people}
    return tuple(_read(row, names) for row in rows)


def _read(row: DbQuestionDraft, names: Mapping[int | None, str]) -> Draft:
    return Draft(
        id=row.id,
        bank=row.bank,
        question_id=row.question_id,
        kind=Kind(row.kind),
        wording=wording_of(row.body),
        base_digest=row.base_digest,
        state=State(row.state),
        version=row.version,
        author_id=row.author_id,
        author=names[row.author_id],
        edited_at=row.edited_at,
        appraiser_id=row.appraised_by,
        appraiser=names.get(row.appraised_by, ""),
        appraised_at=row.appraised_at,
        approver_id=row.approved_by,
        approver=names.get(row.approved_by, ""),
        approved_at=row.approved_at,
    )


def wording_of(body: str) -> Wording:
    """The wording that is stored as this text."""
    return wording.from_dict(json.loads(body))


def history(session: Transaction, current: CurrentBank, question_id: str) -> tuple[Event, ...]:
    """Everything that was done with drafts of this question, newest first."""
    rows = session.execute(
        select(DbQuestionEvent, DbPerson.name)
        .join(DbQuestionDraft, DbQuestionDraft.id == DbQuestionEvent.draft_id)
        .join(DbPerson, DbPerson.id == DbQuestionEvent.person_id, isouter=True)
        .where(*of_bank(current), DbQuestionDraft.question_id == question_id)
        .order_by(DbQuestionEvent.id.desc())
    )
    return tuple(
        Event(at=row.at, name=name or "", step=Step(row.act), note=row.note, wording=wording_of(row.body))
        for row, name in rows
    )


def tell(
    session: Transaction, rows: Sequence[DbQuestionDraft], step: Step, actor: Actor, now: datetime, note: str = ""
) -> None:
    """Write into the history what was just done with drafts."""
    session.flush()
    session.add_all(
        DbQuestionEvent(draft_id=row.id, at=now, person_id=actor.id, act=step, note=note, body=row.body) for row in rows
    )
