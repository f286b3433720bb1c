"""what agencies keep of their roster: who entered an exemption, moves and leavings by date, confirmed headcounts."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)
WHO_AND_WHEN = ("entered", "ended")


def _keys(table, *columns):
    return tuple(
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in columns
    )


def upgrade():
    with op.batch_alter_table("exemptions") as exemptions:
        for name in WHO_AND_WHEN:
            exemptions.add_column(sa.Column(f"{name}_by", sa.Integer(), nullable=True))
            exemptions.add_column(sa.Column(f"{name}_at", MOMENT, nullable=True))
            exemptions.create_foreign_key(op.f(f"fk_exemptions_{name}_by_people"), "people", [f"{name}_by"], ["id"])
    op.execute("UPDATE exemptions SET entered_at = since, ended_at = until")  # so it was before there were dates
    op.create_table(
        "roster_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_agency_id", sa.Integer(), nullable=False),
        sa.Column("to_agency_id", sa.Integer(), nullable=True),
        sa.Column("moves_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("accepted_by", sa.Integer(), nullable=True),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("dropped_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        *_keys(
            "roster_moves",
            ("person_id", "people"),
            ("from_agency_id", "agencies"),
            ("to_agency_id", "agencies"),
            ("proposed_by", "people"),
            ("accepted_by", "people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_moves")),
    )
    for column in ("person_id", "from_agency_id", "to_agency_id"):
        op.create_index(op.f(f"ix_roster_moves_{column}"), "roster_moves", [column])
    op.create_table(
        "confirmations",
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("declared", sa.Integer(), nullable=True),
        sa.Column("exempt", sa.Integer(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        *_keys("confirmations", ("week_id", "weeks"), ("agency_id", "agencies"), ("confirmed_by", "people")),
        sa.PrimaryKeyConstraint("week_id", "agency_id", name=op.f("pk_confirmations")),
    )


def downgrade():
    op.drop_table("confirmations")
    op.drop_table("roster_moves")
    with op.batch_alter_table("exemptions") as exemptions:
        for name in WHO_AND_WHEN:
            exemptions.drop_constraint(op.f(f"fk_exemptions_{name}_by_people"), type_="foreignkey")
            exemptions.drop_column(f"{name}_at")
            exemptions.drop_column(f"{name}_by")
