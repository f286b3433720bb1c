"""how far long work on a week is, and whether it was stopped."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)
OF_A_MARKING = ("item_analyses", "signals")


def upgrade():
    for table in (*OF_A_MARKING, "rulings"):
        with op.batch_alter_table(table) as rows:
            if table in OF_A_MARKING:
                rows.add_column(sa.Column("done", sa.Integer(), nullable=False, server_default="0"))
                rows.add_column(sa.Column("total", sa.Integer(), nullable=False, server_default="0"))
            rows.add_column(sa.Column("stopped_at", MOMENT, nullable=True))


def downgrade():
    op.execute("DELETE FROM item_analyses WHERE figures = ''")
    op.execute("DELETE FROM signals WHERE body = ''")
    for table in (*OF_A_MARKING, "rulings"):
        with op.batch_alter_table(table) as rows:
            for column in ("stopped_at", *(("total", "done") if table in OF_A_MARKING else ())):
                rows.drop_column(column)
