"""When what is promised of a week is made public: before it opens, and anew when something has changed."""

from __future__ import annotations

from datetime import datetime, timedelta

HOURS_BEFORE = 24
REST = timedelta(hours=1)
"""Changes in a row make one version, not one each: all coordinators are told of every version."""


def is_due(opens_at: datetime, hours_before: int, made_at: datetime | None, now: datetime) -> bool:
    """Whether a version is to be made by itself now, for a week whose newest one, if any, no longer says what is so.

    Versions rest for an hour, but for the last hour before the opening, and after it, when nobody can start without.
    """
    if now < opens_at - timedelta(hours=hours_before):
        return False
    return made_at is None or now >= min(made_at + REST, opens_at - REST)


def commitment_sentences(hours_before: int) -> tuple[str, ...]:
    """The rule as it stands on the public rules page."""
    return (
        f"Chậm nhất {hours_before} giờ trước khi tuần thi mở, Ban Tổ chức công bố bản cam kết: mã kiểm tra (SHA-256) "
        "của thể lệ, của từng câu hỏi kèm đáp án, của số bí mật dùng để rút đề, và số người phải tính của từng cơ "
        "quan, đơn vị. Sau đó mà có thay đổi thì lập bản mới; bản cuối cùng trước giờ mở là bản có hiệu lực.",
        "Chưa có bản cam kết đúng với những gì đã chốt thì chưa ai bắt đầu làm bài được. Sau khi tuần thi đóng, ai "
        "cũng kiểm tra được kết quả theo bản cam kết ở trang Kiểm chứng.",
    )
