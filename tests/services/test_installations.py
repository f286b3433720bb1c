"""A demo and a real contest can never share a database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.contests import DbInstallation
from quiz.services import installations, transaction
from tests import makers

NOW = makers.BEFORE


def claim(act: Callable[..., None], days: int = 0) -> None:
    """Claim the database, so many days later."""
    with transaction() as session:
        act(session, NOW + timedelta(days=days))


def kinds(session: Session) -> list[tuple[str, object]]:
    """What the database says of itself."""
    session.rollback()
    return [(row.kind, row.since) for row in session.scalars(select(DbInstallation))]


def test_a_new_database_is_neither(session: Session) -> None:
    assert not installations.is_demo(session)
    assert kinds(session) == []


def test_a_new_database_can_be_a_demo_and_stays_one(session: Session) -> None:
    claim(installations.claim_for_demo)
    makers.load_contest()
    makers.add_person("A1", makers.add_agency(), activated=False)
    claim(installations.claim_for_demo, days=1)
    claim(installations.claim_as_real, days=2)
    assert kinds(session) == [("demo", NOW)]
    assert installations.is_demo(session)


@pytest.mark.parametrize(
    "use",
    [
        lambda: claim(installations.claim_as_real),
        makers.load_contest,
        lambda: makers.add_person("A1", makers.add_agency(), activated=False),
    ],
    ids=["claimed", "contest", "person"],
)
def test_a_real_database_or_one_in_use_cannot_become_a_demo(session: Session, use: Callable[[], object]) -> None:
    use()
    before = kinds(session)
    with pytest.raises(Refused) as caught:
        claim(installations.claim_for_demo)
    assert caught.value.code == "not_a_demo"
    assert kinds(session) == before
    assert not installations.is_demo(session)


def test_real_data_claims_the_database_once(session: Session) -> None:
    claim(installations.claim_as_real)
    claim(installations.claim_as_real, days=1)
    assert kinds(session) == [("real", NOW)]
