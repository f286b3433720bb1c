"""Loads the demo through the real services: contest, bank, roster, about 5,000 attempts, two publications."""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from quiz import chance
from quiz.config import ROOT
from quiz.contest.schedule import Contest, Phase, Week
from quiz.contest.schedule_files import parse_contest
from quiz.demo.people import SEED, MadeUp, agency_rows, people, share
from quiz.models.people import DbPerson
from quiz.permissions import Role
from quiz.questions.bank_file import parse_bank
from quiz.questions.bank_parts import deal, only
from quiz.questions.numbers import ticket
from quiz.questions.paper import Deck, Paper
from quiz.services import (
    SYSTEM,
    Actor,
    Transaction,
    accounts,
    attempts,
    commitment_making,
    contest_files,
    contests,
    installations,
    key_sealing,
    marking,
    passwords,
    publishing,
    roster,
    sealing,
    transaction,
)
from quiz.services.contests import StoredWeek
from quiz.services.key_sealing import Sealer
from quiz.services.roster_file import read_roster

CONSOLE = Actor(None)
PASSWORD = "hoa phuong do 2024"  # noqa: S105 - printed by `make run`, for a demo only
CONTEST = ROOT / "schedules" / "hai-phong-2024.yaml"
OPEN_WEEK = 3
OPEN_SINCE = timedelta(days=2)
FIRST_BANK = "tuan-1-2"
BATCH = 250

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class SignIn:
    """A demo account: what it shows, and its staff code; every one has the demo password."""

    words: str
    staff_code: str
    role: Role


@dataclass(frozen=True, slots=True)
class Plan:
    """One attempt to be played: who, when it starts, how long it lasts, how many answers will be right."""

    person: MadeUp
    starts_at: datetime
    lasts: timedelta
    skill: float
    is_abandoned: bool


def load(now: datetime, sealer: Sealer, progress: Progress) -> datetime:
    """Fill a new database with the demo as it stands at `now`; when its open week closes.

    Raises Refused(not_a_demo) for any other database.
    """
    source = moved_to(now)
    rules = parse_contest(source)
    before = rules.weeks[0].opens_at - timedelta(days=10)
    with transaction(CONSOLE) as session:
        installations.claim_for_demo(session, before)
        contest_files.load_contest(session, source, CONSOLE, before, chance.seed)
        for name, part in banks().items():
            contest_files.load_bank(session, part, CONSOLE, before, name)
    _load_roster(before, progress)
    organiser = _open_accounts(before)
    for week in rules.weeks:
        if week.phase_at(now) is not Phase.TO_COME:
            _promise(week, sealer)
            _play_week(rules, week.number, now, progress)
        if week.phase_at(now) is Phase.CLOSED:
            sealing.seal_due(week.closes_at + timedelta(minutes=1))
            _publish(week.number, week.closes_at + timedelta(hours=9), organiser, progress)
        if week.phase_at(now) is Phase.OPEN:
            with transaction() as session:
                key_sealing.seal_due(session, sealer, week.opens_at)
    return rules.weeks[OPEN_WEEK - 1].closes_at


def banks() -> dict[str, bytes]:
    """The question bank dealt out by name: weeks 1 and 2 have a part of their own, so that their bundles, which hold
    the keys, are published while week 3 is open, whose keys are sealed.
    """
    source = (ROOT / "question_bank.yaml").read_bytes()
    bank = parse_bank(source)
    return {name: only(source, bank, ids) for name, ids in zip(("", FIRST_BANK), deal(bank, 2), strict=True)}


