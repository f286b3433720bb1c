"""The desk of somebody at a moment, and what is due on it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from quiz.contest.due import Due
from quiz.permissions import Role
from quiz.services import accounts, contests, transaction
from quiz.services.today_desk import Desk, Provider
from tests import makers


def add_staff(code: str = "TC1", role: Role = Role.ORGANISER) -> int:
    """Somebody at the desk; their id."""
    return makers.add_person(code, makers.add_agency(f"CQ-{code}"), f"Đỗ {code}", [role], activated=False)


def desk(session: Session, viewer: int, now: datetime) -> Desk:
    """The desk with what the openings have decided."""
    with transaction() as writing:
        contests.freeze_due_weeks(writing, now)
    session.rollback()
    person, contest = accounts.find(session, viewer), contests.get_current(session)
    assert person
    return Desk(contest=contest, rounds=contests.rounds(session, contest), viewer=person, now=now)


def due(session: Session, provider: Provider, viewer: int, now: datetime) -> list[Due]:
    """What one provider gives."""
    return list(provider(session, desk(session, viewer, now)))


def told(found: list[Due]) -> list[tuple[str, str, dict[str, object]]]:
    """How urgent each is, on which page it is done, and its facts."""
    return [(str(one.urgency), one.page, dict(one.facts)) for one in found]
