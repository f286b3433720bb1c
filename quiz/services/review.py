"""What a review of a marked week looks at: the first places with their figures and signals, and one person closely."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import func, select

from quiz.contest.schedule import Division
from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.results import DbStanding
from quiz.models.reviews import DbAttemptDevice
from quiz.scoring.marking import mark
from quiz.scoring.resolution import Resolution
from quiz.scoring.signals import Signal, Signals
from quiz.services import Transaction, attempts, results, review_signals, rulings_in_force, strikes
from quiz.services.attempts import Attempt
from quiz.services.awarding import SHOWN
from quiz.services.contests import StoredWeek
from quiz.services.results import RankedPerson
from quiz.services.strikes import Strike

MOST_ON_A_DEVICE = 50
Names = Mapping[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One of the first places: time and moment to the millisecond, on how many devices, and what was noticed."""

    ranked: RankedPerson
    time: str
    handed_in: str
    devices: int
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The first places of each division; `signals` None until they are worked out, `names` of everybody they name."""

    divisions: tuple[tuple[Division, tuple[Reviewed, ...]], ...]
    signals: Signals | None
    names: Names
    strikes: tuple[Strike, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceUse:
    """Somebody's attempt on a device; `place` None where they are not ranked by it."""

    person: int
    name: str
    agency: str
    started_at: datetime
    ended_at: datetime | None
    place: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closely:
    """One ranked person: the attempt that counts and its marks, every attempt of the week, and who used its devices."""

    reviewed: Reviewed
    division: Division
    attempt: Attempt
    right: int
    wrong: int
    blank: int
    all_attempts: tuple[Attempt, ...]
    devices: tuple[tuple[DeviceUse, ...], ...]
    rates: Signals | None
    names: Names
    strikes: tuple[Strike, ...]

    @property
    def standing_strike(self) -> Strike | None:
        """The strike that holds, if any."""
        return next((one for one in self.strikes if one.undone_at is None), None)


def listing(session: Transaction, week: StoredWeek) -> Review:
    """The first fifty of each division; raises Refused(not_marked), as the practice round never is."""
    found = results.provisional(session, week)
    noticed = review_signals.find(session, week)
    top = {one.division: one.top for one in found.divisions}
    devices = _count_devices(session, [person.standing.result.code for each in top.values() for person in each])
    zone = week.contest.rules.zone
    divisions = tuple(
        (division, tuple(_reviewed(person, noticed, devices, zone) for person in people))
        for division, people in top.items()
    )
    return Review(
        divisions=divisions,
        signals=noticed,
        names=_names(session, week, [one for _, people in divisions for one in people]),
        strikes=strikes.of_week(session, week),
    )


def closely(session: Transaction, week: StoredWeek, person_id: int) -> Closely:
    """One person of the ranking; raises Refused: not_marked, not_ranked."""
    ranking, standing = results.provisional(session, week), _standing(session, week, person_id)
    [division] = [one for one in ranking.divisions if one.division.code == standing.division]
    page = results.page_of(session, week, division, ranking.struck, (standing.place - 1) // SHOWN + 1)
    [ranked] = [one for one in page.people if one.standing.result.person == person_id]
    attempt = attempts.get(session, standing.attempt_code, person_id)
    paper = attempts.paper_with_keys(session, attempt, week)
    rulings = rulings_in_force.of_paper(session, week, attempt.division)
    marked = list(zip(attempt.answers, mark(paper, attempt.answers, rulings).right, strict=True))
    noticed = review_signals.find(session, week)
    devices = _count_devices(session, [attempt.code])
    reviewed = _reviewed(ranked, noticed, devices, week.contest.rules.zone)
    return Closely(
        reviewed=reviewed,
        division=division.division,
        attempt=attempt,
        right=sum(is_right for _, is_right in marked),
        wrong=sum(bool(chosen) and not is_right for chosen, is_right in marked),
        blank=sum(not chosen and not is_right for chosen, is_right in marked),
        all_attempts=tuple(one for one in attempts.of_person(session, person_id) if one.week_id == week.id),
        devices=_uses(session, week, attempt.code),
        rates=noticed,
        names=_names(session, week, [reviewed]),
        strikes=tuple(one for one in strikes.of_week(session, week) if one.person_id == person_id),
    )


def _standing(session: Transaction, week: StoredWeek, person_id: int) -> DbStanding:
    found = select(DbStanding).where(DbStanding.week_id == week.id, DbStanding.person_id == person_id)
    row = session.scalars(found).first()
    if row is None:
        raise Refused("not_ranked", week=week.name)
    return row


def _reviewed(ranked: RankedPerson, noticed: Signals | None, devices: Mapping[str, int], zone: tzinfo) -> Reviewed:
    result = ranked.standing.result
    return Reviewed(
        ranked=ranked,
        time=Resolution.MILLISECOND.length(result.time_ms),
        handed_in=Resolution.MILLISECOND.moments(result.handed_in_ms, result.handed_in_ms, zone)[0],
        devices=devices.get(result.code, 0),
        signals=tuple(noticed.of_people.get(result.person, ())) if noticed else (),
    )


def _names(session: Transaction, week: StoredWeek, reviewed: Collection[Reviewed]) -> Names:
    named = {person for one in reviewed for signal in one.signals for person in signal.others[:MOST_ON_A_DEVICE]}
    return results.people_by_id(session, week, named)


def _count_devices(session: Transaction, codes: Collection[str]) -> dict[str, int]:
    rows = session.execute(
        select(DbAttemptDevice.attempt_code, func.count().label("devices"))
        .where(DbAttemptDevice.attempt_code.in_(codes))
        .group_by(DbAttemptDevice.attempt_code)
    )
    return {row.attempt_code: row.devices for row in rows}


def _uses(session: Transaction, week: StoredWeek, code: str) -> tuple[tuple[DeviceUse, ...], ...]:
    """Who else sat the week on each device of an attempt, in the order in which they began."""
    own = select(DbAttemptDevice.device).where(DbAttemptDevice.attempt_code == code)
    rows = session.execute(
        select(
            *(DbAttemptDevice.device, DbAttempt.person_id, DbAttempt.started_at, DbAttempt.handed_in_at),
            DbStanding.place,
        )
        .join(DbAttempt, DbAttempt.code == DbAttemptDevice.attempt_code)
        .join(DbStanding, DbStanding.attempt_code == DbAttempt.code, isouter=True)
        .where(DbAttemptDevice.device.in_(own), DbAttempt.week_id == week.id, DbAttempt.code != code)
        .order_by(DbAttempt.started_at)
    ).all()
    people = results.people_by_id(session, week, {row.person_id for row in rows})
    uses: defaultdict[str, list[DeviceUse]] = defaultdict(list)
    for row in rows:
        who = people[row.person_id]
        uses[row.device].append(
            DeviceUse(
                person=row.person_id,
                name=who["name"],
                agency=who["agency"],
                started_at=row.started_at,
                ended_at=row.handed_in_at,
                place=row.place,
            )
        )
    return tuple(tuple(uses[device][:MOST_ON_A_DEVICE]) for device in sorted(session.scalars(own)))
