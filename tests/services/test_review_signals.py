"""Signals of a marked week: worked out once after each marking, about the first places and whom they share with."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from quiz.models.reviews import DbSignals
from quiz.scoring.signals import Kind, Rate, Signal, Signals
from quiz.services import devices, review_comparison, review_signals, transaction
from tests import makers
from tests.services import results_scene as scene
from tests.services.results_scene import DAY, MINUTE, mark

IN_ORDER = makers.CONTEST.replace("questions: 5,", "questions: 5, shuffle_questions: false,")


def found(session: Session, number: int = 1) -> Signals:
    """What is kept once the job has run."""
    review_signals.work_out_due()
    session.rollback()
    kept = review_signals.find(session, makers.week(session, number))
    assert kept
    return kept


def note(session: Session, person: int, *names: str) -> None:
    code = scene.attempt_of(session, person)
    with transaction() as writing:
        for name in names:
            devices.note(writing, code, name)


@pytest.fixture
def five(session: Session) -> dict[str, int]:
    """A bank of no more than one paper, so that everybody gets the same questions in the same order."""
    makers.load_contest(IN_ORDER, makers.bank_text(5))
    return scene.add_people("ABCDEFG")


def test_too_little_time_is_told_of_the_first_places_with_its_rate(session: Session, sat: dict[str, int]) -> None:
    mark()
    noticed = found(session)
    assert noticed.rates[Kind.FAST] == Rate(1, 8)
    assert noticed.of_people[sat["H"]] == [Signal(kind=Kind.FAST, figures={"ms": 1, "questions": 5})]


def test_people_on_one_device_are_told_with_how_common_that_is(session: Session, sat: dict[str, int]) -> None:
    note(session, sat["A"], "office", "phone")
    note(session, sat["B"], "office")
    note(session, sat["G"], "office")
    note(session, sat["C"], "own")
    mark()
    noticed = found(session)
    assert noticed.rates[Kind.SHARED_DEVICE] == Rate(1, 3)
    shared = Signal(kind=Kind.SHARED_DEVICE, others=(sat["B"], sat["G"]))
    assert noticed.of_people[sat["A"]] == [shared]
    assert sat["C"] not in noticed.of_people


def test_the_same_answers_within_a_minute_in_one_agency(session: Session, five: dict[str, int]) -> None:
    """A, B and D have the same errors; B hands in half a minute after A, D much later, G is of another agency."""
    sittings = {"A": timedelta(0), "B": MINUTE / 2, "D": 5 * MINUTE, "G": timedelta(seconds=1)}
    for code, later in sittings.items():
        makers.sit(five[code], DAY + later, right=3)
    makers.sit(five["C"], DAY, right=5)
    mark()
    noticed = found(session)
    same = [one for one in noticed.of_people[five["A"]] if one.kind is Kind.SAME_ANSWERS]
    assert same == [Signal(kind=Kind.SAME_ANSWERS, others=(five["B"],), figures={"common": 5, "apart_ms": 30_000})]
    assert noticed.rates[Kind.SAME_ANSWERS] == Rate(1, 3)
    assert five["G"] not in noticed.of_people
    assert noticed.rates[Kind.SAME_WRONG] == Rate(0, 10)


def test_the_same_rare_errors_are_told_whoever_shares_them(session: Session, five: dict[str, int]) -> None:
    agency = makers.add_agency("H9")
    for number in range(60):
        makers.sit(makers.add_person(f"X{number}", agency, activated=False), DAY, 2 * MINUTE + number * MINUTE / 20)
    for code in "AG":
        makers.sit(five[code], DAY, MINUTE, right=3)
    mark()
    noticed = found(session)
    assert not noticed.of_people.get(five["A"])
    session.rollback()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(review_comparison, "SHOWN", 100)
        deeper = review_comparison.gather(session, makers.week(session))
    [told] = deeper.of_people[five["A"]]
    assert (told.kind, told.others) == (Kind.SAME_WRONG, (five["G"],))
    assert (told.figures["common"], told.figures["wrong_alike"]) == (5, 2)
    assert told.figures["chance"] == pytest.approx((2 / 62) ** 4, rel=0.01)
    assert deeper.rates[Kind.SAME_WRONG].found == 1


def test_signals_are_worked_out_once_after_each_marking(session: Session, sat: dict[str, int]) -> None:
    assert review_signals.work_out_due() == 0
    mark()
    session.rollback()
    assert review_signals.find(session, makers.week(session)) is None
    assert (review_signals.work_out_due(), review_signals.work_out_due()) == (1, 0)
    with transaction() as writing:
        writing.get_one(DbSignals, makers.week(writing).id).marked_at = scene.DAY
    session.rollback()
    assert review_signals.find(session, makers.week(session)) is None
    assert review_signals.work_out_due() == 1
