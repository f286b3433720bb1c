"""Approving while people start, save and hand in, and while others approve or publish, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.decisions import DbIncident
from quiz.permissions import Role
from quiz.services import Actor, allowances, attempts, contests, incidents, marking, publishing, transaction
from quiz.services.incident_plan import Kind
from quiz.services.incidents import Terms
from tests import makers
from tests.services.test_races import at_once

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
BEGAN = makers.WEEK_1 + timedelta(hours=2)
ENDED = BEGAN + 4 * MINUTE
NOW = BEGAN + 6 * MINUTE
CLOSES = makers.WEEK_1_ENDS
SHEET = ("A", "B", "C", "D", "A")
SITTING = 16


@pytest.fixture
def people(session: Session) -> list[int]:
    """People who may sit."""
    makers.load_contest()
    agency = makers.add_agency()
    return [makers.add_person(f"A{number}", agency, activated=False) for number in range(SITTING)]


@pytest.fixture
def staff(session: Session, people: list[int]) -> list[int]:
    """Organisers; the first one proposes."""
    agency = makers.add_agency("BTC")
    return [makers.add_person(f"T{n}", agency, roles=[Role.ORGANISER], activated=False) for n in range(5)]


def propose(staff: list[int], kind: Kind, number: str = "1") -> int:
    """The first organiser proposes."""
    how = {"began_at": BEGAN, "ended_at": ENDED}
    if kind is Kind.EXTEND:
        how = {"began_at": CLOSES - 9 * MINUTE, "ended_at": CLOSES, "extended_to": CLOSES + timedelta(days=1)}
    with transaction(Actor(staff[0])) as session:
        terms = Terms(kind=kind, number=number, reason="Mất điện", **how)  # type: ignore[arg-type]
        return incidents.propose(session, makers.week(session), terms, Actor(staff[0]), NOW)


def approve(made: int, by: int, seen: str) -> str:
    """Approve; the refusal's code, or ''."""
    try:
        with transaction(Actor(by)) as session:
            incidents.approve(session, made, seen, Actor(by), NOW)
    except Refused as refusal:
        return refusal.code
    return ""


def start(person: int, number: int, now: object = BEGAN) -> str:
    """Start as the page does."""
    with transaction() as session:
        return makers.start(session, person, makers.week(session), now, makers.code(number))  # type: ignore[arg-type]


def seen(session: Session, made: int) -> str:
    """What the preview shows."""
    digest = incidents.preview(session, made, NOW).digest
    session.rollback()
    return digest


def stored(session: Session) -> dict[str, DbAttempt]:
    """Every attempt as it is stored now."""
    session.rollback()
    return {row.code: row for row in session.scalars(select(DbAttempt).execution_options(populate_existing=True))}


def test_approvals_at_once_have_one_effect(app: Flask, session: Session, people: list[int], staff: list[int]) -> None:
    code = start(people[0], 1)
    made = propose(staff, Kind.GIVE_BACK)
    digest = seen(session, made)
    said = at_once(app, lambda place: approve(made, staff[1 + place], digest), 4)
    assert sorted(said) == ["", *["decision_moved_on"] * 3]
    assert stored(session)[code].returned_ms == 240_000
    acts = session.scalars(select(DbAuditEntry.act).where(DbAuditEntry.act == "approve_incident")).all()
    assert len(acts) == 1


def test_two_decisions_about_the_same_time_at_once_give_it_back_once(
    app: Flask, session: Session, people: list[int], staff: list[int]
) -> None:
    code = start(people[0], 1)
    made = [propose(staff, Kind.GIVE_BACK, number) for number in "123"]
    digests = [seen(session, each) for each in made]
    said = at_once(app, lambda place: approve(made[place], staff[1 + place], digests[place]), 3)
    assert sorted(said) == ["", "time_given_twice", "time_given_twice"]
    assert stored(session)[code].returned_ms == 240_000


def test_saves_during_an_approval_are_all_kept(
    app: Flask, session: Session, people: list[int], staff: list[int]
) -> None:
    codes = [start(person, number) for number, person in enumerate(people)]
    made = propose(staff, Kind.GIVE_BACK)
    digest = seen(session, made)

    def act(place: int) -> int:
        if place == SITTING:
            assert approve(made, staff[1], digest) == ""
            return 0
        for seq in range(1, 11):
            with transaction() as writing:
                sheet = ["ABCD"[(seq + place) % 4], *SHEET[1:]]
                attempts.save(writing, codes[place], people[place], seq, sheet, NOW)
        return 10

    assert at_once(app, act, SITTING + 1) == [*[10] * SITTING, 0]
    rows = stored(session)
    for place, code in enumerate(codes):
        assert rows[code].seq == 10
        assert rows[code].answers.startswith(f'["{"ABCD"[(10 + place) % 4]}"')
        assert rows[code].deadline_at == BEGAN + 14 * MINUTE


