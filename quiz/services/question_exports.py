"""Questions of the current bank as a file for other programs, from which the same questions are read back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quiz.errors import Refused
from quiz.questions.bank import Bank
from quiz.questions.bank_writer import Remove, rewrite
from quiz.services import Actor, Transaction, accounts, audit, banks, documents
from quiz.services.documents import File, Kind, Work
from quiz.services.question_work_drafts import get_bank


class Form(StrEnum):
    """As what kind of file; the value is its name in addresses and in the log."""

    XLSX = "xlsx"
    GIFT = "gift"
    MOODLE_XML = "moodle"
    QTI = "qti"
    YAML = "yaml"


@dataclass(frozen=True, slots=True)
class _Kind:
    ending: str
    mimetype: str


_KINDS = {
    Form.XLSX: _Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    Form.GIFT: _Kind("gift.txt", "text/plain"),
    Form.MOODLE_XML: _Kind("moodle.xml", "application/xml"),
    Form.QTI: _Kind("qti.zip", "application/zip"),
    Form.YAML: _Kind("yaml", "application/yaml"),
}


def ask(
    session: Transaction, bank: str, form: Form, topics: Collection[str], person_id: int, actor: Actor, now: datetime
) -> int:
    """Have the questions of these topics written; the document's id.

    Raises Refused: contest_missing, bank_unknown, bank_not_loaded, keys_sealed, no_topic_chosen.
    """
    found = get_bank(session, bank)
    found.check_open()
    current = found.bank
    chosen = sorted(set(topics) & set(current.topics))
    count = sum(question.topic in chosen for question in current.questions)
    if not count:
        raise Refused("no_topic_chosen")
    audit.record(session, audit.Act.EXPORT_QUESTIONS, actor, now, bank=bank, form=form, questions=count)
    facts = {"digest": current.digest, "form": form, "topics": chosen}
    return documents.ask(session, Kind.QUESTION_EXPORT, facts, person_id, now)


def make(session: Transaction, work: Work) -> File:
    """The file of the bank as it was when it was asked for; raises Refused where the person may not have it now."""
    person = accounts.find(session, work.asked_by)
    if person is None or Kind.QUESTION_EXPORT.permission not in person.permissions:
        raise Refused("document_missing")
    form, topics = Form(str(work.facts["form"])), work.facts["topics"]
    digest = str(work.facts["digest"])
    source, bank = banks.source(session, digest), banks.readable(session, digest)
    chosen = set(topics) if isinstance(topics, list) else set()
    kind = _KINDS[form]
    return File(name=f"cau-hoi.{kind.ending}", mimetype=kind.mimetype, content=written(bank, source, form, chosen))


def written(bank: Bank, source: bytes, form: Form, topics: Collection[str]) -> bytes:
    """The questions of these topics; as YAML the bank's own file, with its comments, without the others."""
    from quiz.questions.formats.gift import write_gift
    from quiz.questions.formats.moodle_xml import write_moodle_xml
    from quiz.questions.formats.qti_writer import write_qti
    from quiz.questions.formats.xlsx_writer import write_xlsx

    chosen = [question for question in bank.questions if question.topic in topics]
    match form:
        case Form.XLSX:
            return write_xlsx(chosen, bank.topics)
        case Form.GIFT:
            return write_gift(chosen, bank.topics).encode()
        case Form.MOODLE_XML:
            return write_moodle_xml(chosen, bank.topics).encode()
        case Form.QTI:
            return write_qti(chosen, bank.topics)
        case Form.YAML:
            return rewrite(source, [Remove(each.id) for each in bank.questions if each.topic not in topics])