def moved_to(now: datetime) -> bytes:
    """The contest file of Hải Phòng 2024, moved by whole days so that week 3 opened two days before `now`.

    Weeks 1 and 2 draw from a bank of their own.
    """
    source = CONTEST.read_text(encoding="utf-8")
    rules = parse_contest(source.encode())
    week = rules.week(OPEN_WEEK)
    assert week is not None
    today = (now - OPEN_SINCE).astimezone(rules.zone).date()
    days = today - week.opens_at.astimezone(rules.zone).date()

    def moved(found: re.Match[str]) -> str:
        return f"{found[1]}{datetime.fromisoformat(found[2]).date() + days}"

    moved_source = re.sub(r"((?:opens|closes): )(\d{4}-\d\d-\d\d)", moved, source)
    return re.sub(r"(?m)^  - number: [12]$", rf"\g<0>\n    paper: {{bank: {FIRST_BANK}}}", moved_source).encode()


def sign_ins() -> tuple[SignIn, ...]:
    """The accounts that `make run` prints."""
    first: dict[str, int] = {}
    for person in people():
        first.setdefault(person.agency_code, person.number)

    def of(agency: str, place: int) -> str:
        return f"HP{first[agency] + place:05d}"

    return (
        SignIn("Người dự thi (chưa thi tuần 3)", of("SCT", 5), Role.PARTICIPANT),
        SignIn("Đầu mối cơ quan (Sở Y tế và 3 bệnh viện)", of("SYT", 0), Role.COORDINATOR),
        SignIn("Ban Tổ chức (Sở Nội vụ)", of("SNV", 0), Role.ORGANISER),
        SignIn("Ban Tổ chức, người thứ hai (duyệt)", of("SNV", 1), Role.ORGANISER),
        SignIn("Ban Tổ chức, người thứ ba (phê duyệt câu hỏi)", of("SNV", 2), Role.ORGANISER),
        SignIn("Giám sát (Thanh tra thành phố)", of("TTTP", 0), Role.INSPECTOR),
        SignIn("Quản trị (người vận hành phần mềm)", of("STTTT", 2), Role.ADMIN),
    )


def _load_roster(now: datetime, progress: Progress) -> None:
    files = (
        ("co-quan.csv", ["Mã cơ quan", "Tên cơ quan", "Khối", "Mã cơ quan cấp trên"], agency_rows()),
        (
            "can-bo.csv",
            ["Mã cán bộ", "Họ và tên", "Thư điện tử", "Chức vụ", "Mã cơ quan", "Không được dự thi"],
            [
                {
                    "Mã cán bộ": person.staff_code,
                    "Họ và tên": person.name,
                    "Thư điện tử": person.email,
                    "Chức vụ": person.position,
                    "Mã cơ quan": person.agency_code,
                    "Không được dự thi": person.barred,
                }
                for person in people()
            ],
        ),
    )
    for name, columns, rows in files:
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, extrasaction="ignore", delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
        file = read_roster(text.getvalue().encode("utf-8-sig"), name)
        with transaction(CONSOLE) as session:
            planned = roster.plan(session, file, now)
            roster.apply(session, file, planned.digest, CONSOLE, now, lambda d, t: progress("Danh sách dự thi", d, t))


def _open_accounts(now: datetime) -> Actor:
    password_hash = passwords.hashed(PASSWORD)
    organiser = CONSOLE
    with transaction(CONSOLE) as session:
        for account in sign_ins():
            candidate = accounts.find_candidate(session, account.staff_code, "", now)
            accounts.set_password(session, candidate, password_hash)
            if account.role is not Role.PARTICIPANT:
                accounts.grant(session, account.staff_code, account.role, CONSOLE, now)
            if account.role is Role.ORGANISER and organiser is CONSOLE:
                organiser = Actor(candidate.person_id)
    return organiser


def _promise(week: Week, sealer: Sealer) -> None:
    """The commitment of a week, public a day before it opens."""
    with transaction() as session:
        stored = contests.get_week(session, contests.get_current(session), week.number)
        promised_at = week.opens_at - timedelta(hours=stored.contest.rules.commitment_hours)
        commitment_making.make(session, stored, sealer, chance.seed, SYSTEM, promised_at)


