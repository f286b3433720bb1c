"""Two entries of the roster that are one person: what is handed over, what is refused, who counts where."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbBarred
from quiz.models.people import DbExemption, DbPerson
from quiz.permissions import Role
from quiz.services import accounts, marking, merges, results, roster_care, transaction, turnout
from quiz.services.merges import Preview
from quiz.services.roster_care import Details, Newcomer
from tests import makers
from tests.makers import WEEK_1
from tests.services.results_scene import CLOSED, DAY, MINUTE, add_organiser, refused

NOW = CLOSED + MINUTE


@pytest.fixture
def two(session: Session) -> dict[str, int]:
    """One person listed by two agencies under two codes, and the organiser; the contest's week 1 is to come."""
    makers.load_contest()
    first, second = makers.add_agency("H1"), makers.add_agency("H2")
    old = makers.add_person("CU-1", first, "Lê Thị Hoa", activated=False)
    new = makers.add_person("MOI-1", second, "Lê Thị Hoa", now=WEEK_1 + timedelta(days=1), activated=False)
    return {"H1": first, "H2": second, "CU-1": old, "MOI-1": new, "organiser": add_organiser().id or 0}


def look(two: dict[str, int], kept: str = "MOI-1", given_up: str = "CU-1") -> Preview:
    with transaction() as session:
        return merges.preview(session, two[kept], given_up, NOW)


def merge(two: dict[str, int], kept: str = "MOI-1", given_up: str = "CU-1", seen: str = "") -> None:
    actor = makers.Actor(two["organiser"])
    seen = seen or look(two, kept, given_up).digest
    with transaction(actor) as session:
        merges.merge(session, two[kept], given_up, seen, "Cùng một người", actor, NOW)


def people_counted(session: Session) -> dict[str, int]:
    session.rollback()
    rows = turnout.of_week(session, makers.week(session), NOW)
    return {row.code: row.turnout.people for row in rows if row.turnout.people}


def test_attempts_places_and_time_at_the_old_agency_are_handed_over(session: Session, two: dict[str, int]) -> None:
    code = makers.sit(two["CU-1"], DAY)
    with transaction() as writing:
        marking.mark_week(writing, makers.week(writing), CLOSED)
    assert people_counted(session) == {"H1": 1}
    found = look(two)
    assert (found.given_up.rounds, found.kept.rounds, found.refusal) == (("Tuần 1",), (), None)
    merge(two)
    assert people_counted(session) == {"H1": 1}, "in week 1 the person belonged to the first agency alone"
    ranking = results.provisional(session, makers.week(session)).divisions[0].top
    assert [(one.standing.result.person, one.standing.result.code, one.name) for one in ranking] == [
        (two["MOI-1"], code, "Lê Thị Hoa")
    ]
    assert session.get_one(DbPerson, two["MOI-1"]).listed_at == makers.BEFORE
    assert session.get_one(DbPerson, two["CU-1"]).left_at == NOW
    entry = session.query(DbAuditEntry).filter_by(act="merge_people").one()
    assert '"given_up": "CU-1"' in entry.facts


def test_what_is_known_of_the_person_stays_known(session: Session, two: dict[str, int]) -> None:
    contest_id = makers.week(session).contest.id
    with transaction() as writing:
        writing.add(DbExemption(person_id=two["CU-1"], reason="Nghỉ thai sản", since=makers.BEFORE, until=None))
        writing.add(DbBarred(contest_id=contest_id, person_id=two["CU-1"], group_code="ban-to-chuc"))
        writing.get_one(DbPerson, two["MOI-1"]).email = None
    merge(two)
    assert session.query(DbExemption.person_id).scalar() == two["MOI-1"]
    assert session.get(DbBarred, (contest_id, two["MOI-1"]))
    assert session.get_one(DbPerson, two["MOI-1"]).email == "cu-1@example.vn"
    assert session.get_one(DbPerson, two["CU-1"]).email is None


def test_what_cannot_be_joined_is_refused(session: Session, two: dict[str, int]) -> None:
    makers.add_person("TC-9", two["H1"], roles=[Role.COORDINATOR], activated=False)
    assert refused(lambda: look(two, given_up="KHONG-CO")) == "person_missing"
    assert refused(lambda: look(two, given_up="moi-1")) == "merge_with_itself"
    assert refused(lambda: merge(two, given_up="TC-9")) == "merge_holds_role"
    assert refused(lambda: merge(two, seen="something else")) == "merge_changed"
    merge(two)
    assert refused(lambda: merge(two)) == "merge_person_left"


def test_two_sittings_of_one_round_are_no_case_for_joining(session: Session, two: dict[str, int]) -> None:
    makers.sit(two["CU-1"], DAY)
    makers.sit(two["MOI-1"], WEEK_1 + timedelta(days=2))
    found = look(two)
    assert found.refusal
    assert found.refusal.code == "merge_both_sat"
    assert refused(lambda: merge(two, seen=found.digest)) == "merge_both_sat"


def test_a_code_given_up_does_not_come_back(session: Session, two: dict[str, int]) -> None:
    merge(two)
    with transaction() as reading:
        organiser = accounts.find(reading, two["organiser"])
    assert organiser
    newcomer = Newcomer(staff_code="CU-1", details=Details(name="Lê Thị Hoa", position="", email=""))
    with pytest.raises(Refused, match="đã được gộp vào mã MOI-1"), transaction(makers.Actor(organiser.id)) as writing:
        roster_care.add(writing, organiser, two["H1"], newcomer, NOW)


def test_a_second_merge_meanwhile_is_refused(app: Flask, session: Session, two: dict[str, int]) -> None:
    seen = look(two).digest
    merge(two, kept="CU-1", given_up="MOI-1")
    assert refused(lambda: merge(two, seen=seen)) == "merge_person_left"
