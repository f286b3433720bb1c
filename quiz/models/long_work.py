"""What every piece of long work on a week keeps of its own progress."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column


class LongWork:
    """`done` of `total` says how far it is; with `stopped_at` it rests until somebody has it begun again."""

    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    stopped_at: Mapped[datetime | None]


class WorkOnMarking(LongWork):
    """Worked out once after each marking, from that of `marked_at` and no other."""

    marked_at: Mapped[datetime]
