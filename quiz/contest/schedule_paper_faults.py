"""What can be wrong with papers and attempts: quotas too large, too little time, limits and choices at odds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from quiz.contest.attempt_rules import AttemptRules
from quiz.contest.schedule_forms import NO_LIMIT
from quiz.contest.schedule_places import Complaint, Place, used_twice
from quiz.contest.schedule_week_faults import Round
from quiz.questions.paper import PaperRules
from quiz.scoring.counted import Counts
from quiz.vietnamese import duration


@dataclass(frozen=True, slots=True)
class _Paper:
    """The paper of some rounds and divisions: what stands in a later layer goes before the earlier ones."""

    layers: tuple[Place, ...]

    def depth(self, name: str) -> int:
        """Which layer has the last word on this field, -1 where none says anything."""
        return max((depth for depth, layer in enumerate(self.layers) if layer.at(name).is_said), default=-1)

    def at(self, name: str) -> Place:
        """Where the field stands, or would stand first."""
        return self.layers[max(0, self.depth(name))].at(name)

    def known(self, name: str, silent: int) -> int | None:
        """The number of the field; None where it cannot be read, or may hide behind a misspelt name."""
        if self.depth(name) >= 0:
            return self.at(name).whole
        return silent if all(layer.at(name).is_silent for layer in self.layers) else None


def paper_faults(file: Place, rounds: Sequence[Round]) -> Iterator[Complaint]:
    """Everything about papers, as each round and division has them; each fault once."""
    first, divisions = file.at("paper"), file.at("divisions").items
    papers = [_Paper((first,)), *(_Paper((first, division.at("paper"))) for division in divisions)]
    found: list[Complaint] = []
    for one in rounds:
        own = one.place.at("paper")
        special = [
            _Paper((first, division.at("paper"), own, one.place.at("papers", division.at("code").text)))
            for division in divisions
        ]
        special = special or [_Paper((first, own))]
        papers += special
        found += [complaint for paper in special for complaint in _time_too_long(paper, one)]
    for paper in papers:
        found += [*_quotas_too_large(paper), *_topics_left_out(paper), *_empty_quotas(paper)]
    yield from dict.fromkeys(found)
    yield from _unknown_divisions(divisions, rounds)


def _time_too_long(paper: _Paper, one: Round) -> Iterator[Complaint]:
    minutes = paper.known("minutes", PaperRules().time_allowed // timedelta(minutes=1))
    if minutes and one.longest and one.longest < timedelta(minutes=minutes):
        told = f"mỗi lần chỉ mở liền {duration(one.longest)}, ngắn hơn {minutes} phút làm bài"
        yield one.place.at("opens").loc, f"{told}; hãy mở lâu hơn hoặc giảm “minutes”"


def _quotas_too_large(paper: _Paper) -> Iterator[Complaint]:
    asked = sum(quota.at("count").whole or 0 for quota in paper.at("quotas").items)
    questions = paper.known("questions", PaperRules().questions)
    if questions and asked > questions:
        place = max(("quotas", "questions"), key=paper.depth)
        yield paper.at(place).loc, f"cơ cấu đề cộng lại {asked} câu, nhiều hơn {questions} câu của đề"


def _topics_left_out(paper: _Paper) -> Iterator[Complaint]:
    topics = [place.text for place in paper.at("topics").items]
    for quota in paper.at("quotas").items if all(topics) else ():
        topic = quota.at("topic").text
        if topics and topic and topic not in topics:
            place = quota.at("topic") if paper.depth("quotas") >= paper.depth("topics") else paper.at("topics")
            yield place.loc, f"cơ cấu đề lấy chủ đề “{topic}”, nhưng “topics” của đề không có chủ đề này"


def _empty_quotas(paper: _Paper) -> Iterator[Complaint]:
    for quota in paper.at("quotas").items:
        if not quota.at("topic").text and not quota.at("level").text:
            yield quota.loc, "mục này của cơ cấu đề chưa nêu “topic” hoặc “level”; hãy nêu ít nhất một"


def _unknown_divisions(divisions: Sequence[Place], rounds: Sequence[Round]) -> Iterator[Complaint]:
    codes = [division.at("code").text for division in divisions]
    for one in rounds:
        for paper in one.place.at("papers").fields:
            if not codes:
                yield paper.loc, f"đề riêng cho bảng thi “{paper.name}”, nhưng tệp không chia bảng thi (“divisions”)"
            elif all(codes) and paper.name not in codes:
                yield paper.loc, f"không có bảng thi “{paper.name}”; các bảng thi: {', '.join(codes)}"


def division_faults(file: Place) -> Iterator[Complaint]:
    """Codes and names of divisions that are used twice."""
    divisions = file.at("divisions").items
    yield from used_twice([one.at("code") for one in divisions], "mã bảng thi", "hãy đặt mã khác")
    yield from used_twice([one.at("name") for one in divisions], "tên bảng thi", "hãy đặt tên khác")


_LIMITS = {"per_day": "mỗi ngày", "per_week": "mỗi tuần", "per_contest": "cả hội thi"}


def most_attempts(file: Place, weeks: Sequence[Round]) -> float | None:
    """How many attempts one person can have in one week at most, infinity without a limit; None: not to be said."""
    attempts = file.at("attempts")
    per_day, per_contest = (_limit(attempts.at(name), math.inf) for name in ("per_day", "per_contest"))
    if per_day is None or per_contest is None or not all(week.open_days for week in weeks):
        return None
    per_week = _limit(attempts.at("per_week"), math.inf if min(per_day, per_contest) < math.inf else 1)
    days = max((week.open_days for week in weeks), default=1)
    return None if per_week is None else min(per_week, per_day * days, per_contest)


def _limit(place: Place, silent: float) -> float | None:
    """The limit; None where it cannot be read."""
    if not place.is_said:
        return silent if place.is_silent else None
    if place.text == NO_LIMIT:
        return math.inf
    return place.whole if place.whole and place.whole <= 100 else None


def attempt_faults(file: Place, most: float | None) -> Iterator[Complaint]:
    """Limits that contradict each other; a choice of the attempt that counts where there is no choice, or none."""
    attempts = file.at("attempts")
    limits = {name: _limit(attempts.at(name), math.inf) or math.inf for name in _LIMITS}
    for name, wider in (("per_day", "per_week"), ("per_day", "per_contest"), ("per_week", "per_contest")):
        if math.inf > limits[name] > limits[wider]:
            told = f"{_LIMITS[name]} {limits[name]} lượt là nhiều hơn {_LIMITS[wider]} ({limits[wider]} lượt)"
            yield attempts.at(name).loc, f"{told}; hãy giảm hoặc bỏ một giới hạn"
            break
    place = attempts.at("counts")
    counts = place.text if place.is_said else AttemptRules().counts
    if most and most > 1 and counts == Counts.ONLY:
        told = "mỗi tuần có thể thi nhiều lượt thì “counts” phải là “best” (lấy lượt xếp hạng cao nhất),"
        yield place.loc, f"{told} “best_then_earliest” (nhiều điểm nhất, rồi sớm nhất) hoặc “last” (lượt cuối)"
    if most == 1 and counts in set(Counts) - {Counts.ONLY}:
        yield place.loc, "mỗi tuần một lượt thì “counts” phải là “only” (chỉ có một lượt)"
