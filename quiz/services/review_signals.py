"""The signals of a marked week: worked out once after each marking, in the background, and kept as JSON."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import select

from quiz.models.contests import DbWeek
from quiz.models.reviews import DbSignals
from quiz.scoring.signals import Kind, Rate, Signal, Signals
from quiz.services import Actor, Transaction, contests, long_work, reading, transaction
from quiz.services.contests import StoredWeek
from quiz.services.documents import NobodyWaitsError
from quiz.services.long_work import HowFar
from quiz.services.review_comparison import gather

WORK = "tính tín hiệu rà soát"


def find(session: Transaction, week: StoredWeek) -> Signals | None:
    """The signals of the newest marking; None until they are worked out."""
    row = _row(session, week)
    return _from_json(row.body) if row and row.body else None


def how_far(session: Transaction, week: StoredWeek) -> HowFar:
    """How far those of the newest marking are, as long as there are none."""
    return long_work.how_far(_row(session, week))


def stop(session: Transaction, week: StoredWeek, actor: Actor, now: datetime) -> None:
    """Have the signals not worked out, until somebody wants them. Raises Refused(work_moved_on)."""
    long_work.stop(session, _unmade(session, week.id), week, WORK, actor, now)


def begin_again(session: Transaction, week: StoredWeek, actor: Actor, now: datetime) -> None:
    """Have signals worked out that were stopped. Raises Refused(work_moved_on)."""
    long_work.begin_again(session, _unmade(session, week.id), week, WORK, actor, now)


def _row(session: Transaction, week: StoredWeek) -> DbSignals | None:
    row = session.get(DbSignals, week.id)
    return row if row and row.marked_at == week.marked_at else None


def _unmade(session: Transaction, week_id: int) -> DbSignals | None:
    """The row of signals that are still to be worked out, held."""
    row = long_work.of_marking(session, DbSignals, {"week_id": week_id}, {"body": ""})
    return row if row and not row.body else None


def work_out_due() -> int:
    """Work out the signals of every week whose newest marking has none, and shall have them; how many weeks."""
    stale = DbSignals.marked_at.is_(None) | (DbSignals.marked_at != DbWeek.marked_at)
    unmade = (DbSignals.body == "") & DbSignals.stopped_at.is_(None)
    due = (
        select(DbWeek.id)
        .join(DbSignals, DbSignals.week_id == DbWeek.id, isouter=True)
        .where(DbWeek.marked_at.is_not(None), DbWeek.number > 0, stale | unmade)
        .order_by(DbWeek.id)
    )
    return sum(map(_work_out, reading().scalars(due).all()))


def _work_out(week_id: int) -> bool:
    """One week; what is stopped or marked anew meanwhile ends here, and has its turn when it is wanted."""
    with transaction() as writing:
        begun = _unmade(writing, week_id)
    if begun is None:
        return False
    session, marked_at = reading(), begun.marked_at
    tell = long_work.teller(DbSignals, DbSignals.week_id == week_id, DbSignals.marked_at == marked_at)
    try:
        found = _to_json(gather(session, contests.get_week_by_id(session, week_id), tell))
    except NobodyWaitsError:
        return False
    finally:
        session.rollback()
    with transaction() as writing:
        row = _unmade(writing, week_id)
        if row is None or row.marked_at != marked_at or row.stopped_at:
            return False
        row.body = found
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
