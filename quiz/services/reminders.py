"""Reminders: a coordinator has everybody written to who has not taken part in the week that is open, once a day."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, exists, func, or_, select

from quiz.contest.schedule import Phase
from quiz.errors import N_, Refused
from quiz.mail_settings import is_mailable
from quiz.models.contests import DbBarred
from quiz.models.mail import DbLetter, DbRefusedAddress, DbReminder, DbUnsubscribed
from quiz.models.people import DbAgency, DbExemption, DbMembership, DbPerson, DbRoleGrant
from quiz.permissions import BARRED_ROLES
from quiz.services import Actor, Transaction, agencies, audit, contests, insert_or_leave, letters, outbox, turnout
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.letters import Site
from quiz.services.outbox import Kind, Letter
from quiz.services.turnout import Missing, exempt_at
from quiz.vietnamese import closing

MOST_TEXT = 1500
USUAL_TEXT = (
    "Đề nghị ông/bà sắp xếp thời gian tham gia dự thi trước khi cổng thi đóng, góp phần hoàn thành chỉ tiêu về tỷ lệ "
    "tham gia của cơ quan, đơn vị.\n\n"
    "Nếu chưa có mật khẩu hoặc cần hỗ trợ, đề nghị ông/bà liên hệ đầu mối phụ trách hội thi của cơ quan, đơn vị."
)


class Reached(StrEnum):
    """Whether a letter reaches a person, or why not."""

    YES = "yes"
    NO_ADDRESS = "no_address"
    ADDRESS_REFUSED = "address_refused"
    UNSUBSCRIBED = "unsubscribed"


REACHED_WORDS = {
    Reached.NO_ADDRESS: N_("Chưa có địa chỉ thư điện tử dùng được"),
    Reached.ADDRESS_REFUSED: N_("Máy chủ thư báo địa chỉ không nhận được thư"),
    Reached.UNSUBSCRIBED: N_("Đã từ chối nhận thư nhắc"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRemind:
    """Somebody who may take part and has not, and whether a letter reaches them."""

    person: Missing
    address: str
    reached: Reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A letter as one person reads it."""

    subject: str
    text: str
    html: str


def open_week(session: Transaction, contest: StoredContest, now: datetime) -> StoredWeek:
    """The week in which one can sit now, the practice round being none; raises Refused(reminder_not_now)."""
    opened = [week for week in contests.weeks(session, contest) if week.week.phase_at(now) is Phase.OPEN]
    if not opened:
        raise Refused("reminder_not_now")
    return opened[-1]


def with_those_below(session: Transaction, agency_id: int) -> list[int]:
    """The agency and every agency below it."""
    return sorted(agencies.with_those_below(session, [agency_id]))


def to_remind(
    session: Transaction, week: StoredWeek, agency_ids: Collection[int], now: datetime
) -> tuple[ToRemind, ...]:
    """Who of these agencies may still take part and has not, by given name; nobody exempt, barred or gone."""
    ids = sorted(agency_ids)
    addresses = _addresses(session, week.contest, ids, now)
    missing = turnout.missing_people(session, ids, week, now)
    return tuple(
        ToRemind(person=one, address=addresses[one.person_id][0], reached=addresses[one.person_id][1])
        for one in missing
        if one.person_id in addresses
    )


def asked_on(session: Transaction, week: StoredWeek, agency_id: int, now: datetime) -> datetime | None:
    """When a reminder of this agency was asked for today; None if it was not."""
    day = week.contest.rules.local_day(now)
    return session.scalar(select(DbReminder.asked_at).where(DbReminder.agency_id == agency_id, DbReminder.day == day))


def checked_text(text: str) -> str:
    """What the coordinator adds, without what cannot be printed; raises Refused: reminder_text_missing, …_long."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    words = "".join(c for c in plain if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"}).strip()
    if not words:
        raise Refused("reminder_text_missing")
    if len(words) > MOST_TEXT:
        raise Refused("reminder_text_long", maximum=MOST_TEXT)
    return words


def wording(site: Site, week: StoredWeek, agency: str, name: str, text: str, unsubscribe_url: str) -> Wording:
    """The letter to one person with the coordinator's words in it."""
    rules = week.contest.rules
    subject = f"Nhắc dự thi {week.name} – {rules.heading}"
    plain, html = letters.worded(
        "reminder",
        subject=subject,
        name=name,
        round=week.name,
        contest=rules.title,
        closes=closing(week.week.closes_at, rules.zone),
        text=text,
        quiz_url=site.page("/thi"),
        agency=agency,
        unsubscribe_url=unsubscribe_url,
    )
    return Wording(subject=subject, text=plain, html=html)


