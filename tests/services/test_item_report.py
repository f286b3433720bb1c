"""The item analysis of a week: made once after each marking, of the attempts that are ranked, as ruled."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quiz import long_jobs
from quiz.models.contests import DbWeek
from quiz.models.item_analyses import DbItemAnalysis
from quiz.models.rulings import DbRuling
from quiz.scoring.item_analysis import analyse
from quiz.services import incident_effects, item_report, transaction
from quiz.services.item_record import as_record, from_record
from quiz.services.item_report import ItemReport
from tests import makers
from tests.services.results_scene import CLOSED, DAY, MINUTE, mark

LATER = CLOSED + MINUTE


@pytest.fixture
def marked(sat: dict[str, int]) -> dict[str, int]:
    mark()
    return sat


def report(session: Session) -> ItemReport | None:
    session.rollback()
    return item_report.find(session, makers.week(session), "")


def test_there_is_no_report_before_marking_and_one_after(session: Session, sat: dict[str, int]) -> None:
    assert item_report.analyse_due(lambda: DAY) == 0
    mark()
    assert report(session) is None
    assert item_report.analyse_due(lambda: LATER) == 1
    found = report(session)
    assert found
    assert (found.made_at, found.analysis.scores.attempts) == (LATER, 8)
    assert found.analysis.scores.mean == (5 + 5 + 5 + 4 + 4 + 3 + 1 + 0) / 8
    assert sum(one.figures.dealt for one in found.analysis.questions) == 8 * 5


def test_a_report_is_made_once(session: Session, marked: dict[str, int]) -> None:
    assert [item_report.analyse_due(lambda: LATER) for _ in range(2)] == [1, 0]


def test_what_is_kept_is_read_back_to_the_last_digit(session: Session, marked: dict[str, int]) -> None:
    week = makers.week(session)
    found = item_report.gather(session, week, "")
    kept = json.loads(json.dumps(as_record(found)))
    questions = {one.question.id: one.question for one in found.questions} | {one.id: one for one in found.undealt}
    assert from_record(kept, questions) == found
    nothing = analyse((), ())
    assert from_record(json.loads(json.dumps(as_record(nothing))), {}) == nothing


def test_a_week_marked_anew_is_analysed_anew(session: Session, marked: dict[str, int]) -> None:
    item_report.analyse_due(lambda: LATER)
    with transaction() as writing:
        incident_effects.unmark(writing, writing.scalars(select(DbWeek).where(DbWeek.number == 1)).one())
    assert report(session) is None
    assert item_report.analyse_due(lambda: LATER) == 0
    mark(CLOSED + timedelta(hours=1))
    assert report(session) is None
    assert item_report.analyse_due(lambda: LATER + MINUTE) == 1
    assert session.query(DbItemAnalysis).count() == 1


def test_a_week_marked_while_it_is_analysed_is_left_to_the_next_time(
    session: Session, marked: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered = item_report.gather

    def meanwhile(*given: object) -> object:
        found = gathered(*given)  # type: ignore[arg-type]
        session.rollback()
        with transaction() as writing:
            writing.execute(update(DbWeek).where(DbWeek.number == 1).values(marked_at=CLOSED + MINUTE))
        return found

    monkeypatch.setattr(item_report, "gather", meanwhile)
    assert item_report.analyse_due(lambda: LATER) == 0
    assert report(session) is None


def test_a_voided_question_has_no_figures_and_a_changed_key_is_the_key(
    session: Session, marked: dict[str, int]
) -> None:
    week = makers.week(session)
    before = item_report.gather(session, week, "").questions
    first, second = (one.question.id for one in before[:2])
    with transaction() as writing:
        signed = {"proposed_by": marked["A"], "approved_by": marked["B"], "decision_number": "1", "reason": "Sai"}
        times = {"proposed_at": CLOSED, "approved_at": CLOSED, "week_id": week.id, "bank": ""}
        writing.add(DbRuling(question_id=first, kind="void", letters="", **signed, **times))
        writing.add(DbRuling(question_id=second, kind="rekey", letters="BCD", **signed, **times))
    found = item_report.gather(session, makers.week(session), "")
    assert first not in {one.question.id for one in found.questions} | {one.id for one in found.undealt}
    ruled = next(one for one in found.questions if one.question.id == second)
    assert "".join(option.letter for option in ruled.options.keys) == "BCD"
    assert before[1].figures.facility
    assert ruled.figures.facility == pytest.approx(1 - before[1].figures.facility)  # who was wrong had chosen these


def test_the_scheduler_makes_it(app: Flask, session: Session, marked: dict[str, int]) -> None:
    session.rollback()
    long_jobs.analyse_questions()
    assert report(session)


def test_a_week_nobody_sat_has_an_empty_report(session: Session) -> None:
    makers.load_contest()
    mark()
    assert item_report.analyse_due(lambda: LATER) == 1
    found = report(session)
    assert found
    assert (found.analysis.scores.attempts, found.analysis.questions, found.doubtful) == (0, (), ())
