"""What is remembered of devices: a hash per attempt and contest, for a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.models.reviews import DbAttemptDevice
from quiz.services import devices, transaction
from tests.services import results_scene as scene
from tests.services.results_scene import CLOSED

KEY = b"a key of this installation"


def noted(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    rows = session.execute(select(DbAttemptDevice.attempt_code, DbAttemptDevice.device))
    return sorted(tuple(row) for row in rows)  # type: ignore[misc]


def note(code: str, device: str) -> None:
    with transaction() as writing:
        devices.note(writing, code, device)


def test_a_device_is_another_one_in_another_round_and_under_another_key() -> None:
    hashes = [devices.hashed(key, week, "A") for key in (KEY, KEY + b"2") for week in (1, 2)]
    assert len(set(hashes)) == 4
    assert {len(each) for each in hashes} == {16}
    assert devices.hashed(KEY, 1, "A") == hashes[0] != devices.hashed(KEY, 1, "B")


def test_a_device_noted_twice_is_one_and_two_are_two(session: Session, sat: dict[str, int]) -> None:
    code = scene.attempt_of(session, sat["A"])
    for device in ("one", "one", "two"):
        note(code, device)
    assert noted(session) == [(code, "one"), (code, "two")]


@pytest.mark.parametrize(("later", "kept"), [(devices.KEPT, True), (devices.KEPT + timedelta(days=1), False)])
def test_devices_are_forgotten_half_a_year_after_their_week(
    session: Session, sat: dict[str, int], later: timedelta, kept: bool
) -> None:
    note(scene.attempt_of(session, sat["A"]), "one")
    scene.mark()
    with transaction() as writing:
        assert devices.forget_old(writing, CLOSED - scene.GRACE - scene.MS + later) == (not kept)
    assert bool(noted(session)) is kept
