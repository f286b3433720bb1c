"""What the calendar makes due: getting ready for a round, its opening, its closing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from quiz.contest.due import TODAY_WITHIN, Due, Urgency, until
from quiz.contest.readiness import hints
from quiz.contest.schedule import Phase
from quiz.errors import N_
from quiz.services import Transaction, commitments, headcounts, readiness, week_counts
from quiz.services.contests import StoredWeek
from quiz.services.today_desk import Desk

AHEAD = timedelta(days=7)


def to_prepare(session: Transaction, desk: Desk) -> Iterator[Due]:
    """What is missing before the next round opens, as the readiness rule says it."""
    opening = desk.opening_next
    opens = opening.week.opens_at if opening else None
    urgency = _before(opens, desk.now) if opens else Urgency.SOON
    for problem in readiness.problems(session, desk.contest, desk.now):
        yield Due(words=problem, urgency=urgency, at=opens, **round_page(opening))


def to_know(_session: Transaction, desk: Desk) -> Iterator[Due]:
    """What has a price that nobody expects, as long as it can be changed for every round."""
    if all(one.week.opens_at > desk.now for one in desk.rounds):
        for hint in hints(desk.contest.rules):
            yield Due(words=hint, urgency=Urgency.INFORMATION, **round_page(desk.opening_next))


def without_questions(_session: Transaction, desk: Desk) -> Iterator[Due]:
    """A round is open, but no bank was there from which all its papers can be drawn."""
    rules = desk.contest.rules
    for one in desk.in_phase(Phase.OPEN, Phase.PAUSED):
        wanted = {rules.paper_of(one.week, division.code).bank for division in rules.all_divisions}
        if not wanted <= one.banks.keys():
            yield Due(
                words=N_("%(round)s đã mở mà chưa có đủ câu hỏi cho mọi đề thi: có người chưa bắt đầu được."),
                facts={"round": one.name},
                urgency=Urgency.NOW,
                **round_page(one),
            )


def unconfirmed(session: Transaction, desk: Desk) -> Iterator[Due]:
    """Agencies whose headcount nobody has confirmed for a week that opens soon."""
    weeks = [one for one in desk.in_phase(Phase.TO_COME) if not one.week.is_practice]
    if not any(one.week.opens_at - desk.now <= AHEAD for one in weeks):
        return
    upcoming = headcounts.get_upcoming(session, desk.now)
    waiting = sum(map(upcoming.waits_for, upcoming.figures))
    opens = upcoming.week.week.opens_at
    if waiting:
        yield Due(
            words=N_("%(count)s/%(all)s cơ quan, đơn vị chưa xác nhận số liệu trước khi %(the_round)s mở."),
            facts={"count": waiting, "all": len(upcoming.figures), "the_round": upcoming.week.name},
            urgency=until(opens, desk.now),
            at=opens,
            page="agencies.listing",
        )


def commitment(session: Transaction, desk: Desk) -> Iterator[Due]:
    """What is promised of a round: missing when it opens soon, or when it is open and nobody can start without."""
    ahead = timedelta(hours=desk.contest.rules.commitment_hours)
    for one in desk.in_phase(Phase.TO_COME, Phase.OPEN, Phase.PAUSED):
        opens, is_open = one.week.opens_at, one.week.opens_at <= desk.now
        if one.week.is_practice or one.commitment is not None or opens - desk.now > ahead:
            continue
        facts: dict[str, object] = {"the_round": one.name, "round": one.name}
        newest = commitments.find_newest(session, one)
        if is_open:
            words = N_("%(round)s đã mở mà chưa có bản cam kết: chưa ai bắt đầu làm bài được.")
        elif newest is None:
            words = N_("Chưa có bản cam kết của %(the_round)s. Hệ thống tự lập khi đã đủ bộ câu hỏi.")
        else:
            words, facts = N_("Bản cam kết của %(the_round)s đã lập lúc %(made)s."), facts | {"made": newest.made_at}
        urgency = Urgency.NOW if is_open else Urgency.INFORMATION if newest else until(opens, desk.now)
        yield Due(words=words, facts=facts, urgency=urgency, at=opens, page="commitments.one", given=_number(one))


def opening(_session: Transaction, desk: Desk) -> Iterator[Due]:
    """A round opens within a day."""
    found = desk.opening_next
    if found and found.week.opens_at - desk.now <= TODAY_WITHIN:
        yield Due(
            words=N_("%(round)s mở lúc %(opens)s, còn %(left)s."),
            facts={"round": found.name, "opens": found.week.opens_at, "left": found.week.opens_at - desk.now},
            urgency=until(found.week.opens_at, desk.now),
            at=found.week.opens_at,
            **round_page(found),
        )


def closing(session: Transaction, desk: Desk) -> Iterator[Due]:
    """An open round closes within a day, and how many agencies still fall short of their threshold."""
    for one in desk.in_phase(Phase.OPEN, Phase.PAUSED):
        closes = one.week.open_spans[-1].end
        if closes - desk.now > TODAY_WITHIN:
            continue
        urgency = until(closes, desk.now)
        yield Due(
            words=N_("%(round)s đóng lúc %(closes)s, còn %(left)s."),
            facts={"round": one.name, "closes": closes, "left": closes - desk.now},
            urgency=urgency,
            at=closes,
            page="monitor.page",
        )
        if not one.week.is_practice:
            yield from _short(session, desk, one, urgency, closes)


def next_change(desk: Desk) -> Due | None:
    """What comes next, however far away: a round that opens or closes, or None where none will."""
    ends = [(one.week.open_spans[-1].end, one) for one in desk.in_phase(Phase.OPEN, Phase.PAUSED)]
    starts = [(one.week.opens_at, one) for one in desk.in_phase(Phase.TO_COME)]
    if not ends + starts:
        return None
    at, week = min(ends + starts, key=lambda found: found[0])
    is_closing = (at, week) in ends
    return Due(
        words=N_("%(round)s đóng lúc %(closes)s, còn %(left)s.")
        if is_closing
        else N_("%(round)s mở lúc %(opens)s, còn %(left)s."),
        facts={"round": week.name, "closes" if is_closing else "opens": at, "left": at - desk.now},
        urgency=until(at, desk.now),
        at=at,
        **round_page(week),
    )


def _short(session: Transaction, desk: Desk, week: StoredWeek, urgency: Urgency, closes: datetime) -> Iterator[Due]:
    kept = week_counts.find(session, week, desk.now)
    rows = week_counts.agencies(session, week, desk.rounds, desk.now, kept)
    short = sum(not row.reaches for row in rows)
    if short:
        yield Due(
            words=N_("%(count)s/%(all)s cơ quan, đơn vị chưa đạt chỉ tiêu tham gia khi %(the_round)s sắp đóng."),
            facts={"count": short, "all": len(rows), "the_round": week.name},
            urgency=urgency,
            at=closes,
            page="monitor.page",
        )


def _number(week: StoredWeek) -> dict[str, Any]:
    return {"number": week.week.number}


def _before(opens: datetime, now: datetime) -> Urgency:
    """How urgent it is to get ready: for what opens in more than a week, something to know."""
    return until(opens, now) if opens - now <= AHEAD else Urgency.INFORMATION


def round_page(week: StoredWeek | None) -> dict[str, Any]:
    """The page of a round; that of the agencies where there is none, which is where people are brought in."""
    return {"page": "organise.week", "given": _number(week)} if week else {"page": "agencies.listing"}
