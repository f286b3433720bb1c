"""Appeals (phản ánh, khiếu nại): on what, until when, how many, and that no answer in public names anybody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from quiz.errors import N_, Refused
from quiz.vietnamese import closing, without_marks

MOST_PER_WEEK = 5
MOST_TEXT = 2000
SHORTEST_NAME = 4
DAY = timedelta(days=1)


class About(StrEnum):
    """On what somebody appeals: a question of the own paper, or the own result."""

    QUESTION = "question"
    RESULT = "result"


class Outcome(StrEnum):
    """What the organisers have decided on an appeal."""

    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"
    EXPLAINED = "explained"

    @property
    def words(self) -> str:
        """The outcome as it stands in the register."""
        return OUTCOME_WORDS[self]


OUTCOME_WORDS = {
    Outcome.UPHELD: N_("Chấp nhận"),
    Outcome.PARTLY: N_("Chấp nhận một phần"),
    Outcome.REJECTED: N_("Không chấp nhận"),
    Outcome.EXPLAINED: N_("Giải thích"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRules:
    """Until when a contest takes appeals on a week: so many days after its first publication, and no later than a day.

    Days are those of the contest's own calendar, each to its end. `answer_within` binds the organisers to nothing but
    what the rules page says.
    """

    days_after: int | None = 5
    last_day: date | None = None
    answer_within: int = 5

    def ends_at(self, published_at: datetime | None, zone: ZoneInfo) -> datetime | None:
        """The moment from which it is too late, counted from the first publication; None until that is known."""
        days = [self.last_day] if self.last_day else []
        if published_at and self.days_after is not None:
            days.append(published_at.astimezone(zone).date() + self.days_after * DAY)
        return _end_of(min(days), zone) if days else None

    def check_in_time(
        self, about: About, published_at: datetime | None, zone: ZoneInfo, now: datetime, week: str
    ) -> None:
        """Raises Refused: appeal_not_published where a result is not known yet, appeal_too_late."""
        if about is About.RESULT and published_at is None:
            raise Refused("appeal_not_published", week=week)
        ends_at = self.ends_at(published_at, zone)
        if ends_at and now >= ends_at:
            raise Refused("appeal_too_late", week=week, ends=closing(ends_at, zone))

    def due_on(self, sent_at: datetime, zone: ZoneInfo) -> date:
        """The last day on which an answer to what was sent then comes in time."""
        return sent_at.astimezone(zone).date() + self.answer_within * DAY

    def due_at(self, sent_at: datetime, zone: ZoneInfo) -> datetime:
        """The moment from which such an answer is overdue."""
        return _end_of(self.due_on(sent_at, zone), zone)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The rule as it stands on the public rules page."""
        after = f"ngày thứ {self.days_after} sau ngày công bố lần đầu kết quả của tuần"
        last = f"ngày {self.last_day:%d/%m/%Y}" if self.last_day else ""
        until = ", chậm nhất là hết ".join(part for part in (after if self.days_after else "", last) if part)
        return (
            "Người dự thi được phản ánh, khiếu nại về câu hỏi trong bài thi của mình từ khi tuần thi đóng, về kết quả "
            f"của mình từ khi công bố. Thời hạn gửi: đến hết {until}. Mỗi người gửi tối đa {MOST_PER_WEEK} phản ánh về "
            "một tuần.",
            f"Ban Tổ chức trả lời trong {self.answer_within} ngày sau ngày gửi. Câu trả lời được ghi vào sổ công khai, "
            "không nêu tên người phản ánh.",
        )


def check_may_send(sent: int, *, is_waiting: bool) -> None:
    """Raises Refused: appeal_waiting, appeals_too_many.

    `sent` is how many somebody has sent on this week and not withdrawn; `is_waiting`: one of them, on the same, still
    waits for its answer.
    """
    if is_waiting:
        raise Refused("appeal_waiting")
    if sent >= MOST_PER_WEEK:
        raise Refused("appeals_too_many", maximum=MOST_PER_WEEK)


def checked_text(text: str) -> str:
    """What somebody wrote, its lines kept, without what cannot be printed. Raises Refused: text_missing, text_long."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    words = "".join(c for c in plain if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"}).strip()
    if not words:
        raise Refused("text_missing")
    if len(words) > MOST_TEXT:
        raise Refused("text_long", maximum=MOST_TEXT)
    return words


def check_names_nobody(text: str, forbidden: Iterable[str]) -> None:
    """Raises Refused(appeal_names_somebody) where one of these names, codes or addresses stands in the text.

    Compared word by word, without tones and shapes and whatever stands between the words. What is too short tells
    nobody from an ordinary word.
    """
    within = _words(text)
    for name in forbidden:
        wanted = _words(name)
        if len("".join(wanted)) >= SHORTEST_NAME and f" {' '.join(wanted)} " in f" {' '.join(within)} ":
            raise Refused("appeal_names_somebody", found=name)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + DAY, time.min, tzinfo=zone).astimezone(UTC)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", without_marks(text))
