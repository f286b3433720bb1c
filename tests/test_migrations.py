"""The migrations make exactly the tables of the models, and can be taken back, on both databases."""

from __future__ import annotations

import ast
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
import sqlalchemy.orm
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.pool import NullPool

from quiz.config import ROOT
from quiz.models import Base, all_models
from quiz.models.audit import DbAuditEntry
from quiz.services import audit_check

assert all_models


@pytest.fixture
def empty(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sqlalchemy.Engine]:
    """A database of this kind in which there is nothing at all."""
    if database == "sqlite":
        engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}", poolclass=NullPool)
        yield engine
        engine.dispose()
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"empty_{uuid.uuid4().hex[:12]}"
    admin = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield sqlalchemy.create_engine(sqlalchemy.make_url(server).set(database=name), poolclass=NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def run(engine: sqlalchemy.Engine, way: str, revision: str) -> None:
    """Go up or down to a revision."""
    with engine.connect() as connection:
        config = Config(ROOT / "alembic.ini")
        config.attributes["connection"] = connection
        {"up": command.upgrade, "down": command.downgrade}[way](config, revision)
        connection.commit()


def differences(engine: sqlalchemy.Engine) -> list[object]:
    """What would still have to be done to reach the models."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        return list(compare_metadata(context, Base.metadata))


def tables(engine: sqlalchemy.Engine) -> set[str]:
    """The tables that are there."""
    return set(sqlalchemy.inspect(engine).get_table_names())


def test_an_empty_database_becomes_exactly_the_models(empty: sqlalchemy.Engine) -> None:
    run(empty, "up", "head")
    assert differences(empty) == []
    assert tables(empty) == {*Base.metadata.tables, "alembic_version"}


def test_upgrading_twice_is_once(empty: sqlalchemy.Engine) -> None:
    run(empty, "up", "head")
    run(empty, "up", "head")
    assert differences(empty) == []


def test_every_migration_can_be_taken_back_and_made_again(empty: sqlalchemy.Engine) -> None:
    run(empty, "up", "head")
    run(empty, "down", "base")
    assert tables(empty) == {"alembic_version"}
    run(empty, "up", "head")
    assert differences(empty) == []


def test_checks_and_partial_indexes_are_in_the_database(empty: sqlalchemy.Engine) -> None:
    """`compare_metadata` does not look at these."""
    run(empty, "up", "head")
    inspector = sqlalchemy.inspect(empty)
    assert [check["name"] for check in inspector.get_check_constraints("agencies")] == ["ck_agencies_kind"]
    [index] = [each for each in inspector.get_indexes("attempts") if each["name"] == "ix_attempts_open"]
    option = f"{empty.dialect.name}_where"
    assert "handed_in_at IS NULL" in str(index["dialect_options"][option])
    unique = {each["name"] for each in inspector.get_unique_constraints("attempts")}
    assert unique == {"uq_attempts_one_each"}


def test_the_migrations_are_one_line() -> None:
    config = Config(ROOT / "alembic.ini")
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


BREAKING = {
    "0002": {"drop_column bank_digest", "drop_constraint"},
    "0018": {"no default printed"},
    "0021": {"not null record_secret"},
    "0023": {"not null entry_id", "not null agency", "not null registered_at"},
}
"""What the release before cannot work with: these are put in between rounds, with nothing running (`van-hanh.md`)."""


def _breaking(call: ast.Call) -> str:
    """What of one step of a migration the product of before stumbles over, or ''."""
    step = ast.unparse(call.func).rpartition(".")[2]
    named = {one.arg: ast.unparse(one.value) for one in call.keywords}
    what = next((str(one.value) for one in reversed(call.args) if isinstance(one, ast.Constant)), "")
    if step in {"drop_table", "drop_column", "rename_table"}:
        return f"{step} {what}"
    if step in {"drop_constraint", "create_unique_constraint", "create_check_constraint"}:
        return step
    if step == "alter_column":
        changes = {"nullable": ("False", "not null"), "server_default": ("None", "no default")}
        found = [words for name, (value, words) in changes.items() if named.get(name) == value]
        return f"{found[0]} {what}" if found else f"alter {what}" if {"type_", "new_column_name"} & set(named) else ""
    if step == "add_column":
        column = call.args[-1]
        assert isinstance(column, ast.Call)
        given = {one.arg: ast.unparse(one.value) for one in column.keywords}
        is_filled = given.get("nullable") != "False" or "server_default" in given
        return "" if is_filled else f"not null {ast.unparse(column.args[0])}"
    return ""


def test_the_release_before_works_with_the_new_schema_unless_it_is_named_here() -> None:
    """While web servers are replaced one by one, old ones go on writing."""
    found = {}
    for path in sorted((ROOT / "migrations" / "versions").glob("*.py")):
        steps = [one for one in ast.parse(path.read_text("utf-8")).body if getattr(one, "name", "") != "downgrade"]
        calls = [call for step in steps for call in ast.walk(step) if isinstance(call, ast.Call)]
        if broken := {words for call in calls if (words := _breaking(call))}:
            found[path.name[:4]] = broken
    assert found == BREAKING


def test_while_a_bank_is_sealed_nobody_goes_back_to_where_that_cannot_be(empty: sqlalchemy.Engine) -> None:
    run(empty, "up", "0018")
    with empty.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO banks (digest, source, loaded_at, printed, sealed, sealed_at)"
            " VALUES ('d', NULL, '2024-10-01', 'x', 'x', '2024-10-01')"
        )
    with pytest.raises(RuntimeError, match="đang niêm phong"):
        run(empty, "down", "0017")
    with empty.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num, printed FROM alembic_version, banks").all() == [
            ("0018", "x")
        ]


def test_weeks_marked_before_there_were_divisions_are_marked_again(empty: sqlalchemy.Engine) -> None:
    run(empty, "up", "0001")
    with empty.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO contests (id, slug, rules, rules_digest, loaded_at) VALUES (1, 's', 'x', 'd', '2024-10-01')"
        )
        connection.exec_driver_sql(
            "INSERT INTO weeks (id, contest_id, number, opens_at, closes_at, draw_seed, lot_seed, marked_at)"
            " VALUES (1, 1, 1, '2024-10-07', '2024-10-11', 's', 's', '2024-10-12')"
        )
    run(empty, "up", "head")
    with empty.connect() as connection:
        assert connection.exec_driver_sql("SELECT marked_at FROM weeks").all() == [(None,)]


ENTRIES_BEFORE = """
INSERT INTO audit_entries (id, at, actor_id, act, facts, reason) VALUES
 (2, '2024-10-01 01:02:03.500000', NULL, 'set_passphrase', '{"contest": "x"}', ''),
 (5, '2024-10-02 00:00:00', 7, 'bar_person', '{"group": "b", "person": "Đỗ"}', 'Theo đơn'),
 (6, '2024-10-02 00:00:00', 7, 'mark_week', '{"attempts": 1, "people": 1, "week": 1}', '')
"""


def test_entries_of_the_log_that_exist_already_are_chained(empty: sqlalchemy.Engine) -> None:
    run(empty, "up", "0018")
    with empty.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO agencies (id, code, name, sort_key, kind) VALUES (1, 'a', 'A', 'a', 'city')"
        )
        columns = {
            "id": 7,
            "staff_code": "TC01",
            "sign_in_key": "tc01",
            "name": "Hoa",
            "name_key": "hoa",
            "position": "",
            "agency_id": 1,
            "listed_at": "2024-10-01",
            "session_epoch": 0,
        }
        connection.execute(sqlalchemy.table("people", *map(sqlalchemy.column, columns)).insert().values(columns))
        connection.exec_driver_sql(ENTRIES_BEFORE)
    run(empty, "up", "head")
    with sqlalchemy.orm.Session(empty) as session:
        kept = [(one.number, one.at, one.actor, one.who, one.act) for one in audit_check.entries(session)]
        verdict = audit_check.verify(session)
        words = session.scalars(sqlalchemy.select(DbAuditEntry.words).order_by(DbAuditEntry.id)).all()
    assert kept == [
        (1, "2024-10-01T01:02:03.500000Z", None, "", "set_passphrase"),
        (2, "2024-10-02T00:00:00.000000Z", 7, "TC01", "bar_person"),
        (3, "2024-10-02T00:00:00.000000Z", 7, "TC01", "mark_week"),
    ]
    assert (verdict.count, verdict.fault) == (3, None)
    assert words == ["x", "b do theo don", "1 1 1"]
