"""The weekly digest: after a week is published, every coordinator is told how their agency took part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import Row, String, cast, exists, func, literal, select

from quiz.mail_settings import is_mailable
from quiz.models.contests import DbHeadcount
from quiz.models.mail import DbLetter, DbRefusedAddress, DbUnsubscribed
from quiz.models.people import DbAgency, DbPerson, DbRoleGrant
from quiz.models.results import DbPublication
from quiz.permissions import Role
from quiz.scoring.participation import Basis, Turnout
from quiz.services import Transaction, contests, letters, outbox, turnout
from quiz.services.contests import StoredWeek
from quiz.services.letters import Site
from quiz.services.outbox import Kind, Letter
from quiz.services.turnout import AgencyTurnout
from quiz.vietnamese import exact_percent, number, percent

Coordinator = Row[int, str, str | None, int, str]
NEWS = timedelta(days=3)
"""A publication older than this is no news: mail that is set up late does not tell of old weeks."""


def write_due(session: Transaction, site: Site, now: datetime) -> int:
    """Write a digest of every week published lately to each coordinator who has none yet; how many.

    Only figures of weeks that have closed: what a prediction hides while a week is open is never among them.
    """
    contest = contests.find_current(session)
    if contest is None:
        return 0
    weeks = contests.weeks(session, contest)
    news = set(
        session.scalars(
            select(DbPublication.week_id).where(DbPublication.number == 1, DbPublication.published_at > now - NEWS)
        )
    )
    return sum(_write(session, site, weeks[: place + 1], now) for place, week in enumerate(weeks) if week.id in news)


def _write(session: Transaction, site: Site, weeks: Sequence[StoredWeek], now: datetime) -> int:
    coordinators = _coordinators(session, weeks[-1].id)
    if not coordinators:
        return 0
    over_contest = _by_id(turnout.over_contest(session, weeks, now))
    of_weeks = [_by_id(turnout.of_week(session, week, now)) for week in weeks[-2:]]
    written = []
    for person in coordinators:
        shown = [rows[person.agency_id] for rows in of_weeks if person.agency_id in rows]
        lines = tuple(_lines(weeks, shown, over_contest[person.agency_id]))
        written.append(_letter(site, weeks[-1], person, lines, now))
    return outbox.write(session, written, site.host, now)


def _letter(site: Site, week: StoredWeek, person: Coordinator, lines: Sequence[str], now: datetime) -> Letter:
    rules = week.contest.rules
    return letters.about_week(
        site,
        rules,
        week.name,
        person,
        Kind.DIGEST,
        "digest",
        key=f"digest:{week.id}:{person.id}",
        subject=f"Tình hình tham gia {week.name} – {rules.heading}",
        expires_at=now + NEWS,
        agency=person.agency,
        lines=lines,
        agency_url=site.page("/co-quan"),
    )


def _lines(weeks: Sequence[StoredWeek], shown: Sequence[AgencyTurnout], overall: AgencyTurnout) -> Iterator[str]:
    """What is told, the threshold beside the rate that it is held to."""
    latest, is_weekly = shown[-1], weeks[-1].contest.rules.participation.basis is Basis.WEEK
    yield f"{weeks[-1].name}: {_rate(latest.turnout)}" + (f"; {_verdict(latest)}" if is_weekly else "")
    if len(shown) == 2 and (change := _change(shown[0].turnout, latest.turnout)):
        yield f"So với {weeks[-2].name}: {change}"
    yield f"{weeks[-1].name} còn {number(latest.turnout.base - latest.turnout.people)} người chưa dự thi"
    yield f"Cả hội thi đến hết {weeks[-1].name}: {_rate(overall.turnout)}" + (
        "" if is_weekly else f"; {_verdict(overall)}"
    )


def _rate(of: Turnout) -> str:
    share = f", đạt tỷ lệ {percent(of.rate)}" if of.rate is not None else ""
    return f"{number(of.people)} người dự thi trên {number(of.base)} người phải tính{share}"


def _verdict(row: AgencyTurnout) -> str:
    limit = f"chỉ tiêu {exact_percent(row.threshold)}"
    return f"đã đạt {limit}" if row.reaches else f"còn thiếu {number(row.missing)} người để đạt {limit}"


def _change(before: Turnout, after: Turnout) -> str:
    """The difference in percentage points; '' where an agency of nobody has no rate."""
    if before.rate is None or after.rate is None:
        return ""
    points: Fraction = after.rate - before.rate
    if not points:
        return "tỷ lệ không đổi"
    size = percent(abs(points)).removesuffix("%")
    return f"{'tăng' if points > 0 else 'giảm'} {size} điểm phần trăm"


def _coordinators(session: Transaction, week_id: int) -> list[Coordinator]:
    """Coordinators of agencies with figures of this week whom a letter reaches and who have none about it yet."""
    key = literal(f"digest:{week_id}:") + cast(DbPerson.id, String)
    told = exists().where(DbLetter.dedupe_key == key)
    unsubscribed = exists().where(DbUnsubscribed.person_id == DbPerson.id, DbUnsubscribed.kind == Kind.DIGEST)
    blocked = exists().where(
        DbRefusedAddress.address == func.lower(DbPerson.email), DbRefusedAddress.blocked_at.is_not(None)
    )
    rows = session.execute(
        select(DbPerson.id, DbPerson.name, DbPerson.email, DbPerson.agency_id, DbAgency.name.label("agency"))
        .join(DbRoleGrant, (DbRoleGrant.person_id == DbPerson.id) & (DbRoleGrant.role == Role.COORDINATOR))
        .join(DbAgency, DbAgency.id == DbPerson.agency_id)
        .join(DbHeadcount, (DbHeadcount.agency_id == DbAgency.id) & (DbHeadcount.week_id == week_id))
        .where(DbPerson.left_at.is_(None), ~told, ~unsubscribed, ~blocked)
        .order_by(DbPerson.id)
    )
    return [row for row in rows if is_mailable(row.email)]


def _by_id(rows: Sequence[AgencyTurnout]) -> dict[int, AgencyTurnout]:
    return {row.agency_id: row for row in rows}
