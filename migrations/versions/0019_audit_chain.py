"""the audit log as a chain; entries that exist already are chained as they stand."""

import json
import secrets

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime
from quiz.verification.audit_chain import GENESIS, facts_hash, link, moment
from quiz.vietnamese import without_marks

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)
HASH = sa.String(length=64)
BATCH = 2000
ENTRIES = sa.table(
    "audit_entries",
    sa.column("id", sa.Integer),
    sa.column("at", MOMENT),
    *(sa.column(name, sa.Integer) for name in ("actor_id",)),
    *(sa.column(name, sa.String) for name in ("act", "facts", "reason", "who", "salt", "facts_hash", "link", "words")),
)
PEOPLE = sa.table("people", sa.column("id", sa.Integer), sa.column("staff_code", sa.String))


def upgrade():
    with op.batch_alter_table("audit_entries") as entries:
        entries.add_column(sa.Column("who", sa.String(length=80), nullable=False, server_default=""))
        for name in ("salt", "facts_hash", "link"):
            entries.add_column(sa.Column(name, HASH, nullable=False, server_default=""))
        entries.add_column(sa.Column("erased", sa.Boolean(), nullable=False, server_default=sa.false()))
        entries.add_column(sa.Column("words", sa.String(), nullable=False, server_default=""))
        for name in ("act", "actor_id"):
            entries.create_index(f"ix_audit_entries_{name}", [name])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("link", HASH, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("link", HASH, nullable=False),
        sa.Column("fault", sa.String(length=20), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_checks")),
    )
    count, newest = _chain(op.get_bind())
    op.bulk_insert(head, [{"id": 1, "count": count, "link": newest}])


def _chain(connection):
    """Number and link the entries in their order; how many, and the last link. A new number is never a later id."""
    with_code = (
        sa.select(ENTRIES, PEOPLE.c.staff_code)
        .join(PEOPLE, PEOPLE.c.id == ENTRIES.c.actor_id, isouter=True)
        .order_by(ENTRIES.c.id)
        .limit(BATCH)
    )
    new = {name: sa.bindparam(f"new_{name}") for name in ("id", "who", "salt", "facts_hash", "link", "words")}
    change = sa.update(ENTRIES).where(ENTRIES.c.id == sa.bindparam("old")).values(new)
    count, newest, last = 0, GENESIS, 0
    while rows := connection.execute(with_code.where(ENTRIES.c.id > last)).all():
        changes = []
        for count, row in enumerate(rows, count + 1):  # noqa: B020 (goes on counting)
            values = _values(row, count, newest)
            newest = values["new_link"]
            changes.append(values)
        connection.execute(change, changes)
        last = rows[-1].id
    return count, newest


def _values(row, number, previous):
    salt, who = secrets.token_hex(32), row.staff_code or ""
    hashed = facts_hash(salt, who, row.facts, row.reason)
    said = [str(value) for value in json.loads(row.facts).values()]
    return {
        "old": row.id,
        "new_id": number,
        "new_who": who,
        "new_salt": salt,
        "new_facts_hash": hashed,
        "new_link": link(previous, number, moment(row.at), row.actor_id, row.act, hashed),
        "new_words": without_marks(" ".join([*said, row.reason])),
    }


def downgrade():
    op.drop_table("audit_checks")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entries") as entries:
        for name in ("act", "actor_id"):
            entries.drop_index(f"ix_audit_entries_{name}")
        for name in ("words", "erased", "link", "facts_hash", "salt", "who"):
            entries.drop_column(name)
