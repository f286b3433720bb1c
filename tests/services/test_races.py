"""Real concurrency: many threads at once, each with a session of its own, on both databases."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quiz import chance, jobs
from quiz.errors import Refused
from quiz.leadership import Leadership
from quiz.models import db
from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.commitments import DbCommitment
from quiz.models.contests import DbHeadcount, DbWeek
from quiz.models.results import DbStanding
from quiz.services import SYSTEM, attempts, commitment_making, contests, marking, transaction
from quiz.services import at_once as past_session
from tests import makers

AT_ONCE = 40
PATIENCE = 30
START = makers.WEEK_1 + timedelta(hours=1)
BEFORE_WEEK_1 = makers.WEEK_1 - timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SHEET = ("A", "B", "C", "D", "A")
Made = TypeVar("Made")


def at_once(app: Flask, act: Callable[[int], Made], count: int = AT_ONCE) -> list[Made]:
    """What `act(0)`, `act(1)` … give when all of them begin at the same moment."""
    barrier = threading.Barrier(count, timeout=PATIENCE)

    def one(place: int) -> Made:
        with app.app_context():
            barrier.wait()
            try:
                return act(place)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count), timeout=PATIENCE))


@pytest.fixture
def people(session: Session) -> list[int]:
    """Some people of one agency, a contest whose weeks are promised, and nobody who has sat."""
    makers.load_contest()
    agency = makers.add_agency()
    added = [makers.add_person(f"A{number}", agency, activated=False) for number in range(8)]
    for number in (1, 2):
        makers.commit(BEFORE_WEEK_1, number)
    return added


def start(person: int, code: str, number: int = 1, now: datetime = START) -> str:
    """Start as the page does: at once, and where that says no, step by step."""
    contest = contests.get_current(db.session())
    if past_session.start(db.session(), person, contest, number, now, code, lambda _week: "0" * 16):
        return code
    with transaction() as session:
        return attempts.start(session, person, makers.week(session, number), now, code)


def stored(session: Session) -> list[DbAttempt]:
    """Every attempt as it is stored now."""
    session.rollback()
    return list(session.scalars(select(DbAttempt).order_by(DbAttempt.code)))


def test_forty_starts_of_one_person_make_one_attempt(app: Flask, session: Session, people: list[int]) -> None:
    rounds, noise = people[:4], people[-1]  # somebody else starts in the same instants
    for person in rounds:
        codes = at_once(
            app,
            lambda place, person=person: (
                start(person, makers.code(1000 * person + place)) if place else start(noise, makers.code(7))
            ),
        )
        assert len(set(codes[1:])) == 1
        assert [row.code for row in stored(session) if row.person_id == person] == [codes[1]]
    assert len(stored(session)) == len(rounds) + 1
    weeks = session.scalars(select(DbWeek).where(DbWeek.frozen_at.is_not(None))).all()
    assert [week.number for week in weeks] == [1]
    assert session.scalars(select(DbHeadcount.headcount)).all() == [len(people)]


def test_forty_starts_with_three_tries_a_week_still_make_one_attempt(app: Flask, session: Session) -> None:
    makers.load_contest(makers.CONTEST + "attempts: {per_week: 3, counts: best}\n")
    person = makers.add_person("A1", makers.add_agency(), activated=False)
    makers.commit(BEFORE_WEEK_1)
    for number in range(1, 4):
        now = START + number * 30 * MINUTE
        codes = at_once(app, lambda place, n=number, t=now: start(person, makers.code(100 * n + place), now=t))
        assert len(set(codes)) == 1
        assert sorted(row.number for row in stored(session)) == list(range(1, number + 1))


def test_forty_hand_ins_end_the_attempt_once_with_one_receipt(app: Flask, session: Session, people: list[int]) -> None:
    for person in people[:2]:
        code = start(person, makers.code(person))

        def hand_in(place: int, code: str = code, person: int = person) -> attempts.Attempt:
            sheet, now = ("ABCD"[place % 4], *SHEET[1:]), START + place * MINUTE / 10
            past_session.hand_in(db.session(), code, person, 1 + place, sheet, now, None, "0" * 16)
            with transaction() as writing:
                return attempts.hand_in(writing, code, person, 1 + place, sheet, now)

        receipts = at_once(app, hand_in)
        assert len({(r.handed_in_at, r.answers, r.seq, r.ended_by) for r in receipts}) == 1
        [row] = [row for row in stored(session) if row.person_id == person]
        assert (row.handed_in_at, row.seq) == (receipts[0].handed_in_at, receipts[0].seq)


def test_saves_from_two_tabs_leave_the_sheet_with_the_highest_number(
    app: Flask, session: Session, people: list[int]
) -> None:
    noise, person = people[:2]
    code, noise_code = start(person, makers.code(1)), start(noise, makers.code(2))

    def sheet(seq: int) -> tuple[str, ...]:
        return tuple("ABCD"[seq // 4**place % 4] for place in range(5))

    refusals: set[str] = set()

    def tab(which: int) -> list[int]:
        acknowledged = []
        for seq in range(1 + which, 101, 2):
            try:
                with transaction() as writing:
                    attempts.save(writing, code, person, seq, sheet(seq), START + timedelta(seconds=seq))
                acknowledged.append(seq)
            except Refused as refusal:
                refusals.add(refusal.code)
        return acknowledged

    acknowledged = at_once(app, tab, 2)
    assert refusals <= {"older_sheet"}
    session.rollback()
    final = attempts.get(session, code, person)
    assert final.seq == max(itertools.chain(*acknowledged)) == 100
    assert final.answers == sheet(100)
    assert attempts.get(session, noise_code, noise).seq == 0


def test_a_save_and_a_hand_in_at_once_lose_nothing_acknowledged(
    app: Flask, session: Session, people: list[int]
) -> None:
    for person in people[:4]:
        code = start(person, makers.code(person))

        def act(place: int, code: str = code, person: int = person) -> tuple[int, bool]:
            try:
                with transaction() as writing:
                    if place == 5:
                        return attempts.hand_in(writing, code, person, 0, None, START + MINUTE).seq, True
                    return attempts.save(
                        writing, code, person, place + 1, [*SHEET[:4], "ABCD"[place % 4]], START
                    ).seq, False
            except Refused:
                return 0, False

        done = at_once(app, act, 10)
        session.rollback()
        final = attempts.get(session, code, person)
        assert final.seq == max(seq for seq, _ in done)
        assert final.handed_in_at == START + MINUTE


def test_the_prediction_is_the_one_of_the_sheet_with_the_highest_number(
    app: Flask, session: Session, people: list[int]
) -> None:
    for person in people[:3]:
        code = start(person, makers.code(person))

        def act(place: int, code: str = code, person: int = person) -> int:
            try:
                with transaction() as writing:
                    if place == 19:
                        return attempts.hand_in(writing, code, person, 20, SHEET, START + MINUTE, 2000).seq
                    return attempts.save(writing, code, person, place + 1, SHEET, START, 100 * (place + 1)).seq
            except Refused:
                return 0

        done = at_once(app, act, 20)
        session.rollback()
        final = attempts.get(session, code, person)
        assert (final.seq, final.prediction, max(done)) == (20, 2000, 20)


@pytest.fixture
def played(people: list[int]) -> list[int]:
    """Both weeks sat by a few and run out for one; no job has ever run."""
    for number, begin in ((1, makers.WEEK_1), (2, makers.WEEK_2)):
        for place, person in enumerate(people[:5]):
            makers.sit(person, begin + place * MINUTE, right=5 - place, number=number)
        start(people[5], makers.code(900 + number), number, begin)
    return people


def assert_done_once(session: Session) -> None:
    """Each week frozen, marked and ranked exactly once, everybody in exactly one place."""
    session.rollback()
    entries = session.scalars(
        select(DbAuditEntry.facts).where(DbAuditEntry.act == "mark_week").order_by(DbAuditEntry.id)
    )
    assert list(entries) == [f'{{"attempts": 6, "people": 6, "week": {number}}}' for number in (1, 2)]
    weeks = session.scalars(select(DbWeek)).all()
    assert all(week.frozen_at and week.marked_at for week in weeks)
    for week in weeks:
        places = session.scalars(
            select(DbStanding.place).where(DbStanding.week_id == week.id).order_by(DbStanding.place)
        ).all()
        assert places == [1, 2, 3, 4, 5, 6]
    assert session.scalar(select(func.count()).select_from(DbHeadcount)) == 2
    assert session.scalar(select(func.count()).where(DbAttempt.handed_in_at.is_(None))) == 0


def test_three_schedulers_ticking_at_once_do_everything_once(
    app: Flask, session: Session, played: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quiz.clock.now", lambda: makers.WEEK_2_ENDS + MINUTE)
    leaders = [Leadership(app.config["QUIZ"]) for _ in range(3)]
    try:
        for _ in range(3):
            at_once(app, lambda place: jobs.tick(app, leaders[place]), 3)
        assert [leader.is_mine() for leader in leaders].count(True) == 1
    finally:
        for leader in leaders:
            leader.resign()
    assert_done_once(session)


def test_the_jobs_of_three_processes_at_once_do_everything_once(
    app: Flask, session: Session, played: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quiz.clock.now", lambda: makers.WEEK_2_ENDS + MINUTE)
    for _ in range(2):
        at_once(app, lambda _place: [job() for job in jobs.JOBS], 3)
    assert_done_once(session)


def test_a_week_marked_by_hand_and_by_the_job_at_once_is_marked_once(
    app: Flask, session: Session, played: list[int]
) -> None:
    now = makers.WEEK_1_ENDS + MINUTE

    def mark(_place: int) -> int:
        with transaction(makers.CONSOLE) as writing:
            return marking.mark_week(writing, makers.week(writing, 1), now, makers.CONSOLE)

    assert sorted(at_once(app, mark, 3)) == [0, 0, 6]


def test_a_week_is_promised_once_however_many_schedulers_promise_it(app: Flask, session: Session) -> None:
    makers.load_contest()
    makers.add_person("A1", makers.add_agency(), activated=False)

    def promise(_place: int) -> str:
        try:
            with transaction() as writing:
                draft = commitment_making.work_out(writing, makers.week(writing), makers.sealer(), chance.seed)
            with transaction() as writing:
                commitment_making.keep(writing, draft, SYSTEM, BEFORE_WEEK_1)
        except Refused as refused:
            return refused.code
        return "promised"

    said = at_once(app, promise, 8)
    assert (said.count("promised"), set(said)) == (1, {"promised", "commitment_current"})
    assert session.scalar(select(func.count()).select_from(DbCommitment)) == 1
