"""People who move to another agency or leave the service, by date: proposed by one side, accepted by the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import aliased

from quiz.errors import N_, Refused
from quiz.models.people import DbAgency, DbPerson, DbRosterMove
from quiz.services import Actor, Transaction, accounts, agencies, audit, roster_calendar, roster_care
from quiz.services.contests import freeze_due_weeks
from quiz.services.roster_moves_due import carry_out_due, is_open

MOST_REASON = 300
SHOWN = 100


class State(StrEnum):
    """How far a move has come; nothing changes before it is done."""

    WAITING = "waiting"
    AGREED = "agreed"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def words(self) -> str:
        """What the pages call it."""
        return _STATES[self]

    @property
    def is_open(self) -> bool:
        """Whether it can still be dropped."""
        return self in {State.WAITING, State.AGREED}


_STATES = {
    State.WAITING: N_("Chờ cơ quan nhận đồng ý"),
    State.AGREED: N_("Đã thống nhất, chờ đến ngày"),
    State.DONE: N_("Đã xong"),
    State.DROPPED: N_("Đã bỏ"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move as both agencies see it; `receiver` is '' for somebody who leaves the service."""

    id: int
    person_id: int
    staff_code: str
    name: str
    position: str
    agency_id: int
    agency: str
    receiver_id: int | None
    receiver: str
    moves_at: datetime
    reason: str
    proposer: str
    proposed_at: datetime
    accepter: str
    accepted_at: datetime | None
    state: State


def of_agency(session: Transaction, agency_id: int) -> tuple[Move, ...]:
    """Moves out of the agency and into it, those still open first, then the newest."""
    return _select(session, or_(DbRosterMove.from_agency_id == agency_id, DbRosterMove.to_agency_id == agency_id))


def waiting_for(session: Transaction, agency_id: int) -> int:
    """How many people somebody of this agency still has to accept."""
    waiting = (DbRosterMove.to_agency_id == agency_id, DbRosterMove.accepted_at.is_(None), is_open())
    return session.scalar(select(func.count()).where(*waiting)) or 0


def open_of_person(session: Transaction, person_id: int) -> Move | None:
    """The move of somebody that is still open, if any."""
    still_there = DbRosterMove.from_agency_id == DbPerson.agency_id
    return next(iter(_select(session, DbRosterMove.person_id == person_id, still_there, is_open())), None)


def propose(
    session: Transaction,
    who: accounts.Person,
    agency_id: int,
    person_id: int,
    *,
    receiver_id: int,
    first: date,
    reason: str,
    now: datetime,
) -> Move:
    """Propose that somebody belongs to another agency from a day on; agreed at once where the visitor keeps both.

    Raises Refused: agency_missing, person_missing, person_holds_role, move_waiting, move_nowhere, headcount_full,
    reason_missing, reason_long, day_wrong, day_frozen.
    """
    freeze_due_weeks(session, now)
    receiver = agencies.get_locked(session, receiver_id)
    row = _new(session, who, agency_id, person_id, first, reason, now)
    if receiver_id == agency_id:
        raise Refused("move_nowhere")
    row.to_agency_id = receiver_id
    session.add(row)
    session.flush()
    _record(session, audit.Act.PROPOSE_MOVE, row, who, now, reason=row.reason)
    if receiver_id in {each.id for each in accounts.agencies_of(session, who)}:
        _agree(session, row, receiver, who, now)
    return _get(session, row.id)


def leave(
    session: Transaction,
    who: accounts.Person,
    agency_id: int,
    person_id: int,
    *,
    first: date,
    reason: str,
    now: datetime,
) -> Move:
    """Somebody is no longer of the service from a day on: counted no more, and the account is closed.

    Raises Refused: agency_missing, person_missing, person_holds_role, move_waiting, reason_missing, reason_long,
    day_wrong, day_frozen.
    """
    freeze_due_weeks(session, now)
    row = _new(session, who, agency_id, person_id, first, reason, now)
    _sign(row, who, now)
    session.add(row)
    session.flush()
    person, agency = session.get_one(DbPerson, person_id), session.get_one(DbAgency, agency_id)
    facts = {"person": person.staff_code, "agency": agency.code, "first_day": str(first)}
    audit.record(session, audit.Act.RECORD_LEAVING, Actor(who.id), now, reason=row.reason, **facts)
    carry_out_due(session, now)
    return _get(session, row.id)


def accept(session: Transaction, who: accounts.Person, agency_id: int, move_id: int, now: datetime) -> Move:
    """Take the person in, from the day proposed on, or from now where that day has come: nothing moves in the past.

    Raises Refused: agency_missing, move_missing, move_moved_on, person_holds_role, headcount_full.
    """
    freeze_due_weeks(session, now)
    accounts.get_agency(session, who, agency_id)
    row = _locked(session, move_id)
    if row.to_agency_id != agency_id:
        raise Refused("move_missing")
    receiver = agencies.get_locked(session, agency_id)
    person = session.get_one(DbPerson, row.person_id, with_for_update={"key_share": True})
    has_gone = person.left_at is not None or person.agency_id != row.from_agency_id
    if has_gone or _state(row) is not State.WAITING:
        raise Refused("move_moved_on")
    roster_care.check_no_role(session, who, row.person_id)
    _agree(session, row, receiver, who, now)
    return _get(session, row.id)


