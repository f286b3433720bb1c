"""Makers of what tests need: a small bank and contest, agencies, people, attempts. Plain functions, plain values."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from quiz import chance
from quiz.errors import Refused
from quiz.key_file import KeyFile
from quiz.models.people import DbAgency, DbMembership, DbPerson, DbRoleGrant
from quiz.permissions import Role
from quiz.questions.bank import Bank, Level, Option, Question
from quiz.questions.bank_file import parse_bank
from quiz.services import (
    SYSTEM,
    Actor,
    attempts,
    commitment_making,
    contest_files,
    contests,
    registrations,
    transaction,
)
from quiz.services.contests import StoredWeek
from quiz.vietnamese import name_key, sort_key
from tests.kept import kept

CONSOLE = Actor(None)
BEFORE = datetime(2024, 9, 20, 2, 0, tzinfo=UTC)
WEEK_1 = datetime(2024, 10, 7, 1, 0, tzinfo=UTC)  # Monday 8:00 in Hải Phòng
WEEK_1_ENDS = datetime(2024, 10, 11, 10, 0, tzinfo=UTC)  # Friday 17:00
WEEK_2 = WEEK_1 + timedelta(days=7)
WEEK_2_ENDS = WEEK_1_ENDS + timedelta(days=7)
PASSWORD = "mot cau mat khau dai"
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""As cheap as can be: what checking a password costs stands in its hash."""

CONTEST = """
contest: thu-nghiem
title: Hội thi thử nghiệm
organiser: Sở Nội vụ
plan: Kế hoạch số 1/KH-UBND
weeks:
  - {number: 1, opens: 2024-10-07 08:00, closes: 2024-10-11 17:00}
  - {number: 2, opens: 2024-10-14 08:00, closes: 2024-10-18 17:00}
paper: {questions: 5, minutes: 10}
prizes:
  - {name: Giải Nhất, count: 1}
  - {name: Giải Nhì, count: 2}
  - {name: Giải Ba, count: 3}
participation:
  basis: contest
  thresholds: {city: 70, central: 50}
barred:
  - {code: ban-to-chuc, name: Thành viên Ban Tổ chức}
"""
OPEN = CONTEST + "registration: open\n"
PASSPHRASE = "Cải cách Hải Phòng 2025"


def bank_text(count: int = 12, key: str = "A", explanation: str = "Giải thích của câu") -> str:
    """A bank file of so many questions, all with the same key."""
    parts = ["title: Bộ câu hỏi thử", "topics: {chung: Chủ đề chung}", "questions:"]
    for number in range(1, count + 1):
        word = hashlib.sha256(f"câu {number}".encode()).hexdigest()
        parts += [
            f"  - id: T-{number:03d}",
            "    topic: chung",
            f"    level: {number % 3 + 1}",
            f"    text: Nội dung riêng {word[:12]} {word[12:24]} {word[24:36]} là gì?",
            "    options:",
            *(f"      {letter}: Phương án {word[i : i + 9]} thứ {letter}" for i, letter in enumerate("ABCD")),
            f"    key: {key}",
            f"    explanation: {explanation} {number}",
            "    document: Văn bản thử nghiệm",
            "    valid_from: 2020-01-01",
        ]
    return "\n".join(parts) + "\n"


def bank(count: int = 12, key: str = "A") -> Bank:
    """The same bank as a value."""
    return parse_bank(bank_text(count, key).encode())


def question(id_: str = "T-001", key: str = "A", level: Level = Level.RECALL, topic: str = "chung") -> Question:
    """One question as a value; `key` may hold several letters."""
    return Question(
        id=id_,
        topic=topic,
        level=level,
        text=f"Câu {id_}",
        options=tuple(Option(letter, f"Phương án {letter} của {id_}") for letter in "ABCD"),
        key=frozenset(key),
        explanation="Vì thế.",
        document="Văn bản",
        article="",
        valid_from=BEFORE.date(),
        valid_until=None,
        facts=(),
    )


def code(number: int) -> str:
    """An attempt's code, the same for the same number."""
    return base64.b32encode(hashlib.sha256(str(number).encode()).digest()[:10]).decode()


def seeds() -> object:
    """A source of seeds that always gives the same ones."""
    numbers = iter(range(1, 1000))
    return lambda: hashlib.sha256(f"seed {next(numbers)}".encode()).digest()


@kept
def load_contest(text: str = CONTEST, bank_source: str | None = None, now: datetime = BEFORE) -> None:
    """Put a contest and a bank into the database, as the console does."""
    with transaction(CONSOLE) as session:
        contest_files.load_contest(session, text.encode(), CONSOLE, now, seeds())
        contest_files.load_bank(session, (bank_source or bank_text()).encode(), CONSOLE, now)


def sealer() -> KeyFile:
    """What the scheduler of this test seals with."""
    return KeyFile(Path(os.environ["QUIZ_SEAL_KEY_FILE"]))


