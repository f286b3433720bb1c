"""Whatever the clocks of several machines show, everybody goes by that of the database, and nobody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine

from quiz import clock
from quiz.app import create_app
from quiz.config import Config
from quiz.services import shared_clock
from quiz.services.shared_clock import SharedClock
from tests.conftest import SECRET

SECOND = timedelta(seconds=1)
Wrong = Callable[[timedelta], None]


@pytest.fixture(autouse=True)
def _nothing_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_answer", None)


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> Wrong:
    """Put the clock of this machine wrong."""
    return lambda by: monkeypatch.setattr(clock, "machine", lambda: datetime.now(UTC) + by)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """What a clock has answered that is not asked over a network."""
    answers: list[datetime] = []

    def follow(_ask: object) -> None:
        answers.append(datetime.now(UTC))
        followed(lambda: answers[-1])

    followed = clock.follow
    monkeypatch.setattr(clock, "follow", follow)
    monkeypatch.setattr(shared_clock, "_read", lambda _connection: None)
    return answers


def shared() -> SharedClock:
    """A clock that nothing needs to be connected for."""
    made = SharedClock("postgresql+psycopg://nobody@127.0.0.1:1/none")
    made._engine = create_engine("sqlite://")
    return made


def is_right(moment: datetime) -> bool:
    return abs(moment - datetime.now(UTC)) < SECOND


@pytest.mark.parametrize("apart", [90 * SECOND, -90 * SECOND, timedelta(hours=1)])
def test_two_machines_tell_the_same_time(postgresql_server: str, wrong: Wrong, apart: timedelta) -> None:
    app = create_app(Config(database_url=postgresql_server, secret_key=SECRET))
    wrong(apart)
    assert not is_right(clock.now())
    assert is_right(app.config["CLOCK"]())
    assert is_right(clock.now())  # the scheduler's jobs ask this one


@pytest.mark.usefixtures("asked")
def test_a_clock_that_is_set_while_people_sit_changes_nothing(wrong: Wrong) -> None:
    now = shared()
    assert is_right(now())
    for step in (timedelta(hours=1), timedelta(hours=-1)):
        wrong(step)
        assert is_right(now())


def test_the_database_is_asked_once_a_minute_and_after_a_jump(
    asked: list[datetime], wrong: Wrong, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_clock, "AGAIN_AFTER_SECONDS", 0)
    now = shared()
    for _ in range(1000):
        now()
    assert len(asked) == 1
    wrong(SECOND)
    now()
    assert len(asked) == 2
    monkeypatch.setattr(clock, "ASKED_EVERY", 0)
    now()
    with now._asking:  # the thread has finished
        assert len(asked) == 3


@pytest.mark.usefixtures("asked")
def test_while_the_database_is_away_its_last_answer_carries_on(wrong: Wrong, monkeypatch: pytest.MonkeyPatch) -> None:
    now = shared()
    now()
    now._engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    monkeypatch.setattr(shared_clock, "AGAIN_AFTER_SECONDS", 0)
    wrong(90 * SECOND)
    assert is_right(now())
    monkeypatch.setattr(clock, "_answer", None)
    assert is_right(now() - 90 * SECOND)  # nothing better is known


def test_an_embedded_database_has_the_clock_of_its_machine() -> None:
    app = create_app(Config(database_url="sqlite://", secret_key=SECRET))
    assert app.config["CLOCK"] is clock.now
