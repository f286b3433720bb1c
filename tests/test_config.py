"""The settings: what silence means, and that every wrong setting names its variable."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from quiz.config import Config, from_environment

SECRET = "s" * 32
NEEDED = {"QUIZ_DATABASE_URL": "sqlite:///quiz.sqlite3", "QUIZ_SECRET_KEY": SECRET}


def test_silence_means_the_safe_settings() -> None:
    assert from_environment(NEEDED) == Config(
        database_url="sqlite:///quiz.sqlite3",
        secret_key=SECRET,
        https=True,
        trusted_proxies=0,
        password_minimum=14,
        staff_idle=timedelta(minutes=30),
        participant_session=timedelta(days=8),
        heads_file=Path("quiz.sqlite3.heads"),
        database_disk=None,
        disk_full_percent=90,
        metrics_token="",
        metrics_port=0,
        testing=False,
    )


def test_settings_made_in_code_are_safe_too() -> None:
    made = Config(database_url="sqlite:///quiz.sqlite3", secret_key=SECRET, heads_file=Path("quiz.sqlite3.heads"))
    assert made == from_environment(NEEDED)


def test_every_variable_sets_its_field() -> None:
    environment = {
        "QUIZ_DATABASE_URL": "postgresql+psycopg://quiz@db/quiz",
        "QUIZ_SECRET_KEY": SECRET + "t",
        "QUIZ_HTTPS": "0",
        "QUIZ_TRUSTED_PROXIES": "2",
        "QUIZ_PASSWORD_MINIMUM": "20",
        "QUIZ_STAFF_IDLE_MINUTES": "15",
        "QUIZ_SESSION_DAYS": "3",
        "QUIZ_HEADS_FILE": "/srv/heads",
        "QUIZ_DATABASE_DISK": "/srv/postgresql",
        "QUIZ_DISK_FULL_PERCENT": "95",
        "QUIZ_METRICS_TOKEN": "known to monitoring alone",
        "QUIZ_METRICS_PORT": "9100",
        "PATH": "/usr/bin",
    }
    assert from_environment(environment) == Config(
        database_url="postgresql+psycopg://quiz@db/quiz",
        secret_key=SECRET + "t",
        https=False,
        trusted_proxies=2,
        password_minimum=20,
        staff_idle=timedelta(minutes=15),
        participant_session=timedelta(days=3),
        heads_file=Path("/srv/heads"),
        database_disk=Path("/srv/postgresql"),
        disk_full_percent=95,
        metrics_token="known to monitoring alone",
        metrics_port=9100,
    )


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_variable_is_named(name: str, value: str | None) -> None:
    environment = {key: text for key, text in NEEDED.items() if key != name} | ({} if value is None else {name: value})
    with pytest.raises(ValueError, match=rf"^{name} is not set; see README\.md, section Configuration$"):
        from_environment(environment)


@pytest.mark.parametrize("secret", ["s", "s" * 31])
def test_a_short_secret_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match=r"^QUIZ_SECRET_KEY must have at least 32 characters$"):
        from_environment(NEEDED | {"QUIZ_SECRET_KEY": secret})


@pytest.mark.parametrize(("text", "https"), [("1", True), ("0", False)])
def test_a_switch_is_0_or_1(text: str, https: bool) -> None:
    assert from_environment(NEEDED | {"QUIZ_HTTPS": text}).https is https


@pytest.mark.parametrize("text", ["", "2", "true", "no", " 1"])
def test_a_wrong_switch_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=f"^QUIZ_HTTPS must be 0 or 1, not {re.escape(repr(text))}$"):
        from_environment(NEEDED | {"QUIZ_HTTPS": text})


@pytest.mark.parametrize(
    "name", ["QUIZ_TRUSTED_PROXIES", "QUIZ_PASSWORD_MINIMUM", "QUIZ_STAFF_IDLE_MINUTES", "QUIZ_SESSION_DAYS"]
)
@pytest.mark.parametrize("text", ["", "-1", "1.5", "ten", " 1"])
def test_a_wrong_number_is_named(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} must be a whole number, not {re.escape(repr(text))}$"):
        from_environment(NEEDED | {name: text})


@pytest.mark.parametrize(
    ("url", "is_sqlite"),
    [("sqlite://", True), ("sqlite:////var/lib/quiz.sqlite3", True), ("postgresql+psycopg://quiz@db/quiz", False)],
)
def test_sqlite_is_known_by_its_url(url: str, is_sqlite: bool) -> None:
    assert Config(database_url=url, secret_key=SECRET).is_sqlite is is_sqlite


def test_an_error_never_shows_the_secret() -> None:
    with pytest.raises(ValueError, match="QUIZ_SECRET_KEY") as raised:
        from_environment(NEEDED | {"QUIZ_SECRET_KEY": "hush"})
    assert "hush" not in str(raised.value)


def test_id_numbers_are_hashed_with_a_key_that_follows_the_secret_without_giving_it_away() -> None:
    keys = {Config(database_url="sqlite://", secret_key=secret).id_number_key for secret in (SECRET, SECRET + "t")}
    assert len(keys) == 2
    assert {len(key) for key in keys} == {32}
    assert [key for key in keys if SECRET.encode() in key] == []
