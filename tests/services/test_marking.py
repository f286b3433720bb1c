"""Marking and ranking a closed week: once, the same however it came about, by each division's own rules."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from quiz import jobs
from quiz.models import db
from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbWeek
from quiz.models.decisions import DbIncident
from quiz.models.people import DbPerson
from quiz.models.results import DbStanding
from quiz.scoring.marking import Mark
from quiz.services import marking, results, transaction
from tests import makers
from tests.services import results_scene as scene
from tests.services.results_scene import (
    CLOSED,
    DAY,
    GRACE,
    MINUTE,
    MS,
    in_order,
    mark,
    refused,
    shown,
    standings,
    winners,
)

PATIENCE = 5


def marks(session: Session) -> int:
    """How often a round was marked."""
    session.rollback()
    return session.scalars(select(DbAuditEntry.act)).all().count("mark_week")


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
    assert marking.due_weeks(session, CLOSED + MINUTE) == []
    with transaction() as writing:
        assert marking.mark_week(writing, makers.week(writing), CLOSED + MINUTE) == 0
    assert standings(session) == before
    assert marks(session) == 1
    assert makers.week(session).marked_at == CLOSED


def test_marking_by_the_job_at_any_time_equals_marking_on_demand(
    app: Flask, session: Session, sat: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    agency = session.get_one(DbPerson, sat["A"]).agency_id
    late = makers.add_person("Y", agency, "Lê Thị Y", activated=False)
    with transaction() as writing:  # left to run out; no job has ever run
        makers.start(writing, late, makers.week(writing), DAY, makers.code(77))
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


def test_a_week_due_is_marked_only_after_its_grace(
    session: Session, sat: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for now, marked in (
        (makers.WEEK_1_ENDS + GRACE, 0),
        (CLOSED, 1),
        (CLOSED, 1),
        (makers.WEEK_2_ENDS + GRACE + MS, 2),
    ):
        monkeypatch.setattr("quiz.clock.now", lambda now=now: now)
        for job in jobs.JOBS:
            job()
        assert marks(session) == marked
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


def load(*changes: tuple[str, str], more: str = "") -> dict[str, int]:
    """A contest otherwise as usual, and people A to D in one agency."""
    text = makers.CONTEST
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    makers.load_contest(text + more)
    return scene.add_people("ABCD")


def sit_often(person: int, *tries: tuple[int, int, int]) -> None:
    """Attempts of somebody, every half hour: right answers, minutes and those left blank of each."""
    for place, (right, minutes, blank) in enumerate(tries):
        code = makers.code(100 * person + place)
        makers.sit(person, DAY + place * 30 * MINUTE, minutes * MINUTE, right, attempt_code=code, blank=blank)


TALLIES = ("people", "people_all_right", "attempts")


def tally(session: Session, division: str = "") -> tuple[int, ...]:
    """People, people with everything right, and attempts."""
    session.rollback()
    found = marking.tallies_of(session, makers.week(session))[division]
    return tuple(getattr(found, name) for name in TALLIES)


@pytest.mark.parametrize(
    ("counts", "order", "scores"),
    [("best", "ABC", {5, 4, 3}), ("last", "CAB", {3, 2}), ("best_then_earliest", "ABC", {5, 4, 3})],
)
def test_the_attempt_that_the_rules_count_is_ranked(
    session: Session, counts: str, order: str, scores: set[int]
) -> None:
    people = load(more=f"attempts: {{per_week: 3, counts: {counts}}}\n")
    sit_often(people["A"], (2, 3, 0), (5, 3, 0), (3, 4, 0))
    sit_often(people["B"], (4, 3, 0), (2, 3, 0))
    sit_often(people["C"], (3, 1, 0))
    assert mark() == 6
    assert in_order(session) == order
    assert set(results.score_bands(session, makers.week(session), "")) == scores
    assert tally(session) == (3, 1, 6)


@pytest.mark.parametrize(("counts", "minutes"), [("best", 1), ("best_then_earliest", 5)])
def test_the_best_of_equal_points_is_the_faster_or_the_earlier_as_the_rules_say(
    session: Session, counts: str, minutes: int
) -> None:
    people = load(more=f"attempts: {{per_week: 3, counts: {counts}}}\n")
    sit_often(people["A"], (4, 5, 0), (4, 1, 0))
    mark()
    assert [one.standing.result.time_taken for one in shown(session).divisions[0].top] == [minutes * MINUTE]


def test_an_attempt_with_an_unanswered_question_is_not_ranked_but_was_taken(session: Session) -> None:
    needed = ("paper: {questions: 5,", "paper: {needs_all_answers: true, questions: 5,")
    people = load(needed, more="attempts: {per_week: 2, counts: best}\nranking: [score, fewer_attempts, lot]\n")
    sit_often(people["A"], (4, 3, 1), (3, 3, 0))
    sit_often(people["B"], (3, 3, 0))
    sit_often(people["C"], (4, 3, 1))
    mark()
    assert standings(session) == [(1, 1, "B", "fewer_attempts"), (2, 2, "A", "")]
    assert tally(session) == (2, 0, 4)
    assert shown(session).winners[0].why == "cùng 3/5 câu đúng, có 1 lượt thi, ít hơn hạng 2 (2 lượt)"


def test_an_attempt_set_aside_counts_for_nothing_and_time_given_back_was_not_taken(session: Session) -> None:
    people = load(more="attempts: {per_week: 2, counts: best}\n")
    sit_often(people["A"], (5, 1, 0), (3, 5, 0))
    sit_often(people["B"], (3, 6, 0))
    sit_often(people["C"], (5, 1, 0))
    staff = scene.add_organiser().id
    with transaction() as writing:
        week = makers.week(writing)
        writing.add(incident := an_incident(week.id, staff or 0))
        writing.flush()
        for person in (people["A"], people["C"]):
            writing.get_one(DbAttempt, makers.code(100 * person)).annulled_by = incident.id
        writing.get_one(DbAttempt, makers.code(100 * people["B"])).returned_ms = 90_000
    assert mark() == 2
    assert in_order(session) == "BA"
    assert shown(session).winners[0].why == (
        "cùng 3/5 câu đúng, làm bài nhanh hơn hạng 2 là 30 giây (4 phút 30 giây so với 5 phút 00 giây)"
    )
    assert tally(session) == (2, 0, 2)


def an_incident(week_id: int, staff: int) -> DbIncident:
    """A resit decided by somebody."""
    return DbIncident(
        week_id=week_id,
        kind="resit",
        began_at=DAY,
        ended_at=DAY + MINUTE,
        decision_number="1/QĐ",
        reason="Mất điện",
        proposed_by=staff,
        proposed_at=DAY,
    )


def test_whoever_registered_earlier_stands_higher_where_the_rules_say_so(session: Session) -> None:
    text = makers.OPEN + "ranking: [score, earlier_registration, lot]\n"
    makers.open_registration(text)
    agency = makers.add_agency()
    listed = makers.add_person("L", agency, "Lê Thị L", activated=False, now=makers.BEFORE + MINUTE)
    late = makers.register(agency, 1, makers.BEFORE + 2 * MINUTE, name="Lê Thị M")
    early = makers.register(agency, 2, makers.BEFORE, name="Lê Thị K")
    for person in (late, listed, early):
        makers.sit(person, DAY)
    mark()
    assert [one.name[-1] for one in shown(session).divisions[0].top] == ["K", "L", "M"]
    first = shown(session).winners[0]
    assert first.why == (
        "cùng 5/5 câu đúng, có tên trong danh sách dự thi sớm hơn hạng 2 "
        "(09:00:00,000 ngày 20/09 so với 09:01:00,000 ngày 20/09)"
    )
    assert first.why_in_public == "cùng 5/5 câu đúng, có tên trong danh sách dự thi sớm hơn hạng 2"


def test_the_practice_round_is_marked_and_neither_ranked_nor_published(session: Session) -> None:
    practice = "practice: {opens: 2024-10-01 08:00, closes: 2024-10-04 17:00}\n"
    people = load(more=practice)
    organiser = scene.add_organiser()
    opens, closed = makers.WEEK_1 - timedelta(days=6), makers.WEEK_1
    for number in range(2):
        makers.sit(people["A"], opens + number * 20 * MINUTE, number=0, attempt_code=makers.code(number))
    assert mark(closed, 0) == 2
    session.rollback()
    assert session.get_one(DbAttempt, makers.code(0)).score == 5
    assert standings(session, 0) == []
    assert marking.tallies_of(session, makers.week(session, 0)) == {}
    assert scene.refused(lambda: shown(session, 0)) == "not_marked"
    assert scene.refused(lambda: scene.publish(session, organiser, 0, closed)) == "not_marked"


PREDICTION = """
ranking: [score, prediction, hand_in_moment]
prediction: {text: "Bao nhiêu người dự thi?", target: people, of: %s}
divisions:
  - {code: can-bo, name: Cán bộ}
  - {code: nguoi-dan, name: Người dân}
