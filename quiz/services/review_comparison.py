"""Comparing the attempts of a marked week: what there is to notice about its first places and those linked to them.

Linked are people on the same device, and colleagues who handed in closest to somebody. So a week of any size draws some
thousand papers again at most.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import Row, func, select

from quiz.contest.attempt_rules import credited
from quiz.models.attempts import DbAttempt
from quiz.models.people import DbMembership, DbPerson
from quiz.models.results import DbStanding
from quiz.models.reviews import DbAttemptDevice
from quiz.questions.paper import Deck
from quiz.scoring import signals
from quiz.scoring.item_responses import responses
from quiz.scoring.rulings import Rulings
from quiz.scoring.signals import CLOSE_MS, Figure, Kind, Rate, Sheet, Signal, Signals
from quiz.services import Transaction, contests, long_work, rulings_in_force, turnout
from quiz.services.awarding import SHOWN
from quiz.services.contests import StoredWeek, member_at
from quiz.services.documents import Tell
from quiz.services.long_work import untold
from quiz.services.result_rows import EPOCH, MILLISECOND

NEAREST = 40
"""So many of the same agency, those who handed in closest to somebody, are compared with that person."""
SAMPLE = 1000
"""So many further sheets say how common a wrong choice is; codes are random, so the first ones are a fair sample."""
CHUNK = 500

_SHEETS = select(DbAttempt.code, DbAttempt.division, DbAttempt.seen, DbAttempt.answers, DbAttempt.questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """The attempt by which somebody is ranked, as far as it is compared."""

    person: int
    code: str
    place: int
    agency: int
    questions: int
    time_ms: int
    ended_ms: int


Pair = tuple[Ranked, Ranked]


def gather(session: Transaction, week: StoredWeek, tell: Tell = untold) -> Signals:
    """What there is to notice in a marked week."""
    found, people_by_device = Signals(), _people_by_device(session, week)
    shared, rate = signals.shared_devices(people_by_device)
    found.count(Kind.SHARED_DEVICE, rate)
    divisions = week.contest.rules.all_divisions
    for number, division in enumerate(divisions):
        ranked = _ranked(session, week, division.code)
        first = [each for each in ranked if each.place <= SHOWN]
        _note_fast(found, ranked, first)
        for each in first:
            for group in shared.values():
                if each.person in group:
                    others = tuple(sorted(group - {each.person}))
                    found.add(each.person, Signal(kind=Kind.SHARED_DEVICE, others=others))
        part = long_work.part(tell, number, len(divisions))
        _compare(session, week, found, list(_pairs(ranked, first, shared.values())), ranked, part)
    return found


def _note_fast(found: Signals, ranked: Sequence[Ranked], first: Sequence[Ranked]) -> None:
    fast = [each for each in ranked if signals.is_fast(each.questions, each.time_ms)]
    found.count(Kind.FAST, Rate(len(fast), len(ranked)))
    for each in first:
        if each in fast:
            found.add(each.person, Signal(kind=Kind.FAST, figures={"ms": each.time_ms, "questions": each.questions}))


def _pairs(
    ranked: Sequence[Ranked], first: Sequence[Ranked], shared: Iterable[frozenset[int]]
) -> Iterator[tuple[Ranked, Ranked]]:
    """Whom to compare with whom, each pair once."""
    by_agency: defaultdict[int, list[Ranked]] = defaultdict(list)
    for each in ranked:
        by_agency[each.agency].append(each)
    by_person = {each.person: each for each in ranked}
    pairs = {frozenset(pair) for pair in combinations(first, 2)}
    for each in first:
        device = [by_person[one] for group in shared if each.person in group for one in group if one in by_person]
        linked = [*_closest(each, by_agency[each.agency]), *_closest(each, device)]
        pairs |= {frozenset((each, other)) for other in linked}
    for pair in pairs:
        one, other = sorted(pair, key=lambda ranked: ranked.place)
        yield one, other


def _closest(one: Ranked, others: Iterable[Ranked]) -> list[Ranked]:
    """Who else handed in at about the same time, as many as are compared."""
    apart = sorted((other for other in others if other != one), key=lambda other: abs(other.ended_ms - one.ended_ms))
    return apart[:NEAREST]


def _compare(
    session: Transaction, week: StoredWeek, found: Signals, pairs: Sequence[Pair], ranked: Sequence[Ranked], tell: Tell
) -> None:
    wanted = {each.code for pair in pairs for each in pair}
    wanted.update(sorted(each.code for each in ranked)[:SAMPLE])
    sheets = _sheets(session, week, wanted, tell)
    chances = signals.chances_alike(sheets.values())
    for one, other in pairs:
        _note_same_answers(found, one, other, sheets)
        alike = signals.likeness(sheets[one.code], sheets[other.code], chances)
        found.count(Kind.SAME_WRONG, Rate(alike.is_told, 1))
        if alike.is_told:
            _note_both(found, Kind.SAME_WRONG, one, other, alike._asdict())


def _note_same_answers(found: Signals, one: Ranked, other: Ranked, sheets: Mapping[str, Sheet]) -> None:
    apart = abs(one.ended_ms - other.ended_ms)
    if one.agency != other.agency or apart > CLOSE_MS:
        return
    same = signals.same_answers(sheets[one.code], sheets[other.code])
    if same is None:
        return
    found.count(Kind.SAME_ANSWERS, Rate(same, 1))
    if same:
        common = len(sheets[one.code].chosen.keys() & sheets[other.code].chosen.keys())
        _note_both(found, Kind.SAME_ANSWERS, one, other, {"common": common, "apart_ms": apart})


def _note_both(found: Signals, kind: Kind, one: Ranked, other: Ranked, figures: Mapping[str, Figure]) -> None:
    found.add(one.person, Signal(kind=kind, others=(other.person,), figures=figures))
    found.add(other.person, Signal(kind=kind, others=(one.person,), figures=figures))


# What is read


def _ranked(session: Transaction, week: StoredWeek, division: str) -> list[Ranked]:
    members = (
        select(DbMembership.person_id, DbMembership.agency_id)
        .where(member_at(turnout.belongs_at(week, week.week.closes_at)))
        .subquery()
    )
    rows = session.execute(
        select(
            *(DbStanding.person_id, DbStanding.attempt_code, DbStanding.place, DbAttempt.questions),
            *(DbAttempt.started_at, DbAttempt.handed_in_at, DbAttempt.deadline_at, DbAttempt.returned_ms),
            func.coalesce(members.c.agency_id, DbPerson.agency_id).label("agency"),
        )
        .join(DbAttempt, DbAttempt.code == DbStanding.attempt_code)
        .join(DbPerson, DbPerson.id == DbStanding.person_id)
        .join(members, members.c.person_id == DbPerson.id, isouter=True)
        .where(DbStanding.week_id == week.id, DbStanding.division == division)
        .order_by(DbStanding.place)
    )
    return [_as_ranked(row) for row in rows]


def _as_ranked(row: Row[tuple[object, ...]]) -> Ranked:
    ended_at = credited(row.handed_in_at or row.deadline_at, row.deadline_at)
    return Ranked(
        person=row.person_id,
        code=row.attempt_code,
        place=row.place,
        agency=row.agency,
        questions=row.questions,
        time_ms=max(0, (ended_at - row.started_at) // MILLISECOND - row.returned_ms),
        ended_ms=(ended_at - EPOCH) // MILLISECOND,
    )


def _people_by_device(session: Transaction, week: StoredWeek) -> dict[str, frozenset[int]]:
    rows = session.execute(
        select(DbAttemptDevice.device, DbAttempt.person_id)
        .join(DbAttempt, DbAttempt.code == DbAttemptDevice.attempt_code)
        .where(DbAttempt.week_id == week.id, DbAttempt.annulled_by.is_(None))
    )
    people: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        people[row.device].add(row.person_id)
    return {device: frozenset(group) for device, group in people.items()}


def _sheets(session: Transaction, week: StoredWeek, codes: Iterable[str], tell: Tell) -> dict[str, Sheet]:
    """The sheets of these attempts, each paper drawn again and marked as ruled."""
    wanted, sheets = sorted(codes), {}
    drawn_from: dict[str, tuple[Deck, Rulings]] = {}
    for start in range(0, len(wanted), CHUNK):
        tell(start, len(wanted))
        for row in session.execute(_SHEETS.where(DbAttempt.code.in_(wanted[start : start + CHUNK]))):
            if row.division not in drawn_from:
                rulings = rulings_in_force.of_paper(session, week, row.division)
                drawn_from[row.division] = contests.deck_with_keys(session, week, row.division), rulings
            deck, rulings = drawn_from[row.division]
            paper = deck.draw(week.draw_seed, row.code, frozenset(row.seen.split()))
            answers = json.loads(row.answers) if row.answers else [""] * row.questions
            sheets[row.code] = signals.sheet(responses(paper, answers, rulings))
    return sheets
