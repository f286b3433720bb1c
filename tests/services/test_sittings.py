"""A participant's weeks at a glance, at every stage of the contest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from quiz.contest.schedule import Phase
from quiz.models.attempts import DbAttempt
from quiz.models.decisions import DbIncident
from quiz.models.people import DbPerson
from quiz.permissions import Role
from quiz.services import contests, marking, publishing, sittings, transaction
from quiz.services.sittings import Left, Outcome, OwnWeek
from tests import makers
from tests.kept import kept

MS = timedelta(milliseconds=1)
GRACE = timedelta(seconds=5)
DAY = makers.WEEK_1 + timedelta(hours=2)
DEADLINE = DAY + timedelta(minutes=10)
OVER = makers.WEEK_1_ENDS + timedelta(minutes=1)


@pytest.fixture
@kept
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
        code = makers.start(writing, hoa, makers.week(writing), DAY, makers.code(1))
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
        (Phase.OPEN, 0, False, None, False),
        (Phase.CLOSED, 1, False, "closed", True),
    ]


def test_every_week_tells_somebody_who_may_not_sit_why(session: Session, hoa: int) -> None:
    agency = session.get_one(DbPerson, hoa).agency_id
    organiser = makers.add_person("BTC", agency, roles=[Role.ORGANISER], activated=False)
    assert [week[3] for week in glance(session, organiser, DAY)] == ["barred", "barred"]
    with transaction() as writing:
        writing.get_one(DbPerson, hoa).left_at = DAY - MS
    assert [week[3] for week in glance(session, hoa, DAY)] == ["left", "left"]


RICH = """
attempts: {per_week: 3, per_day: 2, per_contest: 4, counts: best}
hours: {from: "07:30", until: "17:30"}
practice: {opens: 2024-09-23 08:00, closes: 2024-09-27 17:00}
divisions:
  - {code: can-bo, name: Cán bộ, paper: {questions: 4}}
  - {code: nhan-dan, name: Nhân dân}