"""


@pytest.mark.parametrize(
    ("scope", "target", "order", "why"),
    [
        ("division", 3, "CBA", "cùng 5/5 câu đúng, dự đoán đúng 3 người; hạng 2 lệch 1"),
        ("all", 5, "BCA", "cùng 5/5 câu đúng, dự đoán 4 người, lệch 1 so với 5; hạng 2 lệch 2"),
    ],
)
def test_predictions_are_held_against_the_own_division_or_all(
    session: Session, scope: str, target: int, order: str, why: str
) -> None:
    makers.load_contest(makers.CONTEST + PREDICTION % scope)
    agency = makers.add_agency()
    for code, division, predicted in (
        *(("A", "can-bo", None), ("B", "can-bo", 4), ("C", "can-bo", 3)),
        *(("D", "nguoi-dan", 7), ("E", "nguoi-dan", 0)),
    ):
        person = makers.add_person(code, agency, f"Lê Thị {code}", activated=False, division=division)
        makers.sit(person, DAY, prediction=predicted)
    mark()
    assert in_order(session, division="can-bo") == order
    own, other = shown(session).divisions
    assert (own.target, other.target) == (target, target if scope == "all" else 2)
    assert (own.winners[0].why, own.winners[0].why_in_public) == (why, why)
    missed = {"division": "dự đoán 4 người, lệch 1 so với 3", "all": "dự đoán 3 người, lệch 2 so với 5"}[scope]
    assert own.winners[1].why == f"cùng 5/5 câu đúng, {missed}; hạng 3 không dự đoán"


def test_whoever_is_moved_to_another_division_in_mid_week_is_ranked_once(session: Session) -> None:
    divisions = "divisions:\n  - {code: can-bo, name: Cán bộ}\n  - {code: nguoi-dan, name: Người dân}\n"
    makers.load_contest(makers.CONTEST + divisions + "attempts: {per_week: 2, counts: best}\n")
    person = makers.add_person("A", makers.add_agency(), "Lê Thị A", activated=False, division="nguoi-dan")
    sit_often(person, (3, 3, 0))
    with transaction() as writing:
        writing.get_one(DbPerson, person).division = "can-bo"
    makers.sit(person, DAY + timedelta(hours=3), right=4, attempt_code=makers.code(7))
    makers.sit(person, scene.DAY_2, number=2)
    mark()
    mark(scene.CLOSED_2, 2)
    assert (in_order(session, 1, "can-bo"), in_order(session, 1, "nguoi-dan")) == ("", "A")
    assert (in_order(session, 2, "can-bo"), in_order(session, 2, "nguoi-dan")) == ("A", "")


@pytest.fixture
def closed(session: Session, sat: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The week has closed and waits for the job, which takes this for the time."""
    monkeypatch.setattr("quiz.clock.now", lambda: CLOSED)
    jobs.freeze_opened_weeks()
    return sat


