"""values of public events that draw the lots."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)


def upgrade():
    with op.batch_alter_table("weeks") as weeks:
        weeks.add_column(sa.Column("lot_value", sa.String(length=200), nullable=True))
    op.create_table(
        "lot_values",
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("ties", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_number", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_lot_values_week_id_weeks")),
        sa.ForeignKeyConstraint(["proposed_by"], ["people.id"], name=op.f("fk_lot_values_proposed_by_people")),
        sa.ForeignKeyConstraint(["approved_by"], ["people.id"], name=op.f("fk_lot_values_approved_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_values")),
    )
    op.create_index(op.f("ix_lot_values_week_id"), "lot_values", ["week_id"])


def downgrade():
    op.drop_index(op.f("ix_lot_values_week_id"), table_name="lot_values")
    op.drop_table("lot_values")
    with op.batch_alter_table("weeks") as weeks:
        weeks.drop_column("lot_value")