def drop(session: Transaction, who: accounts.Person, agency_id: int, move_id: int, now: datetime) -> None:
    """Withdraw or decline, by either side, as long as nothing has been done.

    Raises Refused: agency_missing, move_missing, move_moved_on.
    """
    freeze_due_weeks(session, now)
    accounts.get_agency(session, who, agency_id)
    row = _locked(session, move_id)
    if agency_id not in (row.from_agency_id, row.to_agency_id):
        raise Refused("move_missing")
    if not _state(row).is_open:
        raise Refused("move_moved_on")
    row.dropped_at = now
    _record(session, audit.Act.DROP_MOVE, row, who, now)


def _new(
    session: Transaction,
    who: accounts.Person,
    agency_id: int,
    person_id: int,
    first: date,
    reason: str,
    now: datetime,
) -> DbRosterMove:
    words = audit.checked_reason(reason, MOST_REASON)
    roster_care.get_own(session, who, agency_id, person_id)
    if open_of_person(session, person_id):
        raise Refused("move_waiting")
    return DbRosterMove(
        person_id=person_id,
        from_agency_id=agency_id,
        moves_at=roster_calendar.get(session, now).begins(first),
        reason=words,
        proposed_by=who.id,
        proposed_at=now,
    )


def _agree(session: Transaction, row: DbRosterMove, receiver: DbAgency, who: accounts.Person, now: datetime) -> None:
    roster_care.check_room(session, receiver)
    _sign(row, who, now)
    _record(session, audit.Act.ACCEPT_MOVE, row, who, now)
    session.flush()
    carry_out_due(session, now)


def _sign(row: DbRosterMove, who: accounts.Person, now: datetime) -> None:
    row.accepted_by, row.accepted_at, row.moves_at = who.id, now, max(row.moves_at, now)


def _locked(session: Transaction, move_id: int) -> DbRosterMove:
    row = session.get(DbRosterMove, move_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refused("move_missing")
    return row


def _state(row: DbRosterMove) -> State:
    if row.dropped_at is not None:
        return State.DROPPED
    if row.done_at is not None:
        return State.DONE
    return State.WAITING if row.accepted_at is None else State.AGREED


def _record(
    session: Transaction, act: audit.Act, row: DbRosterMove, who: accounts.Person, now: datetime, reason: str = ""
) -> None:
    move = _get(session, row.id)
    receiver = session.get_one(DbAgency, row.to_agency_id).code if row.to_agency_id else ""
    zone = roster_calendar.get(session, now).zone
    audit.record(
        session,
        act,
        Actor(who.id),
        now,
        reason=reason,
        person=move.staff_code,
        agency=session.get_one(DbAgency, row.from_agency_id).code,
        receiver=receiver,
        first_day=str(row.moves_at.astimezone(zone).date()),
    )


def _get(session: Transaction, move_id: int) -> Move:
    return _select(session, DbRosterMove.id == move_id)[0]


def _select(session: Transaction, *conditions: ColumnElement[bool]) -> tuple[Move, ...]:
    session.flush()
    receiver, proposer, accepter = aliased(DbAgency), aliased(DbPerson), aliased(DbPerson)
    rows = session.execute(
        select(
            DbRosterMove,
            DbPerson,
            DbAgency.name.label("agency"),
            receiver.name.label("receiver"),
            proposer.name.label("proposer"),
            accepter.name.label("accepter"),
        )
        .join(DbPerson, DbPerson.id == DbRosterMove.person_id)
        .join(DbAgency, DbAgency.id == DbRosterMove.from_agency_id)
        .join(receiver, receiver.id == DbRosterMove.to_agency_id, isouter=True)
        .join(proposer, proposer.id == DbRosterMove.proposed_by)
        .join(accepter, accepter.id == DbRosterMove.accepted_by, isouter=True)
        .where(*conditions)
        .order_by(is_open().desc(), DbRosterMove.id.desc())
        .limit(SHOWN)
    )
    return tuple(map(_move, rows))


def _move(row: Row[DbRosterMove, DbPerson, str, str, str, str]) -> Move:
    move, person = row.DbRosterMove, row.DbPerson
    return Move(
        id=move.id,
        person_id=person.id,
        staff_code=person.staff_code,
        name=person.name,
        position=person.position,
        agency_id=move.from_agency_id,
        agency=row.agency,
        receiver_id=move.to_agency_id,
        receiver=row.receiver or "",
        moves_at=move.moves_at,
        reason=move.reason,
        proposer=row.proposer,
        proposed_at=move.proposed_at,
        accepter=row.accepter or "",
        accepted_at=move.accepted_at,
        state=_state(move),
    )
