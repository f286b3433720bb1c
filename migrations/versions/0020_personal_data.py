"""requests about personal data, and entries erased."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)


def upgrade():
    op.create_table(
        "data_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("acknowledged_by", sa.Integer(), nullable=True),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("extended_for", sa.String(length=1000), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_data_requests_person_id_people")),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name=op.f("fk_data_requests_recorded_by_people")),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["people.id"], name=op.f("fk_data_requests_acknowledged_by_people")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_data_requests_answered_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
    )
    op.create_index(op.f("ix_data_requests_person_id"), "data_requests", ["person_id"])
    op.create_index("ix_data_requests_state_asked_at", "data_requests", ["state", "asked_at"])
    op.create_table(
        "erasures",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("erased_at", MOMENT, nullable=False),
        sa.Column("erased_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_erasures_person_id_people")),
        sa.ForeignKeyConstraint(["erased_by"], ["people.id"], name=op.f("fk_erasures_erased_by_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_erasures")),
    )


def downgrade():
    op.drop_table("erasures")
    op.drop_table("data_requests")
