"""What a ruling would change: the week marked, ranked and awarded in memory without it and with it.

It takes long with many attempts, so the scheduler computes it and keeps it with the digest of all that it came from; as
soon as anything of that changes it is computed again. Marking and awarding are those that really mark and award.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import select, update

from quiz.models.rulings import DbRuling
from quiz.scoring.tie_breaks import Result
from quiz.services import (
    Transaction,
    attempts,
    contests,
    decisions,
    long_work,
    marking,
    reading,
    ruling_prizes,
    transaction,
)
from quiz.services.contests import StoredWeek
from quiz.services.documents import NobodyWaitsError
from quiz.services.marking import Progress, Ranked, no_progress
from quiz.services.ruling_prizes import Named, PrizeBefore
from quiz.services.rulings_in_force import as_rulings, rows_in_force
from quiz.services.struck import struck_people

Clock = Callable[[], datetime]
_WANTED = (DbRuling.approved_at.is_(None), DbRuling.withdrawn_at.is_(None), DbRuling.stopped_at.is_(None))
Results = Mapping[str, Sequence[Result]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What approving would change: attempts in which the question was dealt, and how many count as right; scores that
    rise and fall; attempts that become valid or cease to be; people ranked, with full marks, and whose rank changes.

    `prizes` are all of this week, and those of other weeks and the contest that change.
    """

    dealt: int
    right_before: int
    right_after: int
    risen: int
    fallen: int
    validity: int
    people_before: int
    people_after: int
    full_before: int
    full_after: int
    moved: int
    prizes: tuple[PrizeBefore, ...]

    @property
    def prizes_change(self) -> bool:
        """Whether anybody is given another prize."""
        return any(one.changes for one in self.prizes)


def compute(session: Transaction, row: DbRuling, now: datetime, progress: Progress = no_progress) -> Preview:
    """What approving this proposal would change as things stand."""
    week, rows = contests.get_week_by_id(session, row.week_id), rows_in_force(session, row.week_id)
    versions = [as_rulings(rows), as_rulings([*rows, row])]
    before, after = marking.mark_attempts(session, week, versions, progress)
    ranked_before, ranked_after = (marking.rank_week(week, one.results) for one in (before, after))
    scores_before, scores_after = _scores(before.results), _scores(after.results)
    ranks_before, ranks_after = _ranks(ranked_before), _ranks(ranked_after)
    gained = [scores_after[code][0] - score for code, (score, _) in scores_before.items()]
    name = (row.bank, row.question_id)
    return Preview(
        dealt=after.dealt[name],
        right_before=before.right[name],
        right_after=after.right[name],
        risen=sum(gain > 0 for gain in gained),
        fallen=sum(gain < 0 for gain in gained),
        validity=sum(scores_after[code][1] != is_valid for code, (_, is_valid) in scores_before.items()),
        people_before=len(ranks_before),
        people_after=len(ranks_after),
        full_before=sum(one.tally.people_all_right for one in ranked_before.values()),
        full_after=sum(one.tally.people_all_right for one in ranked_after.values()),
        moved=sum(ranks_before.get(one) != ranks_after.get(one) for one in ranks_before.keys() | ranks_after.keys()),
        prizes=ruling_prizes.compared(session, week, ranked_before, ranked_after, now),
    )


def state_of(session: Transaction, week: StoredWeek) -> str:
    """The digest of everything that a preview is computed from."""
    passed = struck_people(session, week.contest)
    others = [(one.id, one.marked_at) for one in contests.weeks(session, week.contest) if one.id != week.id]
    return decisions.digest_of(
        marking.state_of(session, week),
        sorted(passed.everywhere),
        sorted((number, sorted(people)) for number, people in passed.in_weeks.items()),
        others,
    )


def read(row: DbRuling) -> Preview:
    """The preview that was computed for a proposal."""
    body = json.loads(row.preview)
    prizes = (
        PrizeBefore(**one | {side: tuple(Named(**named) for named in one[side]) for side in ("before", "after")})
        for one in body["prizes"]
    )
    return Preview(**body | {"prizes": tuple(prizes)})


def compute_waiting(now: Clock) -> int:
    """Compute what every proposal would change where that is not known, or no longer as it was; how many."""
    with transaction() as session:
        attempts.close_overdue(session, now())
    found = reading().scalars(select(DbRuling.id).where(*_WANTED).order_by(DbRuling.id)).all()
    return sum(_compute_one(ruling_id, now) for ruling_id in found)


def _compute_one(ruling_id: int, now: Clock) -> bool:
    """Whether a preview was kept; where something changed meanwhile, the next turn computes it again, if wanted."""
    session = reading()
    session.rollback()
    row = session.get_one(DbRuling, ruling_id, populate_existing=True)
    week = contests.get_week_by_id(session, row.week_id)
    state = state_of(session, week)
    if row.computed_from == state or not week.contest.rules.is_over(week.week, now()):
        return False
    try:
        found = compute(session, row, now(), long_work.teller(DbRuling, DbRuling.id == ruling_id, *_WANTED))
    except NobodyWaitsError:
        return False
    finally:
        session.rollback()
    with transaction() as writing:
        if state_of(writing, contests.get_week_by_id(writing, week.id)) != state:
            return False
        kept = {"preview": json.dumps(asdict(found), ensure_ascii=False), "computed_from": state}
        writing.execute(update(DbRuling).where(DbRuling.id == ruling_id, *_WANTED).values(**kept))
    return True


def _scores(results: Results) -> dict[str, tuple[int, bool]]:
    return {one.code: (one.score, one.is_valid) for division in results.values() for one in division}


def _ranks(ranked: Mapping[str, Ranked]) -> dict[int, int]:
    ranks = (zip(one.standings.figures("person"), one.standings.ranks(), strict=True) for one in ranked.values())
    return dict(chain.from_iterable(ranks))
