"""Runs the migrations on the database that the caller hands over (`quiz.cli`), or on QUIZ_DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import create_engine, pool

from quiz.models import Base, all_models

assert all_models


def run(connection):
    """Apply the migrations in one transaction; batch mode, because SQLite cannot alter most things in place."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:  # altering a table there means to drop it, and rows of others may point to it meanwhile
        _enforce_keys(connection, "OFF")
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    if is_sqlite:
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if dangling:
            raise RuntimeError(f"rows that point to nothing: {dangling}")
    connection.commit()
    if is_sqlite:
        _enforce_keys(connection, "ON")


def _enforce_keys(connection, switch):
    """Only outside transactions does SQLite listen to this."""
    connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={switch}")


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(os.environ["QUIZ_DATABASE_URL"], poolclass=pool.NullPool).connect() as connection:
        run(connection)
