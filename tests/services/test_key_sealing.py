"""While a round is open its answer keys are nowhere in the database; when it is over, they are back."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz import jobs
from quiz.errors import Refused
from quiz.key_file import KeyFile
from quiz.leadership import Leadership
from quiz.models import Base
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbBank
from quiz.models.documents import DbDocument
from quiz.models.question_imports import DbQuestionImport
from quiz.models.question_work import DbQuestionDraft, DbQuestionEvent
from quiz.services import (
    attempts,
    banks,
    contest_files,
    contests,
    key_sealing,
    marking,
    question_exports,
    question_imports,
    question_work_list,
    reading,
    transaction,
)
from quiz.services.question_exports import Form
from quiz.services.question_work_steps import Decision
from tests import makers
from tests.makers import CONSOLE, WEEK_1, WEEK_1_ENDS, WEEK_2, WEEK_2_ENDS
from tests.services import question_scene as scene

CANARY, HOUR = "hoangyenbaodong", timedelta(hours=1)
SOURCE = makers.bank_text(key="C", explanation=CANARY).replace("Văn bản thử nghiệm", f"Luật {CANARY}")
OTHER = makers.bank_text(14, key="B", explanation=f"{CANARY} hai")
DURING, AFTER = WEEK_1 + HOUR, WEEK_1_ENDS + HOUR
NAMED = makers.CONTEST.replace("closes: 2024-10-11 17:00}", "closes: 2024-10-11 17:00, paper: {bank: tuan-1}}").replace(
    "closes: 2024-10-18 17:00}", "closes: 2024-10-18 17:00, paper: {bank: tuan-2}}"
)


@pytest.fixture
def sealer(seal_key: Path) -> KeyFile:
    """What the scheduler seals with."""
    return KeyFile(seal_key)


@pytest.fixture
def scheduler(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """A tick of the scheduler at a moment; each is a scheduler started anew."""

    def tick(now: datetime) -> None:
        monkeypatch.setattr("quiz.clock.now", lambda: now)
        monkeypatch.setattr("quiz.clock.start", lambda: None)  # no machine runs by this clock
        with Leadership(app.config["QUIZ"]) as leadership:
            jobs.tick(app, leadership)

    return tick


def everything(session: Session) -> str:
    """Every value of every column of every table, as far as it can be read."""
    session.rollback()
    rows = [row for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    values = [value for row in rows for value in row]
    return "\n".join(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in values)


def freeze_and_seal(sealer: KeyFile, now: datetime = DURING) -> int:
    with transaction() as session:
        contests.freeze_due_weeks(session, now)
        return key_sealing.seal_due(session, sealer, now)


def open_due(sealer: KeyFile, now: datetime = AFTER) -> int:
    with transaction() as session:
        return key_sealing.open_due(session, sealer, now)


def refusal(act: Callable[[], object]) -> str:
    """The code of what an act is refused with."""
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def work_on_questions() -> scene.Three:
    """A bank changed, with drafts at every step, a file taken in and one waiting, and an export made."""
    three = scene.lay_out(SOURCE)
    scene.edit(three.author, explanation=f"{CANARY} đổi")
    scene.approve(three)
    scene.apply_all(three.author)
    scene.edit(three.author, "T-002", key="B")
    scene.edit(three.author, "T-003", facts=(CANARY,))
    scene.take(Decision.SEND_BACK, three.appraiser, "T-003", f"Đáp án là {CANARY}")
    gift = f"Câu lạ? {{=Đúng#{CANARY} ~Sai ~Sai nữa ~Sai cả}}"
    source = scene.source(reading()).encode()
    with transaction(three.author) as session:
        first = question_imports.upload(session, "", "cau.gift", gift.encode(), three.author, makers.BEFORE)
        question_exports.ask(session, "", Form.YAML, ["chung"], three.author.id or 0, three.author, makers.BEFORE)
        session.get_one(DbQuestionImport, first).report = f'{{"why": "{CANARY}"}}'
        document = session.scalars(select(DbDocument)).one()
        document.content, document.state = source, "done"
    return three


def test_nothing_in_the_database_tells_a_key_while_the_round_is_open(session: Session, sealer: KeyFile) -> None:
    work_on_questions()
    kept = {
        model: {row.id: (row.body, getattr(row, "note", "")) for row in session.scalars(select(model))}
        for model in (DbQuestionDraft, DbQuestionEvent)
    }
    sources = dict(session.execute(select(DbBank.digest, DbBank.source)).all())
    assert len(sources) == 2
    assert everything(session).count(CANARY) > 30
    assert freeze_and_seal(sealer) == 1
    text = everything(session)
    assert CANARY not in text
    assert base64.b64encode(CANARY.encode()).decode()[:-4] not in text
    assert '"key": "C"' not in text
    assert "Nội dung riêng" in text
    assert open_due(sealer) == 1
    session.rollback()
    session.expire_all()
    assert dict(session.execute(select(DbBank.digest, DbBank.source)).all()) == sources
    for model, rows in kept.items():
        assert {row.id: (row.body, getattr(row, "note", "")) for row in session.scalars(select(model))} == rows
    assert CANARY in session.scalars(select(DbQuestionImport)).one().report
    assert session.scalars(select(DbDocument.state)).one() == "forgotten"


def test_papers_are_the_same_from_what_is_left(session: Session, sealer: KeyFile) -> None:
    makers.load_contest(bank_source=SOURCE)
    person = makers.add_person("A1", makers.add_agency(), activated=False)
    code = makers.sit(person, DURING)
    week, attempt = makers.week(session), attempts.get(session, code, person)
    before = attempts.paper(session, attempt, week).questions
    key_sealing_done = freeze_and_seal(sealer)
    banks._without_keys.clear()  # a process that was started after the sealing
    banks._pools.clear()
    after = attempts.paper(reading(), attempt, makers.week(reading())).questions
    assert key_sealing_done == 1
    assert [(one.question, one.letters) for one in before] == [(one.question, one.letters) for one in after]


def test_the_scheduler_opens_marks_and_survives_being_started_anew(
    session: Session, scheduler: Callable[[datetime], None], sealer: KeyFile
) -> None:
    makers.load_contest(bank_source=SOURCE)
    agency = makers.add_agency()
    people = [makers.add_person(f"A{right}", agency, activated=False) for right in range(6)]
    codes = [makers.sit(person, DURING, right=right) for right, person in enumerate(people)]
    scheduler(DURING)
    assert CANARY not in everything(session)
    week = makers.week(session)
    assert refusal(lambda: marking.work_out(reading(), week.id)) == "keys_sealed"
    scheduler(AFTER)
    session.rollback()
    assert [attempts.get(session, code, who).score for code, who in zip(codes, people, strict=True)] == [*range(6)]
    acts = [row.act for row in session.scalars(select(DbAuditEntry).order_by(DbAuditEntry.id))]
    assert acts[-3:] == ["seal_keys", "open_keys", "mark_week"]


def test_before_its_time_nothing_is_opened_and_nothing_marked(session: Session, sealer: KeyFile) -> None:
    makers.load_contest(bank_source=SOURCE)
    makers.sit(makers.add_person("A1", makers.add_agency(), activated=False), DURING)
    freeze_and_seal(sealer)
    assert open_due(sealer, WEEK_1_ENDS + timedelta(seconds=5)) == 0  # the last moment of the grace
    assert marking.due_weeks(reading(), AFTER) == []
    assert refusal(lambda: contests.pool_with_keys(reading(), makers.week(reading()), "")) == "keys_sealed"
    assert freeze_and_seal(sealer) == 0


def test_a_bank_whose_answers_were_shown_is_not_sealed_again_but_another_one_is(
    session: Session, sealer: KeyFile
) -> None:
    makers.load_contest(bank_source=SOURCE)
    freeze_and_seal(sealer)
    open_due(sealer)
    assert freeze_and_seal(sealer, WEEK_2 + HOUR) == 0
    assert session.scalars(select(DbBank)).one().source == SOURCE.encode()


def test_a_bank_of_its_own_keeps_each_week_sealed(session: Session, sealer: KeyFile) -> None:
    with transaction(CONSOLE) as writing:
        contest_files.load_contest(writing, NAMED.encode(), CONSOLE, makers.BEFORE, makers.seeds())
        for name, source in (("tuan-1", SOURCE), ("tuan-2", OTHER)):
            contest_files.load_bank(writing, source.encode(), CONSOLE, makers.BEFORE, name)
    assert freeze_and_seal(sealer) == 1
    assert f"{CANARY} hai" in everything(session)  # the bank of the next week can still be worked on
    open_due(sealer)
    assert freeze_and_seal(sealer, WEEK_2 + HOUR) == 1
    text = everything(session)
    assert (f"{CANARY} 1\n" in text, f"{CANARY} hai" in text) == (True, False)
    assert open_due(sealer, WEEK_2_ENDS + HOUR) == 1


def test_a_newer_version_loaded_during_the_week_is_sealed_with_it(session: Session, sealer: KeyFile) -> None:
    makers.load_contest(bank_source=SOURCE)
    freeze_and_seal(sealer)
    newer = makers.bank_text(13, key="C", explanation=CANARY)
    with transaction(CONSOLE) as writing:
        contest_files.load_bank(writing, newer.encode(), CONSOLE, DURING)
    assert CANARY in everything(session)
    assert freeze_and_seal(sealer) == 1
    assert CANARY not in everything(session)
    assert open_due(sealer) == 2
    assert set(session.scalars(select(DbBank.source))) == {SOURCE.encode(), newer.encode()}


def test_a_process_lets_go_of_keys_that_another_has_sealed(session: Session, sealer: KeyFile) -> None:
    makers.load_contest(bank_source=SOURCE)
    with transaction() as writing:
        contests.freeze_due_weeks(writing, DURING)
    week = makers.week(session)
    held = contests.pool_with_keys(session, week, "")
    quality = question_work_list.quality(scene.current().bank)
    assert (held[0].key, quality.balance.keys["C"]) == (frozenset("C"), 12)
    digest = week.banks[""]
    assert (digest in banks._with_keys, (digest, False) in question_work_list._held) == (True, True)
    freeze_and_seal(sealer)
    reading().rollback()
    makers.week(reading())  # as every page about the round does
    assert (digest in banks._with_keys, (digest, False) in question_work_list._held) == (False, False)


def test_without_the_key_a_bank_is_opened_with_its_own_file_after_the_round(
    session: Session, sealer: KeyFile, seal_key: Path
) -> None:
    makers.load_contest(bank_source=SOURCE)
    freeze_and_seal(sealer)
    seal_key.unlink()

    def open_with(source: str, now: datetime = AFTER) -> None:
        with transaction(CONSOLE) as writing:
            key_sealing.open_with_file(writing, source.encode(), CONSOLE, now)

    assert refusal(lambda: open_due(sealer)) == "seal_key_missing"
    assert refusal(lambda: open_with(SOURCE, DURING)) == "keys_sealed"
    assert refusal(lambda: open_with(SOURCE + "# khác\n")) == "seal_file_unknown"
    open_with(SOURCE)
    assert contests.pool_with_keys(session, makers.week(session), "")[0].key == frozenset("C")