def _play_week(rules: Contest, number: int, now: datetime, progress: Progress) -> None:
    with transaction() as session:
        contests.freeze_due_weeks(session, rules.weeks[number - 1].opens_at)
        week = contests.get_week(session, contests.get_current(session), number)
        ids = {row.staff_code: row.id for row in session.execute(select(DbPerson.staff_code, DbPerson.id))}
        deck = Deck(contests.pool_with_keys(session, week, ""), rules.paper_of(week.week, ""))
    plans = sorted(_plans(rules, week, now), key=lambda plan: plan.starts_at)
    for first in range(0, len(plans), BATCH):
        with transaction() as session:
            for plan in plans[first : first + BATCH]:
                code = base64.b32encode(ticket(SEED, "code", str(number), plan.person.staff_code)[:10]).decode()
                paper = deck.draw(week.draw_seed, code)
                _sit(session, ids[plan.person.staff_code], week, plan, paper, code)
        sealing.seal_due(max(plan.starts_at + plan.lasts for plan in plans[first : first + BATCH]))
        progress(f"Tuần {number}: lượt thi", min(first + BATCH, len(plans)), len(plans))


def _plans(rules: Contest, week: StoredWeek, now: datetime) -> Iterator[Plan]:
    eager = {row["Mã cơ quan"]: int(row["turnout"]) / 100 for row in agency_rows()}
    shown = {account.staff_code for account in sign_ins()}
    days = (rules.local_days(week.week)[1] - rules.local_days(week.week)[0]).days + 1
    for person in people():
        key, round_ = person.staff_code, str(week.week.number)
        weekly = 0.45 + 0.55 * share("eager", key)
        takes_part = share("in", key) < eager[person.agency_code] and share("in", key, round_) < weekly
        if person.barred or not takes_part or (key in shown and week.week.number == OPEN_WEEK):
            continue
        day = int(days * share("day", key, round_))
        hour = 7.5 + 9.5 * share("hour", key, round_)
        starts_at = week.week.opens_at + timedelta(days=day, milliseconds=int(hour * 3_600_000))
        pace = (share("pace", key) + share("pace", key, round_)) / 2
        lasts = timedelta(milliseconds=int(110_000 + 990_000 * pace**1.3))
        if starts_at + rules.paper.time_allowed < now:
            skill = 1.0 if share("perfect", key, round_) < 0.52 else 0.55 + 0.42 * share("skill", key)
            yield Plan(person, starts_at, lasts, skill, share("abandon", key, round_) < 0.01)


def _sit(session: Transaction, person_id: int, week: StoredWeek, plan: Plan, paper: Paper, code: str) -> None:
    attempts.start(session, person_id, week, plan.starts_at, code)
    answers = tuple(
        "".join(sorted(item.key_shown))
        if share("right", code, str(item.number)) < plan.skill
        else _wrong(item.key_shown)
        for item in paper.questions
    )
    half = [*answers[: len(answers) // 2], *[""] * (len(answers) - len(answers) // 2)]
    attempts.save(session, code, person_id, 1, half, plan.starts_at + plan.lasts / 2)
    if not plan.is_abandoned:
        attempts.hand_in(session, code, person_id, 2, answers, plan.starts_at + plan.lasts)


def _wrong(key: frozenset[str]) -> str:
    return next(letter for letter in "BCDA" if letter not in key)


def _publish(number: int, now: datetime, organiser: Actor, progress: Progress) -> None:
    with transaction(organiser) as session:
        week = contests.get_week(session, contests.get_current(session), number)
        marking.mark_week(session, week, now, organiser, lambda d, t: progress(f"Tuần {number}: chấm bài", d, t))
    with transaction(organiser) as session:
        week = contests.get_week(session, contests.get_current(session), number)
        seen = publishing.draft(session, week, now + timedelta(hours=1)).digest
        publishing.publish(session, week, seen, "", organiser, now + timedelta(hours=1))
