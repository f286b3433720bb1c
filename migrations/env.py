"""Runs the migrations on the database that the caller hands over (`quiz.cli`), or on QUIZ_DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import create_engine, pool

from quiz.models import Base, all_models

assert all_models


def run(connection):
    """Apply the migrations in one transaction; batch mode, because SQLite cannot alter most things in place."""
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(os.environ["QUIZ_DATABASE_URL"], poolclass=pool.NullPool).connect() as connection:
        run(connection)
