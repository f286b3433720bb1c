"""questions being worked on, with their history."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)
IS_OPEN = sa.text("state IN ('draft', 'appraised', 'approved')")


def _keys(table, *columns):
    return tuple(
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in columns
    )


def upgrade():
    op.create_table(
        "question_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("bank", sa.String(length=40), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("base_digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("edited_at", MOMENT, nullable=False),
        sa.Column("appraised_by", sa.Integer(), nullable=True),
        sa.Column("appraised_at", MOMENT, nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        *_keys(
            "question_drafts",
            ("contest_id", "contests"),
            ("author_id", "people"),
            ("appraised_by", "people"),
            ("approved_by", "people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_drafts")),
    )
    op.create_index(
        "uq_question_drafts_open",
        "question_drafts",
        ["contest_id", "bank", "question_id"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    op.create_table(
        "question_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        *_keys("question_history", ("draft_id", "question_drafts"), ("person_id", "people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_history")),
    )
    op.create_index(op.f("ix_question_history_draft_id"), "question_history", ["draft_id"])


def downgrade():
    op.drop_table("question_history")
    op.drop_table("question_drafts")
