"""records of attempts, sealed in batches, and what of them was so at the start."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)
AS_THEY_STARTED = """
UPDATE attempts SET
  entry_id = person_id,
  agency = coalesce((
    SELECT agencies.code FROM memberships JOIN agencies ON agencies.id = memberships.agency_id
    WHERE memberships.person_id = attempts.person_id AND memberships.since <= attempts.started_at
      AND (memberships.until IS NULL OR memberships.until > attempts.started_at)
    ORDER BY memberships.id LIMIT 1), ''),
  registered_at = coalesce(
    (SELECT registrations.registered_at FROM registrations WHERE registrations.person_id = attempts.person_id),
    (SELECT people.listed_at FROM people WHERE people.id = attempts.person_id))
"""


def upgrade():
    with op.batch_alter_table("attempts") as attempts:
        attempts.add_column(sa.Column("entry_id", sa.Integer(), nullable=True))
        attempts.add_column(sa.Column("agency", sa.String(length=40), nullable=True))
        attempts.add_column(sa.Column("registered_at", MOMENT, nullable=True))
        attempts.create_foreign_key(op.f("fk_attempts_entry_id_people"), "people", ["entry_id"], ["id"])
    op.execute(AS_THEY_STARTED)
    with op.batch_alter_table("attempts") as attempts:
        attempts.alter_column("entry_id", existing_type=sa.Integer(), nullable=False)
        attempts.alter_column("agency", existing_type=sa.String(length=40), nullable=False)
        attempts.alter_column("registered_at", existing_type=MOMENT, nullable=False)
    op.create_table(
        "sealed_records",
        sa.Column("attempt_code", sa.String(length=16), nullable=False),
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_code"], ["attempts.code"], name=op.f("fk_sealed_records_attempt_code_attempts")
        ),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_sealed_records_week_id_weeks")),
        sa.PrimaryKeyConstraint("attempt_code", name=op.f("pk_sealed_records")),
    )
    op.create_index("ix_sealed_records_week_id_batch", "sealed_records", ["week_id", "batch"])
    op.create_table(
        "batches",
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.Column("audit_count", sa.Integer(), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.Column("seals", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_batches_week_id_weeks")),
        sa.PrimaryKeyConstraint("week_id", "number", name=op.f("pk_batches")),
    )


def downgrade():
    op.drop_table("batches")
    op.drop_table("sealed_records")
    with op.batch_alter_table("attempts") as attempts:
        attempts.drop_constraint(op.f("fk_attempts_entry_id_people"), type_="foreignkey")
        for column in ("registered_at", "agency", "entry_id"):
            attempts.drop_column(column)
