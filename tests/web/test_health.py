"""What a load balancer asks: an answer without session, and no for as long as the database or its migrations lack."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from flask import Flask
from sqlalchemy import text

from quiz.app import create_app
from quiz.config import Config
from quiz.models import db
from quiz.services import schema
from tests.conftest import SECRET, Clock
from tests.web.client import PageClient


def test_a_process_that_serves_says_so_to_anybody_and_leaves_no_cookie(app: Flask) -> None:
    for path in ("/healthz", "/readyz"):
        answer = app.test_client().get(path)
        assert (answer.status_code, answer.text) == (200, "ok\n")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers


def test_without_its_database_a_process_lives_and_is_not_ready(clock: Clock) -> None:
    nowhere = Config(database_url="sqlite:////nowhere/quiz.sqlite3", secret_key=SECRET, https=False)
    client = PageClient(create_app(nowhere, clock)).http
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text, answer.headers["Retry-After"]) == (503, "database away\n", "5")


def test_a_database_server_that_does_not_answer_is_given_up_soon(clock: Clock, silent_address: str) -> None:
    silent = Config(database_url=f"postgresql+psycopg://quiz@{silent_address}/quiz", secret_key=SECRET, https=False)
    began = time.monotonic()
    assert PageClient(create_app(silent, clock)).http.get("/readyz").status_code == 503
    assert time.monotonic() - began < 5


def test_a_database_without_the_newest_migration_is_not_served(clock: Clock, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    client = PageClient(create_app(Config(database_url=url, secret_key=SECRET, https=False), clock)).http
    assert client.get("/readyz").text == "database away\n"
    engine = sqlalchemy.create_engine(url)
    found = {}
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('')")
        for at in ("0001", schema.needed(), "9999"):
            connection.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": at})
            connection.commit()
            found[at] = client.get("/readyz").text
    engine.dispose()
    assert found == {"0001": "migrations missing\n", schema.needed(): "ok\n", "9999": "ok\n"}


def test_the_newest_migration_is_where_the_tests_are(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert schema.found(connection) == schema.needed()


@pytest.fixture
def silent_address() -> Iterator[str]:
    """A server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"
