"""every rule book: divisions, predictions, named banks, registrations, allowances and incidents."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)
CODE = sa.String(length=40)


def _decision_columns():
    return (
        sa.Column("decision_number", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
    )


def _keys(table, *columns):
    return tuple(
        sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other, key in columns
    )


def upgrade():
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("extended_to", MOMENT, nullable=True),
        sa.Column("agencies", sa.String(), nullable=False),
        *_decision_columns(),
        sa.Column("attempts", sa.Integer(), nullable=True),
        *_keys("incidents", ("week_id", "weeks", "id"), ("proposed_by", "people", "id"), ("approved_by", "people", "id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_week_id"), "incidents", ["week_id"])
    op.create_table(
        "allowances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        *_decision_columns(),
        *_keys(
            "allowances",
            ("contest_id", "contests", "id"),
            ("person_id", "people", "id"),
            ("proposed_by", "people", "id"),
            ("approved_by", "people", "id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowances")),
    )
    op.create_index(op.f("ix_allowances_person_id"), "allowances", ["person_id"])
    op.create_table(
        "registrations",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("id_last_four", sa.String(length=4), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        *_keys("registrations", ("person_id", "people", "id"), ("contest_id", "contests", "id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("contest_id", "id_hash", name="uq_registrations_id_hash"),
        sa.UniqueConstraint("contest_id", "phone", name="uq_registrations_phone"),
    )
    op.create_index(op.f("ix_registrations_phone"), "registrations", ["phone"])
    op.create_table(
        "person_groups",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("group_code", CODE, nullable=False),
        *_keys("person_groups", ("person_id", "people", "id")),
        sa.PrimaryKeyConstraint("person_id", "group_code", name=op.f("pk_person_groups")),
    )
    op.create_table(
        "tallies",
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("division", CODE, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("people_all_right", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_keys("tallies", ("week_id", "weeks", "id")),
        sa.PrimaryKeyConstraint("week_id", "division", name=op.f("pk_tallies")),
    )
    _move_banks("contest", "contests")
    _move_banks("week", "weeks")
    with op.batch_alter_table("contests") as contests:
        contests.drop_constraint("fk_contests_bank_digest_banks", type_="foreignkey")
        contests.drop_column("bank_digest")
        contests.add_column(sa.Column("passphrase_hash", sa.String(length=200), nullable=True))
    with op.batch_alter_table("weeks") as weeks:
        weeks.drop_constraint("fk_weeks_bank_digest_banks", type_="foreignkey")
        weeks.drop_column("bank_digest")
        weeks.add_column(sa.Column("extended_to", MOMENT, nullable=True))
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("division", CODE, nullable=False, server_default=""))
    with op.batch_alter_table("attempts") as attempts:
        attempts.add_column(sa.Column("division", CODE, nullable=False, server_default=""))
        attempts.add_column(sa.Column("seen", sa.String(), nullable=False, server_default=""))
        attempts.add_column(sa.Column("prediction", sa.Integer(), nullable=True))
        attempts.add_column(sa.Column("returned_ms", sa.Integer(), nullable=False, server_default="0"))
        attempts.add_column(sa.Column("annulled_by", sa.Integer(), nullable=True))
        attempts.add_column(sa.Column("is_valid", sa.Boolean(), nullable=True))
        attempts.create_foreign_key(op.f("fk_attempts_annulled_by_incidents"), "incidents", ["annulled_by"], ["id"])
    op.execute("DELETE FROM standings")  # the scheduler marks each closed week again, with all that is kept now
    op.execute("UPDATE weeks SET marked_at = NULL")
    with op.batch_alter_table("standings") as standings:
        standings.add_column(sa.Column("division", CODE, nullable=False, server_default=""))
        standings.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="1"))
        standings.add_column(sa.Column("full_marks", sa.Integer(), nullable=False, server_default="0"))
        standings.add_column(sa.Column("prediction", sa.Integer(), nullable=True))
        standings.drop_constraint(op.f("pk_standings"), type_="primary")
        standings.create_primary_key(op.f("pk_standings"), ["week_id", "division", "place"])


def _move_banks(owner, table):
    """The one bank of each row becomes the main one, whose name is ''."""
    op.create_table(
        f"{owner}_banks",
        sa.Column(f"{owner}_id", sa.Integer(), nullable=False),
        sa.Column("name", CODE, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        *_keys(f"{owner}_banks", (f"{owner}_id", table, "id"), ("digest", "banks", "digest")),
        sa.PrimaryKeyConstraint(f"{owner}_id", "name", name=op.f(f"pk_{owner}_banks")),
    )
    op.execute(
        f"INSERT INTO {owner}_banks ({owner}_id, name, digest) "  # noqa: S608 (names of this file)
        f"SELECT id, '', bank_digest FROM {table} WHERE bank_digest IS NOT NULL"
    )


def downgrade():
    with op.batch_alter_table("standings") as standings:
        standings.drop_constraint(op.f("pk_standings"), type_="primary")
        standings.create_primary_key(op.f("pk_standings"), ["week_id", "place"])
        for name in ("prediction", "full_marks", "attempts", "division"):
            standings.drop_column(name)
    with op.batch_alter_table("attempts") as attempts:
        attempts.drop_constraint(op.f("fk_attempts_annulled_by_incidents"), type_="foreignkey")
        for name in ("is_valid", "annulled_by", "returned_ms", "prediction", "seen", "division"):
            attempts.drop_column(name)
    with op.batch_alter_table("people") as people:
        people.drop_column("division")
    for owner, table in (("week", "weeks"), ("contest", "contests")):
        with op.batch_alter_table(table) as rows:
            rows.drop_column("extended_to" if owner == "week" else "passphrase_hash")
            rows.add_column(sa.Column("bank_digest", sa.String(length=64), nullable=True))
            rows.create_foreign_key(f"fk_{table}_bank_digest_banks", "banks", ["bank_digest"], ["digest"])
        op.execute(
            f"UPDATE {table} SET bank_digest = (SELECT digest FROM {owner}_banks "  # noqa: S608 (names of this file)
            f"WHERE {owner}_id = {table}.id AND name = '')"
        )
        op.drop_table(f"{owner}_banks")
    for table in ("tallies", "person_groups", "registrations", "allowances", "incidents"):
        op.drop_table(table)
