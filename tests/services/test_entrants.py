"""Who may start how often, with which paper and until when, under the rules that real contests have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbWeek
from quiz.models.decisions import DbAllowance, DbIncident
from quiz.models.people import DbPerson
from quiz.services import attempts, contest_files, contests, transaction
from quiz.services.attempts import Attempt
from tests import makers

MS = timedelta(milliseconds=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ALLOWED = timedelta(minutes=10)
MONDAY_MIDNIGHT = datetime(2024, 10, 7, 17, 0, tzinfo=UTC)  # when Tuesday begins in Hà Nội
START = makers.WEEK_1 + HOUR
DAILY = makers.CONTEST + "attempts: {per_day: 1, per_contest: 3, counts: best}\n"
PRACTICE = "practice: {opens: 2024-09-23 08:00, closes: 2024-10-04 17:00}\n"
PRACTICE_DAY = datetime(2024, 9, 24, 2, 0, tzinfo=UTC)
HOURS = 'hours: {from: "07:30", until: "17:30"}\n'
MONDAY_EVENING = datetime(2024, 10, 7, 10, 30, tzinfo=UTC)  # 17:30 in Hà Nội
TUESDAY_MORNING = datetime(2024, 10, 8, 0, 30, tzinfo=UTC)  # 7:30
DIVISIONS = """
divisions:
  - {code: can-bo, name: Cán bộ, paper: {questions: 4, minutes: 7, bank: cong-chuc}}
  - {code: nhan-dan, name: Nhân dân}
"""


@pytest.fixture
def hoa(session: Session) -> int:
    """Hoa, who has not sat."""
    return makers.add_person("A1", makers.add_agency(), activated=False)


def start(person: int, now: datetime, number: int = 1) -> str:
    """Start as the page does; every attempt has a code of its own."""
    with transaction() as session:
        the_week = makers.week(session, number)
        return makers.start(session, person, the_week, now, makers.code(int(now.timestamp() * 1000)))


def sit(person: int, now: datetime, number: int = 1) -> str:
    """Start, and hand in a minute later."""
    code = start(person, now, number)
    with transaction() as session:
        attempts.hand_in(session, code, person, 1, None, now + MINUTE)
    return code


def refusal(act: Callable[[], object]) -> tuple[str, dict[str, object]]:
    """The refusal of an act that must be refused."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code, caught.value.facts


def seen(session: Session, code: str, person: int) -> Attempt:
    """The attempt as its owner sees it now."""
    session.rollback()
    return attempts.get(session, code, person)


def asked(session: Session, code: str, person: int) -> list[str]:
    """The ids of the questions of an attempt, drawn again."""
    attempt = seen(session, code, person)
    paper = attempts.paper_with_keys(session, attempt, contests.get_week_by_id(session, attempt.week_id))
    return [item.question.id for item in paper.questions]


# How often


def test_a_day_is_the_day_in_ha_noi_on_which_an_attempt_was_started(session: Session, hoa: int) -> None:
    makers.load_contest(DAILY)
    sit(hoa, MONDAY_MIDNIGHT - MINUTE)  # handed in at midnight: still Monday's
    used_up = ("attempts_used_up_today", {"limit": 1})
    assert refusal(lambda: start(hoa, MONDAY_MIDNIGHT - MS)) == used_up
    sit(hoa, MONDAY_MIDNIGHT)
    assert refusal(lambda: start(hoa, MONDAY_MIDNIGHT + DAY - MS)) == used_up
    start(hoa, MONDAY_MIDNIGHT + DAY)


def test_attempts_are_counted_over_the_whole_contest(session: Session, hoa: int) -> None:
    makers.load_contest(DAILY)
    for now, number in ((START, 1), (START + DAY, 1), (makers.WEEK_2, 2)):
        sit(hoa, now, number)
    assert refusal(lambda: start(hoa, makers.WEEK_2 + DAY, 2)) == ("attempts_used_up_contest", {"limit": 3})
    other = makers.add_person("A2", makers.add_agency("CT"), activated=False)
    start(other, makers.WEEK_2 + DAY, 2)


def test_practice_is_without_limit_and_eats_no_attempt(session: Session, hoa: int) -> None:
    makers.load_contest(
        makers.CONTEST + PRACTICE + "attempts: {per_week: 1, per_day: 1, per_contest: 1, counts: only}\n"
    )
    for minutes in (0, 20, 40):
        sit(hoa, PRACTICE_DAY + minutes * MINUTE, number=0)
    sit(hoa, START)
    assert refusal(lambda: start(hoa, START + HOUR))[0] == "attempts_used_up_contest"
    assert [attempt.number for attempt in attempts.of_person(session, hoa)] == [1, 2, 3, 1]


