"""What waits besides the weeks, and for whom: signatures, rosters, moves, letters, documents, the scheduler."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from quiz.contest.due import Urgency
from quiz.models.documents import DbDocument
from quiz.models.mail import DbLetter
from quiz.models.people import DbRosterImport, DbRosterMove
from quiz.models.rulings import DbRuling
from quiz.permissions import Role
from quiz.services import Actor, allowances, contests, heartbeats, today_waiting, transaction
from quiz.services.heartbeats import Part
from tests import makers
from tests.services.desk_scene import add_staff, due, told

NOW = makers.WEEK_1


@pytest.fixture
def staff(session: Session) -> dict[str, int]:
    """Two organisers and an inspector."""
    makers.load_contest()
    return {
        "T1": add_staff("T1"),
        "T2": add_staff("T2"),
        "GS": add_staff("GS", Role.INSPECTOR),
        "A": makers.add_person("A", makers.add_agency("H1"), activated=False),
    }


def propose(by: int, number: str) -> int:
    with transaction(Actor(by)) as session:
        contest = contests.get_current(session)
        how = {"staff_code": "A", "minutes": 5, "number": number, "reason": "Khuyết tật"}
        return allowances.propose(session, contest, actor=Actor(by), now=NOW, **how)  # type: ignore[arg-type]


def test_a_decision_waits_for_the_other_organiser_and_for_nobody_else(session: Session, staff: dict[str, int]) -> None:
    made = propose(staff["T1"], "12/QĐ")
    found = {who: due(session, today_waiting.allowances, staff[who], NOW) for who in ("T1", "T2", "GS")}
    mine = "%(count)s quyết định thêm giờ chờ ông/bà duyệt (số %(numbers)s)."
    theirs = "%(count)s quyết định thêm giờ chờ người thứ hai duyệt (số %(numbers)s)."
    assert {who: [(str(one.urgency), one.words) for one in things] for who, things in found.items()} == {
        "T1": [("information", theirs)],
        "T2": [("today", mine)],
        "GS": [("information", theirs)],
    }
    assert told(found["T2"]) == [("today", "decisions.allowance", {"count": 1, "numbers": "12/QĐ"})]
    assert found["T2"][0].given == {"decision_id": made}
    with transaction(Actor(staff["T2"])) as writing:
        seen = allowances.preview(writing, made, NOW).digest
        allowances.approve(writing, made, seen, Actor(staff["T2"]), NOW)
    assert due(session, today_waiting.allowances, staff["T2"], NOW) == []


def test_many_decisions_are_one_thing_with_the_first_numbers(session: Session, staff: dict[str, int]) -> None:
    for number in range(1, 5):
        propose(staff["T1"], f"{number}/QĐ")
    propose(staff["T2"], "5/QĐ")
    found = due(session, today_waiting.allowances, staff["T2"], NOW)
    assert told(found) == [
        ("today", "decisions.listing", {"count": 4, "numbers": "1/QĐ, 2/QĐ, 3/QĐ…"}),
        ("information", "decisions.allowance", {"count": 1, "numbers": "5/QĐ"}),
    ]


def test_rulings_wait_week_by_week_for_the_other_organiser(session: Session, staff: dict[str, int]) -> None:
    ruling = {"bank": "", "question_id": "T-001", "kind": "void", "proposed_by": staff["T1"], "proposed_at": NOW}
    ruling |= {"letters": "", "preview": "", "computed_from": "", "done": 0, "total": 0, "reason": "Sai"}
    numbers = {1: ("7/QĐ", "8/QĐ"), 2: ("9/QĐ",)}
    weeks = {number: makers.week(session, number).id for number in numbers}
    session.execute(
        insert(DbRuling),
        [
            ruling | {"week_id": weeks[week], "decision_number": one}
            for week, several in numbers.items()
            for one in several
        ],
    )
    session.commit()
    found = due(session, today_waiting.rulings, staff["T2"], makers.WEEK_2_ENDS + timedelta(hours=1))
    assert [(str(one.urgency), one.page, one.given, one.facts["numbers"]) for one in found] == [
        ("today", "rulings.listing", {"number": 1}, "7/QĐ, 8/QĐ"),
        ("today", "rulings.one", {"decision_id": 3}, "9/QĐ"),
    ]
    (own, _) = due(session, today_waiting.rulings, staff["T1"], makers.WEEK_2_ENDS + timedelta(hours=1))
    assert own.urgency is Urgency.INFORMATION


def test_a_roster_that_was_read_waits_to_be_confirmed(session: Session, staff: dict[str, int]) -> None:
    file = {"filename": "đợt 1.xlsx", "uploaded_by": staff["T1"], "uploaded_at": NOW, "report": "", "done": 0}
    session.execute(insert(DbRosterImport), [file | {"total": 0, "state": state} for state in ("waiting", "ready")])
    session.commit()
    found = due(session, today_waiting.rosters, staff["T1"], NOW)
    assert told(found) == [("today", "roster.one", {"file": "đợt 1.xlsx"})]


@pytest.mark.parametrize(("days", "urgency"), [(-1, "today"), (1, "today"), (3, "soon")])
def test_moves_wait_for_the_receiving_agency(session: Session, staff: dict[str, int], days: int, urgency: str) -> None:
    moves_at = NOW + timedelta(days=days)
    move = {"person_id": staff["A"], "from_agency_id": 4, "to_agency_id": 2, "moves_at": moves_at, "reason": ""}
    row = move | {"proposed_by": staff["T1"], "proposed_at": NOW}
    session.execute(insert(DbRosterMove), [row, row | {"accepted_at": NOW}, row | {"dropped_at": NOW}])
    session.commit()
    found = told(due(session, today_waiting.moves, staff["T1"], NOW))
    assert found == [(urgency, "agencies.listing", {"count": 1, "first": moves_at})]


def test_letters_in_doubt_and_own_documents_that_failed(session: Session, staff: dict[str, int]) -> None:
    letter = {"kind": "reminder", "person_id": staff["A"], "address": "a@example.vn", "subject": "", "text": ""}
    letter |= {"html": "", "unsubscribe_url": "", "written_at": NOW, "expires_at": NOW, "next_try_at": NOW, "tries": 1}
    states = ("failed", "unknown", "sent", "waiting")
    session.execute(
        insert(DbLetter),
        [letter | {"dedupe_key": one, "message_id": one, "state": one, "last_error": ""} for one in states],
    )
    document = {"kind": "certificate", "facts": "", "asked_at": NOW, "state": "failed"}
    session.execute(insert(DbDocument), [document | {"asked_by": staff[who]} for who in ("T1", "T2", "T2")])
    session.commit()
    assert told(due(session, today_waiting.letters, staff["T1"], NOW)) == [("soon", "mail.care", {"count": 2})]
    found = told(due(session, today_waiting.failed_documents, staff["T2"], NOW))
    assert found == [("soon", "documents.own", {"count": 2})]
    session.execute(update(DbDocument).values(state="forgotten"))
    session.commit()
    assert due(session, today_waiting.failed_documents, staff["T2"], NOW) == []


def test_a_silent_scheduler_is_the_first_thing_to_look_after(session: Session, staff: dict[str, int]) -> None:
    assert told(due(session, today_waiting.scheduler, staff["T1"], NOW)) == [("now", "monitor.page", {})]
    with transaction() as writing:
        heartbeats.beat(writing, Part.CLOCK, NOW)
    assert due(session, today_waiting.scheduler, staff["T1"], NOW + heartbeats.SILENT_AFTER) == []
    late = NOW + heartbeats.SILENT_AFTER + timedelta(seconds=1)
    assert told(due(session, today_waiting.scheduler, staff["T1"], late)) == [("now", "monitor.page", {"since": NOW})]
