"""appeals and their answers."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)
ABOUT = (("about", 10), ("bank", 40), ("question_id", 40))


def upgrade():
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("attempt_code", sa.String(length=16), nullable=False),
        *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in ABOUT),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("entry", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_appeals_week_id_weeks")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_appeals_person_id_people")),
        sa.ForeignKeyConstraint(["attempt_code"], ["attempts.code"], name=op.f("fk_appeals_attempt_code_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
    )
    op.create_index("ix_appeals_week_id_state", "appeals", ["week_id", "state"])
    op.create_index(op.f("ix_appeals_person_id"), "appeals", ["person_id"])
    op.create_table(
        "appeal_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("week_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in ABOUT),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("public_text", sa.String(length=2000), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_appeal_answers_contest_id_contests")),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_appeal_answers_week_id_weeks")),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_appeal_answers_answered_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_answers")),
        sa.UniqueConstraint("contest_id", "number", "version", name="uq_appeal_answers_version"),
    )


def downgrade():
    op.drop_table("appeal_answers")
    op.drop_table("appeals")
