"""The Today page: everything that is due at the desk, gathered from one provider for each subject."""

from __future__ import annotations

from quiz.contest.due import Due, in_order
from quiz.services import (
    Transaction,
    appeal_desk,
    data_requests,
    key_openings,
    lost_heads,
    today_results,
    today_waiting,
    today_weeks,
)
from quiz.services.today_desk import Desk, Provider

PROVIDERS: tuple[Provider, ...] = (
    lost_heads.waiting,
    today_waiting.scheduler,
    today_weeks.without_questions,
    today_weeks.commitment,
    today_weeks.closing,
    today_weeks.opening,
    today_weeks.to_prepare,
    today_weeks.to_know,
    today_weeks.unconfirmed,
    key_openings.waiting,
    today_results.after_closing,
    today_waiting.incidents,
    today_waiting.allowances,
    today_waiting.rulings,
    today_waiting.lots,
    today_waiting.rosters,
    today_waiting.moves,
    today_waiting.letters,
    today_waiting.failed_documents,
    appeal_desk.waiting,
    data_requests.waiting,
)
"""Among equally urgent things without a moment, those of the earlier provider stand first."""


def due(session: Transaction, desk: Desk) -> tuple[Due, ...]:
    """What is due, the most urgent first."""
    return in_order(one for provider in PROVIDERS for one in provider(session, desk))


def coming_next(desk: Desk) -> Due | None:
    """What the calendar brings next, for a desk on which nothing is due."""
    return today_weeks.next_change(desk)
