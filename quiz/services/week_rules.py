"""The rules of one week as `the-le.json` writes them, from the contest file."""

from __future__ import annotations

from quiz.contest.schedule import Contest, Week
from quiz.scoring.prizes import Per
from quiz.verification.rules import DivisionRules, WeekRules


def week_rules(contest: Contest, week: Week) -> WeekRules:
    """What the week is decided by. `week` is that of the file: what an incident extends is a decision, not a rule."""
    return WeekRules(
        contest=contest.slug,
        title=contest.title,
        week=week.number,
        zone=contest.zone.key,
        opens_at=week.opens_at,
        closes_at=week.closes_at,
        grace=contest.attempts.grace,
        counts=contest.attempts.counts,
        per_week=contest.attempts.per_week,
        prediction=contest.prediction,
        one_prize=contest.one_prize,
        needs=contest.prize_needs,
        lot_event=contest.lot_event,
        divisions=tuple(
            DivisionRules(
                code=one.code,
                name=one.name,
                bank=contest.paper_of(week, one.code).bank,
                paper=contest.paper_of(week, one.code),
                chain=one.chain,
                prizes=tuple(prize for prize in one.prizes if prize.per is Per.WEEK),
            )
            for one in contest.all_divisions
        ),
    )
