"""What participants are told of their own place, and what they are not told of their neighbours."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from quiz.services.own_place import Neighbour, OwnPlace, own_place
from tests import makers
from tests.services import results_scene as scene
from tests.services.results_scene import DAY, MINUTE, ORDER, mark


@pytest.fixture
def sat(session: Session) -> dict[str, int]:
    """A marked week in which every step of the chain decides something; Z sat in the other week only."""
    return scene.lay_out_sat()


def place(session: Session, person: int) -> OwnPlace:
    """What somebody ranked in week 1 is told."""
    session.rollback()
    told = own_place(session, makers.week(session), person)
    assert told
    return told


def test_before_marking_and_without_an_attempt_there_is_no_place(session: Session, sat: dict[str, int]) -> None:
    assert own_place(session, makers.week(session), sat["A"]) is None
    mark()
    session.rollback()
    assert own_place(session, makers.week(session), sat["Z"]) is None


def test_ranks_and_people_add_up(session: Session, sat: dict[str, int]) -> None:
    mark()
    told = [place(session, sat[code]) for code in ORDER]
    assert sorted(one.rank for one in told) == [1, 2, 3, 4, 4, 6, 7, 8]
    assert {one.people for one in told} == {8}


def test_each_is_told_which_step_decided_and_by_how_much(session: Session, sat: dict[str, int]) -> None:
    mark()
    assert place(session, sat["A"]) == OwnPlace(
        rank=1,
        people=8,
        above=None,
        below=Neighbour(rank=2, why="cùng 5/5 câu đúng và cùng 3 phút 00 giây, nộp bài sớm hơn người ấy"),
    )
    assert place(session, sat["C"]) == OwnPlace(
        rank=3,
        people=8,
        above=Neighbour(rank=2, why="cùng 5/5 câu đúng, làm bài nhanh hơn ông/bà là 1 giây"),
        below=Neighbour(rank=4, why="đúng nhiều hơn người ấy 1 câu"),
    )
    assert place(session, sat["H"]).above == Neighbour(rank=7, why="đúng nhiều hơn ông/bà 1 câu")
    assert place(session, sat["H"]).below is None


def test_those_drawn_by_lot_are_told_that_they_are_equal(session: Session, sat: dict[str, int]) -> None:
    mark()
    upper, lower = sorted(
        (place(session, sat[code]) for code in "DE"), key=lambda told: told.above is not None and told.above.rank
    )
    equal = "cùng 4/5 câu đúng, cùng 1 phút 00 giây và cùng thời điểm nộp bài tính đến mili giây"
    assert upper.below == Neighbour(rank=4, why=f"bằng người ấy mọi tiêu chí: {equal}; thứ tự theo bốc thăm công khai")
    assert lower.above == Neighbour(rank=4, why=f"bằng ông/bà mọi tiêu chí: {equal}; thứ tự theo bốc thăm công khai")


def test_no_figure_of_a_neighbour_is_told_beyond_the_difference(session: Session) -> None:
    makers.load_contest(
        makers.CONTEST + "prediction: {text: Bao nhiêu?, target: people}\nranking: [score, prediction, lot]\n"
    )
    people = scene.add_people("ABC")
    for code, predicted in (("A", 3), ("B", 8), ("C", None)):
        makers.sit(people[code], DAY, MINUTE, prediction=predicted)
    mark()
    told = place(session, people["B"])
    assert told.above == Neighbour(rank=1, why="cùng 5/5 câu đúng, dự đoán gần kết quả hơn ông/bà 5 người")
    assert told.below == Neighbour(rank=3, why="cùng 5/5 câu đúng, có dự đoán, còn người ấy thì không")


def test_people_are_compared_within_their_own_division(session: Session) -> None:
    divisions = "divisions: [{code: can-bo, name: Cán bộ}, {code: nguoi-dan, name: Người dân}]\n"
    makers.load_contest(makers.CONTEST + divisions)
    agency = makers.add_agency()
    for number, division in enumerate(("can-bo", "nguoi-dan", "can-bo")):
        person = makers.add_person(f"P{number}", agency, division=division, activated=False)
        makers.sit(person, DAY, MINUTE, right=5 - number)
    mark()
    told = place(session, person)
    assert (told.rank, told.people, told.below) == (2, 2, None)
    assert told.above == Neighbour(rank=1, why="đúng nhiều hơn ông/bà 2 câu")


def test_a_place_is_looked_up_and_not_ranked_again(session: Session, sat: dict[str, int]) -> None:
    """However many took part: a handful of statements, none of which reads the whole week."""
    mark()
    session.rollback()
    week = makers.week(session)
    statements: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert own_place(session, week, sat["F"])
    assert len(statements) == 3
