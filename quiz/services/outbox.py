"""The outbox: letters are written in the transaction of what they tell about, and sent later, each at most once.

A letter is claimed before it is handed to the server and settled after the server has answered. Where the sender died
in between, nobody can know whether the server took it: such a letter is unknown, and only a person may send it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update

from quiz.models.mail import DbLetter, DbRefusedAddress, DbUnsubscribed
from quiz.models.people import DbPerson
from quiz.services import Transaction, insert_or_leave
from quiz.smtp import Answer, Mail, Outcome
from quiz.vietnamese import clean

MOST_TRIES = 12
LONGEST_SUBJECT = 300
MOST_REFUSALS = 3
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
REST = timedelta(minutes=1)
LOST_AFTER = timedelta(minutes=10)
"""Longer than handing over a letter can take: whoever claimed it is no longer there."""
MINUTE = timedelta(minutes=1)


class Kind(StrEnum):
    """What letters are about; people can refuse each kind by itself."""

    REMINDER = "reminder"
    DIGEST = "digest"
    ANSWER = "answer"
    RECEIPT = "receipt"
    WITNESS = "witness"


class State(StrEnum):
    """Where a letter stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DROPPED = "dropped"


DOUBTFUL = (State.UNKNOWN, State.FAILED)
"""What only a person may send again, until it expires."""
FORGOTTEN = {"text": "", "html": ""}
DROPPED = {"state": State.DROPPED, **FORGOTTEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a service asks to be sent. `key` names what it tells, so that the same is never told twice."""

    key: str
    kind: Kind
    person_id: int
    address: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that is ours to hand over."""

    id: int
    mail: Mail


def write(session: Transaction, letters: Iterable[Letter], host: str, now: datetime) -> int:
    """Put letters into the outbox; how many were new. `host` ends their Message-IDs, which never change."""
    rows = [
        {
            "dedupe_key": letter.key,
            "kind": letter.kind,
            "person_id": letter.person_id,
            "address": letter.address,
            "subject": _one_line(letter.subject),
            "text": letter.text,
            "html": letter.html,
            "unsubscribe_url": letter.unsubscribe_url,
            "message_id": _message_id(letter.key, host, now),
            "written_at": now,
            "expires_at": letter.expires_at,
            "state": State.WAITING,
            "tries": 0,
            "next_try_at": now,
            "last_error": "",
        }
        for letter in letters
    ]
    if not rows:
        return 0
    return len(session.execute(insert_or_leave(session.connection(), DbLetter).returning(DbLetter.id), rows).all())


def tidy(session: Transaction, now: datetime) -> None:
    """Drop what must not be sent any more, give up letters whose sender died while handing them over, and forget what
    letters said that nobody can send again.
    """
    unwanted = exists().where(DbUnsubscribed.person_id == DbLetter.person_id, DbUnsubscribed.kind == DbLetter.kind)
    blocked = exists().where(
        DbRefusedAddress.address == func.lower(DbLetter.address), DbRefusedAddress.blocked_at.is_not(None)
    )
    has_left = exists().where(DbPerson.id == DbLetter.person_id, DbPerson.left_at.is_not(None))
    session.execute(
        update(DbLetter)
        .where(DbLetter.state == State.WAITING, or_(DbLetter.expires_at <= now, unwanted, blocked, has_left))
        .values(DROPPED)
    )
    session.execute(
        update(DbLetter)
        .where(DbLetter.state == State.SENDING, DbLetter.tried_at < now - LOST_AFTER)
        .values(state=State.UNKNOWN)
    )
    over = (DbLetter.state.in_(DOUBTFUL), DbLetter.expires_at <= now, DbLetter.html != "")
    session.execute(update(DbLetter).where(*over).values(FORGOTTEN))


def drop(session: Transaction, about: str, unwanted: ColumnElement[bool]) -> None:
    """Drop what waits of the letters whose keys begin with `about`, where the condition holds."""
    mine = (DbLetter.state == State.WAITING, DbLetter.dedupe_key.startswith(about, autoescape=True))
    session.execute(update(DbLetter).where(*mine, unwanted).values(DROPPED))


def room(session: Transaction, per_minute: int, now: datetime) -> int:
    """How many letters may be handed over now without passing the limit of a minute."""
    lately = select(func.count()).select_from(DbLetter).where(DbLetter.tried_at > now - MINUTE)
    return max(0, per_minute - (session.scalar(lately) or 0))


def is_due(session: Transaction, now: datetime) -> bool:
    """Whether there is anything to send."""
    due = select(DbLetter.id).where(DbLetter.state == State.WAITING, DbLetter.next_try_at <= now)
    return session.scalar(due.limit(1)) is not None


def claim(session: Transaction, now: datetime) -> Claimed | None:
    """Take the letter that has waited longest, so that nobody else hands it over; None where none is due.

    Receipts, which are many and stand on the page too, come after all others.
    """
    row = session.scalar(
        select(DbLetter)
        .where(DbLetter.state == State.WAITING, DbLetter.next_try_at <= now, DbLetter.expires_at > now)
        .order_by(DbLetter.kind == Kind.RECEIPT, DbLetter.next_try_at, DbLetter.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    row.state, row.tried_at, row.tries = State.SENDING, now, row.tries + 1
    session.flush()
    mail = Mail(
        address=row.address,
        subject=row.subject,
        text=row.text,
        html=row.html,
        unsubscribe_url=row.unsubscribe_url,
        message_id=row.message_id,
        written_at=row.written_at,
    )
    return Claimed(row.id, mail)


def settle(session: Transaction, letter_id: int, answer: Answer, now: datetime) -> None:
    """Write down what became of a claimed letter, and what that says of its address."""
    row = session.get_one(DbLetter, letter_id, with_for_update=True, populate_existing=True)
    if row.state not in {State.SENDING, State.UNKNOWN}:
        raise ValueError(f"letter {letter_id} was not claimed: {row.state}")
    row.last_error = "" if answer.outcome is Outcome.TAKEN else clean(answer.words)[:300]
    match answer.outcome:
        case Outcome.TAKEN:
            row.state, row.sent_at, row.text, row.html = State.SENT, now, "", ""
            session.execute(delete(DbRefusedAddress).where(DbRefusedAddress.address == row.address.lower()))
        case Outcome.LATER if row.tries < MOST_TRIES:
            row.state, row.next_try_at = State.WAITING, now + pause(row.message_id, row.tries)
        case Outcome.SENDER_REFUSED:
            row.state, row.tries = State.WAITING, row.tries - 1
        case Outcome.UNKNOWN:
            row.state = State.UNKNOWN
        case _:
            row.state = State.FAILED
    if answer.outcome in {Outcome.ADDRESS_REFUSED, Outcome.NO_SUCH_ADDRESS}:
        note_refusal(session, row.address, row.last_error, now, for_good=answer.outcome is Outcome.NO_SUCH_ADDRESS)
    session.flush()


def put_off(session: Transaction, now: datetime) -> None:
    """The server is away: everything waits a little, and nothing counts as a try."""
    session.execute(
        update(DbLetter)
        .where(DbLetter.state == State.WAITING, DbLetter.next_try_at <= now)
        .values(next_try_at=now + REST)
    )


def pause(message_id: str, tries: int) -> timedelta:
    """How long to wait after so many tries: twice as long each time, up to hours, a quarter more or less by letter."""
    usual: timedelta = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
    spread = int.from_bytes(hashlib.sha256(f"{message_id} {tries}".encode()).digest()[:2]) / 2**16
    return usual * (0.75 + spread / 2)


def note_refusal(session: Transaction, address: str, words: str, now: datetime, *, for_good: bool) -> None:
    """A server refused the address; it gets no more mail if there is none such, or when refused too often in a row."""
    key = {"address": address.lower()}
    fresh = {"refusals": 0, "last_error": "", "refused_at": now}
    session.execute(insert_or_leave(session.connection(), DbRefusedAddress), [key | fresh])
    row = session.get_one(DbRefusedAddress, address.lower(), with_for_update=True, populate_existing=True)
    row.refusals, row.last_error, row.refused_at = row.refusals + 1, words, now
    if row.blocked_at is None and (for_good or row.refusals >= MOST_REFUSALS):
        row.blocked_at = now
    session.flush()


def _one_line(subject: str) -> str:
    line = clean(subject)
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"


def _message_id(key: str, host: str, now: datetime) -> str:
    return f"<{hashlib.sha256(f'{key} {now.isoformat()}'.encode()).hexdigest()[:32]}@{host}>"
