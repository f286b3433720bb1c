"""Lots by a public value: nobody is parted before it is known; one types it, another signs."""

from __future__ import annotations

import hmac
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.contest.due import Due
from quiz.models.contests import DbWeek
from quiz.models.results import DbStanding
from quiz.permissions import Role
from quiz.services import Actor, lots, publishing, today_results, today_waiting, transaction
from quiz.services.lots import Drawing
from quiz.services.published import Publication, PublishedTie
from tests import makers
from tests.kept import kept
from tests.services import results_scene as scene
from tests.services.desk_scene import due, told
from tests.services.results_scene import CLOSED, DAY, MINUTE, mark, publish, refused, standings, winners

EVENT = "Giải đặc biệt xổ số miền Bắc ngày thứ Hai sau khi tuần thi đóng"
LATER = CLOSED + timedelta(hours=3)
VALUE = "Giải đặc biệt 90817"
Staff = tuple[Actor, Actor]


@pytest.fixture
@kept
def staff(session: Session) -> Staff:
    """A week of five people: A, then B, C and D equal in everything at two second prizes and a third, then E."""
    makers.load_contest(makers.CONTEST + f"lot: {{event: {EVENT}}}\n")
    people = scene.add_people("ABCDE")
    makers.sit(people["A"], DAY, MINUTE)
    for code in "BCD":
        makers.sit(people[code], DAY, 2 * MINUTE)
    makers.sit(people["E"], DAY, 3 * MINUTE, 4)
    mark()
    agency = makers.add_agency("BTC")
    made = [makers.add_person(f"T{n}", agency, roles=[Role.ORGANISER], activated=False) for n in range(2)]
    return Actor(made[0]), Actor(made[1])


def propose(actor: Actor, value: str = VALUE, reason: str = "Bốc thăm theo thể lệ") -> int:
    """Type the value as the page does."""
    with transaction(actor) as session:
        return lots.propose(session, makers.week(session), value, "7/BB-BTC", reason, actor, LATER)


def shown(session: Session, made: int) -> Drawing:
    """What the page shows."""
    session.rollback()
    session.expire_all()
    return lots.get(session, makers.week(session).contest, made)


def approve(actor: Actor, made: int, seen: str) -> None:
    """Sign what was seen."""
    with transaction(actor) as session:
        lots.approve(session, made, seen, actor, LATER)


def draw(session: Session, staff: Staff, value: str = VALUE, reason: str = "Bốc thăm theo thể lệ") -> Drawing:
    """Type, sign and rank anew."""
    made = propose(staff[0], value, reason)
    approve(staff[1], made, shown(session, made).digest)
    mark(LATER + MINUTE)
    return shown(session, made)


def by_ticket(drawing: Drawing, value: str) -> list[str]:
    """The codes in the order in which anybody draws them."""
    (tie,) = drawing.ties
    return sorted(tie.codes, key=lambda code: hmac.digest(value.encode(), f"lot|{code}".encode(), "sha256"))


def codes(session: Session) -> list[str]:
    """The codes of week 1 as they stand."""
    session.rollback()
    week = makers.week(session).id
    rows = select(DbStanding.attempt_code).where(DbStanding.week_id == week).order_by(DbStanding.place)
    return list(session.scalars(rows))


def of_results(session: Session, staff: Staff) -> list[Due]:
    """What results make due."""
    return due(session, today_results.after_closing, staff[0].id or 0, LATER)


def published(session: Session, actor: Actor, reason: str = "") -> Publication:
    """Publish what stands."""
    return publish(session, actor, now=LATER, reason=reason)


def test_equals_at_a_prize_wait_until_the_value_is_known(session: Session, staff: Staff) -> None:
    assert winners(session) == [("Giải Nhất", 1, "A"), ("Giải Ba", 5, "E")]
    first = published(session, staff[0])
    assert first.divisions[0].tied == (PublishedTie(prizes=("02 Giải Nhì", "01 Giải Ba"), people=3, lot_event=EVENT),)
    assert (first.lot_seed, first.lot) == ("", None)
    waits = [one.facts for one in of_results(session, staff) if one.page == "lots.listing"]
    assert waits == [{"round": "Tuần 1", "count": 1, "event": EVENT}]