"""
PRACTICE = datetime(2024, 9, 23, 2, 0, tzinfo=UTC)
EVENING = datetime(2024, 10, 7, 10, 30, tzinfo=UTC)  # 17:30 in Hà Nội


@pytest.fixture
def lan(session: Session) -> int:
    """Lan, of the second division of a contest with many limits."""
    makers.load_contest(makers.CONTEST + RICH)
    return makers.add_person("A1", makers.add_agency(), activated=False, division="nhan-dan")


def own(session: Session, person: int, now: datetime) -> dict[str, OwnWeek]:
    """The rounds of one person by their names, in the order in which they are shown."""
    session.rollback()
    return {one.name: one for one in sittings.weeks_of(session, person, contests.get_current(session), now)}


def test_practice_stands_first_until_it_is_over(session: Session, lan: int) -> None:
    assert list(own(session, lan, PRACTICE)) == ["Thi thử", "Tuần 1", "Tuần 2"]
    assert list(own(session, lan, makers.WEEK_1)) == ["Tuần 1", "Tuần 2", "Thi thử"]
    makers.sit(lan, PRACTICE, number=0)
    practice = own(session, lan, PRACTICE + timedelta(hours=1))["Thi thử"]
    assert (practice.refusal, practice.left, practice.is_counted_down) == (
        None,
        Left(week=None, today=None, contest=None),
        False,
    )


def test_what_is_left_is_told_per_day_week_and_contest(session: Session, lan: int) -> None:
    makers.sit(lan, makers.WEEK_1)
    makers.sit(lan, makers.WEEK_1 + timedelta(hours=1), attempt_code=makers.code(77))
    first = own(session, lan, makers.WEEK_1 + timedelta(hours=2))["Tuần 1"]
    assert (first.left, first.is_counted_down) == (Left(week=1, today=0, contest=2), True)
    assert first.refusal is not None
    assert first.refusal.code == "attempts_used_up_today"
    tomorrow = own(session, lan, makers.WEEK_1 + timedelta(days=1))["Tuần 1"]
    assert (tomorrow.left, tomorrow.refusal) == (Left(week=1, today=2, contest=2), None)


def test_a_pause_tells_when_the_week_opens_again_and_when_it_closes(session: Session, lan: int) -> None:
    during, paused = (own(session, lan, now)["Tuần 1"] for now in (EVENING - MS, EVENING))
    assert (during.phase, during.shuts_at, during.closes_at) == (Phase.OPEN, EVENING, makers.WEEK_1_ENDS)
    assert (paused.phase, paused.next_opening) == (Phase.PAUSED, EVENING + timedelta(hours=14))
    assert paused.refusal is not None
    assert paused.refusal.code == "paused"


def test_everybody_sees_the_paper_of_their_division(session: Session, lan: int) -> None:
    tam = makers.add_person("A2", makers.add_agency("CT"), activated=False)
    found = [own(session, person, makers.WEEK_1)["Tuần 1"] for person in (lan, tam)]
    assert [(one.division, one.paper.questions) for one in found] == [("Nhân dân", 5), ("Cán bộ", 4)]


def test_a_contest_without_divisions_names_none(session: Session, hoa: int) -> None:
    first, _ = own(session, hoa, DAY).values()
    assert (first.division, first.is_counted_down) == ("", False)


def outcomes(session: Session, person: int, now: datetime) -> tuple[Outcome, ...]:
    """How somebody has done so far."""
    session.rollback()
    weeks = sittings.weeks_of(session, person, contests.get_current(session), now)
    return tuple(outcome for _name, outcome in sittings.outcomes(weeks))


def publish_week_1(organiser: int) -> None:
    """Mark the first week and publish it."""
    actor = makers.Actor(organiser)
    with transaction(actor) as writing:
        marking.mark_week(writing, makers.week(writing), OVER, actor)
    with transaction(actor) as writing:
        seen = publishing.draft(writing, makers.week(writing), OVER).digest
        publishing.publish(writing, makers.week(writing), seen, "", actor, OVER)


def test_an_outcome_is_told_after_the_week_and_its_rank_once_published(session: Session, hoa: int) -> None:
    code = makers.sit(hoa, DAY, right=3)
    assert outcomes(session, hoa, makers.WEEK_1_ENDS + GRACE) == ()
    (first,) = outcomes(session, hoa, OVER)
    assert (first.code, first.right, first.questions, first.points, first.full) == (code, 3, 5, 3, 5)
    assert first.time_taken == timedelta(minutes=3)
    assert (first.is_ranked, first.rank, first.people) == (True, None, None)
    publish_week_1(hoa)
    (first,) = outcomes(session, hoa, OVER)
    assert (first.is_ranked, first.rank, first.people) == (True, 2, 2)


def test_the_outcome_is_that_of_the_attempt_that_counts(session: Session, lan: int) -> None:
    best = makers.sit(lan, makers.WEEK_1, right=5)
    last = makers.sit(lan, makers.WEEK_1 + timedelta(hours=1), right=2, attempt_code=makers.code(77))
    makers.sit(lan, PRACTICE, number=0, attempt_code=makers.code(78))
    assert [one.code for one in outcomes(session, lan, OVER)] == [last]
    with transaction() as writing:
        marking.mark_week(writing, makers.week(writing), OVER)
    assert [one.code for one in outcomes(session, lan, OVER)] == [best]


def test_whoever_has_not_sat_or_was_set_aside_has_no_outcome(session: Session, hoa: int) -> None:
    assert outcomes(session, hoa, OVER) == ()
    makers.sit(hoa, DAY)
    with transaction() as writing:
        decided = {"week_id": 1, "kind": "resit", "began_at": DAY, "ended_at": OVER, "decision_number": "1/QĐ"}
        incident = DbIncident(**decided, reason="Mất điện", proposed_by=hoa, proposed_at=DAY)
        writing.add(incident)
        writing.flush()
        writing.execute(update(DbAttempt).where(DbAttempt.person_id == hoa).values(annulled_by=incident.id))
    assert outcomes(session, hoa, OVER) == ()
