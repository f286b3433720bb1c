"""What the weeks themselves make due: getting ready, opening, closing, marking, checking, publishing, correcting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from quiz.contest.due import TODAY_WITHIN, Due, Urgency, until
from quiz.contest.schedule import Phase
from quiz.errors import N_
from quiz.scoring.participation import Basis
from quiz.services import Transaction, headcounts, publishing, readiness, turnout
from quiz.services.contests import StoredWeek
from quiz.services.publishing import Draft
from quiz.services.today_desk import Desk

AHEAD = timedelta(days=7)
MARKED_WITHIN = timedelta(minutes=1)
"""The scheduler marks a closed week within seconds; after this nobody seems to."""


def to_prepare(session: Transaction, desk: Desk) -> Iterator[Due]:
    """What is missing before the next round opens, as the readiness rule says it."""
    opening = desk.opening_next
    opens = opening.week.opens_at if opening else None
    urgency = _before(opens, desk.now) if opens else Urgency.TODAY
    for problem in readiness.problems(session, desk.contest, desk.now):
        yield Due(words=problem, urgency=urgency, at=opens, **_round(opening))


def unconfirmed(session: Transaction, desk: Desk) -> Iterator[Due]:
    """Agencies whose headcount nobody has confirmed for a week that opens soon."""
    upcoming = headcounts.find_upcoming(session, desk.now)
    if upcoming is None or upcoming.week.week.opens_at - desk.now > AHEAD:
        return
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


def opening(_session: Transaction, desk: Desk) -> Iterator[Due]:
    """A round opens within a day."""
    found = desk.opening_next
    if found and found.week.opens_at - desk.now <= TODAY_WITHIN:
        yield Due(
            words=N_("%(round)s mở lúc %(opens)s, còn %(left)s."),
            facts={"round": found.name, "opens": found.week.opens_at, "left": found.week.opens_at - desk.now},
            urgency=until(found.week.opens_at, desk.now),
            at=found.week.opens_at,
            **_round(found),
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
        **_round(week),
    )


def _short(session: Transaction, desk: Desk, week: StoredWeek, urgency: Urgency, closes: datetime) -> Iterator[Due]:
    is_weekly = desk.contest.rules.participation.basis is Basis.WEEK
    so_far = [one for one in desk.rounds if one.week.number <= week.week.number]
    rows = turnout.of_week(session, week, desk.now) if is_weekly else turnout.over_contest(session, so_far, desk.now)
    short = sum(not row.reaches for row in rows)
    if short:
        yield Due(
            words=N_("%(count)s/%(all)s cơ quan, đơn vị chưa đạt chỉ tiêu tham gia khi %(the_round)s sắp đóng."),
            facts={"count": short, "all": len(rows), "the_round": week.name},
            urgency=urgency,
            at=closes,
            page="monitor.page",
        )


def results(session: Transaction, desk: Desk) -> Iterator[Due]:
    """Weeks that are over: not marked, to be checked and published, or published otherwise than they now stand."""
    published = {one.week: one for one in publishing.latest_of_each_week(session, desk.contest)}
    for week in desk.over:
        if week.marked_at is None:
            yield from _unmarked(desk, week)
            continue
        draft, publication = publishing.draft(session, week, desk.now), published.get(week.week.number)
        if publication is None:
            words = N_("%(round)s: xếp hạng tạm thời chờ kiểm tra và công bố.")
            yield _due(words, week, Urgency.TODAY, week.week.closes_at)
        elif not publication.gives_as(draft.figures):
            words = N_("%(round)s: kết quả đã công bố lần %(number)s khác số liệu hiện tại, cần xem lại và đính chính.")
            yield _due(words, week, Urgency.TODAY, number=publication.number)
        yield from _undecided(week, draft, Urgency.INFORMATION if publication else Urgency.TODAY)


def _unmarked(desk: Desk, week: StoredWeek) -> Iterator[Due]:
    if desk.now - week.week.closes_at - desk.contest.rules.attempts.grace >= MARKED_WITHIN:
        words = N_("%(round)s đã đóng lúc %(closes)s mà chưa được chấm: bộ lập lịch có thể không chạy.")
        yield _due(words, week, Urgency.NOW, week.week.closes_at, closes=week.week.closes_at)


def _undecided(week: StoredWeek, draft: Draft, urgency: Urgency) -> Iterator[Due]:
    """Prizes that the rules cannot give, because people or agencies are equal in everything."""
    ranking = draft.ranking
    people = sum(len(tied.prizes) for one in (*ranking.divisions, *ranking.overall) for tied in one.tied)
    agencies = sum(len(block.undecided) for block in draft.collective)
    if count := people + agencies:
        words = N_("%(round)s: %(count)s giải chưa phân định được vì bằng nhau ở mọi tiêu chí.")
        yield _due(words, week, urgency, week.week.closes_at, count=count)


def _due(words: str, week: StoredWeek, urgency: Urgency, at: datetime | None = None, **facts: object) -> Due:
    return Due(words=words, facts={"round": week.name, **facts}, urgency=urgency, at=at, **_round(week))


def _before(opens: datetime, now: datetime) -> Urgency:
    """How urgent it is to get ready: for what opens in more than a week, something to know."""
    return until(opens, now) if opens - now <= AHEAD else Urgency.INFORMATION


def _round(week: StoredWeek | None) -> dict[str, Any]:
    """The page of a round; that of the agencies where there is none, which is where people are brought in."""
    return {"page": "organise.week", "given": {"number": week.week.number}} if week else {"page": "agencies.listing"}
