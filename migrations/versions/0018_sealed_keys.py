"""sealed answer keys, and decisions to open them."""

import sqlalchemy as sa
from alembic import op

from quiz.models import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)


def upgrade():
    with op.batch_alter_table("banks") as banks:
        banks.alter_column("source", existing_type=sa.LargeBinary(), nullable=True)
        banks.add_column(sa.Column("printed", sa.String(), nullable=False, server_default=""))
        banks.add_column(sa.Column("sealed", sa.LargeBinary(), nullable=True))
        banks.add_column(sa.Column("sealed_at", MOMENT, nullable=True))
        banks.add_column(sa.Column("opened_at", MOMENT, nullable=True))
    with op.batch_alter_table("banks") as banks:
        banks.alter_column("printed", existing_type=sa.String(), server_default=None)
    op.create_table(
        "key_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("decision_number", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["week_id"], ["weeks.id"], name=op.f("fk_key_openings_week_id_weeks")),
        sa.ForeignKeyConstraint(["proposed_by"], ["people.id"], name=op.f("fk_key_openings_proposed_by_people")),
        sa.ForeignKeyConstraint(["approved_by"], ["people.id"], name=op.f("fk_key_openings_approved_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_openings")),
    )
    op.create_index(op.f("ix_key_openings_week_id"), "key_openings", ["week_id"])


def downgrade():
    banks = sa.table("banks", sa.column("source"))
    if op.get_bind().scalar(sa.select(sa.func.count()).select_from(banks).where(banks.c.source.is_(None))):
        raise RuntimeError(
            "Còn bộ câu hỏi đang niêm phong, mà lược đồ cũ hơn 0018 không giữ được: chờ tuần thi đóng và đáp án mở, hoặc "
            "phục hồi bản sao lưu lập trước khi nâng cấp. Chưa thay đổi gì."
        )
    op.drop_table("key_openings")
    with op.batch_alter_table("banks") as banks:
        for column in ("printed", "sealed", "sealed_at", "opened_at"):
            banks.drop_column(column)
        banks.alter_column("source", existing_type=sa.LargeBinary(), nullable=False)