def set_aside(code: str) -> None:
    """Annul an attempt as the decision about an incident does."""
    with transaction() as session:
        attempt = session.get_one(DbAttempt, code)
        incident = DbIncident(
            week_id=attempt.week_id,
            kind="resit",
            began_at=START,
            ended_at=START + HOUR,
            decision_number="01/QĐ-BTC",
            reason="Mất điện",
            proposed_by=attempt.person_id,
            proposed_at=START + HOUR,
        )
        session.add(incident)
        session.flush()
        attempt.annulled_by = incident.id


@pytest.mark.parametrize("contest", [makers.CONTEST, DAILY])
def test_an_attempt_set_aside_leaves_room_for_another(session: Session, hoa: int, contest: str) -> None:
    makers.load_contest(contest)
    first = sit(hoa, START)
    set_aside(first)
    second = start(hoa, START + HOUR)
    assert (second != first, seen(session, second, hoa).number) == (True, 2)
    assert refusal(lambda: sit(hoa, START + 2 * HOUR))[0] in ("already_sat", "attempts_used_up_today")


def test_an_attempt_set_aside_while_it_runs_takes_nothing_more(session: Session, hoa: int) -> None:
    makers.load_contest()
    first = start(hoa, START)
    set_aside(first)

    def save() -> None:
        with transaction() as writing:
            attempts.save(writing, first, hoa, 1, ["A"] * 5, START + MINUTE)

    assert refusal(save) == ("attempt_annulled", {})
    with transaction() as writing:
        ended = attempts.hand_in(writing, first, hoa, 1, ["A"] * 5, START + MINUTE)
    assert (ended.is_annulled, ended.handed_in_at, ended.answers) == (True, None, ("",) * 5)
    assert ended.is_over(START + MINUTE)
    assert start(hoa, START + 2 * MINUTE) != first


# When


def test_nobody_starts_in_a_pause_and_no_attempt_runs_into_one(session: Session, hoa: int) -> None:
    makers.load_contest(makers.CONTEST + HOURS + "attempts: {per_week: 9, counts: best}\n")
    assert seen(session, sit(hoa, MONDAY_EVENING - ALLOWED), hoa).deadline_at == MONDAY_EVENING
    assert seen(session, start(hoa, MONDAY_EVENING - MS), hoa).deadline_at == MONDAY_EVENING
    paused = ("paused", {"week": "Tuần 1", "reopens": "7 giờ 30 phút, thứ Ba ngày 08/10/2024"})
    for now in (MONDAY_EVENING, MONDAY_EVENING + MS, TUESDAY_MORNING - MS):
        assert refusal(lambda now=now: start(hoa, now)) == paused
    assert seen(session, start(hoa, TUESDAY_MORNING), hoa).deadline_at == TUESDAY_MORNING + ALLOWED


def test_a_week_that_was_extended_goes_on_until_its_new_end(session: Session, hoa: int) -> None:
    makers.load_contest(makers.CONTEST + "attempts: {per_week: 9, counts: best}\n")
    later = makers.WEEK_1_ENDS + DAY
    assert refusal(lambda: start(hoa, makers.WEEK_1_ENDS))[0] == "closed"
    with transaction() as writing:
        writing.execute(update(DbWeek).where(DbWeek.number == 1).values(extended_to=later))
    assert seen(session, sit(hoa, makers.WEEK_1_ENDS), hoa).deadline_at == makers.WEEK_1_ENDS + ALLOWED
    assert seen(session, start(hoa, later - MS), hoa).deadline_at == later
    code, facts = refusal(lambda: start(hoa, later))
    assert (code, facts["closes"]) == ("closed", "17 giờ 00 phút, thứ Bảy ngày 12/10/2024")


def allow(person: int, minutes: int, approved_at: datetime | None) -> None:
    """Extra minutes as two people grant them; None leaves them proposed."""
    with transaction() as session:
        session.add(
            DbAllowance(
                contest_id=contests.get_current(session).id,
                person_id=person,
                minutes=minutes,
                decision_number="02/QĐ-BTC",
                reason="Khiếm thị",
                proposed_by=person,
                proposed_at=makers.BEFORE,
                approved_by=person if approved_at else None,
                approved_at=approved_at,
            )
        )


