"""Ties at a prize that a public value parts: who they are, whatever is drawn, and their tickets once it is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from quiz.contest.schedule import Division
from quiz.models.decisions import DbLotValue
from quiz.scoring.prizes import Per, Round, award
from quiz.scoring.ranking import Standing
from quiz.scoring.tie_breaks import LOT, lot_key, lot_ticket
from quiz.services import Transaction, awarding
from quiz.services.awarding import SHOWN, Line
from quiz.services.contests import StoredWeek
from quiz.services.published_lot import PublishedLot, PublishedLotTie
from quiz.services.result_rows import standings
from quiz.services.struck import Struck, struck_people


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """People equal in everything but the lot, of whom not all reach the same prize: the places from `place` on.

    `codes` are their receipt codes, sorted; over the whole contest (`is_overall`) each person has the first of theirs.
    """

    division: str
    is_overall: bool
    prizes: tuple[str, ...]
    place: int
    codes: tuple[str, ...]


def of_week(session: Transaction, week: StoredWeek) -> tuple[Tie, ...]:
    """The ties of a marked week, and of the whole contest where the week is its last, as they are before any lot."""
    passed = struck_people(session, week.contest)
    drawn = (one for one in week.contest.rules.all_divisions if one.chain[-1].is_lot)
    return tuple(tie for division in drawn for tie in _of_division(session, week, division, passed))


def tickets(codes: Sequence[str], value: str) -> tuple[tuple[str, str], ...]:
    """The codes with their tickets in hexadecimal, in the order in which the value draws them."""
    key = lot_key(value)
    drawn = sorted((lot_ticket(key, code), code) for code in codes)
    return tuple((code, ticket.hex()) for ticket, code in drawn)


def published(session: Transaction, week: StoredWeek) -> PublishedLot | None:
    """What is published of a lot by a public value, of each tie the first tickets; None where there is none."""
    event, value = week.contest.rules.lot_event, week.lot_value
    if event is None or value is None:
        return None
    signed = (DbLotValue.week_id == week.id, DbLotValue.approved_at.is_not(None))
    columns = select(DbLotValue.decision_number, DbLotValue.approved_at)
    decision = session.execute(columns.where(*signed).order_by(DbLotValue.approved_at.desc()).limit(1)).one()
    return PublishedLot(
        event=event,
        value=value,
        drawn_at=decision.approved_at.isoformat(),
        decision=decision.decision_number,
        ties=tuple(
            PublishedLotTie(
                division=tie.division,
                is_overall=tie.is_overall,
                prizes=tie.prizes,
                place=tie.place,
                people=len(tie.codes),
                tickets=tickets(tie.codes, value)[:SHOWN],
            )
            for tie in of_week(session, week)
        ),
    )


def _of_division(session: Transaction, week: StoredWeek, division: Division, passed: Struck) -> Iterator[Tie]:
    found, number = awarding.lines(session, week.contest, division, passed), week.week.number
    weekly, lasting = ([prize for prize in division.prizes if prize.per is per] for per in (Per.WEEK, Per.CONTEST))
    everybody = Round(
        standings=_undrawn(standings(session, week, division)), prizes=weekly, struck=passed.in_week(number)
    )
    yield from _of_round(week, division, everybody, found.weeks[number])
    if found.overall and number == max(found.weeks):
        over = Round(standings=_undrawn(found.overall.standings), prizes=lasting, struck=passed.everywhere)
        yield from _of_round(week, division, over, found.overall, is_overall=True)


def _of_round(
    week: StoredWeek, division: Division, one: Round, line: Line, *, is_overall: bool = False
) -> Iterator[Tie]:
    undecided = award(one, week.contest.rules.prize_needs, line.declined).undecided
    for tied in undecided:
        rank = tied.standings[0].rank
        equals = [standing for standing in one.standings if standing.rank == rank]
        yield Tie(
            division=division.name,
            is_overall=is_overall,
            prizes=tied.words,
            place=rank,
            codes=tuple(sorted(standing.result.code for standing in equals)),
        )


def _undrawn(ranked: Sequence[Standing]) -> list[Standing]:
    """The same as nobody had drawn a lot."""
    return [one._replace(decided_by="") if one.decided_by == LOT.name else one for one in ranked]
