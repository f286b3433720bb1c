"""A participant's appeals: until the last moment in local time, how many, on whose paper; seen and withdrawn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.models.appeals import DbAppeal
from quiz.services import Actor, appeals, contests, transaction
from quiz.services.appeals import State
from tests import makers
from tests.kept import kept
from tests.services import appeals_scene as scene
from tests.services.appeals_scene import PUBLISHED, send
from tests.services.results_scene import CLOSED, MS, refused

ENDS = datetime(2024, 10, 16, 17, 0, tzinfo=UTC)  # published on Friday the 11th: the 16th is over in Hải Phòng
PRACTICE = "practice: {opens: 2024-10-01 08:00, closes: 2024-10-04 17:00}\n"


@pytest.fixture
@kept
def made(session: Session) -> tuple[dict[str, int], dict[str, str]]:
    """Four people, each with an attempt in the published week 1."""
    people, codes, actor = scene.lay_out()
    scene.publish(session, actor)
    return people, codes


def own(session: Session, person: int) -> list[tuple[str, State]]:
    session.rollback()
    session.expire_all()
    return [(one.text, one.state) for one in appeals.of_person(session, person, contests.get_current(session))]


@pytest.mark.parametrize("number", [1, None])
@pytest.mark.parametrize(("now", "says"), [(ENDS - MS, ""), (ENDS, "appeal_too_late"), (ENDS + MS, "appeal_too_late")])
def test_the_last_moment_is_the_end_of_a_local_day(
    session: Session, made: tuple[dict[str, int], dict[str, str]], number: int | None, now: datetime, says: str
) -> None:
    people, codes = made
    if says:
        assert refused(lambda: send(people["A"], codes["A"], number, now=now)) == says
    else:
        send(people["A"], codes["A"], number, now=now)
    assert len(own(session, people["A"])) == (0 if says else 1)


def test_questions_may_be_appealed_on_from_the_closing_results_from_the_publication(session: Session) -> None:
    people, codes, actor = scene.lay_out()
    code = codes["A"]
    assert refused(lambda: send(people["A"], code, 1, now=CLOSED - MS)) == "not_closed"
    assert refused(lambda: send(people["A"], code, None, now=CLOSED - MS)) == "not_closed"
    assert refused(lambda: send(people["A"], code, None, now=CLOSED)) == "appeal_not_published"
    send(people["A"], code, 1, now=CLOSED)
    scene.publish(session, actor)
    send(people["A"], code, None)
    assert len(own(session, people["A"])) == 2


@pytest.mark.parametrize(
    ("rules", "says"), [("appeals: off\n", "appeals_off"), ("appeals: {last_day: 2024-10-18}\n", "appeal_too_late")]
)
def test_the_contest_file_decides_until_when(session: Session, rules: str, says: str) -> None:
    people, codes, _ = scene.lay_out(makers.CONTEST + rules)
    late = datetime(2024, 10, 18, 17, 0, tzinfo=UTC)
    assert refused(lambda: send(people["A"], codes["A"], 1, now=late)) == says


def test_the_practice_round_takes_none(session: Session) -> None:
    makers.load_contest(makers.CONTEST + PRACTICE)
    person = makers.add_person("A", makers.add_agency(), activated=False)
    code = makers.sit(person, datetime(2024, 10, 1, 2, tzinfo=UTC), number=0)
    assert refused(lambda: send(person, code, 1)) == "appeal_practice"


def test_only_the_own_attempt_and_a_question_on_it(made: tuple[dict[str, int], dict[str, str]]) -> None:
    people, codes = made
    for number in (1, None):
        assert refused(lambda n=number: send(people["A"], codes["B"], n)) == "attempt_missing"  # type: ignore[misc]
        assert refused(lambda n=number: send(people["A"], "A" * 16, n)) == "attempt_missing"  # type: ignore[misc]
    for beyond in (0, -1, 6, 10**9):
        assert refused(lambda n=beyond: send(people["A"], codes["A"], n)) == "appeal_question_missing"  # type: ignore[misc]


def test_one_waits_once_for_the_same_and_sends_five_a_week(
    session: Session, made: tuple[dict[str, int], dict[str, str]]
) -> None:
    people, codes = made
    ids = [send(people["A"], codes["A"], number) for number in (1, 2, None)]
    for number in (1, 2, None):
        assert refused(lambda n=number: send(people["A"], codes["A"], n)) == "appeal_waiting"  # type: ignore[misc]
    with transaction(Actor(people["A"], is_staff=False)) as writing:
        appeals.withdraw(writing, ids[0], people["A"], PUBLISHED)
    for number in (1, 3, 4):
        send(people["A"], codes["A"], number)
    assert refused(lambda: send(people["A"], codes["A"], 5)) == "appeals_too_many"
    send(people["B"], codes["B"], 1)
    assert [state for _, state in own(session, people["A"])].count(State.WAITING) == 5


@pytest.mark.parametrize(("text", "says"), [("", "text_missing"), ("x" * 2001, "text_long")])
def test_what_is_written_is_checked(made: tuple[dict[str, int], dict[str, str]], text: str, says: str) -> None:
    people, codes = made
    assert refused(lambda: send(people["A"], codes["A"], 1, text)) == says


def test_only_the_own_appeal_that_waits_is_withdrawn(
    session: Session, made: tuple[dict[str, int], dict[str, str]]
) -> None:
    people, codes = made
    appeal = send(people["A"], codes["A"])

    def withdraw(person: str, appeal_id: int = appeal) -> None:
        with transaction(Actor(people[person], is_staff=False)) as writing:
            appeals.withdraw(writing, appeal_id, people[person], PUBLISHED)

    assert refused(lambda: withdraw("B")) == "appeal_missing"
    assert refused(lambda: withdraw("A", 999)) == "appeal_missing"
    withdraw("A")
    assert refused(lambda: withdraw("A")) == "appeal_moved_on"
    assert own(session, people["A"]) == [("Câu này sai.", State.WITHDRAWN)]
    row = session.scalars(select(DbAppeal)).one()
    assert row.withdrawn_at == PUBLISHED


def test_the_sender_reads_when_an_answer_is_due(session: Session, made: tuple[dict[str, int], dict[str, str]]) -> None:
    people, codes = made
    send(people["A"], codes["A"], None)
    (one,) = appeals.of_person(session, people["A"], contests.get_current(session))
    assert (one.due_on, one.question, one.answer) == (date(2024, 10, 16), None, None)
    assert appeals.of_person(session, people["B"], contests.get_current(session)) == ()


def test_an_older_contest_takes_no_appeals_any_more(made: tuple[dict[str, int], dict[str, str]]) -> None:
    people, codes = made
    makers.load_contest(makers.CONTEST.replace("thu-nghiem", "nam-sau"))
    assert refused(lambda: send(people["A"], codes["A"])) == "appeals_off"


def test_the_rule_is_that_of_the_file_loaded_last(
    session: Session, made: tuple[dict[str, int], dict[str, str]]
) -> None:
    people, codes = made
    late = PUBLISHED + timedelta(days=20)
    assert refused(lambda: send(people["A"], codes["A"], now=late)) == "appeal_too_late"
    makers.load_contest(makers.CONTEST + "appeals: {days_after: 30}\n", now=late)
    send(people["A"], codes["A"], now=late)
