"""Moves of people whose moment has come: agreed beforehand, carried out before anything that could depend on them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update

from quiz.models.people import DbMembership, DbPerson, DbRosterMove
from quiz.services import Transaction


def is_agreed() -> ColumnElement[bool]:
    """The condition that a move is agreed and still to be carried out."""
    return DbRosterMove.accepted_at.is_not(None) & is_open()


def is_open() -> ColumnElement[bool]:
    """The condition that a move is neither carried out nor dropped."""
    return DbRosterMove.done_at.is_(None) & DbRosterMove.dropped_at.is_(None)


def carry_out_due(session: Transaction, now: datetime) -> None:
    """Memberships end and begin at the moment of the move, whenever this runs; what a file has overtaken is dropped."""
    overtaken = or_(DbPerson.left_at.is_not(None), DbPerson.agency_id != DbRosterMove.from_agency_id)
    found = session.scalars(
        select(DbRosterMove)
        .join(DbPerson, DbPerson.id == DbRosterMove.person_id)
        .where(or_(is_open() & overtaken, is_agreed() & (DbRosterMove.moves_at <= now)))
        .order_by(DbRosterMove.moves_at, DbRosterMove.id)
        .with_for_update(of=DbRosterMove)
    ).all()
    for move in found:
        person = session.get_one(DbPerson, move.person_id, with_for_update={"key_share": True})
        if person.left_at is not None or person.agency_id != move.from_agency_id:
            move.dropped_at = now
        elif move.accepted_at is not None and move.moves_at <= now:
            _carry_out(session, move, person)
            move.done_at = now
    session.flush()


def _carry_out(session: Transaction, move: DbRosterMove, person: DbPerson) -> None:
    session.execute(
        update(DbMembership)
        .where(DbMembership.person_id == person.id, DbMembership.until.is_(None))
        .values(until=move.moves_at)
        .execution_options(synchronize_session=False)
    )
    if move.to_agency_id is None:
        person.left_at = move.moves_at
        person.session_epoch += 1
        return
    person.agency_id = move.to_agency_id
    session.add(DbMembership(person_id=person.id, agency_id=move.to_agency_id, since=move.moves_at))
