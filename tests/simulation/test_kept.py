"""A simulated week left closed and unmarked, for practising a publication."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from quiz.config import ROOT
from quiz.contest.schedule import Phase
from quiz.contest.schedule_files import parse_contest
from quiz.models.attempts import DbAttempt
from quiz.services import accounts, installations, marking, passwords, results, transaction
from quiz.simulation import kept
from tests import makers

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
CONTEST = (ROOT / "schedules" / "hai-phong-2024.yaml").read_bytes()
BANK = {"": (ROOT / "question_bank.yaml").read_bytes()}


@pytest.mark.parametrize("hours", range(0, 30, 7))
def test_the_first_week_has_closed_within_the_last_day(hours: int) -> None:
    now = NOW + timedelta(hours=hours)
    closes_at = parse_contest(kept.moved_to(CONTEST, now)).weeks[0].closes_at
    assert timedelta(hours=1) <= now - closes_at < timedelta(hours=26)


def test_every_week_keeps_its_hours_and_its_distance() -> None:
    before, after = (parse_contest(source).weeks for source in (CONTEST, kept.moved_to(CONTEST, NOW)))
    moved = {new.opens_at - old.opens_at for old, new in zip(before, after, strict=True)}
    assert len(moved) == 1
    assert moved.pop() % timedelta(days=1) == timedelta(0)


def test_an_organiser_finds_a_closed_week_to_mark(session: Session) -> None:
    session.rollback()
    fresh_until = kept.leave_closed(CONTEST, BANK, 30, NOW, "mot cau mat khau dai", makers.sealer(), lambda *_: None)
    assert fresh_until > NOW
    assert installations.is_demo(session)
    week = makers.week(session)
    assert (week.week.phase_at(NOW), week.marked_at) == (Phase.CLOSED, None)
    attempts = session.query(DbAttempt).count()
    assert 20 <= attempts <= 30
    with transaction() as writing:
        assert marking.mark_week(writing, makers.week(writing), NOW) == attempts
    assert len(results.provisional(session, makers.week(session)).winners) == 6
    for account in kept.SIGN_INS:
        candidate = accounts.find_candidate(session, account.staff_code, "192.0.2.1", NOW)
        assert passwords.is_right("mot cau mat khau dai", candidate.password_hash)
        person = accounts.find(session, candidate.person_id or 0)
        assert person
        assert account.role in person.roles
