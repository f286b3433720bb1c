"""What the organiser sees of a marked week: places with their reasons, and winners who may win."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.models.people import DbAgency, DbMembership, DbPerson, DbRoleGrant
from quiz.permissions import Role
from quiz.services import results, transaction
from tests import makers
from tests.services import results_scene as scene
from tests.services.results_scene import DAY, MINUTE, MS, ORDER, bar, mark, shown, standings, winners


def test_every_winner_can_say_why(session: Session, sat: dict[str, int]) -> None:
    mark()
    first = shown(session).winners[0]
    assert first.why == (
        "cùng 5/5 câu đúng và cùng 3 phút 00 giây, nộp bài sớm hơn hạng 2 "
        "(10:03:00,000 ngày 07/10 so với 10:04:00,412 ngày 07/10)"
    )
    assert first.why_in_public == "cùng 5/5 câu đúng và cùng 3 phút 00 giây, nộp bài sớm hơn hạng 2"


def test_prizes_go_to_the_first_six_and_never_to_nobody_right(session: Session, people: dict[str, int]) -> None:
    for place, code in enumerate("ABCD"):
        makers.sit(people[code], DAY, (place + 1) * MINUTE, right=5 - place)
    makers.sit(people["E"], DAY, right=0)
    mark()
    assert winners(session) == [
        ("Giải Nhất", 1, "A"),
        ("Giải Nhì", 2, "B"),
        ("Giải Nhì", 3, "C"),
        ("Giải Ba", 4, "D"),
    ]


def test_somebody_barred_after_sitting_is_struck_and_the_next_moves_up(session: Session, sat: dict[str, int]) -> None:
    mark()
    before = winners(session)
    bar(sat["B"], session)
    after = winners(session)
    assert [code for _, _, code in before] == [code for _, _, code, _ in standings(session)[:6]]
    assert [code for _, _, code in after] == [code for _, _, code, _ in standings(session)[:7] if code != "B"]
    assert after[:2] == [("Giải Nhất", 1, "A"), ("Giải Nhì", 3, "C")]
    top = {person.name[-1]: person.struck for person in shown(session).divisions[0].top}
    assert top == {code: "Thành viên Ban Tổ chức" if code == "B" else None for code in ORDER}
    assert shown(session).winners[0].why_in_public == (
        "cùng 5/5 câu đúng, làm bài nhanh hơn hạng 3 là 1 giây (3 phút 00 giây so với 3 phút 01 giây)"
    )


def test_somebody_who_became_staff_after_sitting_is_struck(session: Session, sat: dict[str, int]) -> None:
    mark()
    with transaction() as writing:
        writing.add(DbRoleGrant(person_id=sat["A"], role=Role.INSPECTOR))
        writing.add(DbRoleGrant(person_id=sat["B"], role=Role.COORDINATOR))
    assert winners(session)[0] == ("Giải Nhất", 2, "B")


def move(code: str, to: str, when: datetime) -> None:
    """The roster moves somebody to another agency."""
    with transaction() as writing:
        person = writing.scalars(select(DbPerson).where(DbPerson.staff_code == code)).one()
        held = writing.scalars(select(DbMembership).where(DbMembership.person_id == person.id)).one()
        agency = writing.scalars(select(DbAgency).where(DbAgency.code == to)).one()
        held.until, person.agency_id = when, agency.id
        writing.add(DbMembership(person_id=person.id, agency_id=agency.id, since=when))


def test_winners_are_named_with_the_agency_for_which_they_counted(session: Session, sat: dict[str, int]) -> None:
    """A moves after the opening, B before it; L is listed once the week is open."""
    move("A", "H2", makers.WEEK_1 + MINUTE)
    move("B", "H2", makers.WEEK_1)
    late = makers.add_person("L", makers.add_agency("H3"), "Lê Thị L", now=DAY, activated=False)
    makers.sit(late, DAY + MINUTE, MINUTE)
    mark()
    assert [(winner.ranked.name[-1], winner.ranked.agency) for winner in shown(session).winners[:3]] == [
        ("L", "Cơ quan H3"),
        ("A", "Cơ quan H1"),
        ("B", "Cơ quan H2"),
    ]


def test_where_people_register_by_themselves_the_agency_at_the_close_is_named(session: Session) -> None:
    makers.load_contest(makers.CONTEST + "registration: open\n")
    people = scene.add_people("AB")
    makers.add_agency("H3")
    for place, (code, when) in enumerate((("A", makers.WEEK_1_ENDS), ("B", makers.WEEK_1_ENDS + MS))):
        makers.sit(people[code], DAY, (place + 1) * MINUTE)
        move(code, "H3", when)
    mark()
    assert [winner.ranked.agency for winner in shown(session).winners] == ["Cơ quan H3", "Cơ quan H1"]


def test_the_best_of_three_tries_counts_and_people_are_counted_once(session: Session) -> None:
    makers.load_contest(makers.CONTEST + "attempts: {per_week: 3, counts: best}\n")
    agency = makers.add_agency()
    for code, rights in (("A", (2, 5, 4)), ("B", (3,))):
        person = makers.add_person(code, agency, f"Lê Thị {code}", activated=False)
        for place, right in enumerate(rights):
            code_ = makers.code(10 * person + place)
            makers.sit(person, DAY + place * 20 * MINUTE, right=right, attempt_code=code_)
    assert mark() == 4
    assert [(place, code) for place, _, code, _ in standings(session)] == [(1, "A"), (2, "B")]
    week = makers.week(session)
    assert (results.count_attempts(session, week), results.count_ranked(session, week, "")) == (4, 2)
    assert results.score_bands(session, week, "") == {5: 1, 3: 1}


def test_bands_add_up(session: Session, sat: dict[str, int]) -> None:
    assert results.score_bands(session, makers.week(session), "") == {}
    mark()
    assert results.score_bands(session, makers.week(session), "") == {5: 3, 4: 2, 3: 1, 1: 1, 0: 1}


def test_every_place_can_be_read_with_its_reason_page_by_page(
    session: Session, sat: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    mark()
    bar(sat["G"], session)
    whole = shown(session).divisions[0]
    monkeypatch.setattr(results, "SHOWN", 3)
    found = shown(session)
    pages = [
        results.page_of(session, makers.week(session), found.divisions[0], found.struck, asked)
        for asked in (-1, 1, 2, 3, 4)
    ]
    assert [(page.number, page.last, len(page.people)) for page in pages] == [
        *((1, 3, 3), (1, 3, 3), (2, 3, 3)),
        *((3, 3, 2), (3, 3, 2)),
    ]
    assert (*pages[1].people, *pages[2].people, *pages[3].people) == whole.top
    assert [person.struck for person in pages[3].people] == ["Thành viên Ban Tổ chức", None]
