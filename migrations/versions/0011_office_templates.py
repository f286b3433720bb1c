"""templates of documents that the office has edited."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)


def upgrade():
    op.create_table(
        "office_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["uploaded_by"], ["people.id"], name=op.f("fk_office_templates_uploaded_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_templates")),
    )
    op.create_index(op.f("ix_office_templates_kind"), "office_templates", ["kind"])
    op.create_table(
        "letter_fields",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_letter_fields_contest_id_contests")),
        sa.PrimaryKeyConstraint("contest_id", name=op.f("pk_letter_fields")),
    )


def downgrade():
    op.drop_table("letter_fields")
    op.drop_table("office_templates")
