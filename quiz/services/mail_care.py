"""What staff see of the mail, and what only they decide: send a doubtful letter again, trust an address again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from quiz.errors import N_, Refused
from quiz.models.mail import DbLetter, DbRefusedAddress
from quiz.models.people import DbPerson
from quiz.services import Actor, Transaction, audit
from quiz.services.outbox import DOUBTFUL, Kind, State

KIND_WORDS = {
    Kind.REMINDER: N_("Thư nhắc dự thi"),
    Kind.DIGEST: N_("Thư tổng hợp gửi đầu mối"),
    Kind.ANSWER: N_("Thư trả lời phản ánh"),
    Kind.RECEIPT: N_("Biên nhận bài thi qua thư"),
    Kind.WITNESS: N_("Bản cam kết gửi đầu mối"),
}
STATE_WORDS = {
    State.WAITING: N_("Chờ gửi"),
    State.SENDING: N_("Đang gửi"),
    State.SENT: N_("Đã gửi"),
    State.UNKNOWN: N_("Không rõ đã gửi hay chưa"),
    State.FAILED: N_("Không gửi được"),
    State.DROPPED: N_("Đã bỏ, không gửi"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulLetter:
    """A letter that failed, or of which nobody knows whether it was sent; it can be sent again until it expires."""

    id: int
    kind: str
    state: str
    name: str
    address: str
    tried_at: datetime
    last_error: str
    can_be_sent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedAddress:
    """An address that gets no more mail."""

    address: str
    last_error: str
    blocked_at: datetime


def counts(session: Transaction) -> dict[str, int]:
    """How many letters stand in each state, in the words of the states."""
    rows = session.execute(select(DbLetter.state, func.count().label("letters")).group_by(DbLetter.state))
    found = {row.state: row.letters for row in rows}
    return {words: found.get(state, 0) for state, words in STATE_WORDS.items()}


def doubtful(session: Transaction, now: datetime, most: int = 200) -> tuple[DoubtfulLetter, ...]:
    """Letters that failed or that nobody knows about, the latest first."""
    rows = session.execute(
        select(DbLetter, DbPerson.name)
        .join(DbPerson, DbPerson.id == DbLetter.person_id)
        .where(DbLetter.state.in_(DOUBTFUL))
        .order_by(DbLetter.tried_at.desc(), DbLetter.id.desc())
        .limit(most)
    )
    return tuple(
        DoubtfulLetter(
            id=row.id,
            kind=KIND_WORDS[Kind(row.kind)],
            state=STATE_WORDS[State(row.state)],
            name=name,
            address=row.address,
            tried_at=row.tried_at or row.written_at,
            last_error=row.last_error,
            can_be_sent=row.expires_at > now,
        )
        for row, name in rows
    )


def refused_addresses(session: Transaction) -> tuple[RefusedAddress, ...]:
    """The addresses that get no more mail, the latest first."""
    rows = session.execute(
        select(DbRefusedAddress.address, DbRefusedAddress.last_error, DbRefusedAddress.blocked_at)
        .where(DbRefusedAddress.blocked_at.is_not(None))
        .order_by(DbRefusedAddress.blocked_at.desc(), DbRefusedAddress.address)
    )
    return tuple(RefusedAddress(**row._mapping) for row in rows)


def send_again(session: Transaction, letter_id: int, actor: Actor, now: datetime) -> None:
    """Let a doubtful letter wait once more, as the same message.

    Raises Refused: letter_missing, letter_moved_on, address_refused (it would be dropped again).
    """
    row = session.get(DbLetter, letter_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refused("letter_missing")
    if row.state not in DOUBTFUL or row.expires_at <= now:
        raise Refused("letter_moved_on")
    refused = session.get(DbRefusedAddress, row.address.casefold())
    if refused is not None and refused.blocked_at is not None:
        raise Refused("address_refused", address=row.address)
    row.state, row.next_try_at, row.tries = State.WAITING, now, 0
    staff_code = session.get_one(DbPerson, row.person_id).staff_code
    audit.record(session, audit.Act.SEND_LETTER_AGAIN, actor, now, person=staff_code, letter=row.subject)


def allow(session: Transaction, address: str, actor: Actor, now: datetime) -> None:
    """Send to an address again that was refused. Raises Refused(letter_missing) where it was not."""
    row = session.get(DbRefusedAddress, address)
    if row is None:
        raise Refused("letter_missing")
    session.delete(row)
    audit.record(session, audit.Act.ALLOW_ADDRESS, actor, now, address=address)
