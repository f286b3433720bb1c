"""Publication N of a week: frozen figures from which every public page is made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select

from quiz.errors import Refused
from quiz.models.contests import DbWeek
from quiz.models.results import DbPublication
from quiz.scoring.participation import AgencyKind, Turnout
from quiz.services import Actor, Transaction, audit, contests, results, turnout
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.turnout import AgencyTurnout

REASON_MAXIMUM = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedWinner:
    """A winner as the public sees it: the name in full and the agency, nothing more personal."""

    prize: str
    rank: int
    name: str
    agency: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedAgency:
    """An agency's participation as published: this week and over the contest so far, in people."""

    name: str
    kind: str
    headcount: int
    exempt: int
    people: int
    contest_headcount: int
    contest_exempt: int
    contest_people: int
    threshold: str

    @property
    def week(self) -> Turnout:
        """Participation in the week."""
        return Turnout(headcount=self.headcount, exempt=self.exempt, people=self.people)

    @property
    def contest(self) -> Turnout:
        """Participation in at least one week so far."""
        return Turnout(headcount=self.contest_headcount, exempt=self.contest_exempt, people=self.contest_people)

    @property
    def limit(self) -> Fraction:
        """The threshold, exact."""
        return Fraction(self.threshold)

    @property
    def kind_words(self) -> str:
        return AgencyKind(self.kind).words


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Lần công bố N. `digest` is the SHA-256 of the stored JSON."""

    week: int
    number: int
    published_at: datetime
    reason: str
    people: int
    attempts: int
    all_right: int
    questions: int
    winners: tuple[PublishedWinner, ...]
    agencies: tuple[PublishedAgency, ...]
    lot_seed: str
    digest: str

    @property
    def total(self) -> Turnout:
        """Participation of all agencies in the week."""
        return sum((agency.week for agency in self.agencies), Turnout(headcount=0, exempt=0, people=0))


def publish(session: Transaction, week: StoredWeek, seen: str, reason: str, actor: Actor, now: datetime) -> Publication:
    """Publish the ranking that the organiser has just seen (`seen` is its digest) as the next number.

    Raises Refused: not_closed, not_marked, ranking_changed, reason_missing (a correction needs one), reason_long.
    """
    contests.check_closed(week, now)
    session.get_one(DbWeek, week.id, with_for_update=True)
    ranking = results.provisional(session, week)
    if ranking.digest != seen:
        raise Refused("ranking_changed", week=week.week.number)
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
    return _publication(row)


def find_latest(session: Transaction, contest: StoredContest, week: int) -> Publication | None:
    """The newest publication of a week, or None."""
    row = session.scalar(
        select(DbPublication)
        .join(DbWeek, DbWeek.id == DbPublication.week_id)
        .where(DbWeek.contest_id == contest.id, DbWeek.number == week)
        .order_by(DbPublication.number.desc())
        .limit(1)
    )
    return _publication(row) if row else None


def latest_of_each_week(session: Transaction, contest: StoredContest) -> tuple[Publication, ...]:
    """The newest publication of every published week, the latest week first."""
    found = (find_latest(session, contest, week.number) for week in reversed(contest.rules.weeks))
    return tuple(publication for publication in found if publication)


def _body(session: Transaction, week: StoredWeek, ranking: results.Provisional, now: datetime) -> dict[str, object]:
    bands = results.score_bands(session, week)
    questions = week.contest.rules.paper.questions
    earlier = [w for w in contests.weeks(session, week.contest) if w.week.number <= week.week.number]
    return {
        "people": sum(bands.values()),
        "attempts": results.count_attempts(session, week),
        "all_right": bands.get(questions, 0),
        "questions": questions,
        "lot_seed": week.lot_seed.hex(),
        "winners": [
            asdict(
                PublishedWinner(
                    prize=winner.prize,
                    rank=winner.ranked.standing.rank,
                    name=winner.ranked.name,
                    agency=winner.ranked.agency,
                    why=winner.why_in_public,
                )
            )
            for winner in ranking.winners
        ],
        "agencies": [
            asdict(agency)
            for agency in _agencies(turnout.of_week(session, week, now), turnout.over_contest(session, earlier, now))
        ],
    }


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


def _publication(row: DbPublication) -> Publication:
    body = json.loads(row.body)
    return Publication(
        digest=row.digest,
        **body
        | {
            "published_at": datetime.fromisoformat(body["published_at"]),
            "winners": tuple(PublishedWinner(**winner) for winner in body["winners"]),
            "agencies": tuple(PublishedAgency(**agency) for agency in body["agencies"]),
        },
    )