def meanwhile(app: Flask, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Have something done by another connection while a week is being marked, once."""
    real, waiting = marking.mark, [act]

    def one_by_one() -> None:
        with app.app_context():
            try:
                waiting.pop()()
            finally:
                db.session.remove()

    def slowly(*paper: Any) -> Mark:
        if waiting:
            other = threading.Thread(target=one_by_one)
            other.start()
            other.join(PATIENCE)
            assert not other.is_alive(), "marking keeps others from writing"
        return real(*paper)

    monkeypatch.setattr(marking, "mark", slowly)


def test_others_write_while_a_week_is_being_marked(
    app: Flask, session: Session, closed: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def rename() -> None:
        with transaction() as writing:
            writing.get_one(DbPerson, closed["A"]).position = "Chuyên viên"

    meanwhile(app, monkeypatch, rename)
    jobs.mark_closed_weeks()
    session.rollback()
    session.expire_all()
    assert (marks(session), session.get_one(DbPerson, closed["A"]).position) == (1, "Chuyên viên")


def test_what_changes_while_a_week_is_being_marked_is_marked_by_the_next_tick(
    app: Flask, session: Session, closed: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    staff, ids = scene.add_organiser().id, closed

    def set_aside() -> None:
        with transaction() as writing:
            writing.add(incident := an_incident(makers.week(writing).id, staff or 0))
            writing.flush()
            writing.execute(update(DbAttempt).where(DbAttempt.person_id == ids["A"]).values(annulled_by=incident.id))

    meanwhile(app, monkeypatch, set_aside)
    jobs.mark_closed_weeks()
    assert (marks(session), standings(session)) == (0, [])
    jobs.mark_closed_weeks()
    assert [code for _, _, code, _ in standings(session)][:2] == ["B", "C"]
    assert marks(session) == 1


def test_of_two_schedulers_that_mark_at_once_one_writes_down(
    app: Flask, session: Session, closed: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(app, monkeypatch, jobs.mark_closed_weeks)
    jobs.mark_closed_weeks()
    assert marks(session) == 1
    assert len(standings(session)) == 8


def test_a_marker_killed_on_its_way_leaves_nothing_and_the_next_marks_all(
    session: Session, closed: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(marking, "keep_ranking", killed)
        with pytest.raises(KeyboardInterrupt):
            jobs.mark_closed_weeks()
    session.rollback()
    scores = select(DbAttempt.score).where(DbAttempt.score.is_not(None))
    assert (marks(session), session.scalars(scores).all(), standings(session)) == (0, [], [])
    jobs.mark_closed_weeks()
    assert (marks(session), len(standings(session))) == (1, 8)
