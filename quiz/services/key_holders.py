"""What besides a bank's file tells the keys of its questions: put away when they are sealed, put back when opened."""

from __future__ import annotations

import base64
from collections.abc import Collection
from typing import TypedDict

from sqlalchemy import select, update

from quiz.models.contests import DbBank, DbContestBank, DbWeekBank
from quiz.models.question_imports import DbQuestionImport
from quiz.models.question_work import DbQuestionDraft, DbQuestionEvent
from quiz.questions import wording
from quiz.services import Transaction, documents
from quiz.services.documents import Kind
from quiz.services.question_work_drafts import wording_of

Named = tuple[int, str]
"""A bank of a contest: its row and the name that the contest file gives the bank."""


class Held(TypedDict):
    """As JSON can carry it, each by the row it was taken from."""

    drafts: dict[str, str]
    history: dict[str, tuple[str, str]]
    imports: dict[str, tuple[str, str, str]]
    versions: dict[str, str]


def take(session: Transaction, banks: Collection[Named], questions: Collection[str]) -> Held:
    """Empty of keys what was written about these questions; exports are forgotten, for they can be made again."""
    held = Held(drafts={}, history={}, imports={}, versions={})
    for contest_id, name in banks:
        _take_drafts(session, contest_id, name, questions, held)
        _take_imports(session, contest_id, name, held)
    _take_versions(session, held)
    documents.forget_all(session, Kind.QUESTION_EXPORT)
    session.flush()
    return held


def put_back(session: Transaction, held: Held) -> None:
    """Write everything where it was; what is gone by now stays gone."""
    for key, body in held["drafts"].items():
        session.execute(update(DbQuestionDraft).where(DbQuestionDraft.id == int(key)).values(body=body))
    for key, (note, body) in held["history"].items():
        session.execute(update(DbQuestionEvent).where(DbQuestionEvent.id == int(key)).values(note=note, body=body))
    for key, (content, report, choices) in held["imports"].items():
        values = {"content": base64.b64decode(content) or None, "report": report, "choices": choices}
        session.execute(update(DbQuestionImport).where(DbQuestionImport.id == int(key)).values(values))
    for digest, source in held["versions"].items():
        unchanged = (DbBank.digest == digest, DbBank.source.is_(None))
        session.execute(update(DbBank).where(*unchanged).values(source=base64.b64decode(source)))
    session.flush()


def _take_drafts(session: Transaction, contest_id: int, name: str, questions: Collection[str], held: Held) -> None:
    of_bank = (DbQuestionDraft.contest_id == contest_id, DbQuestionDraft.bank == name)
    rows = session.scalars(select(DbQuestionDraft).where(*of_bank)).all()
    concerned = {row.id: row for row in rows if row.question_id in questions}
    for draft in concerned.values():
        if (bare := _bare(draft.body)) != draft.body:
            held["drafts"][str(draft.id)], draft.body = draft.body, bare
    events = session.scalars(select(DbQuestionEvent).join(DbQuestionDraft).where(*of_bank)).all()
    for event in events:
        bare = _bare(event.body)
        if event.draft_id in concerned and (bare, "") != (event.body, event.note):
            held["history"][str(event.id)] = (event.note, event.body)
            event.note, event.body = "", bare


def _take_imports(session: Transaction, contest_id: int, name: str, held: Held) -> None:
    of_bank = (DbQuestionImport.contest_id == contest_id, DbQuestionImport.bank == name)
    for one in session.scalars(select(DbQuestionImport).where(*of_bank)):
        if one.content or one.report or one.choices:
            content = base64.b64encode(one.content or b"").decode()
            held["imports"][str(one.id)] = (content, one.report, one.choices)
            one.content, one.report, one.choices = None, "", ""


def _take_versions(session: Transaction, held: Held) -> None:
    """Versions that nothing uses: what the bank was before it was changed."""
    used = (select(DbWeekBank.digest), select(DbContestBank.digest))
    unused = select(DbBank).where(DbBank.source.is_not(None), *(DbBank.digest.not_in(each) for each in used))
    for row in session.scalars(unused):
        if row.source is not None:
            held["versions"][row.digest], row.source = base64.b64encode(row.source).decode(), None


def _bare(body: str) -> str:
    return wording.as_text(wording.without_key(wording_of(body)))
