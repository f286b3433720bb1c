"""Publication N of a week: frozen figures from which every public page is made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select

from quiz.errors import Refused
from quiz.models.contests import DbWeek
from quiz.models.results import DbPublication
from quiz.scoring.agency_ranking import BlockRanking
from quiz.scoring.participation import AgencyKind
from quiz.scoring.prizes import OnePrize
from quiz.services import (
    Actor,
    Transaction,
    audit,
    collective,
    contests,
    lost_heads,
    lot_ties,
    results,
    rulings_in_force,
    turnout,
    week_counts,
)
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.kind_figures import by_kind
from quiz.services.published import (
    Figures,
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
from quiz.services.results import DivisionRanking, Provisional, Tied
from quiz.services.turnout import AgencyTurnout
from quiz.services.week_counts import Counts

REASON_MAXIMUM = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What would be published of a week now, what the organiser sees besides, and a digest of both.

    `week` and `contest` are the agencies' participation in the week and over the contest so far.
    """

    ranking: Provisional
    collective: tuple[BlockRanking, ...]
    figures: Figures
    week: tuple[AgencyTurnout, ...]
    contest: tuple[AgencyTurnout, ...]

    @property
    def digest(self) -> str:
        """Another one as soon as anything that would be published, or who is struck, is no longer as it was."""
        seen = [asdict(self.figures), sorted(self.ranking.struck.items())]
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def draft(session: Transaction, week: StoredWeek, now: datetime, kept: Counts | None = None) -> Draft:
    """What there is to publish of a marked week; raises Refused(not_marked), as the practice round never is.

    All is counted anew unless some counts are `kept`: what is published is, always.
    """
    counts = kept or week_counts.for_draft(session, week, now)
    ranking = results.provisional(session, week)
    blocks = collective.of_week(session, week, ranking.prizes_of, now)
    rows, contest_rows = (turnout.by_agency(session, week, heads) for heads in (counts.week, counts.contest))
    figures = Figures(
        lot_seed="" if week.contest.rules.lot_event else week.lot_seed.hex(),
        divisions=tuple(_division(week, one, counts.bands[one.division.code]) for one in ranking.divisions),
        overall=tuple(map(_overall, ranking.overall)),
        collective=tuple(map(_block, blocks)),
        agencies=_agencies(rows, contest_rows, week.contest.rules.participation.kinds),
        total=turnout.total(rows),
        kinds=by_kind(week, counts.kinds, rows, contest_rows),
        rulings=rulings_in_force.in_public(session, week),
        lot=lot_ties.published(session, week),
    )
    return Draft(ranking=ranking, collective=blocks, figures=figures, week=rows, contest=contest_rows)


def publish(session: Transaction, week: StoredWeek, seen: str, reason: str, actor: Actor, now: datetime) -> Publication:
    """Publish what the organiser has just seen (`seen` is the digest of the draft) as the next number.

    Where a prize in one week touches those of others, every earlier week must be marked. Raises Refused: not_closed,
    heads_missing, not_marked, ranking_changed, reason_missing (a correction needs one), reason_long.
    """
    session.get_one(DbWeek, week.id, with_for_update=True, populate_existing=True)
    week = contests.get_week_by_id(session, week.id)
    contests.check_closed(week, now)
    lost_heads.check(session)
    found = draft(session, week, now)
    _check_earlier_weeks_marked(session, week)
    if found.digest != seen:
        raise Refused("ranking_changed", week=week.name)
    number = 1 + (session.scalar(select(func.max(DbPublication.number)).where(DbPublication.week_id == week.id)) or 0)
    reason = reason.strip()
    if number > 1 and not reason:
        raise Refused("reason_missing")
    if len(reason) > REASON_MAXIMUM:
        raise Refused("reason_long", maximum=REASON_MAXIMUM)
    head = {"week": week.week.number, "number": number, "published_at": now.isoformat(), "reason": reason}
    body = json.dumps(head | asdict(found.figures), ensure_ascii=False, sort_keys=True)
    row = DbPublication(
        week_id=week.id,
        number=number,
        published_at=now,
        published_by=actor.id,
        reason=reason,
        body=body,
        digest=hashlib.sha256(body.encode()).hexdigest(),
    )
    session.add(row)
    session.flush()
    facts = {"week": week.week.number, "number": number, "digest": row.digest}
    audit.record(session, audit.Act.PUBLISH_RESULTS, actor, now, reason=reason, **facts)
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


def is_as_marked(session: Transaction, week: StoredWeek) -> bool:
    """Whether the newest publication came after the newest marking: before a correction nobody is told a new place."""
    latest = find_latest(session, week.contest, week.week.number)
    return latest is not None and week.marked_at is not None and latest.published_at >= week.marked_at


def get_latest(session: Transaction, contest: StoredContest, week: int) -> Publication:
    """The newest publication of a week; raises Refused(publication_missing)."""
    publication = find_latest(session, contest, week)
    if publication is None:
        raise Refused("publication_missing")
    return publication


def latest_of_each_week(session: Transaction, contest: StoredContest) -> tuple[Publication, ...]:
    """The newest publication of every published week, the latest week first."""
    found = (find_latest(session, contest, week.number) for week in reversed(contest.rules.weeks))
    return tuple(publication for publication in found if publication)


def _check_earlier_weeks_marked(session: Transaction, week: StoredWeek) -> None:
    if week.contest.rules.one_prize is OnePrize.OFF:
        return
    for earlier in contests.weeks(session, week.contest):
        if earlier.week.number < week.week.number and earlier.marked_at is None:
            raise Refused("not_marked", week=earlier.name)


def _division(week: StoredWeek, ranking: DivisionRanking, bands: Mapping[int, int]) -> PublishedDivision:
    assert ranking.tally is not None
    paper = week.contest.rules.paper_of(week.week, ranking.division.code)
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
        full=paper.full,
        bands=tuple(sorted(bands.items(), reverse=True)),
    )


def _overall(ranking: DivisionRanking) -> PublishedOverall:
    return PublishedOverall(
        code=ranking.division.code,
        name=ranking.division.name,
        winners=_winners(ranking),
        tied=_ties(ranking),
    )


def as_published(tied: Tied) -> PublishedTie:
    """Prizes that equals cannot be told apart for, as the public reads of them."""
    return PublishedTie(prizes=tied.prizes, people=tied.count, lot_event=tied.lot_event)


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
    return tuple(as_published(tied) for tied in ranking.tied)


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
        tied=tuple(tied.words for tied in ranking.undecided),
    )


def _agencies(
    week: Sequence[AgencyTurnout], contest: Sequence[AgencyTurnout], kinds: Mapping[AgencyKind, str]
) -> tuple[PublishedAgency, ...]:
    over = {row.agency_id: row.turnout for row in contest}
    return tuple(
        PublishedAgency(
            name=row.name,
            kind=row.kind,
            kind_words=kinds[row.kind],
            headcount=row.turnout.headcount,
            exempt=row.turnout.exempt,
            people=row.turnout.people,
            contest_headcount=over[row.agency_id].headcount,
            contest_exempt=over[row.agency_id].exempt,
            contest_people=over[row.agency_id].people,
            threshold=str(row.threshold),
        )
        for row in week
    )
