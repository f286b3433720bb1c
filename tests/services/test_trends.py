"""Day by day: each person once, on the day of the first attempt that stands, by the contest's own calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from quiz.models.attempts import DbAttempt
from quiz.services import trends, turnout
from tests import makers

MORNING = makers.WEEK_1 + timedelta(hours=1)
MIDNIGHT = makers.WEEK_1.replace(hour=17)  # 0:00 of Tuesday in Hải Phòng
CONTEST = makers.CONTEST + "attempts: {per_week: 3, counts: best}\n"


@pytest.fixture
def agency(session: Session) -> int:
    makers.load_contest(CONTEST)
    return makers.add_agency("H1")


def days(session: Session, agency: int, now: object) -> list[tuple[str, int, int]]:
    session.rollback()
    found = trends.by_day(session, makers.week(session), [agency], now)  # type: ignore[arg-type]
    return [(f"{day.day:%d/%m}", day.people, day.so_far) for day in found]


def test_a_person_counts_on_the_first_day_only(session: Session, agency: int) -> None:
    person, other = makers.add_person("A", agency), makers.add_person("B", agency)
    makers.sit(person, MORNING)
    makers.sit(person, MORNING + timedelta(days=1), attempt_code=makers.code(7))
    makers.sit(other, MORNING + timedelta(days=1))
    now = MORNING + timedelta(days=1, hours=2)
    assert days(session, agency, now) == [("07/10", 1, 1), ("08/10", 1, 2)]
    counted = turnout.of_week(session, makers.week(session), now)
    assert sum(row.turnout.people for row in counted) == 2


def test_a_day_ends_at_midnight_of_the_contest(session: Session, agency: int) -> None:
    for number, ends in enumerate((MIDNIGHT - timedelta(milliseconds=1), MIDNIGHT)):
        makers.sit(makers.add_person(f"N{number}", agency), ends - timedelta(minutes=5), lasts=timedelta(minutes=5))
    assert days(session, agency, MIDNIGHT + timedelta(hours=1)) == [("07/10", 1, 1), ("08/10", 1, 2)]


def test_set_aside_attempts_and_those_in_progress_count_nowhere(session: Session, agency: int) -> None:
    code = makers.sit(makers.add_person("A", agency), MORNING)
    session.rollback()
    session.execute(update(DbAttempt).where(DbAttempt.code == code).values(handed_in_at=None))
    session.commit()
    assert days(session, agency, MORNING + timedelta(minutes=2)) == [("07/10", 0, 0)]
    assert days(session, agency, MORNING + timedelta(hours=2)) == [("07/10", 1, 1)]


def test_people_elsewhere_count_elsewhere_and_no_day_is_to_come(session: Session, agency: int) -> None:
    makers.sit(makers.add_person("A", makers.add_agency("H2")), MORNING)
    assert days(session, agency, MORNING + timedelta(hours=1)) == [("07/10", 0, 0)]
    assert len(days(session, agency, makers.WEEK_2)) == 5
