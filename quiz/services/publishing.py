"""Publication N of a week: frozen figures from which every public page is made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select

from quiz.errors import Refused
from quiz.models.contests import DbWeek
from quiz.models.results import DbPublication
from quiz.questions.paper import PaperRules
from quiz.scoring.agency_ranking import BlockRanking
from quiz.services import Actor, Transaction, audit, collective, contests, results, turnout
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.published import (
    Publication,
    PublishedAgency,
    PublishedBlock,
    PublishedDivision,
    PublishedOverall,
    PublishedPlace,
    PublishedTie,
    PublishedWinner,
    read_publication,
)
from quiz.services.results import DivisionRanking
from quiz.services.turnout import AgencyTurnout

REASON_MAXIMUM = 1000


def publish(session: Transaction, week: StoredWeek, seen: str, reason: str, actor: Actor, now: datetime) -> Publication:
    """Publish the ranking that the organiser has just seen (`seen` is its digest) as the next number.

    Raises Refused: not_closed, not_marked, ranking_changed, reason_missing (a correction needs one), reason_long.
    """
    contests.check_closed(week, now)
    session.get_one(DbWeek, week.id, with_for_update=True)
    ranking = results.provisional(session, week)
    if ranking.digest != seen:
        raise Refused("ranking_changed", week=week.name)
    number = 1 + (session.scalar(select(func.max(DbPublication.number)).where(DbPublication.week_id == week.id)) or 0)
    if number > 1 and not reason.strip():
        raise Refused("reason_missing")
    if len(reason.strip()) > REASON_MAXIMUM:
        raise Refused("reason_long", maximum=REASON_MAXIMUM)
    head = {"week": week.week.number, "number": number, "published_at": now.isoformat(), "reason": reason.strip()}
    body = head | _body(session, week, ranking, now)
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    row = DbPublication(
        week_id=week.id,
        number=number,
        published_at=now,
        published_by=actor.id,
        reason=reason.strip(),
        body=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        audit.Act.PUBLISH_RESULTS,
        actor,
        now,
        reason=row.reason,
        week=week.week.number,
        number=number,
        digest=row.digest,
    )
    return read_publication(row)


def find_latest(session: Transaction, contest: StoredContest, week: int) -> Publication | None:
    """The newest publication of a week, or None."""
    row = session.scalar(
        select(DbPublication)
        .join(DbWeek, DbWeek.id == DbPublication.week_id)
        .where(DbWeek.contest_id == contest.id, DbWeek.number == week)
        .order_by(DbPublication.number.desc())
        .limit(1)
    )
    return read_publication(row) if row else None


def latest_of_each_week(session: Transaction, contest: StoredContest) -> tuple[Publication, ...]:
    """The newest publication of every published week, the latest week first."""
    found = (find_latest(session, contest, week.number) for week in reversed(contest.rules.weeks))
    return tuple(publication for publication in found if publication)


def differs(publication: Publication, ranking: results.Provisional) -> bool:
    """Whether the ranking would now give the prizes otherwise than they were published."""
    published = [(w.prize, w.name, w.agency) for w in publication.winners]
    return published != [(w.prize, w.ranked.name, w.ranked.agency) for w in ranking.winners]


def _body(session: Transaction, week: StoredWeek, ranking: results.Provisional, now: datetime) -> dict[str, object]:
    rules = week.contest.rules
    rows = turnout.of_week(session, week, now)
    earlier = [w for w in contests.weeks(session, week.contest) if w.week.number <= week.week.number]
    return {
        "lot_seed": week.lot_seed.hex(),
        "divisions": [
            asdict(_division(rules.paper_of(week.week, one.division.code), one)) for one in ranking.divisions
        ],
        "overall": [asdict(_overall(one)) for one in ranking.overall],
        "collective": [asdict(_block(block)) for block in collective.of_week(session, week, ranking, now)],
        "agencies": [asdict(agency) for agency in _agencies(rows, turnout.over_contest(session, earlier, now))],
        "total": asdict(turnout.total(rows)),
    }


def _division(paper: PaperRules, ranking: DivisionRanking) -> PublishedDivision:
    assert ranking.tally is not None
    return PublishedDivision(
        code=ranking.division.code,
        name=ranking.division.name,
        people=ranking.tally.people,
        attempts=ranking.tally.attempts,
        all_right=ranking.tally.people_all_right,
        questions=paper.questions,
        target=ranking.target,
        winners=_winners(ranking),
        tied=_ties(ranking),
    )


def _overall(ranking: DivisionRanking) -> PublishedOverall:
    return PublishedOverall(
        code=ranking.division.code,
        name=ranking.division.name,
        winners=_winners(ranking),
        tied=_ties(ranking),
    )


def _winners(ranking: DivisionRanking) -> tuple[PublishedWinner, ...]:
    return tuple(
        PublishedWinner(
            prize=winner.prize,
            amount=winner.amount,
            rank=winner.ranked.standing.rank,
            name=winner.ranked.name,
            agency=winner.ranked.agency,
            why=winner.why_in_public,
        )
        for winner in ranking.winners
    )


def _ties(ranking: DivisionRanking) -> tuple[PublishedTie, ...]:
    return tuple(PublishedTie(prizes=tied.prizes, people=len(tied.people)) for tied in ranking.tied)


def _block(ranking: BlockRanking) -> PublishedBlock:
    return PublishedBlock(
        name=ranking.block.name,
        places=tuple(
            PublishedPlace(
                rank=place.rank,
                agency=place.agency.name,
                why=place.why,
                prize=place.prize.name if place.prize else "",
            )
            for place in ranking.places
        ),
        struck=len(ranking.struck),
        tied=tuple(tuple(prize.name for prize in tied.prizes) for tied in ranking.undecided),
    )


def _agencies(week: Sequence[AgencyTurnout], contest: Sequence[AgencyTurnout]) -> list[PublishedAgency]:
    over = {row.agency_id: row.turnout for row in contest}
    return [
        PublishedAgency(
            name=row.name,
            kind=row.kind,
            headcount=row.turnout.headcount,
            exempt=row.turnout.exempt,
            people=row.turnout.people,
            contest_headcount=over[row.agency_id].headcount,
            contest_exempt=over[row.agency_id].exempt,
            contest_people=over[row.agency_id].people,
            threshold=str(row.threshold),
        )
        for row in week
    ]
