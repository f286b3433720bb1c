"""What the calendar makes due: each thing appears at its moment, and is gone when it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from quiz.models.people import DbAgency
from quiz.services import Actor, contest_files, contests, headcounts, today, today_weeks, transaction
from tests import makers
from tests.services.desk_scene import add_staff, desk, due, told
from tests.services.results_scene import MINUTE

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def organiser(session: Session) -> int:
    makers.load_contest()
    return add_staff()


@pytest.mark.parametrize(
    ("before", "urgency"),
    [(24 * HOUR + SECOND, None), (24 * HOUR, "today"), (2 * HOUR, "now"), (SECOND, "now"), (timedelta(0), None)],
)
def test_an_opening_is_announced_a_day_ahead(
    session: Session, organiser: int, before: timedelta, urgency: str | None
) -> None:
    found = told(due(session, today_weeks.opening, organiser, makers.WEEK_1 - before))
    facts = {"round": "Tuần 1", "opens": makers.WEEK_1, "left": before}
    assert found == ([(urgency, "organise.week", facts)] if urgency else [])


@pytest.mark.parametrize(
    ("before", "urgency"),
    [(24 * HOUR + SECOND, None), (24 * HOUR, "today"), (100 * MINUTE, "now"), (timedelta(0), None)],
)
def test_a_closing_is_announced_with_the_agencies_that_fall_short(
    session: Session, organiser: int, before: timedelta, urgency: str | None
) -> None:
    agency = makers.add_agency("H1")
    makers.sit(makers.add_person("A", agency, activated=False), makers.WEEK_1)
    found = told(due(session, today_weeks.closing, organiser, makers.WEEK_1_ENDS - before))
    expected = [
        (urgency, "monitor.page", {"round": "Tuần 1", "closes": makers.WEEK_1_ENDS, "left": before}),
        (urgency, "monitor.page", {"count": 1, "all": 2, "the_round": "Tuần 1"}),
    ]
    assert found == (expected if urgency else [])


def test_a_closing_moved_by_an_incident_is_the_one_announced(session: Session, organiser: int) -> None:
    later = makers.WEEK_1_ENDS + 6 * HOUR
    with transaction() as writing:
        row = writing.get_one(contests.DbWeek, makers.week(session).id)
        row.extended_to = later
    (found,) = due(session, today_weeks.closing, organiser, later - HOUR)[:1]
    assert (found.facts["closes"], found.facts["left"]) == (later, HOUR)


@pytest.mark.parametrize(
    ("before", "urgency"),
    [(8 * 24 * HOUR, "information"), (3 * 24 * HOUR, "soon"), (20 * HOUR, "today"), (HOUR, "now")],
)
def test_what_is_missing_is_the_more_urgent_the_nearer_the_opening(
    session: Session, organiser: int, before: timedelta, urgency: str
) -> None:
    found = due(session, today_weeks.to_prepare, organiser, makers.WEEK_1 - before)
    assert {str(one.urgency) for one in found} == {urgency}
    assert any(one.words.startswith("Mới có 1 người có quyền Ban Tổ chức") for one in found)
    assert all(one.given == {"number": 1} for one in found)


def test_an_open_week_without_questions_comes_first_of_all(session: Session) -> None:
    makers.load_contest(bank_source=makers.bank_text(3))
    organiser = add_staff()
    assert due(session, today_weeks.without_questions, organiser, makers.WEEK_1 - SECOND) == []
    found = told(due(session, today_weeks.without_questions, organiser, makers.WEEK_1))
    assert found == [("now", "organise.week", {"round": "Tuần 1"})]
    with transaction(makers.CONSOLE) as writing:
        contest_files.load_bank(writing, makers.bank_text().encode(), makers.CONSOLE, makers.WEEK_1)
    assert due(session, today_weeks.without_questions, organiser, makers.WEEK_1) == []


def test_agencies_have_to_confirm_in_the_week_before_and_then_no_more(session: Session, organiser: int) -> None:
    session.execute(update(DbAgency).values(headcount=9))
    session.commit()
    week_before = makers.WEEK_1 - timedelta(days=7)
    assert due(session, today_weeks.unconfirmed, organiser, week_before - SECOND) == []
    found = told(due(session, today_weeks.unconfirmed, organiser, week_before))
    assert found == [("soon", "agencies.listing", {"count": 1, "all": 1, "the_round": "Tuần 1"})]
    with transaction(Actor(organiser)) as writing:
        (agency, figures), *_ = headcounts.get_upcoming(writing, week_before).figures.items()
        headcounts.confirm(writing, agency, figures.seen, Actor(organiser), week_before)
    assert due(session, today_weeks.unconfirmed, organiser, week_before) == []


def test_what_comes_next_is_the_nearest_opening_or_closing(session: Session, organiser: int) -> None:
    moments = (makers.BEFORE, makers.WEEK_1, makers.WEEK_1_ENDS, makers.WEEK_2, makers.WEEK_2_ENDS)
    found = [today.coming_next(desk(session, organiser, now)) for now in moments]
    assert [one and (one.facts["round"], one.at) for one in found] == [
        ("Tuần 1", makers.WEEK_1),
        ("Tuần 1", makers.WEEK_1_ENDS),
        ("Tuần 2", makers.WEEK_2),
        ("Tuần 2", makers.WEEK_2_ENDS),
        None,
    ]


def test_what_sharing_a_bank_costs_is_told_until_the_first_round_opens(session: Session, organiser: int) -> None:
    (hint,) = due(session, today_weeks.to_know, organiser, makers.WEEK_1 - SECOND)
    assert str(hint.urgency) == "information"
    assert hint.words.startswith("Tuần 1 và Tuần 2 dùng chung bộ câu hỏi")
    assert due(session, today_weeks.to_know, organiser, makers.WEEK_1) == []
