"""Figures of a large contest are kept: the same as counted anew, as of their moment; nothing is published by them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.people import DbMembership
from quiz.permissions import Role
from quiz.services import Actor, audit, contests, marking, monitor, publishing, transaction, week_counts
from tests import makers
from tests.kept import kept

MINUTE = timedelta(minutes=1)
NOW = makers.WEEK_1 + timedelta(hours=2)
OVER = makers.WEEK_1_ENDS + 10 * MINUTE


@pytest.fixture
@kept
def organiser(session: Session) -> int:
    """Three people of two agencies sit, one of them twice."""
    makers.load_contest(makers.CONTEST + "attempts: {per_week: 2, counts: best}\n")
    one, other = makers.add_agency("H1", headcount=3), makers.add_agency("H2", kind="central", headcount=4)
    made = makers.add_person("BTC-1", one, roles=[Role.ORGANISER], activated=False)
    for number, (agency, rights) in enumerate(((one, [5]), (one, [2, 4]), (other, [1]))):
        person = makers.add_person(f"M{number}", agency, f"Lê Thị {number}", activated=False)
        for again, right in enumerate(rights):
            code = makers.code(10 * number + again + 1)
            makers.sit(person, makers.WEEK_1 + again * 10 * MINUTE, 5 * MINUTE, right=right, attempt_code=code)
    return made


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few people are many."""
    monkeypatch.setattr(week_counts, "MANY", 3)


def count(now: datetime) -> int:
    return week_counts.count_due(lambda: now)


def mark(now: datetime) -> None:
    with transaction(makers.CONSOLE) as writing:
        marking.mark_week(writing, makers.week(writing), now, makers.CONSOLE)


def test_kept_figures_are_those_counted_anew(session: Session, organiser: int, many: None) -> None:
    mark(OVER)
    week = makers.week(session)
    assert count(OVER) == 1
    found = week_counts.find(session, week, OVER + MINUTE)
    assert found is not None
    assert found.at == OVER
    assert found.figures == monitor.figures(session, week, OVER)
    assert found.hours == monitor.hours(session, week, OVER)
    anew, again = (publishing.draft(session, week, OVER, how) for how in (None, found))
    assert again == anew
    assert again.digest == anew.digest
    rounds = contests.rounds(session, week.contest)
    assert week_counts.agencies(session, week, rounds, OVER, found) == anew.contest


def test_in_a_small_contest_nothing_is_kept(session: Session, organiser: int) -> None:
    assert count(NOW) == 0
    assert week_counts.find(session, makers.week(session), NOW) is None


def test_an_open_week_is_counted_every_minute_and_old_figures_are_not_shown(
    session: Session, organiser: int, many: None
) -> None:
    counted = [count(NOW + later) for later in (0 * MINUTE, 0.9 * MINUTE, MINUTE)]
    assert counted == [1, 0, 1]
    week = makers.week(session)
    shown = [week_counts.find(session, week, NOW + later) is not None for later in (11 * MINUTE, 11.1 * MINUTE)]
    assert shown == [True, False]


def test_a_week_that_is_over_is_counted_after_its_marking_and_when_somebody_has_acted(
    session: Session, organiser: int, many: None
) -> None:
    assert count(OVER - MINUTE) == 1
    mark(OVER)
    assert week_counts.find(session, makers.week(session), OVER) is None
    assert [count(OVER + later) for later in (MINUTE, 60 * MINUTE)] == [1, 0]
    with transaction() as writing:
        audit.record(writing, audit.Act.MARK_WEEK, makers.CONSOLE, OVER, week=1, attempts=0, people=0)
    assert [count(OVER + later) for later in (10 * MINUTE, 11 * MINUTE, 30 * MINUTE)] == [0, 1, 0]


def test_what_is_published_is_counted_anew(session: Session, organiser: int, many: None) -> None:
    mark(OVER)
    count(OVER)
    session.execute(update(DbMembership).values(agency_id=select(DbMembership.agency_id).limit(1).scalar_subquery()))
    session.commit()
    week, actor = makers.week(session), Actor(organiser)
    seen = publishing.draft(session, week, OVER, week_counts.find(session, week, OVER)).digest
    with pytest.raises(Refused, match="đã thay đổi"), transaction(actor) as writing:
        publishing.publish(writing, week, seen, "", actor, OVER)
    anew = publishing.draft(session, week, OVER).digest
    with transaction(actor) as writing:
        assert publishing.publish(writing, week, anew, "", actor, OVER).number == 1