def remind(
    session: Transaction, site: Site, week: StoredWeek, agency: DbAgency, text: str, actor: Actor, now: datetime
) -> int:
    """Write to everybody of the agency and those below it who has not taken part; how many letters.

    Once a day for each agency, and nobody gets two on one day. Raises Refused: reminder_text_missing,
    reminder_text_long, reminded_today.
    """
    words = checked_text(text)
    everybody = to_remind(session, week, with_those_below(session, agency.id), now)
    reached = [one for one in everybody if one.reached is Reached.YES]
    day = week.contest.rules.local_day(now)
    count = outbox.write(
        session, (_letter(site, week, agency.name, one, words, str(day)) for one in reached), site.host, now
    )
    row = {"agency_id": agency.id, "day": day, "week_id": week.id, "text": words, "people": count}
    asked = insert_or_leave(session.connection(), DbReminder).values(**row, asked_by=actor.id, asked_at=now)
    if session.scalar(asked.returning(DbReminder.id)) is None:
        raise Refused("reminded_today")
    audit.record(session, audit.Act.SEND_REMINDER, actor, now, agency=agency.code, week=week.week.number, people=count)
    return count


def withdraw(session: Transaction, now: datetime) -> None:
    """Drop reminders that still wait for people who have taken part meanwhile, or may not or need not any more."""
    contest = contests.find_current(session)
    for week in contests.weeks(session, contest) if contest else ():
        if week.week.opens_at <= now < week.week.closes_at:
            took_part = turnout.took_part(DbLetter.person_id, (week.id,), now)
            left_alone = (DbLetter.person_id.in_(out) for out in _left_alone(week.contest, now))
            outbox.drop(session, f"reminder:{week.id}:", or_(took_part, *left_alone))


def _letter(site: Site, week: StoredWeek, agency: str, to: ToRemind, words: str, day: str) -> Letter:
    unsubscribe_url = site.unsubscribe_url(to.person.person_id, Kind.REMINDER)
    made = wording(site, week, agency, to.person.name, words, unsubscribe_url)
    return Letter(
        key=f"reminder:{week.id}:{to.person.person_id}:{day}",
        kind=Kind.REMINDER,
        person_id=to.person.person_id,
        address=to.address,
        subject=made.subject,
        text=made.text,
        html=made.html,
        unsubscribe_url=unsubscribe_url,
        expires_at=week.week.closes_at,
    )


def _addresses(
    session: Transaction, contest: StoredContest, agency_ids: Sequence[int], now: datetime
) -> dict[int, tuple[str, Reached]]:
    """The address of everybody who belonged to these agencies and may take part, and whether mail reaches it."""
    blocked = exists().where(
        DbRefusedAddress.address == func.lower(DbPerson.email), DbRefusedAddress.blocked_at.is_not(None)
    )
    unsubscribed = exists().where(DbUnsubscribed.person_id == DbPerson.id, DbUnsubscribed.kind == Kind.REMINDER)
    rows = session.execute(
        select(DbPerson.id, DbPerson.email, blocked.label("blocked"), unsubscribed.label("unsubscribed"))
        .where(DbPerson.id.in_(select(DbMembership.person_id).where(DbMembership.agency_id.in_(agency_ids))))
        .where(DbPerson.left_at.is_(None))
        .where(*(DbPerson.id.not_in(out) for out in _left_alone(contest, now)))
    )
    return {row.id: (row.email or "", _reached(row.email, row.blocked, row.unsubscribed)) for row in rows}


def _left_alone(contest: StoredContest, now: datetime) -> tuple[Select[int], ...]:
    """Who may not take part or need not: barred, staff, exempt now."""
    return (
        select(DbBarred.person_id).where(DbBarred.contest_id == contest.id),
        select(DbRoleGrant.person_id).where(DbRoleGrant.role.in_(BARRED_ROLES)),
        select(DbExemption.person_id).where(exempt_at(now)),
    )


def _reached(address: str | None, is_blocked: bool, is_unsubscribed: bool) -> Reached:
    if not is_mailable(address):
        return Reached.NO_ADDRESS
    if is_blocked:
        return Reached.ADDRESS_REFUSED
    return Reached.UNSUBSCRIBED if is_unsubscribed else Reached.YES