def commit(now: datetime, number: int = 1) -> None:
    """What the scheduler does: the week's commitment, where there is none yet that says what is so."""
    with transaction() as session:
        the_week = week(session, number)
        if the_week.commitment is None and number:
            promise(session, the_week, now)


def promise(session: Session, the_week: StoredWeek, now: datetime) -> StoredWeek:
    """The same inside a transaction; the week as it is then."""
    contests.freeze_due_weeks(session, now)
    with suppress(Refused):
        the_week = contests.get_week_by_id(session, the_week.id)
        commitment_making.make(session, the_week, sealer(), chance.seed, SYSTEM, now)
    return contests.get_week_by_id(session, the_week.id)


def start(session: Session, person_id: int, the_week: StoredWeek, now: datetime, attempt_code: str) -> str:
    """Start an attempt in a week that was promised; its code."""
    if the_week.commitment is None:
        the_week = promise(session, the_week, now)
    return attempts.start(session, person_id, the_week, now, attempt_code)


def week(session: Session, number: int = 1) -> StoredWeek:
    """A week of the contest loaded."""
    return contests.get_week(session, contests.get_current(session), number)


def add_agency(
    code_: str = "SNV", name: str = "", kind: str = "city", parent: str = "", headcount: int | None = None
) -> int:
    """An agency; its id."""
    name = name or f"Cơ quan {code_}"
    with transaction() as session:
        parent_id = session.query(DbAgency.id).filter_by(code=parent).scalar() if parent else None
        row = DbAgency(
            code=code_, name=name, sort_key=sort_key(name), kind=kind, parent_id=parent_id, headcount=headcount
        )
        session.add(row)
        session.flush()
        return row.id


def add_person(
    staff_code: str,
    agency_id: int,
    name: str = "Nguyễn Thị Hương",
    roles: Sequence[Role] = (),
    now: datetime = BEFORE,
    activated: bool = True,
    division: str = "",
) -> int:
    """A person on the roster since `now`, with PASSWORD where activated; their id."""
    with transaction() as session:
        person = DbPerson(
            staff_code=staff_code,
            email=f"{staff_code.casefold()}@example.vn",
            name=name,
            name_key=name_key(name),
            position="Chuyên viên",
            agency_id=agency_id,
            division=division,
            listed_at=now,
            password_hash=PASSWORD_HASH if activated else None,
        )
        session.add(person)
        session.flush()
        session.add(DbMembership(person_id=person.id, agency_id=agency_id, since=now))
        session.add_all(DbRoleGrant(person_id=person.id, role=role) for role in roles)
        return person.id


def open_registration(text: str = OPEN, now: datetime = BEFORE) -> None:
    """Put a contest into the database that people enter by themselves, with PASSPHRASE."""
    load_contest(text, now=now)
    with transaction(CONSOLE) as session:
        registrations.set_passphrase(session, PASSPHRASE, CONSOLE, now)


def declared(agency_id: int, number: int = 1, **otherwise: object) -> registrations.Declared:
    """What somebody declares on registering; other numbers declare other phones, addresses and ID numbers."""
    fields = {
        "name": "Trần Văn Bình",
        "agency_id": agency_id,
        "division": "",
        "phone": f"09{number:08d}",
        "email": f"binh{number}@example.vn",
        "id_hash": hashlib.sha256(f"ID number {number}".encode()).hexdigest(),
        "id_last_four": f"{number:04d}",
    }
    return registrations.Declared(**{**fields, **otherwise})  # type: ignore[arg-type]


def register(
    agency_id: int, number: int = 1, now: datetime = BEFORE, address: str = "192.0.2.1", **otherwise: object
) -> int:
    """Somebody who registers by themselves, without a password to sign in with; their id."""
    with transaction() as session:
        opening = registrations.get_open(session, now)
        person = declared(agency_id, number, **otherwise)
        return registrations.register(session, opening, person, "no password", f"DK{number:08d}", address, now)


def sit(
    person_id: int,
    starts_at: datetime,
    lasts: timedelta = timedelta(minutes=3),
    right: int = 5,
    number: int = 1,
    attempt_code: str = "",
    prediction: int | None = None,
    blank: int = 0,
) -> str:
    """One whole attempt through the real services, with so many right answers, the last ones blank; its code."""
    with transaction() as session:
        the_week = week(session, number)
        made = start(session, person_id, the_week, starts_at, attempt_code or code(person_id * 10 + number))
        attempt = attempts.get(session, made, person_id)
        drawn = attempts.paper_with_keys(session, attempt, the_week)
        answers = [
            "".join(sorted(item.key_shown if place < right else set("ABCD") - item.key_shown))
            for place, item in enumerate(drawn.questions)
        ]
        answers = [*answers[: len(answers) - blank], *[""] * blank]
        attempts.hand_in(session, made, person_id, 1, answers, starts_at + lasts, prediction)
        return made
