"""A bank with comments, three people who work on it, and what they do in one line each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from quiz.permissions import Role
from quiz.questions import wording
from quiz.questions.wording import Wording
from quiz.services import Actor, question_work, reading, transaction
from quiz.services.question_work_apply import Applied, apply, source_of, waiting
from quiz.services.question_work_drafts import CurrentBank, Draft, find_open, get_bank, read
from quiz.services.question_work_steps import Decision, decide
from tests import makers
from tests.kept import kept

NOW = makers.BEFORE
SOURCE = makers.bank_text().replace("    key: A\n", "    key: A  # đã soát\n", 1) + "# hết\n"


@dataclass(frozen=True)
class Three:
    """The author, the appraiser and the approver."""

    author: Actor
    appraiser: Actor
    approver: Actor


@kept
def lay_out(source: str = SOURCE) -> Three:
    """A contest with a bank, and three organisers."""
    makers.load_contest(bank_source=source)
    agency = makers.add_agency()
    names = ("Lê Thị Soạn", "Vũ Văn Thẩm", "Đỗ Thị Phê")
    people = [
        makers.add_person(f"O{place}", agency, name, [Role.ORGANISER], activated=False)
        for place, name in enumerate(names)
    ]
    return Three(*map(Actor, people))


def current(bank: str = "") -> CurrentBank:
    """The bank as it is now."""
    reading().rollback()
    return get_bank(reading(), bank)


def said(question_id: str = "T-001", bank: str = "") -> Wording:
    """What the bank says now."""
    found = current(bank).find(question_id)
    assert found
    return found


def draft(question_id: str = "T-001", bank: str = "") -> Draft:
    """The open draft of a question."""
    row = find_open(reading(), current(bank), question_id)
    assert row
    return read(reading(), row)


def edit(actor: Actor, question_id: str = "T-001", now: datetime = NOW, *, bank: str = "", **changes: object) -> None:
    """Change some fields of a question, or of its open draft, as the page does."""
    row = find_open(reading(), current(bank), question_id)
    stored = read(reading(), row).wording if row else said(question_id, bank)
    seen = read(reading(), row).seen if row else question_work.seen_of(stored)
    with transaction(actor) as session:
        question_work.edit(session, bank, question_id, replace(stored, **changes), seen, actor, now)  # type: ignore[arg-type]


def take(decision: Decision, actor: Actor, question_id: str = "T-001", note: str = "", bank: str = "") -> Draft:
    """Decide about the open draft of a question as it is now."""
    one = draft(question_id, bank)
    with transaction(actor) as session:
        return decide(session, decision, one.id, one.seen, actor, NOW, note)


def approve(three: Three, question_id: str = "T-001", bank: str = "") -> None:
    """Take an open draft through both other hands."""
    take(Decision.APPRAISE, three.appraiser, question_id, bank=bank)
    take(Decision.APPROVE, three.approver, question_id, bank=bank)


def write_new(actor: Actor, **changes: object) -> str:
    """A complete new question; its id."""
    text = replace(wording.of(makers.question()), text="Câu hoàn toàn mới?", **changes)  # type: ignore[arg-type]
    with transaction(actor) as session:
        return question_work.write_new(session, "", text, actor, NOW)


def apply_all(actor: Actor, now: datetime = NOW) -> Applied:
    """Put everything approved into the bank."""
    seen = [one.seen for one in waiting(reading(), current())]
    with transaction(actor) as session:
        return apply(session, "", seen, actor, now)


def source(session: Session) -> str:
    """The bank file as the next weeks will freeze it."""
    session.rollback()
    return source_of(session, "").decode()
