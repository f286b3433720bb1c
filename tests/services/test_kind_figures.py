"""What is published of a week by score and by kind of agency: people and attempts, each adding up to the whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from quiz.permissions import Role
from quiz.services import Actor, contests, marking, publishing, transaction
from quiz.services.published import Publication
from tests import makers
from tests.kept import kept

MINUTE = timedelta(minutes=1)
DAY = makers.WEEK_1 + timedelta(hours=2)
CLOSED = makers.WEEK_1_ENDS + MINUTE
THREE_ATTEMPTS = makers.CONTEST + "attempts: {per_week: 3, counts: best}\n"


@pytest.fixture
@kept
def published(session: Session) -> Publication:
    """Week 1 of five people: three of the city, two of central agencies, one of whom sits three times, one twice."""
    makers.load_contest(THREE_ATTEMPTS)
    city, below = makers.add_agency("H1", headcount=10), makers.add_agency("H2", parent="H1")
    central = makers.add_agency("H3", kind="central", headcount=4)
    organiser = makers.add_person("BTC-1", city, roles=[Role.ORGANISER], activated=False)
    for place, (agency, rights) in enumerate(
        [(city, [5]), (city, [3]), (below, [5, 2]), (central, [1, 3, 4]), (central, [0])]
    ):
        person = makers.add_person(f"M{place}", agency, f"Lê Thị {place}", activated=False)
        for number, right in enumerate(rights, 1):
            code = makers.code(10 * place + number)
            makers.sit(person, DAY + number * timedelta(hours=1), MINUTE, right=right, attempt_code=code)
    with transaction(makers.CONSOLE) as writing:
        marking.mark_week(writing, makers.week(writing), CLOSED, makers.CONSOLE)
    actor = Actor(organiser)
    with transaction(actor) as writing:
        week = contests.get_week(writing, contests.get_current(writing), 1)
        seen = publishing.draft(writing, week, CLOSED).digest
        return publishing.publish(writing, week, seen, "", actor, CLOSED)


def test_every_score_has_its_people(published: Publication) -> None:
    (division,) = published.divisions
    assert division.full == 5
    assert division.bands == ((5, 2), (4, 1), (3, 1), (0, 1))
    assert sum(people for _, people in division.bands) == division.people == 5


def test_each_kind_has_its_people_and_attempts_and_nobody_counts_twice(published: Publication) -> None:
    assert [(one.kind, one.agencies, one.ranked, one.attempts) for one in published.kinds] == [
        ("city", 2, 3, 4),
        ("central", 1, 2, 4),
    ]
    assert [one.week.people for one in published.kinds] == [3, 2]
    assert sum(one.ranked for one in published.kinds) == published.people
    assert sum(one.attempts for one in published.kinds) == published.attempts == 8
    assert sum((one.week for one in published.kinds[1:]), published.kinds[0].week) == published.total


def test_it_is_read_back_as_it_was_published(session: Session, published: Publication) -> None:
    session.rollback()
    assert publishing.find_latest(session, contests.get_current(session), 1) == published
