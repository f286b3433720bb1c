"""The monitor's figures: the same as counted by hand, people and attempts apart, by hour and by agency."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from quiz.models.attempts import DbAttempt
from quiz.models.decisions import DbIncident
from quiz.permissions import BARRED_ROLES, PERMISSIONS, Permission
from quiz.services import attempts, contests, monitor, transaction, week_counts
from quiz.services.monitor import Count
from tests import makers
from tests.kept import kept

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CONTEST = makers.CONTEST + "attempts: {per_week: 3, counts: best}\n"
NINE = makers.WEEK_1 + HOUR
"""9:00 of the first day in Hải Phòng."""
NOW = NINE + 30 * MINUTE


def start(person: int, at: datetime, code: str) -> str:
    """An attempt that nobody ends."""
    with transaction() as session:
        return makers.start(session, person, makers.week(session), at, code)


@pytest.fixture
@kept
def people(session: Session) -> dict[str, int]:
    """A handed in twice, B ran out of time, C and A sit now (C has saved), D's attempt was set aside."""
    makers.load_contest(CONTEST)
    first, second = makers.add_agency("H1"), makers.add_agency("H2", headcount=4)
    made = {code: makers.add_person(code, second if code == "D" else first, activated=False) for code in "ABCD"}
    makers.sit(made["A"], makers.WEEK_1, lasts=5 * MINUTE, attempt_code=makers.code(1))
    makers.sit(made["A"], NINE, lasts=5 * MINUTE, attempt_code=makers.code(2))
    start(made["A"], NINE + 25 * MINUTE, makers.code(3))
    start(made["B"], NINE - 2 * MINUTE, makers.code(4))
    code = start(made["C"], NINE + 28 * MINUTE, makers.code(5))
    with transaction() as writing:
        attempts.save(writing, code, made["C"], 1, ["A"] * 5, NINE + 29 * MINUTE)
    aside = makers.sit(made["D"], NINE, lasts=MINUTE, attempt_code=makers.code(6))
    _set_aside(session, made["A"], aside)
    return made


def _set_aside(session: Session, person: int, code: str) -> None:
    decision = {"decision_number": "1", "reason": "x", "proposed_by": person, "proposed_at": NINE, "kind": "resit"}
    when = {"began_at": NINE, "ended_at": NINE, "agencies": "", "people": "", "division": "", "sit_again": False}
    week = makers.week(session).id
    for approved in ({"approved_at": NINE, "approved_by": person}, {"approved_at": None, "approved_by": None}):
        session.execute(insert(DbIncident).values(week_id=week, **decision, **when, **approved))
    session.execute(update(DbAttempt).where(DbAttempt.code == code).values(annulled_by=1))
    session.commit()


def test_figures_are_those_counted_by_hand(session: Session, people: dict[str, int]) -> None:
    for written_down in (False, True):
        if written_down:
            with transaction() as writing:
                attempts.close_overdue(writing, NOW)
        session.rollback()
        found = monitor.figures(session, makers.week(session), NOW)
        assert found == monitor.Figures(
            started=Count(attempts=5, people=3),
            in_progress=Count(attempts=2, people=2),
            ended=Count(attempts=3, people=2),
            handed_in=2,
            ran_out=1,
            set_aside=Count(attempts=1, people=1),
            saved_at=NINE + 29 * MINUTE,
            saving=1,
            incidents=1,
        )


def test_a_save_is_just_now_for_five_minutes(session: Session, people: dict[str, int]) -> None:
    saved_at = NINE + 29 * MINUTE
    week = makers.week(session)
    ends = [monitor.figures(session, week, saved_at + later).saving for later in (5 * MINUTE, 5 * MINUTE + MINUTE / 60)]
    assert ends == [1, 0]
    session.execute(update(DbAttempt).where(DbAttempt.saved_at == saved_at).values(handed_in_at=saved_at))
    assert monitor.figures(session, week, saved_at + MINUTE).saving == 1


def test_hours_are_those_of_starting_and_of_ending(session: Session, people: dict[str, int]) -> None:
    found = monitor.hours(session, makers.week(session), NOW)
    assert [(hour.at, hour.started, hour.ended) for hour in found] == [(makers.WEEK_1, 2, 1), (NINE, 3, 2)]


def test_hours_are_the_last_day_and_end_with_the_week(session: Session, people: dict[str, int]) -> None:
    week = makers.week(session)
    later = monitor.hours(session, week, NINE + 23 * HOUR)
    assert [later[0].at, later[-1].at, len(later)] == [NINE, NINE + 23 * HOUR, 24]
    assert (later[0].started, later[0].ended, sum(hour.started for hour in later)) == (3, 4, 3)
    over = monitor.hours(session, week, makers.WEEK_2)
    assert [over[-1].at, len(over)] == [makers.WEEK_1_ENDS - HOUR, 24]


def test_agencies_stand_against_their_thresholds(session: Session, people: dict[str, int]) -> None:
    rounds = contests.rounds(session, contests.get_current(session))
    found = week_counts.agencies(session, makers.week(session), rounds, NOW, None)
    assert [(row.name, row.turnout.people, row.turnout.base, row.missing) for row in found] == [
        ("Cơ quan H1", 2, 3, 1),
        ("Cơ quan H2", 0, 4, 3),
    ]


def test_the_round_under_way_is_watched_then_the_last(session: Session) -> None:
    makers.load_contest(makers.CONTEST + "practice: {opens: 2024-10-01 08:00, closes: 2024-10-05 17:00}\n")
    rounds = contests.rounds(session, contests.get_current(session))
    practice_opens = makers.WEEK_1 - timedelta(days=6)
    moments = (practice_opens - HOUR, practice_opens, makers.WEEK_1, makers.WEEK_1_ENDS, makers.WEEK_2)
    found = [monitor.watched(rounds, now) for now in moments]
    assert [one and one.name for one in found] == [None, "Thi thử", "Tuần 1", "Tuần 1", "Tuần 2"]


def test_nobody_who_may_take_part_may_see_results() -> None:
    seeing = {role for role, held in PERMISSIONS.items() if Permission.SEE_RESULTS in held}
    assert seeing
    assert seeing <= BARRED_ROLES