@pytest.mark.parametrize(
    ("approved_at", "begins", "time"),
    [
        (makers.BEFORE, START, timedelta(minutes=15)),
        (START, START, timedelta(minutes=15)),
        (START + MS, START, ALLOWED),
        (None, START, ALLOWED),
        (makers.BEFORE, makers.WEEK_1_ENDS - timedelta(minutes=12), timedelta(minutes=12)),
    ],
)
def test_extra_minutes_count_once_approved_and_never_beyond_the_closing(
    session: Session, hoa: int, approved_at: datetime | None, begins: datetime, time: timedelta
) -> None:
    makers.load_contest()
    other = makers.add_person("A2", makers.add_agency("CT"), activated=False)
    allow(hoa, 5, approved_at)
    mine, others = (
        seen(session, start(person, begins + place * MS), person) for place, person in enumerate((hoa, other))
    )
    assert mine.deadline_at - begins == time
    assert mine.accept_until == mine.deadline_at + timedelta(seconds=5)
    assert others.deadline_at <= begins + MS + ALLOWED


# Which paper


def test_each_division_sits_its_own_paper_and_keeps_it(session: Session, hoa: int) -> None:
    makers.load_contest(makers.CONTEST + DIVISIONS)
    with transaction(makers.CONSOLE) as writing:
        source = makers.bank_text(9).replace("T-0", "CC-0").encode()
        contest_files.load_bank(writing, source, makers.CONSOLE, makers.BEFORE, "cong-chuc")
    agency = makers.add_agency("CT")
    people = {"can-bo": hoa} | {
        code: makers.add_person(f"B{code}", agency, activated=False) for code in ("nhan-dan", "khac")
    }
    with transaction() as writing:
        for code, person in people.items():
            writing.get_one(DbPerson, person).division = code
    codes = {code: start(person, START + place * MS) for place, (code, person) in enumerate(people.items())}
    found = {code: seen(session, codes[code], person) for code, person in people.items()}
    assert {code: (one.division, one.questions, one.deadline_at - one.started_at) for code, one in found.items()} == {
        "can-bo": ("can-bo", 4, timedelta(minutes=7)),
        "nhan-dan": ("nhan-dan", 5, ALLOWED),
        "khac": ("can-bo", 4, timedelta(minutes=7)),
    }
    drawn = {code: asked(session, codes[code], person) for code, person in people.items()}
    assert {code: {id_.partition("-")[0] for id_ in ids} for code, ids in drawn.items()} == {
        "can-bo": {"CC"},
        "nhan-dan": {"T"},
        "khac": {"CC"},
    }
    with transaction() as writing:
        writing.get_one(DbPerson, hoa).division = "nhan-dan"
    assert asked(session, codes["can-bo"], hoa) == drawn["can-bo"]


def test_a_week_and_a_division_may_have_papers_of_their_own(session: Session, hoa: int) -> None:
    second = "2024-10-18 17:00, paper: {questions: 2}, papers: {nhan-dan: {minutes: 3}}"
    makers.load_contest(makers.CONTEST.replace("2024-10-18 17:00", second) + DIVISIONS.replace(", bank: cong-chuc", ""))
    other = makers.add_person("A2", makers.add_agency("CT"), activated=False, division="nhan-dan")
    found = [seen(session, start(one, makers.WEEK_2 + one * MS, 2), one) for one in (hoa, other)]
    assert [(one.questions, one.deadline_at - one.started_at) for one in found] == [
        (2, timedelta(minutes=7)),
        (2, timedelta(minutes=3)),
    ]


def test_questions_seen_before_come_again_only_when_no_others_are_left(session: Session, hoa: int) -> None:
    text = makers.CONTEST.replace("minutes: 10", "minutes: 10, avoid_seen: true") + PRACTICE
    makers.load_contest(text + "attempts: {per_week: 2, counts: best}\n")
    rounds = [(PRACTICE_DAY, 0), (START, 1), (makers.WEEK_2, 2), (makers.WEEK_2 + HOUR, 2)]
    codes = [sit(hoa, now, number) for now, number in rounds]
    papers = [set(asked(session, code, hoa)) for code in codes]
    assert [len(paper) for paper in papers] == [5] * 4
    assert not papers[0] & papers[1]
    third_alone = papers[2] - papers[0] - papers[1]
    assert len(third_alone) == 2  # the bank has twelve
    assert seen(session, codes[0], hoa).seen == frozenset()
    assert seen(session, codes[2], hoa).seen == papers[0] | papers[1]
    other = makers.add_person("A2", makers.add_agency("CT"), activated=False)
    assert seen(session, start(other, makers.WEEK_2 + DAY, 2), other).seen == frozenset()


def test_without_the_rule_nothing_is_remembered(session: Session, hoa: int) -> None:
    makers.load_contest()
    sit(hoa, START)
    assert seen(session, start(hoa, makers.WEEK_2, 2), hoa).seen == frozenset()
