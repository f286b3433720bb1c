"""Standings read back are those that were ranked, whatever the chain had asked of the other attempts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from quiz.models.attempts import DbAttempt
from quiz.scoring.counted import counted
from quiz.scoring.ranking import rank
from quiz.scoring.tie_breaks import RoundFacts
from quiz.services import result_rows, transaction
from quiz.services.result_rows import as_result, attempts_of_week, place_after, standings
from tests import makers
from tests.services import results_scene as scene
from tests.services.results_scene import DAY, MINUTE


def test_what_is_read_back_is_what_was_ranked(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    makers.load_contest(makers.CONTEST + "attempts: {per_week: 3, counts: best}\n")
    people = scene.add_people("ABC")
    for place, (code, right) in enumerate((("A", 5), ("A", 4), ("B", 5), ("C", 0), ("A", 5))):
        makers.sit(
            people[code], DAY + place * 20 * MINUTE, right=right, attempt_code=makers.code(place), prediction=None
        )
    with transaction() as writing:
        writing.get_one(DbAttempt, makers.code(2)).returned_ms = 1000
    scene.mark()
    session.rollback()
    week = makers.week(session)
    (division,) = week.contest.rules.all_divisions
    monkeypatch.setattr(result_rows, "CHUNK", 2)
    rows = list(attempts_of_week(session, week.id))
    results = [as_result(row, row.score, 5, is_valid=row.is_valid) for row in rows]
    chosen = counted(results, week.contest.rules.attempts.counts, division.chain)
    assert standings(session, week, division) == rank(chosen, division.chain, RoundFacts(lot_seed=week.lot_seed))
    assert [(s.result.attempts, s.result.full_marks) for s in standings(session, week, division)] == [
        (1, 1),
        (3, 2),
        (1, 0),
    ]
    assert standings(session, week, division, 2) == standings(session, week, division)[:2]


def test_time_given_back_never_makes_a_time_negative(session: Session) -> None:
    makers.load_contest()
    code = makers.sit(scene.add_people("A")["A"], DAY, MINUTE)
    with transaction() as writing:
        writing.get_one(DbAttempt, code).returned_ms = 61_000
    (row,) = attempts_of_week(session, makers.week(session).id)
    assert as_result(row, 5, 5, is_valid=True).time_taken == timedelta(0)


def test_a_place_is_deep_enough_for_everybody_who_may_win(session: Session) -> None:
    makers.load_contest(makers.CONTEST + "ranking: [score, time_taken]\n")
    people = scene.add_people("ABCDEFGH")
    for code, right, minutes in (*zip("ABC", (5, 5, 4), (1, 2, 1), strict=True), *((c, 3, 1) for c in "DEF")):
        makers.sit(people[code], DAY, minutes * MINUTE, right)
    makers.sit(people["G"], DAY, right=0)
    scene.mark()
    session.rollback()
    week = makers.week(session)
    (division,) = week.contest.rules.all_divisions
    assert [place_after(session, week, division, people, 1) for people in (1, 2, 3, 6)] == [2, 3, 6, None]
    assert place_after(session, week, division, 1, 4) == 6
