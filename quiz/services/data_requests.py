"""Requests of people about the own personal data: made by themselves or recorded from paper, answered with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from quiz.contest.appeal_rules import checked_text
from quiz.contest.due import Due, until
from quiz.errors import N_, Refused
from quiz.models.people import DbAgency, DbPerson
from quiz.models.personal_data import DbDataRequest
from quiz.permissions import Permission
from quiz.personal_data.request_rules import (
    OPEN,
    Kind,
    State,
    acknowledge_by,
    answer_by,
    check_may_extend,
    ends,
)
from quiz.services import Actor, Transaction, audit
from quiz.services.today_desk import Desk
from quiz.vietnamese import HANOI

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as pages show it; `recorder` and `answerer` are '' where there is nobody."""

    id: int
    person_id: int
    name: str
    staff_code: str
    agency: str
    kind: Kind
    text: str
    asked_at: datetime
    recorder: str
    recorded_by: int | None
    state: State
    acknowledged_at: datetime | None
    extended_for: str
    answer: str
    answerer: str
    answered_at: datetime | None

    @property
    def answer_by(self) -> date:
        """The last day on which an answer comes in time."""
        return answer_by(self.kind, self.asked_at, HANOI, is_extended=bool(self.extended_for))

    @property
    def next_by(self) -> date | None:
        """The last day for what comes next: acknowledging, then answering; None where nothing is due any more."""
        if self.state is State.WAITING:
            return acknowledge_by(self.asked_at, HANOI)
        return self.answer_by if self.state.is_open else None

    def is_late(self, now: datetime) -> bool:
        """Whether what comes next should have been done."""
        return self.next_by is not None and now >= ends(self.next_by, HANOI)

    @property
    def may_extend(self) -> bool:
        """Whether the answer may be put off."""
        return self.kind is Kind.ERASE and self.state.is_open and not self.extended_for


def ask(session: Transaction, person_id: int, kind: Kind, text: str, now: datetime) -> int:
    """What somebody asks about the own data; the request's number.

    Raises Refused: text_missing, text_long, request_waiting.
    """
    return _store(session, person_id, kind, text, now, None)


def record(
    session: Transaction, person_id: int, kind: Kind, text: str, received: datetime, actor: Actor, now: datetime
) -> int:
    """Write down what came on paper, by the day on which it came. Raises Refused: as `ask` does, person_missing."""
    person = session.get(DbPerson, person_id)
    if person is None:
        raise Refused("person_missing")
    number = _store(session, person_id, kind, text, min(received, now), actor.id)
    audit.record(session, audit.Act.RECORD_DATA_REQUEST, actor, now, person=person.staff_code, request=number)
    return number


def withdraw(session: Transaction, request_id: int, person_id: int) -> None:
    """Take an own request back. Raises Refused: request_missing, request_moved_on."""
    row = _locked(session, request_id)
    if row.person_id != person_id:
        raise Refused("request_missing")
    _check_open(row)
    row.state = State.WITHDRAWN


def acknowledge(session: Transaction, request_id: int, actor: Actor, now: datetime) -> None:
    """Tell the person that the request has come. Raises Refused: request_missing, request_moved_on, request_own."""
    row = held(session, request_id, actor)
    if row.state != State.WAITING:
        raise Refused("request_moved_on")
    row.state, row.acknowledged_by, row.acknowledged_at = State.ACKNOWLEDGED, actor.id, now
    _trace(session, audit.Act.ACKNOWLEDGE_DATA_REQUEST, row, actor, now)


