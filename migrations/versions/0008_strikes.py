"""people struck from a ranking, the devices of attempts, and the signals of a marked week."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)


def upgrade():
    op.create_table(
        "attempt_devices",
        sa.Column("attempt_code", sa.String(length=16), nullable=False),
        sa.Column("device", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_code"], ["attempts.code"], name=op.f("fk_attempt_devices_attempt_code_attempts")
        ),
        sa.PrimaryKeyConstraint("attempt_code", "device", name=op.f("pk_attempt_devices")),
    )
    op.create_index(op.f("ix_attempt_devices_device"), "attempt_devices", ["device"])
    op.create_table(
        "strikes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("whole_contest", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("struck_by", sa.Integer(), nullable=False),
        sa.Column("struck_at", MOMENT, nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undo_reason", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_strikes_week_id_weeks")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_strikes_person_id_people")),
        sa.ForeignKeyConstraint(["struck_by"], ["people.id"], name=op.f("fk_strikes_struck_by_people")),
        sa.ForeignKeyConstraint(["undone_by"], ["people.id"], name=op.f("fk_strikes_undone_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strikes")),
    )
    op.create_index(op.f("ix_strikes_person_id"), "strikes", ["person_id"])
    op.create_index(
        "uq_strikes_standing",
        "strikes",
        ["week_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "signals",
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("marked_at", MOMENT, nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_signals_week_id_weeks")),
        sa.PrimaryKeyConstraint("week_id", name=op.f("pk_signals")),
    )


def downgrade():
    op.drop_table("signals")
    op.drop_table("strikes")
    op.drop_table("attempt_devices")
