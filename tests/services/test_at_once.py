"""Starting and handing in past the session: the rows that go step by step, too, and none where anything forbids it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from quiz.models import db
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbWeek
from quiz.models.people import DbPerson
from quiz.models.reviews import DbAttemptDevice
from quiz.services import at_once, attempts, contests, entrants, transaction
from tests import makers

START = makers.WEEK_1 + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DEVICE = "0123456789abcdef"
SHEET = ["A", "B", "", "D", ""]


@pytest.fixture
def people(session: Session) -> list[int]:
    """Two people of one agency, and the open first week."""
    makers.load_contest(makers.CONTEST + "attempts: {per_week: 3, per_contest: 3, counts: best}\n")
    agency = makers.add_agency()
    added = [makers.add_person(code, agency, activated=False) for code in ("A1", "A2")]
    for number in (1, 2):
        makers.commit(makers.BEFORE, number)
    with transaction() as writing:
        contests.freeze_due_weeks(writing, makers.WEEK_1)
    return added


def start(person: int, code: str, number: int = 1) -> bool:
    """Start as the page first tries to."""
    db.session.rollback()
    contest = contests.get_current(db.session())
    return at_once.start(db.session(), person, contest, number, START, code, lambda week: f"{week:016d}")


def rows() -> list[tuple[object, ...]]:
    """Every attempt as it is stored, without its code and whose it is."""
    db.session.rollback()
    mine = ("code", "person_id", "entry_id")
    columns = [column for column in DbAttempt.__table__.columns if column.key not in mine]
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(DbAttempt.__table__.c.code))]


def devices() -> list[tuple[str, str]]:
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(select(DbAttemptDevice.attempt_code, DbAttemptDevice.device))]


def change(statement: object) -> None:
    with transaction() as writing:
        writing.execute(statement)  # type: ignore[call-overload]


def test_a_start_at_once_is_the_same_as_step_by_step(app: Flask, people: list[int]) -> None:
    assert start(people[0], makers.code(1))
    with transaction() as writing:
        attempts.start(writing, people[1], makers.week(writing), START, makers.code(2))
    first, second = rows()
    assert first == second
    assert devices() == [(makers.code(1), f"{makers.week(db.session()).id:016d}")]


def test_nothing_is_started_where_a_rule_speaks_against_it(app: Flask, people: list[int]) -> None:
    assert start(people[0], makers.code(1))
    assert not start(people[0], makers.code(2))  # goes on with the one in progress
    assert not start(people[1], makers.code(3), number=2)  # not yet open
    assert not start(people[1], makers.code(3), number=9)
    assert not start(people[1] + 1, makers.code(3))
    change(update(DbPerson).where(DbPerson.id == people[1]).values(left_at=makers.BEFORE))
    assert not start(people[1], makers.code(3))
    assert [row[0] for row in devices()] == [makers.code(1)]


@pytest.mark.parametrize("what", [{"frozen_at": None}, {"commitment": None}])
def test_a_week_that_opens_now_or_was_not_promised_is_left_to_the_ordinary_way(
    app: Flask, people: list[int], what: dict[str, object]
) -> None:
    change(update(DbWeek).where(DbWeek.number == 1).values(what))
    assert not start(people[0], makers.code(1))
    assert rows() == []


def extend() -> None:
    later = makers.WEEK_1_ENDS + timedelta(days=1)
    change(update(DbWeek).where(DbWeek.number == 1).values(extended_to=later))


def sit_elsewhere() -> None:
    with transaction() as writing:
        attempts.start(writing, 1, makers.week(writing), START, makers.code(7))
        attempts.hand_in(writing, makers.code(7), 1, 1, SHEET, START)
        writing.execute(update(DbAttempt).values(week_id=makers.week(writing, 2).id))


@pytest.mark.parametrize("meanwhile", [extend, sit_elsewhere])
def test_nothing_is_started_by_facts_that_have_changed_since(
    app: Flask, people: list[int], monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], None]
) -> None:
    read = entrants.round_of

    def late(*asked: object) -> object:
        found = read(*asked)  # type: ignore[arg-type]
        meanwhile()
        return found

    monkeypatch.setattr(entrants, "round_of", late)
    assert people[0] == 1
    assert not start(people[0], makers.code(1))
    monkeypatch.undo()
    assert start(people[0], makers.code(2))
    assert makers.code(1) not in {row[0] for row in devices()}


def hand_in(person: int, seq: int, now: object, sheet: list[str] = SHEET) -> bool:
    db.session.rollback()
    return at_once.hand_in(db.session(), makers.code(1), person, seq, sheet, now, 7, DEVICE)  # type: ignore[arg-type]


def test_a_hand_in_at_once_ends_the_attempt_once(app: Flask, people: list[int]) -> None:
    for place in (1, 2):
        assert start(people[place - 1], makers.code(place))
    change(text("DELETE FROM attempt_devices"))
    too_late = START + 11 * MINUTE
    for person, seq, now, sheet in (
        (people[1], 1, START, SHEET),
        (people[0], 0, START, SHEET),
        (people[0], 1, too_late, SHEET),
        (people[0], 1, START, SHEET[:4]),
    ):
        assert not hand_in(person, seq, now, sheet)
    assert devices() == []
    assert hand_in(people[0], 1, START + MINUTE)
    assert not hand_in(people[0], 2, START + 2 * MINUTE, ["B"] * 5)
    assert devices() == [(makers.code(1), DEVICE)]
    with transaction() as writing:
        attempts.hand_in(writing, makers.code(2), people[1], 1, SHEET, START + MINUTE, 7)
    first, second = rows()
    assert first == second
