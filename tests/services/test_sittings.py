"""A participant's weeks at a glance, at every stage of the contest."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from quiz.contest.schedule import Phase
from quiz.models.people import DbPerson
from quiz.permissions import Role
from quiz.services import attempts, contests, sittings, transaction
from tests import makers

MS = timedelta(milliseconds=1)
GRACE = timedelta(seconds=5)
DAY = makers.WEEK_1 + timedelta(hours=2)
DEADLINE = DAY + timedelta(minutes=10)


@pytest.fixture
def hoa(session: Session) -> int:
    """Hoa, who has not sat; somebody else has sat both weeks."""
    makers.load_contest()
    agency = makers.add_agency()
    hoa, noise = (makers.add_person(code, agency, activated=False) for code in ("A1", "A2"))
    makers.sit(noise, makers.WEEK_1)
    makers.sit(noise, makers.WEEK_2, number=2)
    return hoa


def glance(session: Session, person: int, now: datetime) -> list[tuple[Phase, int, bool, str | None, bool]]:
    """Per week: the phase, how many attempts, whether one is in progress, why none can start, answers visible."""
    session.rollback()
    weeks = sittings.weeks_of(session, person, contests.get_current(session), now)
    return [
        (
            week.phase,
            len(week.attempts),
            week.in_progress is not None,
            week.refusal and week.refusal.code,
            week.answers_visible,
        )
        for week in weeks
    ]


TO_COME = (Phase.TO_COME, 0, False, "not_yet_open", False)


def test_the_weeks_of_somebody_who_never_sits(session: Session, hoa: int) -> None:
    stages = {
        makers.WEEK_1 - MS: (Phase.TO_COME, 0, False, "not_yet_open", False),
        makers.WEEK_1: (Phase.OPEN, 0, False, None, False),
        makers.WEEK_1_ENDS - MS: (Phase.OPEN, 0, False, None, False),
        makers.WEEK_1_ENDS: (Phase.CLOSED, 0, False, "closed", False),
        makers.WEEK_1_ENDS + GRACE: (Phase.CLOSED, 0, False, "closed", False),
        makers.WEEK_1_ENDS + GRACE + MS: (Phase.CLOSED, 0, False, "closed", True),
    }
    assert {now: glance(session, hoa, now) for now in stages} == {now: [week, TO_COME] for now, week in stages.items()}


def test_the_weeks_of_somebody_who_is_sitting_and_runs_out_of_time(session: Session, hoa: int) -> None:
    with transaction() as writing:
        code = attempts.start(writing, hoa, makers.week(writing), DAY, makers.code(1))
    stages = {
        DAY: (Phase.OPEN, 1, True, "already_sat", False),
        DEADLINE + GRACE: (Phase.OPEN, 1, True, "already_sat", False),
        DEADLINE + GRACE + MS: (Phase.OPEN, 1, False, "already_sat", False),
        makers.WEEK_1_ENDS: (Phase.CLOSED, 1, False, "closed", False),
    }
    assert {now: glance(session, hoa, now) for now in stages} == {now: [week, TO_COME] for now, week in stages.items()}
    first, _ = sittings.weeks_of(session, hoa, contests.get_current(session), DAY)
    assert [attempt.code for attempt in first.attempts] == [code]
    assert first.in_progress == first.attempts[0]


def test_the_weeks_of_somebody_who_has_handed_in(session: Session, hoa: int) -> None:
    makers.sit(hoa, DAY)
    assert glance(session, hoa, DAY + timedelta(minutes=4)) == [(Phase.OPEN, 1, False, "already_sat", False), TO_COME]
    assert glance(session, hoa, makers.WEEK_2) == [
        (Phase.CLOSED, 1, False, "closed", True),
        (Phase.OPEN, 0, False, None, False),
    ]


def test_every_week_tells_somebody_who_may_not_sit_why(session: Session, hoa: int) -> None:
    agency = session.get_one(DbPerson, hoa).agency_id
    organiser = makers.add_person("BTC", agency, roles=[Role.ORGANISER], activated=False)
    assert [week[3] for week in glance(session, organiser, DAY)] == ["barred", "barred"]
    with transaction() as writing:
        writing.get_one(DbPerson, hoa).left_at = DAY - MS
    assert [week[3] for week in glance(session, hoa, DAY)] == ["left", "left"]