@pytest.mark.parametrize("kind", [Kind.GIVE_BACK, Kind.RESIT])
def test_hand_ins_during_an_approval_stay_ended(
    app: Flask, session: Session, people: list[int], staff: list[int], kind: Kind
) -> None:
    codes = [start(person, number) for number, person in enumerate(people)]
    made = propose(staff, kind)
    digest = seen(session, made)

    def act(place: int) -> attempts.Attempt | None:
        if place == SITTING // 2:
            assert approve(made, staff[1], digest) == ""
            return None
        with transaction() as writing:
            return attempts.hand_in(writing, codes[place], people[place], 1, SHEET, NOW + place * SECOND)

    receipts = [receipt for receipt in at_once(app, act, SITTING) if receipt]
    rows = stored(session)
    for receipt in receipts:
        row = rows[receipt.code]
        assert row.handed_in_at is not None
        assert (row.handed_in_at, row.seq, row.ended_by) == (receipt.handed_in_at, receipt.seq, receipt.ended_by)
        assert row.annulled_by == (made if kind is Kind.RESIT else None)
        assert row.returned_ms == (0 if kind is Kind.RESIT else 240_000)
    assert session.get_one(DbIncident, made).attempts == SITTING


def test_whoever_starts_while_a_week_is_extended_gets_the_whole_time(
    app: Flask, session: Session, people: list[int], staff: list[int]
) -> None:
    now = CLOSES - MINUTE
    makers.commit(BEGAN)
    made = propose(staff, Kind.EXTEND)
    digest = seen(session, made)

    def act(place: int) -> str:
        return approve(made, staff[1], digest) if place == SITTING // 2 else start(people[place], place, now)

    assert at_once(app, act, SITTING)[SITTING // 2] == ""
    rows = stored(session)
    assert {row.deadline_at for row in rows.values()} == {now + 10 * MINUTE}
    assert len(rows) == SITTING - 1


def test_nothing_is_approved_and_published_at_once(
    app: Flask, session: Session, people: list[int], staff: list[int]
) -> None:
    for place, person in enumerate(people[:3]):
        makers.sit(person, BEGAN, attempt_code=makers.code(place))
    made = propose(staff, Kind.GIVE_BACK)
    digest, now = seen(session, made), CLOSES + MINUTE
    with transaction() as writing:
        marking.mark_week(writing, makers.week(writing), now)
    digest = incidents.preview(session, made, now).digest
    shown = publishing.draft(session, makers.week(session), now).digest
    session.rollback()

    def act(place: int) -> str:
        by = Actor(staff[1 + place])
        try:
            with transaction(by) as writing:
                if place:
                    publishing.publish(writing, makers.week(writing), shown, "", by, now)
                else:
                    incidents.approve(writing, made, digest, by, now)
        except Refused as refusal:
            return refusal.code
        return ""

    approved, published = at_once(app, act, 2)
    assert (approved, published) in {("already_published", ""), ("", "not_marked")}
    assert {row.returned_ms for row in stored(session).values()} == ({0} if approved else {180_000})


def test_extra_time_approved_at_once_is_approved_once(
    app: Flask, session: Session, people: list[int], staff: list[int]
) -> None:
    with transaction(Actor(staff[0])) as writing:
        contest = contests.get_current(writing)
        how = {"staff_code": "A0", "minutes": 30, "number": "1", "reason": "x"}
        made = allowances.propose(writing, contest, actor=Actor(staff[0]), now=BEGAN, **how)  # type: ignore[arg-type]
        digest = allowances.preview(writing, made, BEGAN).digest

    def act(place: int) -> str:
        by = Actor(staff[1 + place])
        try:
            with transaction(by) as writing:
                allowances.approve(writing, made, digest, by, BEGAN)
        except Refused as refusal:
            return refusal.code
        return ""

    assert sorted(at_once(app, act, 4)) == ["", *["decision_moved_on"] * 3]
