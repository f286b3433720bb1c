"""what is counted over all attempts of a round, for pages of large contests."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "week_counts",
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("counted_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("acts", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_week_counts_week_id_weeks")),
        sa.PrimaryKeyConstraint("week_id", name=op.f("pk_week_counts")),
    )


def downgrade():
    op.drop_table("week_counts")
