"""Approving rulings at once, and while others publish, on both databases."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.results import DbPublication
from quiz.permissions import Role
from quiz.scoring.rulings import Kind
from quiz.services import Actor, publishing, ruling_preview, rulings, transaction
from tests import makers
from tests.services import results_scene as scene
from tests.services.results_scene import CLOSED
from tests.services.test_races import at_once


@pytest.fixture
def staff(session: Session, sat: dict[str, int]) -> list[int]:
    """Organisers, the first of whom proposes; the week is marked."""
    agency = makers.add_agency("BTC")
    made = [makers.add_person(f"T{n}", agency, roles=[Role.ORGANISER], activated=False) for n in range(5)]
    scene.mark()
    return made


def propose(staff: list[int], question: str) -> int:
    """The first organiser proposes to void a question."""
    with transaction(Actor(staff[0])) as session:
        terms = rulings.Terms(bank="", question_id=question, kind=Kind.VOID, letters="", number="1", reason="Sai")
        return rulings.propose(session, makers.week(session), terms, Actor(staff[0]), CLOSED)


def seen(session: Session, made: int) -> str:
    """What the preview shows."""
    session.rollback()
    digest = rulings.shown(session, made, CLOSED).digest
    session.rollback()
    return digest


def approve(made: int, by: int, digest: str) -> str:
    """Approve; the refusal's code, or ''."""
    try:
        with transaction(Actor(by)) as session:
            rulings.approve(session, made, digest, Actor(by), CLOSED)
    except Refused as refusal:
        return refusal.code
    return ""


def test_one_ruling_approved_at_once_is_approved_once(app: Flask, session: Session, staff: list[int]) -> None:
    made = propose(staff, "T-001")
    ruling_preview.compute_waiting(lambda: CLOSED)
    digest = seen(session, made)
    said = at_once(app, lambda place: approve(made, staff[1 + place], digest), 4)
    assert sorted(said) == ["", *["decision_moved_on"] * 3]
    acts = session.scalars(select(DbAuditEntry.act).where(DbAuditEntry.act == "approve_ruling")).all()
    assert len(acts) == 1


def test_of_two_rulings_on_a_week_at_once_one_has_to_be_looked_at_again(
    app: Flask, session: Session, staff: list[int]
) -> None:
    made = [propose(staff, question) for question in ("T-001", "T-002")]
    ruling_preview.compute_waiting(lambda: CLOSED)
    digests = [seen(session, each) for each in made]
    said = at_once(app, lambda place: approve(made[place], staff[1 + place], digests[place]), 2)
    assert sorted(said) == ["", "decision_changed"]


def test_nothing_is_published_that_an_approval_has_just_changed(app: Flask, session: Session, staff: list[int]) -> None:
    made = propose(staff, "T-001")
    ruling_preview.compute_waiting(lambda: CLOSED)
    digest, shown = seen(session, made), publishing.draft(session, makers.week(session), CLOSED).digest
    session.rollback()

    def act(place: int) -> str:
        if not place:
            return approve(made, staff[1], digest)
        by = Actor(staff[2])
        try:
            with transaction(by) as writing:
                publishing.publish(writing, makers.week(writing), shown, "", by, CLOSED)
        except Refused as refusal:
            return refusal.code
        return ""

    approved, published = at_once(app, act, 2)
    assert (approved, published) in {("", ""), ("", "not_marked")}
    session.rollback()
    assert [row.number for row in session.scalars(select(DbPublication))] == ([] if published else [1])
    assert makers.week(session).marked_at is None
