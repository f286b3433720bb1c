"""What results make due: to be marked, to be checked and published, to be corrected, to be decided between equals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from quiz.contest.due import Due, Urgency
from quiz.errors import N_
from quiz.scoring.agency_ranking import BlockRanking
from quiz.services import Transaction, collective, heartbeats, publishing, results, rulings_in_force
from quiz.services.contests import StoredWeek
from quiz.services.results import Provisional
from quiz.services.today_desk import Desk
from quiz.services.today_weeks import round_page

MARKED_WITHIN = timedelta(minutes=1)
"""The scheduler marks a closed week within seconds; after this nobody seems to."""


def after_closing(session: Transaction, desk: Desk) -> Iterator[Due]:
    """Weeks that are over: not marked, not published, or published otherwise than they now stand.

    Only what is given to whom is compared: a whole draft takes a second where many took part.
    """
    published = {one.week: one for one in publishing.latest_of_each_week(session, desk.contest)}
    marked = [week for week in desk.over if week.marked_at]
    rankings = dict(zip((week.id for week in marked), results.provisional_weeks(session, marked), strict=True))
    for week in desk.over:
        ranking = rankings.get(week.id)
        if ranking is None:
            yield from _unmarked(session, desk, week)
            continue
        blocks = collective.of_week(session, week, ranking.prizes_of, desk.now)
        publication = published.get(week.week.number)
        rulings = rulings_in_force.in_public(session, week)
        if publication is None:
            words = N_("%(round)s: xếp hạng tạm thời chờ kiểm tra và công bố.")
            yield _due(words, week, Urgency.TODAY, week.week.closes_at)
        elif publication.rulings != rulings or tuple(publication.given()) != tuple(given(ranking, blocks)):
            words = N_("%(round)s: kết quả đã công bố lần %(number)s khác số liệu hiện tại, cần xem lại và đính chính.")
            yield _due(words, week, Urgency.TODAY, number=publication.number)
        yield from _undecided(week, ranking, blocks, Urgency.INFORMATION if publication else Urgency.TODAY)


def given(ranking: Provisional, blocks: Sequence[BlockRanking]) -> Iterator[tuple[object, ...]]:
    """Who would be given what now, as a publication says it."""
    for one in (*ranking.divisions, *ranking.overall):
        winners = ((won.prize, won.ranked.name, won.ranked.agency) for won in one.winners)
        ties = map(publishing.as_published, one.tied)
        yield (one.division.code, *winners, *ties)
    for block in blocks:
        places = ((place.prize.name, place.agency.name) for place in block.places if place.prize)
        yield (block.block.name, *places, *(tied.words for tied in block.undecided))


def _unmarked(session: Transaction, desk: Desk, week: StoredWeek) -> Iterator[Due]:
    """While its keys are sealed, `key_openings` says why."""
    if week.keys_sealed:
        return
    if since := heartbeats.marking_since(heartbeats.last(session), desk.now):
        words = N_("%(round)s đang được chấm, bắt đầu lúc %(since)s.")
        yield _due(words, week, Urgency.INFORMATION, week.week.closes_at, since=since)
    elif desk.now - week.week.closes_at - desk.contest.rules.attempts.grace >= MARKED_WITHIN:
        words = N_("%(round)s đã đóng lúc %(closes)s mà chưa được chấm: bộ lập lịch có thể không chạy.")
        yield _due(words, week, Urgency.NOW, week.week.closes_at, closes=week.week.closes_at)


def _undecided(
    week: StoredWeek, ranking: Provisional, blocks: Sequence[BlockRanking], urgency: Urgency
) -> Iterator[Due]:
    """Prizes that wait for the lot, or that the rules cannot give: people or agencies are equal in everything."""
    tied = [tied for one in (*ranking.divisions, *ranking.overall) for tied in one.tied]
    if drawn := [one for one in tied if one.lot_event]:
        words = N_("%(round)s: %(count)s nhóm giải chờ giá trị bốc thăm: %(event)s.")
        facts = {"round": week.name, "count": len(drawn), "event": drawn[0].lot_event}
        given = {"number": week.week.number}
        yield Due(words=words, facts=facts, urgency=urgency, at=week.week.closes_at, page="lots.listing", given=given)
    people = sum(len(one.prizes) for one in tied if not one.lot_event)
    agencies = sum(len(block.undecided) for block in blocks)
    if count := people + agencies:
        words = N_("%(round)s: %(count)s giải chưa phân định được vì bằng nhau ở mọi tiêu chí.")
        yield _due(words, week, urgency, week.week.closes_at, count=count)


def _due(words: str, week: StoredWeek, urgency: Urgency, at: datetime | None = None, **facts: object) -> Due:
    return Due(words=words, facts={"round": week.name, **facts}, urgency=urgency, at=at, **round_page(week))
