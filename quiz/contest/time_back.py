"""Time outside the common clock: what an incident took from an attempt, and in which cases the rules give more time.

Time given back is added to the time allowed, so a deadline moves by it, but never past the moment at which the week
shuts: from then on keys and results exist, and nobody may still be answering. Where an incident struck shortly before
the end, a decision to extend the week comes first. Somebody who has ended already keeps the answers; the time lost is
taken off the time that the ranking counts.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from quiz.contest.attempt_rules import deadline
from quiz.contest.schedule import Span, Week

ALLOWANCE_SENTENCE = (
    "Người cần thêm thời gian làm bài vì khuyết tật hoặc lý do sức khỏe được cộng thêm số phút theo quyết định của Ban "
    "Tổ chức trước khi thi."
)
INCIDENT_SENTENCE = (
    "Khi có sự cố, Ban Tổ chức có thể kéo dài thời gian mở, trả lại thời gian làm bài bị mất (không tính vào thời gian "
    "làm bài khi xếp hạng) hoặc hủy những lượt thi bị ảnh hưởng và cho thi lại. Quyết định áp dụng như nhau cho mọi "
    "người dự thi, hoặc cho mọi người của những cơ quan, bảng thi và danh sách được nêu trong quyết định, trong khoảng "
    "thời gian xảy ra sự cố."
)
TWO_PEOPLE_SENTENCE = (
    "Mọi quyết định như vậy phải có số và lý do, do một người đề nghị và một người khác duyệt, và được lưu lại."
)


def overlap(one: Span, other: Span) -> timedelta:
    """How long both lasted: of an attempt and an incident, the time that the attempt lost."""
    return max(min(one.end, other.end) - max(one.start, other.start), timedelta(0))


def new_deadline(deadline_at: datetime, started_at: datetime, time_allowed: timedelta, week: Week) -> datetime:
    """The deadline with more time allowed or the week extended: never earlier than people were told."""
    return max(deadline_at, deadline(started_at, time_allowed, week))
