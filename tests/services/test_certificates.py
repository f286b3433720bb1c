"""Certificates of participation: who has earned one, what stays the same, and what the public page confirms."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quiz.models.attempts import DbAttempt
from quiz.models.decisions import DbIncident
from quiz.models.documents import DbCertificate, DbDocument
from quiz.models.people import DbMembership, DbPerson
from quiz.services import certificates, contests, transaction
from quiz.services.certificates import Earned, code_of, grouped, in_words, read_code
from quiz.services.documents import File, Work
from tests import makers
from tests.kept import kept
from tests.services.results_scene import CLOSED, CLOSED_2, DAY, DAY_2, MS, refused

KEY = b"a key that only tests know"
CHECK_AT = "https://hoithi.example.vn/xac-nhan"


@pytest.fixture
@kept
def person(session: Session) -> int:
    """Somebody of Sở Nội vụ who has sat both weeks."""
    makers.load_contest()
    made = makers.add_person("A1", makers.add_agency("SNV", "Sở Nội vụ"), activated=False)
    makers.sit(made, DAY)
    makers.sit(made, DAY_2, number=2)
    return made


def earned(session: Session, person: int, now: datetime = CLOSED_2) -> Earned | None:
    """What they have earned in the contest loaded."""
    session.rollback()
    return certificates.find_earned(session, contests.get_current(session), person, now)


def weeks(session: Session, person: int, now: datetime = CLOSED_2) -> tuple[int, ...]:
    """The weeks of it."""
    found = earned(session, person, now)
    return found.weeks if found else ()


def issue(person: int, now: datetime = CLOSED_2) -> int:
    """Ask as the page does; the document's id."""
    with transaction() as session:
        return certificates.ask(session, person, KEY, CHECK_AT, now)


def facts(session: Session, document: int) -> dict[str, str]:
    """What a document will be made from."""
    session.rollback()
    return dict(json.loads(session.get_one(DbDocument, document).facts))


def set_aside(session: Session, person: int, number: int) -> None:
    """What deciding an incident does to an attempt."""
    week = makers.week(session, number).id
    decided = {"decision_number": "1", "reason": "x", "proposed_by": person, "proposed_at": DAY}
    with transaction() as writing:
        row = DbIncident(week_id=week, kind="resit", began_at=DAY, ended_at=DAY + MS, **decided)
        writing.add(row)
        writing.flush()
        mine = (DbAttempt.person_id == person, DbAttempt.week_id == week)
        writing.execute(update(DbAttempt).where(*mine).values(annulled_by=row.id))


def test_a_week_counts_from_the_moment_it_is_over(session: Session, person: int) -> None:
    assert earned(session, person, CLOSED - MS) is None
    assert weeks(session, person, CLOSED) == (1,)
    assert weeks(session, person, CLOSED_2 - MS) == (1,)
    assert weeks(session, person) == (1, 2)


def test_only_attempts_that_stand_count(session: Session, person: int) -> None:
    set_aside(session, person, 1)
    assert weeks(session, person) == (2,)
    set_aside(session, person, 2)
    assert earned(session, person) is None
    assert refused(lambda: issue(person)) == "certificate_not_earned"


def test_an_attempt_that_nobody_handed_in_counts(session: Session, person: int) -> None:
    late = makers.add_person("A2", 1, activated=False)
    with transaction() as writing:
        makers.start(writing, late, makers.week(writing), DAY, makers.code(99))
    assert weeks(session, late, CLOSED) == (1,)


def test_who_has_not_taken_part_gets_none(session: Session, person: int) -> None:
    assert refused(lambda: issue(makers.add_person("A2", 1, activated=False))) == "certificate_not_earned"


def test_the_agency_is_the_one_of_the_last_start(session: Session, person: int) -> None:
    other = makers.add_agency("CT", "Cục Thuế")
    moved = DAY_2 + timedelta(days=1)
    with transaction() as writing:
        writing.execute(update(DbMembership).where(DbMembership.person_id == person).values(until=moved))
        writing.add(DbMembership(person_id=person, agency_id=other, since=moved))
        writing.execute(update(DbPerson).where(DbPerson.id == person).values(agency_id=other))
    found = earned(session, person)
    assert found
    assert found.agency == "Sở Nội vụ"


