"""Requests about the own data: who may do what with them, by when, and what the Today page says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.contest.due import Due, Urgency
from quiz.models.audit import DbAuditEntry
from quiz.permissions import Role
from quiz.personal_data.request_rules import Kind, State
from quiz.services import Actor, accounts, contests, data_requests, transaction
from quiz.services.today_desk import Desk
from tests import makers
from tests.services import results_scene as scene
from tests.services.results_scene import refused

MONDAY = datetime(2024, 9, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def organiser(session: Session) -> Actor:
    makers.load_contest()
    return scene.add_organiser()


@pytest.fixture
def person(organiser: Actor) -> int:
    return makers.add_person("R-1", makers.add_agency("H1"), activated=False)


def ask(person: int, kind: Kind = Kind.ERASE, now: datetime = MONDAY) -> int:
    with transaction(Actor(person, is_staff=False)) as session:
        return data_requests.ask(session, person, kind, "Đề nghị.", now)


def answer(request: int, actor: Actor, *, is_granted: bool = False) -> None:
    with transaction(actor) as session:
        data_requests.answer(session, request, "Lý do.", actor, MONDAY, is_granted=is_granted)


def due(session: Session, person: int, now: datetime) -> list[Due]:
    session.rollback()
    viewer = accounts.find(session, person)
    assert viewer
    desk = Desk(contest=contests.get_current(session), rounds=(), viewer=viewer, now=now)
    return list(data_requests.waiting(session, desk))


def acts(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(DbAuditEntry.act).order_by(DbAuditEntry.id)))[-2:]


def test_a_request_is_acknowledged_then_answered_each_by_its_day(
    session: Session, organiser: Actor, person: int
) -> None:
    request = ask(person)
    found = data_requests.get(session, request)
    assert (found.state, found.next_by, found.answer_by) == (State.WAITING, date(2024, 9, 25), date(2024, 10, 13))
    with transaction(organiser) as writing:
        data_requests.acknowledge(writing, request, organiser, MONDAY)
    session.rollback()
    found = data_requests.get(session, request)
    assert (found.state, found.next_by) == (State.ACKNOWLEDGED, date(2024, 10, 13))
    answer(request, organiser)
    session.rollback()
    found = data_requests.get(session, request)
    assert (found.state, found.next_by, found.answer, found.answerer) == (
        *(State.REFUSED, None, "Lý do.", "Nguyễn Thị Hương"),
    )
    assert acts(session) == ["acknowledge_data_request", "answer_data_request"]
    assert refused(lambda: answer(request, organiser)) == "request_moved_on"


def test_an_erasure_is_put_off_once(session: Session, organiser: Actor, person: int) -> None:
    request = ask(person)
    with transaction(organiser) as writing:
        data_requests.extend(writing, request, "Hội thi chưa kết thúc.", organiser, MONDAY)
    session.rollback()
    assert data_requests.get(session, request).answer_by == date(2024, 11, 2)

    def again() -> None:
        with transaction(organiser) as writing:
            data_requests.extend(writing, request, "Nữa.", organiser, MONDAY)

    assert refused(again) == "request_not_extendable"


def test_one_request_of_a_kind_waits_and_may_be_taken_back(session: Session, organiser: Actor, person: int) -> None:
    request = ask(person)
    assert refused(lambda: ask(person)) == "request_waiting"
    ask(person, Kind.COPY)
    with transaction(Actor(person, is_staff=False)) as writing:
        data_requests.withdraw(writing, request, person)
    assert ask(person)
    other = organiser.id or 0

    def of_somebody_else() -> None:
        with transaction(Actor(other, is_staff=False)) as writing:
            data_requests.withdraw(writing, request, other)

    assert refused(of_somebody_else) == "request_missing"


def test_nobody_answers_the_own_request(session: Session, organiser: Actor) -> None:
    request = ask(organiser.id or 0, Kind.CORRECT)
    assert refused(lambda: answer(request, organiser)) == "request_own"


def test_the_today_page_names_what_is_due_first_for_those_who_answer(
    session: Session, organiser: Actor, person: int
) -> None:
    admin = makers.add_person("QT-1", makers.add_agency("QT"), roles=[Role.ADMIN], activated=False)
    assert due(session, organiser.id or 0, MONDAY) == []
    ask(person)
    ask(person, Kind.COPY, MONDAY + timedelta(days=2))
    assert due(session, person, MONDAY) == []
    [one] = due(session, admin, MONDAY)
    assert (dict(one.facts), one.urgency, one.page) == (
        *({"count": 2, "day": "25/09/2024"}, Urgency.SOON, "data_requests.listing"),
    )
    [late] = due(session, admin, MONDAY + timedelta(days=3))
    assert late.urgency is Urgency.NOW
    assert "quá hạn" in late.words


def test_what_came_on_paper_counts_from_the_day_it_came(session: Session, organiser: Actor, person: int) -> None:
    with transaction(organiser) as writing:
        came = MONDAY - timedelta(days=5)
        request = data_requests.record(writing, person, Kind.CORRECT, "Sai tên.", came, organiser, MONDAY)
    session.rollback()
    found = data_requests.get(session, request)
    assert (found.asked_at, found.recorded_by, found.answer_by) == (came, organiser.id, date(2024, 9, 28))
    assert acts(session)[-1] == "record_data_request"


def test_the_list_has_what_waits_or_everything(session: Session, organiser: Actor, person: int) -> None:
    first, second = ask(person), ask(person, Kind.COPY, MONDAY + timedelta(hours=1))
    answer(first, organiser)
    session.rollback()
    waiting, count = data_requests.listing(session, 1, only_open=True)
    assert ([one.id for one in waiting], count) == ([second], 1)
    all_, count = data_requests.listing(session, 1, only_open=False)
    assert ([one.id for one in all_], count) == ([second, first], 2)
