"""Questions are written as drafts: by whom, with which ids, on which wording; nobody overwrites anybody else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.questions.wording import Wording
from quiz.services import question_work, transaction
from quiz.services.question_work_drafts import Kind, State, Step, history
from tests import makers
from tests.services import question_scene as scene


def _refused(code: str) -> object:
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def test_a_change_is_a_draft_and_the_bank_stays(session: Session) -> None:
    three = scene.lay_out()
    scene.edit(three.author, text="  Câu   đã sửa? ")
    draft = scene.draft()
    assert (draft.kind, draft.state, draft.author, draft.wording.text) == (
        *(Kind.CHANGE, State.DRAFT, "Lê Thị Soạn", "Câu đã sửa?"),
    )
    assert scene.source(session) == scene.SOURCE
    [event] = history(session, scene.current(), "T-001")
    assert (event.name, event.step, event.wording) == ("Lê Thị Soạn", Step.WRITE, draft.wording)


def test_new_questions_get_the_next_id_of_their_topic_for_ever(session: Session) -> None:
    three = scene.lay_out()
    assert [scene.write_new(three.author), scene.write_new(three.author)] == ["T-013", "T-014"]
    scene.take(scene.Decision.DROP, three.author, "T-014", "Trùng")
    assert scene.write_new(three.author) == "T-015"
    assert scene.write_new(three.author, topic="cai-cach") == "CC-001"


def test_a_file_is_taken_in_as_drafts_however_incomplete(session: Session) -> None:
    three = scene.lay_out()
    with transaction(three.author) as writing:
        wordings = [Wording(id="x", text="Một?", topic="chung"), Wording(), Wording(text="Hai?", topic="chung")]
        count = question_work.take_in(writing, "", wordings, "de-thi.gift", three.author, scene.NOW)
        question_work.audit.record(
            writing, question_work.audit.Act.APPLY_QUESTIONS, three.author, scene.NOW, bank="", digest="", questions=3
        )
    assert count == 3
    assert [scene.draft(one).wording.text for one in ("T-013", "CH-001", "T-014")] == ["Một?", "", "Hai?"]
    [event] = history(session, scene.current(), "CH-001")
    assert (event.step, event.note) == (Step.TAKE_IN, "de-thi.gift")


def test_who_edits_what_somebody_else_changed_meanwhile_is_told_so(session: Session) -> None:
    three = scene.lay_out()
    seen = question_work.seen_of(scene.said())
    scene.edit(three.author, text="Một?")
    with _refused("question_changed"), transaction(three.appraiser) as writing:
        text = replace(scene.said(), text="Hai?")
        question_work.edit(writing, "", "T-001", text, seen, three.appraiser, scene.NOW)
    stale = scene.draft().seen
    scene.edit(three.author, text="Ba?")
    with _refused("question_changed"), transaction(three.appraiser) as writing:
        question_work.edit(writing, "", "T-001", text, stale, three.appraiser, scene.NOW)
    assert scene.draft().wording.text == "Ba?"


def test_nothing_new_is_not_a_draft(session: Session) -> None:
    three = scene.lay_out()
    with _refused("question_unchanged"):
        scene.edit(three.author, text=f" {scene.said().text} ")
    with _refused("question_missing"), transaction(three.author) as writing:
        question_work.edit(writing, "", "T-999", Wording(), "0.", three.author, scene.NOW)


def test_a_removal_is_proposed_with_a_reason_and_not_edited(session: Session) -> None:
    three = scene.lay_out()
    seen = question_work.seen_of(scene.said())
    with _refused("reason_missing"), transaction(three.author) as writing:
        question_work.propose_removal(writing, "", "T-001", " ", seen, three.author, scene.NOW)
    with transaction(three.author) as writing:
        question_work.propose_removal(writing, "", "T-001", "Văn bản đã hết hiệu lực", seen, three.author, scene.NOW)
    assert scene.draft().kind is Kind.REMOVE
    with _refused("question_removal"):
        scene.edit(three.author, text="Khác?")
    with _refused("question_has_draft"), transaction(three.author) as writing:
        question_work.propose_removal(writing, "", "T-001", "Lần nữa", seen, three.author, scene.NOW)


def test_the_audit_log_tells_the_question_and_nothing_of_its_words(session: Session) -> None:
    three = scene.lay_out()
    scene.edit(three.author, text="Nội dung bí mật?")
    session.rollback()
    entry = session.scalars(select(DbAuditEntry).order_by(DbAuditEntry.id.desc())).first()
    assert entry
    assert (entry.act, entry.facts) == ("edit_question", '{"bank": "", "question": "T-001", "state": "draft"}')


def test_an_unknown_bank_and_one_not_loaded_are_refused(session: Session) -> None:
    makers.load_contest()
    with _refused("bank_unknown"):
        question_work.held_bank(session, "khac")
