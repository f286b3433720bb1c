"""When sealed answer keys are opened: after the rounds that used them, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OpenedBy(StrEnum):
    """What opens the keys of a round that is over."""

    CLOSING = "closing"
    TWO_PEOPLE = "two_people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A round that asks questions of a bank, or has asked them."""

    opens_at: datetime
    closes_at: datetime
    is_over: bool


def are_done_with(uses: Iterable[Use]) -> bool:
    """Whether a round that used a bank is over, and no other that opened before the end of one is still going on.

    Whoever sat that round is shown its answers, so a round that opens later keeps nothing secret with the same bank.
    """
    uses = tuple(uses)
    over = [use.closes_at for use in uses if use.is_over]
    return bool(over) and all(use.is_over or use.opens_at >= max(over) for use in uses)


def key_sentences(opened_by: OpenedBy) -> tuple[str, ...]:
    """The rule as it stands on the public rules page."""
    opened = {
        OpenedBy.CLOSING: "Đáp án tự mở khi tuần thi đóng.",
        OpenedBy.TWO_PEOPLE: "Sau khi tuần thi đóng, đáp án chỉ mở khi hai thành viên Ban Tổ chức cùng ký quyết định.",
    }[opened_by]
    return (
        "Đáp án được niêm phong (mã hóa) khi bộ câu hỏi của tuần thi được chốt; trong lúc thi, trang web và người vận "
        "hành trang web không đọc được đáp án. Bộ câu hỏi đã dùng cho một tuần đã kết thúc thì không niêm phong lại.",
        f"{opened} Bài thi được chấm sau khi mở đáp án.",
    )
