"""Certificates of participation: who has earned one, the code on it, and what its public page confirms.

Codes are 100 bits of a keyed hash, so that nobody finds one by trying; what is no code never reaches the database.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from quiz.contest.schedule import Contest
from quiz.errors import Refused
from quiz.exports.certificate import Certificate, certificate
from quiz.exports.printable import file_name
from quiz.models.documents import DbCertificate
from quiz.models.people import DbAgency, DbMembership, DbPerson
from quiz.services import Transaction, attempts, contests, documents, insert_or_leave
from quiz.services.contests import StoredContest, member_at
from quiz.services.documents import File, Kind, Work

LENGTH, GROUP, LONGEST_TYPED = 20, 5, 100
LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
MISTAKEN = str.maketrans("018", "OIB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """What a certificate says of a person: name and agency as the roster had them, and the weeks taken part in."""

    contest: Contest
    name: str
    agency: str
    weeks: tuple[int, ...]

    @property
    def week_names(self) -> tuple[str, ...]:
        """The weeks by their names."""
        return tuple(f"{self.contest.round_word} {number}" for number in self.weeks)


def find_earned(session: Transaction, contest: StoredContest, person_id: int, now: datetime) -> Earned | None:
    """What a person has earned: weeks that are over, with an attempt that stands. None before the first such week.

    The agency is the one that they belonged to when they last started.
    """
    over = {week.id: week for week in contests.weeks(session, contest) if contest.rules.is_over(week.week, now)}
    sat = [each for each in attempts.of_person(session, person_id) if each.week_id in over and not each.is_annulled]
    if not sat:
        return None
    person = session.get_one(DbPerson, person_id)
    return Earned(
        contest=contest.rules,
        name=person.name,
        agency=_agency_at(session, person, max(attempt.started_at for attempt in sat)),
        weeks=tuple(sorted({over[attempt.week_id].week.number for attempt in sat})),
    )


def ask(session: Transaction, person_id: int, key: bytes, check_at: str, now: datetime) -> int:
    """Issue the certificate of the present contest and have it made; the document's id.

    `check_at` is the address of the public page. Raises Refused: contest_missing, certificate_not_earned.
    """
    contest = contests.get_current(session)
    earned = find_earned(session, contest, person_id, now)
    if earned is None:
        raise Refused("certificate_not_earned")
    row = _issue(session, contest, person_id, earned, key, now)
    facts = {
        "organiser": contest.rules.organiser,
        "contest": contest.rules.title,
        "person": earned.name,
        "agency": earned.agency,
        "weeks": in_words(contest.rules, earned.weeks),
        "issued_at": row.issued_at.astimezone(contest.rules.zone).isoformat(),
        "code": grouped(row.code),
        "check_at": check_at,
    }
    return documents.ask(session, Kind.CERTIFICATE, facts, person_id, now)


def make(_session: Transaction, work: Work) -> File:
    """The file of a certificate, all from its facts."""
    facts = {name: str(fact) for name, fact in work.facts.items()}
    issued_at = datetime.fromisoformat(facts.pop("issued_at"))
    content = certificate(Certificate(**facts, issued_at=issued_at))
    name = file_name(f"Giấy chứng nhận tham gia – {facts['person']}", "pdf")
    return File(name=name, mimetype="application/pdf", content=content)


def check(session: Transaction, typed: str, now: datetime) -> Earned:
    """What the certificate of that code says, without weeks that do not stand any more.

    Raises Refused(certificate_missing).
    """
    row = session.get(DbCertificate, code) if (code := read_code(typed)) else None
    if row is None:
        raise Refused("certificate_missing")
    contest = contests.get_by_id(session, row.contest_id)
    stands = find_earned(session, contest, row.person_id, now)
    weeks = tuple(number for number in map(int, row.weeks.split()) if stands and number in stands.weeks)
    if not weeks:
        raise Refused("certificate_missing")
    return Earned(contest=contest.rules, name=row.name, agency=row.agency, weeks=weeks)


def code_of(key: bytes, contest_id: int, person_id: int) -> str:
    """The code of a person's certificate in a contest: always the same, and known to nobody without the key."""
    digest = hmac.digest(key, f"{contest_id}:{person_id}".encode(), "sha256")
    return base64.b32encode(digest).decode()[:LENGTH]


def grouped(code: str) -> str:
    """The code as it is printed and typed: ABCDE-FGHIJ-KLMNO-PQRST."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read_code(typed: str) -> str:
    """The code that somebody typed, however spaced or cased; '' where it is none."""
    code = "".join(letter for letter in typed.upper() if letter not in " -").translate(MISTAKEN)
    return code if len(typed) <= LONGEST_TYPED and len(code) == LENGTH and LETTERS.issuperset(code) else ""


def in_words(rules: Contest, weeks: Sequence[int]) -> str:
    """The weeks as the certificate names them: 'Tuần 1, 2 và 4 (3 trong 4 tuần thi)'."""
    *most, last = map(str, weeks)
    numbers = f"{', '.join(most)} và {last}" if most else last
    return f"{rules.round_word} {numbers} ({len(weeks)} trong {len(rules.weeks)} {rules.round_word.lower()} thi)"


def _issue(
    session: Transaction, contest: StoredContest, person_id: int, earned: Earned, key: bytes, now: datetime
) -> DbCertificate:
    """The certificate as issued; with the same day as before where it says the same as before."""
    says = {"name": earned.name, "agency": earned.agency, "weeks": " ".join(map(str, earned.weeks)), "issued_at": now}
    code = code_of(key, contest.id, person_id)
    connection = session.connection()
    new = {"code": code, "contest_id": contest.id, "person_id": person_id, **says}
    connection.execute(insert_or_leave(connection, DbCertificate), new)
    row = session.get_one(DbCertificate, code, with_for_update=True, populate_existing=True)
    if (row.name, row.agency, row.weeks) != (says["name"], says["agency"], says["weeks"]):
        row.name, row.agency, row.weeks, row.issued_at = earned.name, earned.agency, str(says["weeks"]), now
        session.flush()
    return row


def _agency_at(session: Transaction, person: DbPerson, at: datetime) -> str:
    belonged = (
        select(DbAgency.name)
        .join(DbMembership, DbMembership.agency_id == DbAgency.id)
        .where(DbMembership.person_id == person.id, member_at(at))
    )
    return session.scalar(belonged) or session.get_one(DbAgency, person.agency_id).name