def extend(session: Transaction, request_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Put the answer off once, with a reason that the person reads.

    Raises Refused: request_missing, request_moved_on, request_own, request_not_extendable, reason_missing, reason_long.
    """
    words = audit.checked_reason(reason)
    row = held(session, request_id, actor)
    check_may_extend(Kind(row.kind), State(row.state), is_extended=bool(row.extended_for))
    row.extended_for = words
    _trace(session, audit.Act.EXTEND_DATA_REQUEST, row, actor, now, reason=words)


def answer(
    session: Transaction, request_id: int, text: str, actor: Actor, now: datetime, *, is_granted: bool
) -> DbDataRequest:
    """Answer, for whatever reason; an erasure is granted by carrying it out.

    Raises Refused: request_missing, request_moved_on, request_own, text_missing, text_long.
    """
    words = checked_text(text)
    row = held(session, request_id, actor)
    row.acknowledged_by, row.acknowledged_at = row.acknowledged_by or actor.id, row.acknowledged_at or now
    row.state = State.GRANTED if is_granted else State.REFUSED
    row.answer, row.answered_by, row.answered_at = words, actor.id, now
    _trace(
        session, audit.Act.ANSWER_DATA_REQUEST, row, actor, now, reason=words[: audit.MOST_REASON], outcome=row.state
    )
    return row


def held(session: Transaction, request_id: int, actor: Actor) -> DbDataRequest:
    """An open request for somebody to act on who is not the one that asks.

    Raises Refused: request_missing, request_moved_on, request_own.
    """
    row = _locked(session, request_id)
    _check_open(row)
    if row.person_id == actor.id:
        raise Refused("request_own")
    return row


def of_person(session: Transaction, person_id: int) -> tuple[Request, ...]:
    """Everything that somebody has asked, the latest first."""
    rows = session.execute(_SELECT.where(DbDataRequest.person_id == person_id).order_by(DbDataRequest.id.desc()))
    return tuple(_request(*row) for row in rows)


def get(session: Transaction, request_id: int) -> Request:
    """One request; raises Refused(request_missing)."""
    row = session.execute(_SELECT.where(DbDataRequest.id == request_id)).first()
    if row is None:
        raise Refused("request_missing")
    return _request(*row)


def listing(session: Transaction, page: int, *, only_open: bool) -> tuple[tuple[Request, ...], int]:
    """One page of the requests and how many there are: those that wait, the oldest first, or all, the latest first."""
    wanted = DbDataRequest.state.in_(OPEN) if only_open else DbDataRequest.id.is_not(None)
    order = DbDataRequest.asked_at if only_open else DbDataRequest.asked_at.desc()
    total = session.scalar(select(func.count()).select_from(DbDataRequest).where(wanted)) or 0
    rows = session.execute(
        _SELECT.where(wanted).order_by(order, DbDataRequest.id).limit(PAGE).offset((page - 1) * PAGE)
    )
    return tuple(_request(*row) for row in rows), total


def waiting(session: Transaction, desk: Desk) -> Iterator[Due]:
    """What the Today page says to those who answer: what must be acknowledged or answered first, and by when."""
    if Permission.KEEP_PERSONAL_DATA not in desk.viewer.permissions:
        return
    found = [_request(*row) for row in session.execute(_SELECT.where(DbDataRequest.state.in_(OPEN)))]
    days = [one.next_by for one in found if one.next_by]
    if days:
        at = ends(min(days), HANOI)
        in_time = N_("%(count)s yêu cầu về dữ liệu cá nhân chờ tiếp nhận hoặc trả lời; hạn gần nhất: hết ngày %(day)s.")
        overdue = N_("%(count)s yêu cầu về dữ liệu cá nhân chờ tiếp nhận hoặc trả lời, có yêu cầu quá hạn từ %(day)s.")
        yield Due(
            words=in_time if desk.now < at else overdue,
            facts={"count": len(found), "day": f"{min(days):%d/%m/%Y}"},
            urgency=until(at, desk.now),
            at=at,
            page="data_requests.listing",
        )


def _store(
    session: Transaction, person_id: int, kind: Kind, text: str, asked_at: datetime, recorded_by: int | None
) -> int:
    words = checked_text(text)
    session.execute(select(DbPerson.id).where(DbPerson.id == person_id).with_for_update(key_share=True))
    same = (DbDataRequest.person_id == person_id, DbDataRequest.kind == kind, DbDataRequest.state.in_(OPEN))
    if session.scalar(select(DbDataRequest.id).where(*same).limit(1)) is not None:
        raise Refused("request_waiting")
    row = DbDataRequest(
        person_id=person_id, kind=kind, text=words, asked_at=asked_at, recorded_by=recorded_by, state=State.WAITING
    )
    session.add(row)
    session.flush()
    return row.id


def _locked(session: Transaction, request_id: int) -> DbDataRequest:
    row = session.get(DbDataRequest, request_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refused("request_missing")
    return row


def _check_open(row: DbDataRequest) -> None:
    if not State(row.state).is_open:
        raise Refused("request_moved_on")


def _trace(
    session: Transaction, act: audit.Act, row: DbDataRequest, actor: Actor, now: datetime, **facts: object
) -> None:
    code = session.get_one(DbPerson, row.person_id).staff_code
    audit.record(session, act, actor, now, person=code, request=row.id, **facts)  # type: ignore[arg-type]


_RECORDER, _ANSWERER = aliased(DbPerson), aliased(DbPerson)
_SELECT: Select[DbDataRequest, DbPerson, str, str | None, str | None] = (
    select(DbDataRequest, DbPerson, DbAgency.name, _RECORDER.name, _ANSWERER.name)
    .join(DbPerson, DbPerson.id == DbDataRequest.person_id)
    .join(DbAgency, DbAgency.id == DbPerson.agency_id)
    .join(_RECORDER, _RECORDER.id == DbDataRequest.recorded_by, isouter=True)
    .join(_ANSWERER, _ANSWERER.id == DbDataRequest.answered_by, isouter=True)
)


def _request(row: DbDataRequest, person: DbPerson, agency: str, recorder: str | None, answerer: str | None) -> Request:
    return Request(
        id=row.id,
        person_id=person.id,
        name=person.name,
        staff_code=person.staff_code,
        agency=agency,
        kind=Kind(row.kind),
        text=row.text,
        asked_at=row.asked_at,
        recorder=recorder or "",
        recorded_by=row.recorded_by,
        state=State(row.state),
        acknowledged_at=row.acknowledged_at,
        extended_for=row.extended_for,
        answer=row.answer,
        answerer=answerer or "",
        answered_at=row.answered_at,
    )
