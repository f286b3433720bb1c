"""Questions written for other programs: what the queue makes is read back as the same questions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from quiz.config import ROOT
from quiz.errors import Refused
from quiz.permissions import Role
from quiz.questions.bank_file import parse_bank
from quiz.questions.formats import report
from quiz.questions.formats.reading import read_questions
from quiz.questions.wording import Wording, of
from quiz.services import Actor, accounts, documents, question_exports, transaction
from quiz.services.document_makers import MAKERS
from quiz.services.documents import File
from quiz.services.question_exports import Form
from tests.makers import BEFORE, add_agency, add_person, bank_text, load_contest

SOURCE = Path(ROOT, "question_bank.yaml").read_bytes()
BANK = parse_bank(SOURCE)


def exported(session: Session, form: Form, topics: list[str], person_id: int) -> File:
    """The file as the organiser fetches it from the queue."""
    actor = Actor(person_id)
    with transaction(actor) as writing:
        made = question_exports.ask(writing, "", form, topics, person_id, actor, BEFORE)
    documents.make_waiting(MAKERS, lambda: BEFORE)
    person = accounts.find(session, person_id)
    assert person
    return documents.file(session, made, person)


@pytest.fixture
def organiser(session: Session) -> int:
    """An organiser of a contest with the real bank; their id."""
    load_contest(bank_source=SOURCE.decode())
    return add_person("BTC", add_agency(), roles=[Role.ORGANISER])


def test_all_questions_come_back_from_every_format(session: Session, organiser: int) -> None:
    for form in (Form.XLSX, Form.GIFT, Form.MOODLE_XML, Form.QTI):
        file = exported(session, form, list(BANK.topics), organiser)
        found = report.of_imported(read_questions(file.name, file.content))
        assert [str(each) for each in found.refused] == []
        assert {each.name: each.wording for each in found.questions} == {
            question.id: _without_id(question.id) for question in BANK.questions
        }
        assert [each.left_out for each in found.questions if each.left_out] == []
    assert exported(session, Form.YAML, list(BANK.topics), organiser).content == SOURCE


def test_chosen_topics_only(session: Session, organiser: int) -> None:
    file = exported(session, Form.YAML, ["papi", "pci"], organiser)
    assert {question.topic for question in parse_bank(file.content).questions} == {"papi", "pci"}
    assert file.content.startswith(SOURCE[:200])
    assert file.name == "cau-hoi.yaml"
    found = read_questions("a.gift.txt", exported(session, Form.GIFT, ["papi"], organiser).content)
    assert {question.topic for question in found.questions} == {"papi"}


def test_no_topic_is_no_file(session: Session) -> None:
    load_contest(bank_source=bank_text(3))
    person = add_person("BTC", add_agency(), roles=[Role.ORGANISER])
    with transaction(Actor(person)) as writing, pytest.raises(Refused) as no:
        question_exports.ask(writing, "", Form.GIFT, ["khac"], person, Actor(person), BEFORE)
    assert no.value.code == "no_topic_chosen"


def _without_id(id_: str) -> Wording:
    return replace(next(of(question) for question in BANK.questions if question.id == id_), id="")
