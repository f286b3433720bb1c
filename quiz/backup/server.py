"""Copies of a PostgreSQL database by PostgreSQL's own tools."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import sqlalchemy
from sqlalchemy import Connection
from sqlalchemy.pool import NullPool

from quiz.backup import BackupFault, contents
from quiz.backup.archive import Contents

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
"""
"""Of what kind the others are is hidden from all but a superuser."""
OBJECTS = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"


def copy(url: sqlalchemy.URL, target: Path) -> Contents:
    """The database as it is now: what is counted and what is copied are one snapshot, while others go on writing."""
    engine = sqlalchemy.create_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        connection.exec_driver_sql("SET idle_in_transaction_session_timeout = 0")
        snapshot = connection.scalar(sqlalchemy.text("SELECT pg_export_snapshot()"))
        found = contents.look(connection)
        options = ("--format=custom", "--no-owner", "--no-privileges", "--table=public.*")
        _run("pg_dump", url, *options, f"--snapshot={snapshot}", f"--file={target}")
    check(target)
    return found


def check(dumped: Path) -> None:
    """Raises BackupFault where PostgreSQL's own tool cannot read the copy."""
    if "TABLE DATA public attempts" not in _run("pg_restore", None, "--list", str(dumped)):
        raise BackupFault("Bản sao vừa ghi không có bảng bài làm.")


def is_empty(url: sqlalchemy.URL) -> bool:
    """Whether there is nothing in the database."""
    with _connect(url) as connection:
        return not connection.scalar(sqlalchemy.text(OBJECTS))


def put_back(url: sqlalchemy.URL, dumped: Path, now: datetime) -> str:
    """Put a copy into the database; what is in it is kept under another name. Raises BackupFault where it is in use."""
    kept = ""
    if not is_empty(url):
        kept = f"truoc_{now:%Y%m%d_%H%M%S}"
        with _connect(url) as connection:
            if others := connection.scalar(sqlalchemy.text(OTHERS)):
                raise BackupFault(f"Còn {others} kết nối vào cơ sở dữ liệu: hãy dừng máy chủ web và bộ lập lịch trước.")
            connection.exec_driver_sql(f"ALTER SCHEMA public RENAME TO {kept}")
            connection.exec_driver_sql("CREATE SCHEMA public")
    _run("pg_restore", url, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(dumped))
    return kept


def look(url: sqlalchemy.URL) -> Contents:
    """What now stands in the database."""
    with _connect(url) as connection:
        return contents.look(connection)


def _connect(url: sqlalchemy.URL) -> Connection:
    return sqlalchemy.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect()


def _run(tool: str, url: sqlalchemy.URL | None, *arguments: str) -> str:
    """What a tool of PostgreSQL prints; the password goes by its environment, where no other user reads it."""
    path = shutil.which(tool)
    if path is None:
        raise BackupFault(
            f"Không tìm thấy {tool}: hãy cài bộ công cụ PostgreSQL cùng phiên bản với máy chủ cơ sở dữ liệu (Debian, "
            "Ubuntu: gói postgresql-client) và thêm vào PATH."
        )
    environment = dict(os.environ)
    command = [path, *arguments]
    if url is not None:
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
        plain = url.set(drivername="postgresql", password=None).render_as_string()
        command.append(f"--dbname={plain}")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupFault(f"{tool} báo lỗi: {done.stderr.strip() or done.returncode}")
    return done.stdout
