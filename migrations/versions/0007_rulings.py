"""decisions on questions found wrong."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)


def upgrade():
    op.create_table(
        "rulings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("bank", sa.String(length=40), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("letters", sa.String(length=80), nullable=False),
        sa.Column("preview", sa.String(), nullable=False),
        sa.Column("computed_from", sa.String(length=64), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("decision_number", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_rulings_week_id_weeks")),
        sa.ForeignKeyConstraint(["proposed_by"], ["people.id"], name=op.f("fk_rulings_proposed_by_people")),
        sa.ForeignKeyConstraint(["approved_by"], ["people.id"], name=op.f("fk_rulings_approved_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
    )
    op.create_index(op.f("ix_rulings_week_id"), "rulings", ["week_id"])
    op.create_table(
        "question_counts",
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("bank", sa.String(length=40), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("dealt", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_question_counts_week_id_weeks")),
        sa.PrimaryKeyConstraint("week_id", "bank", "question_id", name=op.f("pk_question_counts")),
    )


def downgrade():
    op.drop_table("question_counts")
    op.drop_table("rulings")
