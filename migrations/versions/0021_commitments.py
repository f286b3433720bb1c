"""commitments before a week opens, and the secrets of the week that they need."""

import secrets

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)
WEEKS = sa.table("weeks", sa.column("id", sa.Integer), sa.column("record_secret", sa.LargeBinary))


def upgrade():
    with op.batch_alter_table("weeks") as weeks:
        weeks.add_column(sa.Column("record_secret", sa.LargeBinary(), nullable=True))
        weeks.add_column(sa.Column("sealed_question_secret", sa.LargeBinary(), nullable=True))
        weeks.add_column(sa.Column("question_secret", sa.LargeBinary(), nullable=True))
        weeks.add_column(sa.Column("commitment", sa.Integer(), nullable=True))
    connection = op.get_bind()
    for week_id in connection.scalars(sa.select(WEEKS.c.id)).all():
        secret = {"record_secret": secrets.token_bytes(32)}
        connection.execute(sa.update(WEEKS).where(WEEKS.c.id == week_id).values(secret))
    with op.batch_alter_table("weeks") as weeks:
        weeks.alter_column("record_secret", existing_type=sa.LargeBinary(), nullable=False)
    op.create_table(
        "commitments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("rules", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_commitments_week_id_weeks")),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_commitments_made_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
        sa.UniqueConstraint("week_id", "number", name=op.f("uq_commitments_week_id")),
    )
    op.create_table(
        "commitment_requests",
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_commitment_requests_week_id_weeks")),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_commitment_requests_asked_by_people")),
        sa.PrimaryKeyConstraint("week_id", name=op.f("pk_commitment_requests")),
    )
    op.create_table(
        "verifiers",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_verifiers")),
    )


def downgrade():
    op.drop_table("verifiers")
    op.drop_table("commitment_requests")
    op.drop_table("commitments")
    with op.batch_alter_table("weeks") as weeks:
        for column in ("commitment", "question_secret", "sealed_question_secret", "record_secret"):
            weeks.drop_column(column)
