"""foreign files of questions on their way in."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)


def upgrade():
    op.create_table(
        "question_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("bank", sa.String(length=40), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("choices", sa.String(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_question_imports_contest_id_contests")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["people.id"], name=op.f("fk_question_imports_uploaded_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_imports")),
    )


def downgrade():
    op.drop_table("question_imports")
