"""A restart and a clock that is set are noticed by the next tick; a machine that takes over and slow drift are not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from quiz.clock import Start
from quiz.services import attempts, heartbeats, machine, transaction
from quiz.services.audit import Act
from quiz.services.heartbeats import Part
from quiz.vietnamese import HANOI
from tests import makers

NOW = makers.WEEK_1 + timedelta(hours=1)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def tick(at: datetime, name: str, ago: timedelta) -> None:
    """What the scheduler does on a machine started so long ago."""
    with transaction() as session:
        machine.look(session, Start(name, ago), at)
    with transaction() as session:
        heartbeats.beat(session, Part.CLOCK, at)


def noticed(session: Session) -> list[tuple[str, float, int]]:
    """What was written down."""
    session.rollback()
    return [(event.act, event.seconds, event.attempts) for event in machine.events(session, NOW, NOW + DAY)]


@pytest.fixture
def sitting() -> None:
    """One person sits from the open week's beginning on."""
    makers.load_contest(makers.CONTEST, makers.bank_text())
    person = makers.add_person("A1", makers.add_agency("SNV"))
    makers.commit(makers.WEEK_1 - timedelta(hours=1))
    with transaction() as session:
        attempts.start(session, person, makers.week(session), NOW - timedelta(minutes=5), makers.code(1))


def test_a_restart_is_noticed_once_with_those_who_sat(session: Session, sitting: None) -> None:
    tick(NOW, "one", DAY)
    tick(NOW + 5 * SECOND, "one", DAY + 5 * SECOND)
    tick(NOW + 95 * SECOND, "two", 60 * SECOND)
    tick(NOW + 100 * SECOND, "two", 65 * SECOND)
    assert noticed(session) == [(Act.FIND_RESTART, 90.0, 1)]


@pytest.mark.parametrize("step", [3600.0, -3600.0, 1.5])
def test_a_clock_that_is_set_is_noticed_once(session: Session, sitting: None, step: float) -> None:
    start = NOW + timedelta(hours=2)
    tick(start, "one", DAY)
    tick(start + (5 + step) * SECOND, "one", DAY + 5 * SECOND)
    tick(start + (10 + step) * SECOND, "one", DAY + 10 * SECOND)
    assert noticed(session) == [(Act.FIND_CLOCK_SET, step, 0)]


def test_nothing_is_noticed_of_a_first_start_a_machine_that_takes_over_or_drift(session: Session) -> None:
    drift = timedelta(milliseconds=90)
    for number in range(30):
        tick(NOW + number * (5 * SECOND + drift), "one", DAY + number * 5 * SECOND)
    tick(NOW + timedelta(hours=1), "two", 3 * DAY)
    tick(NOW + timedelta(hours=2), "one", DAY + timedelta(hours=2) - 30 * drift)
    assert noticed(session) == []
    assert set(heartbeats.last(session)) == {Part.CLOCK}


def test_in_words(session: Session) -> None:
    tick(NOW, "one", DAY)
    tick(NOW + 95 * SECOND, "two", 60 * SECOND)
    tick(NOW + 100 * SECOND - timedelta(hours=1), "two", 65 * SECOND)
    session.rollback()
    told = [event.words(HANOI) for event in machine.events(session, NOW - DAY, NOW + DAY)]
    at = "thứ Hai ngày 07/10/2024; 0 lượt thi đang mở"
    assert told == [
        f"Máy chủ khởi động lại, bộ lập lịch ngừng 1 phút 35 giây đến 9 giờ 01 phút, {at}",
        f"Đồng hồ máy chủ bị chỉnh lùi 3.600,0 giây lúc 8 giờ 01 phút, {at}",
    ]
