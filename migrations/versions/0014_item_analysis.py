"""the analysis of a week's questions."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)


def upgrade():
    op.create_table(
        "item_analyses",
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(length=40), nullable=False),
        sa.Column("marked_at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("figures", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_item_analyses_week_id_weeks")),
        sa.PrimaryKeyConstraint("week_id", "division", name=op.f("pk_item_analyses")),
    )


def downgrade():
    op.drop_table("item_analyses")
