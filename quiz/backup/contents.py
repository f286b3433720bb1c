"""What stands in a database, also in one of an older schema: counted within one transaction."""

from __future__ import annotations

import sqlalchemy
from sqlalchemy import Connection

from quiz.backup import BackupFault
from quiz.backup.archive import Contents
from quiz.services import lost_heads

VERSION = "alembic_version"


def look(connection: Connection) -> Contents:
    """The schema, the rows of each table, and how far the chains have come; raises BackupFault where no schema is."""
    tables = sorted(sqlalchemy.inspect(connection).get_table_names())
    if VERSION not in tables:
        raise BackupFault("Cơ sở dữ liệu chưa có bảng nào của phần mềm này (flask db upgrade).")
    counted = {name: connection.scalar(sqlalchemy.text(f'SELECT count(*) FROM "{name}"')) or 0 for name in tables}  # noqa: S608
    has_chains = {"batches", "audit_head"} <= set(tables)
    heads = lost_heads.heads(connection) if has_chains else {}
    return Contents(
        revision=connection.scalar(sqlalchemy.text(f"SELECT version_num FROM {VERSION}")) or "",  # noqa: S608
        rows=counted,
        heads={chain: (one.number, one.head) for chain, one in heads.items()},
    )
