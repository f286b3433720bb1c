"""incidents for a division or for named people, and those who ran out sit again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("incidents") as incidents:
        incidents.add_column(sa.Column("division", sa.String(length=40), nullable=False, server_default=""))
        incidents.add_column(sa.Column("people", sa.String(), nullable=False, server_default=""))
        incidents.add_column(sa.Column("sit_again", sa.Boolean(), nullable=False, server_default=sa.false()))
        incidents.add_column(sa.Column("set_aside", sa.Integer(), nullable=True))


def downgrade():
    with op.batch_alter_table("incidents") as incidents:
        for name in ("set_aside", "sit_again", "people", "division"):
            incidents.drop_column(name)
