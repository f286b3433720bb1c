"""Marking and ranking a closed week: once, the same however it came about, by each division's own rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quiz import jobs
from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbWeek
from quiz.models.people import DbPerson
from quiz.models.results import DbStanding
from quiz.services import attempts, marking, results, transaction
from tests import makers
from tests.services import results_scene as scene
from tests.services.results_scene import CLOSED, DAY, GRACE, MINUTE, MS, mark, refused, shown, standings, winners


@pytest.fixture
def people(session: Session) -> dict[str, int]:
    """Nine people of two agencies by their staff codes; the last sits in week 2 only, all right and fastest of all."""
    makers.load_contest()
    made = scene.add_people()
    makers.sit(made["Z"], makers.WEEK_2, lasts=MS, number=2)
    return made


@pytest.fixture
def sat(people: dict[str, int]) -> dict[str, int]:
    """A week in which every step of the chain decides something."""
    scene.sit_every_step(people)
    return people


def test_marking_before_the_week_and_its_grace_are_over_is_refused(session: Session, sat: dict[str, int]) -> None:
    for now in (DAY, makers.WEEK_1_ENDS - MS, makers.WEEK_1_ENDS, makers.WEEK_1_ENDS + GRACE):
        assert refused(lambda now=now: mark(now)) == "not_closed"
    assert refused(lambda: shown(session)) == "not_marked"
    assert standings(session) == []
    assert mark(CLOSED) == 8


def test_marking_counts_the_right_answers_of_the_week_only(session: Session, sat: dict[str, int]) -> None:
    mark()
    session.rollback()
    rows = session.execute(
        select(DbPerson.staff_code, DbAttempt.score).join(DbAttempt, DbAttempt.person_id == DbPerson.id)
    )
    assert {row.staff_code: row.score for row in rows} == {
        "A": 5,
        "B": 5,
        "C": 5,
        "D": 4,
        "E": 4,
        "F": 3,
        "G": 1,
        "H": 0,
        "Z": None,
    }


def test_ranking_goes_down_the_chain_and_says_what_decided(session: Session, sat: dict[str, int]) -> None:
    mark()
    found = standings(session)
    lots = tuple(code for _, _, code, _ in found[3:5])
    assert sorted(lots) == ["D", "E"]
    assert found == [
        (1, 1, "A", "hand_in_moment"),
        (2, 2, "B", "time_taken"),
        (3, 3, "C", "score"),
        (4, 4, lots[0], "lot"),
        (5, 4, lots[1], "score"),
        (6, 6, "F", "score"),
        (7, 7, "G", "score"),
        (8, 8, "H", ""),
    ]


def test_marking_twice_is_once(session: Session, sat: dict[str, int]) -> None:
    assert mark() == 8
    before = standings(session)
    with transaction() as writing:
        assert marking.mark_due_weeks(writing, CLOSED + MINUTE) == 0
        assert marking.mark_week(writing, makers.week(writing), CLOSED + MINUTE) == 0
    assert standings(session) == before
    assert session.scalars(select(DbAuditEntry.act)).all().count("mark_week") == 1
    assert makers.week(session).marked_at == CLOSED


def test_marking_by_the_job_at_any_time_equals_marking_on_demand(
    app: Flask, session: Session, sat: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    agency = session.get_one(DbPerson, sat["A"]).agency_id
    late = makers.add_person("Y", agency, "Lê Thị Y", activated=False)
    with transaction() as writing:  # left to run out; no job has ever run
        attempts.start(writing, late, makers.week(writing), DAY, makers.code(77))
    assert mark() == 9
    on_demand = standings(session)
    with transaction() as writing:
        writing.execute(delete(DbStanding))
        writing.get_one(DbWeek, makers.week(writing).id).marked_at = None
        row = writing.get_one(DbAttempt, makers.code(77))
        row.handed_in_at, row.ended_by = None, None
    monkeypatch.setattr("quiz.clock.now", lambda: makers.WEEK_2_ENDS + timedelta(days=30))
    for job in jobs.JOBS:
        job()
    assert standings(session) == on_demand
    assert [code for _, _, code, _ in on_demand].count("Y") == 1
    assert session.get_one(DbAttempt, makers.code(77)).handed_in_at == DAY + 10 * MINUTE


def test_a_week_that_nobody_sat_is_marked_and_has_no_winners(session: Session, people: dict[str, int]) -> None:
    assert mark() == 0
    assert (standings(session), winners(session), results.score_bands(session, makers.week(session), "")) == (
        [],
        [],
        {},
    )
    assert makers.week(session).marked_at == CLOSED


def test_a_week_due_is_marked_only_after_its_grace(session: Session, sat: dict[str, int]) -> None:
    for now, marked in (
        (makers.WEEK_1_ENDS + GRACE, 0),
        (CLOSED, 1),
        (CLOSED, 0),
        (makers.WEEK_2_ENDS + GRACE + MS, 1),
    ):
        with transaction() as writing:
            assert marking.mark_due_weeks(writing, now) == marked
    assert [code for _, _, code, _ in standings(session, 2)] == ["Z"]


def test_the_grace_is_never_part_of_the_time_ranked(session: Session, people: dict[str, int]) -> None:
    makers.sit(people["A"], DAY, 10 * MINUTE + GRACE)
    makers.sit(people["B"], DAY - MINUTE, 10 * MINUTE)
    mark()
    assert [(rank, code, by) for _, rank, code, by in standings(session)] == [(1, "B", "hand_in_moment"), (2, "A", "")]
    times = [person.standing.result.time_taken for person in shown(session).divisions[0].top]
    assert times == [10 * MINUTE] * 2


def test_marking_tells_how_far_it_is(session: Session, sat: dict[str, int]) -> None:
    told: list[tuple[int, int]] = []
    with transaction() as writing:
        marking.mark_week(
            writing, makers.week(writing), CLOSED, progress=lambda done, total: told.append((done, total))
        )
    assert told[-1] == (8, 8)
