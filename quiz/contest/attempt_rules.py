"""One attempt: who may start, until when answers are taken, and which attempt of a person counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING

from quiz.errors import Refused
from quiz.scoring.counted import Counts
from quiz.vietnamese import number

if TYPE_CHECKING:
    from quiz.contest.schedule import Contest, Week


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRules:
    """How often a person may sit in a week, which attempt counts, and the grace given to the network."""

    per_week: int | None = 1
    per_day: int | None = None
    per_contest: int | None = None
    counts: Counts = Counts.ONLY
    grace: timedelta = timedelta(seconds=5)

    @property
    def is_once_a_week(self) -> bool:
        """Whether nobody can have two attempts in one week."""
        return 1 in (self.per_week, self.per_contest)

    @property
    def sentence(self) -> str:
        """The attempts policy as it stands on the public rules page."""
        often = _in_words(self)
        if self.is_once_a_week:
            return f"{often}."
        return f"{often}; mỗi tuần, hệ thống lấy {_COUNTED[self.counts]}."

    @property
    def deadline_sentence(self) -> str:
        """What happens when the time runs out, as it stands on the public rules page."""
        seconds = int(self.grace.total_seconds())
        return (
            "Giờ làm bài do máy chủ tính, kết thúc khi hết thời gian làm bài hoặc khi tuần thi đóng, tùy điều kiện nào "
            f"đến trước. Bài gửi chậm không quá {seconds} giây do đường truyền vẫn được nhận nhưng thời gian chỉ tính "
            "đến lúc hết giờ. Hết giờ mà chưa nộp thì tính những câu đã lưu."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """What the rules need to know of a person who wants to start: group names, never reasons of their own."""

    attempts_this_week: int
    attempts_today: int = 0
    attempts_this_contest: int = 0
    is_listed: bool = True
    barred_as: str | None = None


def check_may_start(entrant: Entrant, contest: Contest, week: Week, now: datetime) -> None:
    """A person may start while the week is open, is not barred, takes part and has attempts left.

    Raises Refused: barred, left, not_yet_open, paused, closed, and where the attempts are used up
    attempts_used_up_contest, already_sat, attempts_used_up, attempts_used_up_today (in this order: nobody is told to
    come back tomorrow where no attempt is left at all).
    """
    if entrant.barred_as:
        raise Refused("barred", role=entrant.barred_as)
    if not entrant.is_listed:
        raise Refused("left")
    contest.check_open(week, now)
    rules, name = contest.attempts_of(week), contest.name_of(week)
    if _is_used_up(entrant.attempts_this_contest, rules.per_contest):
        raise Refused("attempts_used_up_contest", limit=rules.per_contest)
    if _is_used_up(entrant.attempts_this_week, rules.per_week):
        if rules.per_week == 1:
            raise Refused("already_sat", week=name)
        raise Refused("attempts_used_up", week=name, limit=rules.per_week)
    if _is_used_up(entrant.attempts_today, rules.per_day):
        raise Refused("attempts_used_up_today", limit=rules.per_day)


def _is_used_up(attempts: int, limit: int | None) -> bool:
    return limit is not None and attempts >= limit


def deadline(started_at: datetime, time_allowed: timedelta, week: Week) -> datetime:
    """The time allowed runs out, or the week shuts, for a pause or for good, whichever is first."""
    return min(started_at + time_allowed, week.shuts_at(started_at))


def is_over(deadline_at: datetime, rules: AttemptRules, now: datetime) -> bool:
    """Whether even a message delayed by the network comes too late; the last moment of grace is still in time."""
    return now > deadline_at + rules.grace


def credited(handed_in_at: datetime, deadline_at: datetime) -> datetime:
    """The moment that counts for a hand-in: the grace is never counted in anyone's favour or disfavour."""
    return min(handed_in_at, deadline_at)


def _in_words(rules: AttemptRules) -> str:
    limits = ((rules.per_day, "mỗi ngày"), (rules.per_week, "mỗi tuần"), (rules.per_contest, "trong cả hội thi"))
    held = [(limit, span) for limit, span in limits if limit is not None]
    match held:
        case []:
            return "Mỗi người được thi nhiều lần, không giới hạn số lượt"
        case [(1, span)]:
            often = f"một lần {span}"
        case [(limit, span)]:
            often = f"tối đa {limit} lần {span}"
        case _:
            *most, last = (f"{limit} lần {span}" for limit, span in held)
            often = f"tối đa {', '.join(most)} và {last}"
    day = " (ngày tính từ 0 giờ đến 24 giờ)" if rules.per_day is not None else ""
    return f"Mỗi người được thi {often}{day}"


_COUNTED = {
    Counts.ONLY: "lượt thi duy nhất",
    Counts.LAST: "lượt thi bắt đầu sau cùng",
    Counts.BEST: "lượt thi tốt nhất theo cách xếp hạng dưới đây, không xét câu dự đoán và bốc thăm",
    Counts.BEST_EARLIEST: "lượt thi nhiều điểm nhất, nếu bằng điểm thì lấy lượt nộp sớm nhất",
}

SHEET_LETTERS = "ABCD"
_IN_ORDER = {
    "".join(chosen): "".join(sorted(chosen))
    for many in range(len(SHEET_LETTERS) + 1)
    for chosen in permutations(SHEET_LETTERS, many)
}
"""Everything that can be answered, however its letters come, with the letters in order."""
_NONE = "?"
"""What is no answer."""


def check_sheet(answers: Sequence[str], questions: int) -> tuple[str, ...]:
    """The answer sheet, one text of chosen letters per question ('' for none), letters in order: ('A', '', 'BD').

    Raises Refused: bad_sheet, naming the question.
    """
    if len(answers) != questions:
        raise Refused("bad_sheet", where=f"có {len(answers)} câu, đề có {questions} câu")
    sheet = tuple([_IN_ORDER.get(chosen, _NONE) if isinstance(chosen, str) else _NONE for chosen in answers])
    if _NONE in sheet:
        raise Refused("bad_sheet", where=f"câu {sheet.index(_NONE) + 1}")
    return sheet


HIGHEST_PREDICTION = 999_999_999
_TYPED = re.compile(r"[0-9]+|[0-9]{1,3}(?:[.\s][0-9]{3})+")


def check_prediction(predicted: object) -> int | None:
    """The answer to the prediction question, a whole number; None where somebody gives none.

    Raises Refused: bad_prediction.
    """
    if predicted is None:
        return None
    if type(predicted) is not int or not 0 <= predicted <= HIGHEST_PREDICTION:
        raise Refused("bad_prediction", highest=number(HIGHEST_PREDICTION))
    return predicted


def read_prediction(text: str) -> int | None:
    """The number that somebody typed, with or without dots or spaces between thousands; raises as above."""
    typed = text.strip()
    if not typed:
        return None
    digits = re.sub(r"[.\s]", "", typed) if _TYPED.fullmatch(typed) else ""
    return check_prediction(int(digits) if 0 < len(digits) < 20 else typed)
