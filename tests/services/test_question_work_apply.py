"""Approved questions enter the bank file whole and alone: every other byte stays, or nothing happens at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.question_work import DbQuestionDraft
from quiz.questions.bank_file import parse_bank
from quiz.services import contest_files, contests, question_work, transaction
from quiz.services.question_work_apply import apply, reach, waiting
from quiz.services.question_work_drafts import State
from quiz.yaml_text import FaultyFile
from tests import makers
from tests.services import question_scene as scene
from tests.services.question_scene import NOW, Three
from tests.services.test_races import at_once


@pytest.fixture
def three(session: Session) -> Three:
    """The explanation of the first question has been changed, and that approved."""
    people = scene.lay_out()
    scene.edit(people.author, explanation="Giải thích mới")
    scene.approve(people)
    return people


def test_only_what_was_approved_changes_in_the_file(session: Session, three: Three) -> None:
    scene.edit(three.author, "T-002", text="Chưa ai duyệt?")
    applied = scene.apply_all(three.author)
    assert applied.questions == ("T-001",)
    changed = scene.SOURCE.replace("explanation: Giải thích của câu 1\n", "explanation: Giải thích mới\n")
    assert scene.source(session) == changed
    assert session.get_one(DbQuestionDraft, 1).state == State.APPLIED
    with pytest.raises(Refused, match="Không có bản nháp"):
        scene.apply_all(three.author)


def test_a_new_question_and_a_removal_are_written_too(session: Session, three: Three) -> None:
    new = scene.write_new(three.author)
    seen = question_work.seen_of(scene.said("T-005"))
    with transaction(three.author) as writing:
        question_work.propose_removal(writing, "", "T-005", "Thừa", seen, three.author, NOW)
    for one in (new, "T-005"):
        scene.approve(three, one)
    scene.apply_all(three.author)
    ids = [question.id for question in parse_bank(scene.source(session).encode()).questions]
    assert ids == [*(f"T-{number:03d}" for number in range(1, 13) if number != 5), "T-013"]
    assert "# đã soát" in scene.source(session)


def test_a_week_that_has_opened_keeps_its_questions(session: Session, three: Three) -> None:
    during = makers.WEEK_1 + timedelta(hours=1)
    before = reach(session, scene.current(), NOW)
    assert [week.week.number for week in before.ahead] == [1, 2]
    old = scene.current().bank.digest
    scene.apply_all(three.author, during)
    after = reach(session, scene.current(), during)
    assert [[week.week.number for week in weeks] for weeks in (after.ahead, after.kept)] == [[2], [1]]
    assert makers.week(session, 1).banks == {"": old}
    assert contests.pool_with_keys(session, makers.week(session, 2), "")[0].explanation == "Giải thích mới"


def test_questions_that_make_a_faulty_bank_together_are_not_applied(session: Session, three: Three) -> None:
    for one in (scene.write_new(three.author), scene.write_new(three.author)):
        scene.approve(three, one)
    with pytest.raises(FaultyFile, match="trùng câu T-013"):
        scene.apply_all(three.author)
    assert scene.source(session) == scene.SOURCE
    assert len(waiting(session, scene.current())) == 3


def test_a_bank_that_moved_on_in_this_question_is_not_overwritten(session: Session, three: Three) -> None:
    newer = scene.SOURCE.replace("Giải thích của câu 1\n", "Giải thích từ tệp\n")
    with transaction(makers.CONSOLE) as writing:
        contest_files.load_bank(writing, newer.encode(), makers.CONSOLE, NOW)
    with pytest.raises(Refused, match="đã khác so với lúc soạn"):
        scene.apply_all(three.author)
    assert scene.source(session) == newer


def test_a_bank_that_moved_on_elsewhere_keeps_what_it_got(session: Session, three: Three) -> None:
    newer = scene.SOURCE.replace("Giải thích của câu 2\n", "Giải thích từ tệp\n")
    with transaction(makers.CONSOLE) as writing:
        contest_files.load_bank(writing, newer.encode(), makers.CONSOLE, NOW)
    scene.apply_all(three.author)
    assert scene.source(session) == newer.replace("Giải thích của câu 1\n", "Giải thích mới\n")


def test_what_was_sent_back_meanwhile_is_not_applied(session: Session, three: Three) -> None:
    seen = [scene.draft().seen]
    scene.take(scene.Decision.SEND_BACK, three.appraiser, note="Khoan")
    with pytest.raises(Refused, match="đã được người khác"), transaction(three.author) as writing:
        apply(writing, "", seen, three.author, NOW)


def test_eight_who_apply_and_load_at_once_come_one_after_the_other(app: Flask, session: Session, three: Three) -> None:
    seen = scene.draft().seen
    newer = scene.SOURCE.replace("Giải thích của câu 2\n", "Giải thích từ tệp\n").encode()

    def act(place: int) -> str:
        try:
            with transaction(three.author) as writing:
                if place == 0:
                    contest_files.load_bank(writing, newer, three.author, NOW)
                else:
                    apply(writing, "", [seen], three.author, NOW)
        except Refused as refusal:
            return refusal.code
        return "done" if place else "loaded"

    outcomes = sorted(at_once(app, act, 8))
    assert outcomes == ["done", "loaded", *["question_changed"] * 6]
    text = scene.source(session)
    assert text in (newer.decode(), newer.decode().replace("Giải thích của câu 1\n", "Giải thích mới\n"))


def test_eight_who_write_at_once_make_one_draft_and_eight_ids(app: Flask, session: Session) -> None:
    three = scene.lay_out()
    seen = question_work.seen_of(scene.said())
    text = scene.said()

    def act(place: int) -> str:
        try:
            with transaction(three.author) as writing:
                changed = replace(text, text=f"Câu {place}?")
                question_work.edit(writing, "", "T-001", changed, seen, three.author, NOW)
        except Refused as refusal:
            return refusal.code
        return "done"

    assert sorted(at_once(app, act, 8)) == ["done", *["question_changed"] * 7]
    ids = at_once(app, lambda _: scene.write_new(three.author), 8)
    assert sorted(ids) == [f"T-{number:03d}" for number in range(13, 21)]