def test_the_same_asked_again_is_the_same_file_of_the_same_day(session: Session, person: int) -> None:
    first = issue(person)
    assert issue(person, CLOSED_2 + timedelta(days=3)) == first
    assert facts(session, first)["issued_at"] == "2024-10-18T17:00:05.001000+07:00"
    assert make(session, first) == make(session, first)


def make(session: Session, document: int) -> File:
    """The file of a document."""
    given = Work(asked_by=0, facts=dict(facts(session, document)), now=CLOSED_2, tell=lambda _done, _of: None)
    return certificates.make(session, given)


def test_a_new_week_is_written_into_it_under_the_same_code(session: Session, person: int) -> None:
    first, second = issue(person, CLOSED), issue(person)
    assert first != second
    early, late = facts(session, first), facts(session, second)
    assert (early["weeks"], late["weeks"]) == ("Tuần 1 (1 trong 2 tuần thi)", "Tuần 1 và 2 (2 trong 2 tuần thi)")
    assert early["code"] == late["code"]
    assert session.scalars(select(DbCertificate.weeks)).all() == ["1 2"]
    assert make(session, second).name == "Giấy chứng nhận tham gia – Nguyễn Thị Hương.pdf"


def test_the_public_page_confirms_what_the_certificate_says(session: Session, person: int) -> None:
    code = facts(session, issue(person))["code"]
    found = certificates.check(session, code, CLOSED_2)
    assert (found.name, found.agency, found.contest.title, found.week_names) == (
        "Nguyễn Thị Hương",
        "Sở Nội vụ",
        "Hội thi thử nghiệm",
        ("Tuần 1", "Tuần 2"),
    )
    with transaction() as writing:
        writing.execute(update(DbPerson).values(name="Tên Khác"))
    assert certificates.check(session, code.lower().replace("-", " "), CLOSED_2).name == "Nguyễn Thị Hương"


def test_the_public_page_does_not_confirm_what_was_set_aside_since(session: Session, person: int) -> None:
    code = facts(session, issue(person))["code"]
    set_aside(session, person, 1)
    assert certificates.check(session, code, CLOSED_2).weeks == (2,)
    set_aside(session, person, 2)
    assert refused(lambda: certificates.check(session, code, CLOSED_2)) == "certificate_missing"


def test_a_code_that_was_not_issued_is_none(session: Session, person: int) -> None:
    code = code_of(KEY, 1, person)
    for typed in (code, "", "A" * 20, "../../etc", "%", "Ấ" * 20, "A" * 10_000):
        assert refused(lambda typed=typed: certificates.check(session, typed, CLOSED_2)) == "certificate_missing"


def test_codes_are_long_and_depend_on_key_contest_and_person() -> None:
    codes = {code_of(key, contest, who) for key in (KEY, b"other") for contest in (1, 12) for who in (1, 3, 23)}
    assert len(codes) == 12
    for code in codes:
        assert re.fullmatch(r"[A-Z2-7]{20}", code)
        assert re.fullmatch(r"[A-Z2-7]{5}(-[A-Z2-7]{5}){3}", grouped(code))
        assert read_code(grouped(code)) == read_code(f"  {code.lower()} ") == code


def test_letters_taken_for_others_are_read_as_they_were_meant() -> None:
    assert read_code("0ABCD-1ABCD-8ABCD-ABCDE") == "OABCDIABCDBABCDABCDE"
    assert read_code("A" * 20 + " " * 80 + "and whatever else") == ""
    assert [read_code(typed) for typed in ("", "A" * 19, "A" * 21, "9" * 20, "ABCDE_FGHIJ_KLMNO_PQRST")] == [""] * 5


def test_weeks_are_named_as_people_name_them(session: Session) -> None:
    makers.load_contest()
    rules = contests.get_current(session).rules
    assert [in_words(rules, numbers) for numbers in ((2,), (1, 2), (1, 2, 4))] == [
        "Tuần 2 (1 trong 2 tuần thi)",
        "Tuần 1 và 2 (2 trong 2 tuần thi)",
        "Tuần 1, 2 và 4 (3 trong 2 tuần thi)",
    ]
