"""A simulated contest left as it stands an hour after its first week has closed, to be opened in a browser.

`python -m quiz.demo --closed-week` serves it: nothing is marked yet, so that whoever practises finds what an organiser
finds on the morning after. Everybody in it is made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from quiz.contest.schedule_files import parse_contest
from quiz.models.people import DbAgency, DbPerson
from quiz.permissions import Role
from quiz.services import Actor, accounts, installations, passwords, transaction
from quiz.services.key_sealing import Sealer
from quiz.simulation.cast import players
from quiz.simulation.play import prepare, sit

CONSOLE = Actor(None)
CLOSED_SINCE = timedelta(hours=1)
DAY = re.compile(r"(?<=: )\d{4}-\d\d-\d\d(?=[ ,}\n])")


@dataclass(frozen=True, slots=True)
class SignIn:
    """An account of the simulated contest, and what it shows."""

    staff_code: str
    words: str
    role: Role


SIGN_INS = (
    SignIn("BTC", "Ban Tổ chức, người thứ nhất", Role.ORGANISER),
    SignIn("BTC-2", "Ban Tổ chức, người thứ hai", Role.ORGANISER),
    SignIn("BTC-3", "Ban Tổ chức, người thứ ba", Role.ORGANISER),
    SignIn("GS", "Giám sát", Role.INSPECTOR),
    SignIn("GL000001", "Người dự thi", Role.PARTICIPANT),
)


def moved_to(source: bytes, now: datetime) -> bytes:
    """The contest file, moved by whole days so that its first week closed at least an hour ago, and less than 25."""
    rules = parse_contest(source)
    over = rules.weeks[0].closes_at + rules.attempts.grace + CLOSED_SINCE
    days = timedelta(days=(now - over) // timedelta(days=1))

    def moved(found: re.Match[str]) -> str:
        return str((datetime.fromisoformat(found[0]) + days).date())

    return DAY.sub(moved, source.decode()).encode()


def leave_closed(
    source: bytes,
    banks: Mapping[str, bytes],
    people: int,
    now: datetime,
    password: str,
    sealer: Sealer,
    progress: Callable[[str, int, int], None],
) -> datetime:
    """Fill the empty database at hand, with the first week sat and closed and its accounts opened; when week 2 opens.

    Raises FaultyFile, and Refused: not_a_demo, simulation_stuck.
    """
    source = moved_to(source, now)
    contest = parse_contest(source)
    week = contest.weeks[0]
    with transaction() as session:
        installations.claim_for_demo(session, week.opens_at - timedelta(days=10))
    _, ids = prepare(contest, source, banks, people)
    _open_accounts(password, week.opens_at)
    told = partial(progress, f"{contest.name_of(week)}: làm bài")
    sit(contest, week, tuple(players(contest, people)), ids, sealer, told)
    return contest.weeks[1].opens_at if len(contest.weeks) > 1 else now + timedelta(days=7)


def _open_accounts(password: str, now: datetime) -> None:
    password_hash = passwords.hashed(password)
    with transaction(CONSOLE) as session:
        office = session.query(DbAgency).order_by(DbAgency.id).first()
        assert office
        for account in SIGN_INS:
            if not session.query(DbPerson).filter_by(staff_code=account.staff_code).count():
                name = account.words
                session.add(
                    DbPerson(
                        staff_code=account.staff_code, name=name, name_key=name, agency_id=office.id, listed_at=now
                    )
                )
                session.flush()
            candidate = accounts.find_candidate(session, account.staff_code, "", now)
            accounts.set_password(session, candidate, password_hash)
            if account.role is not Role.PARTICIPANT:
                accounts.grant(session, account.staff_code, account.role, CONSOLE, now)
