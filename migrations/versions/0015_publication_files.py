"""files made from publications."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "publication_files",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name=op.f("fk_publication_files_publication_id_publications")
        ),
        sa.PrimaryKeyConstraint("publication_id", "kind", name=op.f("pk_publication_files")),
    )


def downgrade():
    op.drop_table("publication_files")
