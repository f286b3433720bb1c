"""Coordinators as witnesses: each is sent what the organiser can then no longer change without being seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Row, String, cast, exists, func, literal, select

from quiz.mail_settings import is_mailable
from quiz.models.mail import DbLetter, DbRefusedAddress, DbUnsubscribed
from quiz.models.people import DbPerson, DbRoleGrant
from quiz.permissions import Role
from quiz.services import Transaction, commitments, contests, heads, letters, outbox
from quiz.services.commitments import Commitment
from quiz.services.contests import StoredWeek
from quiz.services.heads import Head
from quiz.services.letters import Site
from quiz.services.outbox import Kind, Letter
from quiz.vietnamese import grouped, moment, number

Witness = Row[int, str, str | None]
NEWS = timedelta(days=3)
"""A promise, or a head, older than this is no news: mail that is set up late does not tell of old weeks."""


def write_commitments(session: Transaction, site: Site, now: datetime) -> int:
    """Write to every coordinator about the newest commitment of each week, once for each version; how many."""
    contest = contests.find_current(session)
    written = [
        letter
        for week in (contests.weeks(session, contest) if contest else ())
        if (newest := commitments.find_newest(session, week)) and now - newest.made_at <= NEWS
        for letter in _letters(session, site, week, newest)
    ]
    return outbox.write(session, written, site.host, now)


def write_heads(session: Transaction, site: Site, now: datetime) -> int:
    """Write to every coordinator about each final head that is fixed, once; how many. It tells no figures."""
    contest = contests.find_current(session)
    finals = heads.final(session, contests.weeks(session, contest) if contest else ())
    written = [
        letter
        for week, final in finals
        if now - final.sealed_at <= NEWS
        for letter in _head_letters(session, site, week, final)
    ]
    return outbox.write(session, written, site.host, now)


def reached(session: Transaction, about: str) -> list[Witness]:
    """Coordinators whom a letter reaches and who have none whose key begins with `about`."""
    told = exists().where(DbLetter.dedupe_key == literal(about) + cast(DbPerson.id, String))
    unsubscribed = exists().where(DbUnsubscribed.person_id == DbPerson.id, DbUnsubscribed.kind == Kind.WITNESS)
    blocked = exists().where(
        DbRefusedAddress.address == func.lower(DbPerson.email), DbRefusedAddress.blocked_at.is_not(None)
    )
    rows = session.execute(
        select(DbPerson.id, DbPerson.name, DbPerson.email)
        .join(DbRoleGrant, (DbRoleGrant.person_id == DbPerson.id) & (DbRoleGrant.role == Role.COORDINATOR))
        .where(DbPerson.left_at.is_(None), ~told, ~unsubscribed, ~blocked)
        .order_by(DbPerson.id)
    )
    return [row for row in rows if is_mailable(row.email)]


def _letters(session: Transaction, site: Site, week: StoredWeek, made: Commitment) -> Iterator[Letter]:
    rules, about = week.contest.rules, f"commitment:{week.id}:{made.number}:"
    for person in reached(session, about):
        yield letters.about_week(
            site,
            rules,
            week.name,
            person,
            Kind.WITNESS,
            "commitment",
            key=f"{about}{person.id}",
            subject=f"Bản cam kết {week.name} (bản số {made.number}) – {rules.heading}",
            expires_at=made.made_at + NEWS,
            number=made.number,
            made_at=moment(made.made_at, rules.zone),
            opens_at=moment(week.week.opens_at, rules.zone),
            digest=made.digest,
            is_late=made.is_late,
            page_url=site.page("/kiem-chung"),
            file_url=site.page(f"/kiem-chung/cam-ket-tuan-{week.week.number}-ban-{made.number}.json"),
        )


def _head_letters(session: Transaction, site: Site, week: StoredWeek, final: Head) -> Iterator[Letter]:
    rules, about = week.contest.rules, f"head:{week.id}:{final.number}:"
    for person in reached(session, about):
        yield letters.about_week(
            site,
            rules,
            week.name,
            person,
            Kind.WITNESS,
            "head",
            key=f"{about}{person.id}",
            subject=f"Mã đầu chuỗi cuối cùng {week.name} – {rules.heading}",
            expires_at=final.sealed_at + NEWS,
            batch=number(final.number),
            sealed=moment(final.sealed_at, rules.zone),
            head=grouped(final.head),
            check_url=site.page("/kiem-chung"),
        )
