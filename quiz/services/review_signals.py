"""The signals of a marked week: worked out once after each marking, in the background, and kept as JSON."""

from __future__ import annotations

import json

from sqlalchemy import select

from quiz.models.contests import DbWeek
from quiz.models.reviews import DbSignals
from quiz.scoring.signals import Kind, Rate, Signal, Signals
from quiz.services import Transaction, contests, reading, transaction
from quiz.services.contests import StoredWeek
from quiz.services.review_comparison import gather


def find(session: Transaction, week: StoredWeek) -> Signals | None:
    """The signals of the newest marking; None until they are worked out."""
    row = session.get(DbSignals, week.id)
    return _from_json(row.body) if row and row.marked_at == week.marked_at else None


def work_out_due() -> int:
    """Work out the signals of every week whose newest marking has none; how many weeks."""
    stale = DbSignals.marked_at.is_(None) | (DbSignals.marked_at != DbWeek.marked_at)
    due = (
        select(DbWeek.id)
        .join(DbSignals, DbSignals.week_id == DbWeek.id, isouter=True)
        .where(DbWeek.marked_at.is_not(None), DbWeek.number > 0, stale)
        .order_by(DbWeek.id)
    )
    return sum(map(_work_out, reading().scalars(due).all()))


def _work_out(week_id: int) -> bool:
    """One week; what is marked anew meanwhile is left to the next time."""
    week = contests.get_week_by_id(reading(), week_id)
    found = _to_json(gather(reading(), week))
    reading().rollback()
    with transaction() as session:
        marked_at = session.get_one(DbWeek, week_id, with_for_update=True, populate_existing=True).marked_at
        if marked_at is None or marked_at != week.marked_at:
            return False
        session.merge(DbSignals(week_id=week_id, marked_at=marked_at, body=found))
    return True


def _to_json(found: Signals) -> str:
    people = {
        str(person): [[one.kind, one.others, one.figures] for one in noticed]
        for person, noticed in found.of_people.items()
    }
    rates = {kind: [rate.found, rate.of] for kind, rate in found.rates.items()}
    return json.dumps({"rates": rates, "people": people})


def _from_json(body: str) -> Signals:
    kept = json.loads(body)
    return Signals(
        {
            int(person): [
                Signal(kind=Kind(kind), others=tuple(others), figures=figures) for kind, others, figures in all_
            ]
            for person, all_ in kept["people"].items()
        },
        {Kind(kind): Rate(*rate) for kind, rate in kept["rates"].items()},
    )