def test_the_value_draws_the_order_that_anybody_computes(session: Session, staff: Staff) -> None:
    drawing = draw(session, staff, " Giải\u00a0đặc bie\u0323\u0302t  90817 ")
    assert (drawing.value, drawing.is_in_force, drawing.ties[0].place) == (VALUE, True, 2)
    order = by_ticket(drawing, VALUE)
    assert codes(session)[1:4] == order
    assert [(rank, step) for _, rank, _, step in standings(session)][1:4] == [(2, "lot"), (2, "lot"), (2, "score")]
    lot = published(session, staff[0]).lot
    assert lot is not None
    assert (lot.event, lot.value, lot.decision, lot.moment) == (EVENT, VALUE, "7/BB-BTC", LATER)
    (tie,) = lot.ties
    assert (tie.place, tie.people, tie.prizes) == (2, 3, ("02 Giải Nhì", "01 Giải Ba"))
    assert [code for code, _ in tie.tickets] == order
    assert of_results(session, staff) == []


def test_nobody_reads_a_new_place_before_it_is_published(session: Session, staff: Staff) -> None:
    published(session, staff[0])
    draw(session, staff)
    session.rollback()
    assert not publishing.is_as_marked(session, makers.week(session))


def test_two_people_sign_and_what_is_signed_stays(session: Session, staff: Staff) -> None:
    made = propose(staff[0])
    for viewer, urgency in zip(staff, ("information", "today"), strict=True):
        waits = told(due(session, today_waiting.lots, viewer.id or 0, LATER))
        assert waits == [(urgency, "lots.one", {"count": 1, "numbers": "7/BB-BTC"})]
    seen = shown(session, made).digest
    assert refused(lambda: approve(staff[0], made, seen)) == "decision_needs_two"
    assert refused(lambda: approve(staff[1], made, "x")) == "decision_changed"
    approve(staff[1], made, seen)
    assert refused(lambda: approve(staff[1], made, seen)) == "decision_moved_on"
    mark(LATER)
    assert refused(lambda: propose(staff[0])) == "lot_value_same"


def test_a_correction_is_a_decision_of_its_own_and_needs_a_reason(session: Session, staff: Staff) -> None:
    first = draw(session, staff)
    assert published(session, staff[0]).number == 1
    assert refused(lambda: propose(staff[0], "11111", " ")) == "reason_missing"
    second = draw(session, staff, "11111", "Nhập nhầm kết quả ngày khác")
    assert codes(session)[1:4] == by_ticket(second, "11111") != by_ticket(first, VALUE)
    assert not shown(session, first.decision.id).is_in_force
    again = published(session, staff[0], "Sửa giá trị bốc thăm")
    assert again.number == 2
    assert again.lot is not None
    assert again.lot.value == "11111"


@pytest.mark.parametrize(
    ("value", "code"),
    [(" \n", "lot_value_missing"), ("9" * 201, "lot_value_long"), ("90\u200b817", "lot_value_unreadable")],
)
def test_values_that_cannot_be_written_down(staff: Staff, value: str, code: str) -> None:
    assert refused(lambda: propose(staff[0], value)) == code


def test_lots_are_drawn_for_a_marked_week_of_such_rules_only(session: Session, staff: Staff) -> None:
    with transaction() as writing:
        assert refused(lambda: lots.check(writing, makers.week(writing, 2), LATER)) == "not_closed"
        writing.get_one(DbWeek, makers.week(writing).id).marked_at = None
    assert refused(lambda: propose(staff[0])) == "not_marked"


def test_seeds_are_not_typed_in(sat: dict[str, int]) -> None:
    mark()
    assert refused(lambda: propose(scene.add_organiser())) == "lot_by_seed"
