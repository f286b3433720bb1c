"""Collective awards: agencies get what their people did over the contest, with the last week and no earlier."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.models.people import DbMembership
from quiz.scoring.agency_ranking import AgencyPlace
from quiz.services import Actor, contests, publishing, transaction
from tests import makers
from tests.kept import kept
from tests.services import results_scene as scene
from tests.services.results_scene import DAY, DAY_2, MINUTE, mark, publish

RULES = """
attempts: {per_week: 2, counts: best}
collective:
  order: [average_score, prizes, entries]
  prize_points: {Giải Nhất: 10, Giải toàn cuộc: 100}
  least_participation: 30
  blocks:
    - {name: Khối A, prizes: [{name: Giải tập thể, count: 1, amount: 5000000}]}
"""
PRIZES = """prizes:
  - {name: Giải Nhất, count: 1}
  - {name: Giải toàn cuộc, count: 1, per: contest}
"""
SIX = makers.CONTEST[makers.CONTEST.index("prizes:") : makers.CONTEST.index("participation:")]


@pytest.fixture
@kept
def people(session: Session) -> dict[str, int]:
    """Two people of A with a child agency A1 of one, and two of B; all but the last of B sat."""
    makers.load_contest(makers.CONTEST.replace(SIX, PRIZES) + RULES)
    ids = {code: makers.add_agency(code, f"Sở {code}") for code in ("A", "B")}
    ids["A1"] = makers.add_agency("A1", "Chi cục A1", parent="A")
    made = {
        code: makers.add_person(code, ids[code[:-1]], f"Lê Thị {code}", activated=False)
        for code in ("AX", "AY", "A1X", "BX", "BY")
    }
    with transaction() as writing:
        contests.freeze_due_weeks(writing, makers.WEEK_1)
    for place, (code, right) in enumerate({"AX": 5, "AY": 3, "A1X": 1, "BX": 4}.items()):
        makers.sit(made[code], DAY, (place + 1) * MINUTE, right)
    makers.sit(made["BX"], DAY_2, right=5, number=2)
    makers.sit(made["BX"], DAY_2 + timedelta(hours=1), right=2, number=2, attempt_code=makers.code(99))
    return made


def places(session: Session, number: int = 2) -> list[AgencyPlace]:
    """The places of the only block, as the organiser sees them."""
    session.rollback()
    blocks = publishing.draft(session, makers.week(session, number), scene.CLOSED_2).collective
    return [place for block in blocks for place in block.places]


def test_agencies_answer_for_those_below_them(session: Session, people: dict[str, int]) -> None:
    scene.mark_both()
    assert [(p.rank, p.agency.code, p.agency.score, p.agency.full, p.agency.attempts) for p in places(session)] == [
        (1, "B", 9, 10, 3),
        (2, "A", 9, 15, 3),
        (3, "A1", 1, 5, 1),
    ]
    assert [dict(p.agency.prizes) for p in places(session)] == [
        {"Giải Nhất": 1, "Giải toàn cuộc": 1},
        {"Giải Nhất": 1},
        {},
    ]
    assert [p.prize.name if p.prize else "" for p in places(session)] == ["Giải tập thể", "", ""]


def test_nothing_before_the_last_week_and_every_other_are_marked(session: Session, people: dict[str, int]) -> None:
    mark(scene.CLOSED_2, 2)
    assert places(session) == []
    mark()
    assert places(session, 1) == []
    assert len(places(session)) == 3


def test_whoever_moved_counts_where_they_were_when_the_last_week_opened(
    session: Session, people: dict[str, int]
) -> None:
    with transaction() as writing:
        for code, moves_to in (("AY", people["BX"]), ("A1X", None)):
            held = writing.scalars(select(DbMembership).where(DbMembership.person_id == people[code])).one()
            held.until = makers.WEEK_2 - timedelta(days=1)
            if moves_to:
                agency = writing.scalars(select(DbMembership).where(DbMembership.person_id == moves_to)).one().agency_id
                writing.add(DbMembership(person_id=people[code], agency_id=agency, since=held.until))
    scene.mark_both()
    found = {place.agency.code: place.agency for place in places(session)}
    assert (found["B"].score, found["B"].full, found["B"].attempts) == (12, 15, 4)
    assert (found["A"].score, found["A"].full, found["A"].attempts) == (5, 5, 1)
    assert "A1" not in found  # nobody of theirs took part any more


def test_collective_awards_are_published_with_the_last_week_and_seen_before(
    session: Session, people: dict[str, int]
) -> None:
    organiser = scene.add_organiser()
    scene.mark_both()
    (block,) = publish(session, organiser, 2).collective
    assert [(place.rank, place.agency, place.prize) for place in block.places] == [
        (1, "Sở B", "Giải tập thể"),
        (2, "Sở A", ""),
        (3, "Chi cục A1", ""),
    ]
    assert block.places[0].why == "điểm trung bình 90,00% (9/10 điểm) so với 60,00% (9/15 điểm) của hạng 2"
    assert publish(session, organiser, 1).collective == ()
    changes_what_was_seen(session, organiser, people)


def changes_what_was_seen(session: Session, organiser: Actor, people: dict[str, int]) -> None:
    """Figures of agencies that no individual prize turns on."""
    session.rollback()
    seen = publishing.draft(session, makers.week(session, 2), scene.CLOSED_2).digest
    with transaction() as writing:
        held = writing.scalars(select(DbMembership).where(DbMembership.person_id == people["AY"])).one()
        held.until = makers.WEEK_1 - timedelta(days=1)

    def act() -> None:
        with transaction(organiser) as writing:
            publishing.publish(writing, makers.week(writing, 2), seen, "Sửa", organiser, scene.CLOSED_2)

    assert scene.refused(act) == "ranking_changed"


def test_whoever_registers_during_the_last_week_counts_for_their_agency(session: Session) -> None:
    makers.load_contest(makers.CONTEST.replace(SIX, PRIZES) + RULES + "registration: open\n")
    agency = makers.add_agency("A", "Sở A")
    late = makers.add_person("AX", agency, "Lê Thị AX", activated=False, now=makers.WEEK_2 + MINUTE)
    with transaction() as writing:
        contests.freeze_due_weeks(writing, makers.WEEK_2)
    makers.sit(late, DAY_2, right=5, number=2)
    scene.mark_both()
    (place,) = places(session)
    assert (place.agency.score, place.agency.full, place.agency.attempts) == (5, 5, 1)
