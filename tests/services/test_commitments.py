"""What is promised of a week: when, what is in it, that a week opens under it, and that nobody starts without."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz import chance
from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.commitments import DbCommitment, DbVerifier
from quiz.models.contests import DbWeek
from quiz.permissions import Role
from quiz.services import (
    Actor,
    attempts,
    commitment_making,
    commitments,
    contest_files,
    contests,
    headcounts,
    key_sealing,
    sealing,
    transaction,
)
from quiz.services.commitments import Commitment
from quiz.verification.canonical import canonical
from quiz.verification.commitments import rules_hash, seed_hash
from quiz.verification.questions import question_hash, written
from tests import makers
from tests.kept import kept

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
OPENS = makers.WEEK_1
DAY_BEFORE = OPENS - timedelta(hours=24)


@pytest.fixture
@kept
def town(session: Session) -> dict[str, int]:
    """Two agencies, one with more people than are listed, and an organiser."""
    session.rollback()
    makers.load_contest()
    ids = {"SNV": makers.add_agency("SNV"), "CT": makers.add_agency("CT", kind="central", headcount=40)}
    ids["A1"] = makers.add_person("A1", ids["SNV"], activated=False)
    ids["A2"] = makers.add_person("A2", ids["SNV"], activated=False)
    ids["TC"] = makers.add_person("TC", ids["SNV"], roles=[Role.ORGANISER], activated=False)
    return ids


def tick(now: datetime) -> list[int]:
    """What the scheduler does: freeze what has opened, then make what is due; the weeks for which it made one."""
    with transaction() as session:
        contests.freeze_due_weeks(session, now)
    with transaction() as session:
        found = commitment_making.due(session, now)
        for week, asked_by in found:
            commitment_making.make(session, week, makers.sealer(), chance.seed, asked_by, now)
    return [week.week.number for week, _ in found]


def versions(session: Session, number: int = 1) -> tuple[Commitment, ...]:
    session.rollback()
    session.expire_all()
    return commitments.of_week(session, makers.week(session, number))


def start(person: int, now: datetime) -> str:
    with transaction() as session:
        return attempts.start(session, person, makers.week(session), now, makers.code(person))


def refused(person: int, now: datetime) -> str:
    """The code of the refusal when somebody starts."""
    with pytest.raises(Refused) as caught:
        start(person, now)
    return caught.value.code


def declare(agency: int, people: int, now: datetime) -> None:
    with transaction(makers.CONSOLE) as session:
        headcounts.set_headcount(session, agency, people, makers.CONSOLE, now, "Đếm lại")


def test_it_is_made_by_itself_a_day_before_the_week_opens_and_only_once(session: Session, town: dict[str, int]) -> None:
    assert tick(DAY_BEFORE - SECOND) == []
    assert tick(DAY_BEFORE) == [1]
    assert tick(DAY_BEFORE + HOUR) == []
    [made] = versions(session)
    assert (made.number, made.made_at, made.is_late, made.counts) == (1, DAY_BEFORE, False, False)
    assert tick(OPENS) == []
    assert versions(session)[0].counts
    assert start(town["A1"], OPENS)


def test_the_contest_file_says_how_long_before(session: Session) -> None:
    makers.load_contest(makers.CONTEST + "commitment: {hours_before: 3}\n")
    assert tick(OPENS - 3 * HOUR - SECOND) == []
    assert tick(OPENS - 3 * HOUR) == [1]


def test_it_holds_what_the_protocol_says(session: Session, town: dict[str, int]) -> None:
    tick(DAY_BEFORE)
    session.rollback()
    week, row = makers.week(session), session.get_one(DbWeek, 1)
    body, digest = commitments.file(session, week)
    told = json.loads(body)
    assert (canonical(told), hashlib.sha256(body).hexdigest()) == (body, digest)
    assert told["agencies"] == [
        {"code": "CT", "kind": "central", "people": 40},
        {"code": "SNV", "kind": "city", "people": 3},
    ]
    assert told["people"] == 43
    assert (told["draw"], told["lot"]) == (seed_hash("draw", row.draw_seed), seed_hash("lot", row.lot_seed))
    assert told["contest_file"] == hashlib.sha256(makers.CONTEST.encode()).hexdigest()
    rules = session.scalars(select(DbCommitment.rules)).one()
    assert told["rules"] == rules_hash(json.loads(rules))
    assert json.loads(rules)["divisions"][0]["prizes"][0]["name"] == "Giải Nhất"
    assert row.sealed_question_secret is not None
    secret = makers.sealer().open(row.sealed_question_secret)
    [asked] = told["banks"]
    expected = [(one.id, question_hash(written(one, "", secret))) for one in makers.bank().questions]
    assert [(one["id"], one["hash"]) for one in asked["questions"]] == expected
    kept = {session.get_one(DbVerifier, one["sha256"]).digest for one in told["verifiers"]}
    assert len(kept) == len(told["verifiers"])


@pytest.mark.parametrize("change", ["denominator", "bank", "contest file"])
def test_what_changes_before_the_opening_is_promised_anew(session: Session, town: dict[str, int], change: str) -> None:
    tick(DAY_BEFORE)
    later = OPENS - 2 * HOUR
    if change == "denominator":
        declare(town["CT"], 41, later)
    elif change == "bank":
        with transaction(makers.CONSOLE) as writing:
            contest_files.load_bank(writing, makers.bank_text(13).encode(), makers.CONSOLE, later)
    else:
        with transaction(makers.CONSOLE) as writing:
            text = makers.CONTEST.replace("count: 3", "count: 4")
            contest_files.load_contest(writing, text.encode(), makers.CONSOLE, later, makers.seeds())
    assert tick(later) == [1]
    assert [one.number for one in versions(session)] == [2, 1]
    assert tick(later + SECOND) == []
    tick(OPENS)
    assert [one.counts for one in versions(session)] == [True, False]
    assert start(town["A1"], OPENS)


def test_changes_in_a_row_make_one_version_until_the_last_hour(session: Session, town: dict[str, int]) -> None:
    tick(DAY_BEFORE)
    declare(town["CT"], 41, DAY_BEFORE + SECOND)
    assert tick(DAY_BEFORE + SECOND) == []
    declare(town["CT"], 42, DAY_BEFORE + 2 * SECOND)
    assert tick(DAY_BEFORE + HOUR) == [1]
    for people in (43, 44):
        declare(town["CT"], people, OPENS - people * SECOND)
        assert tick(OPENS - people * SECOND) == [1]
    assert [one.number for one in versions(session)] == [4, 3, 2, 1]


def test_nobody_starts_without_and_one_made_late_says_so(session: Session, town: dict[str, int]) -> None:
    assert refused(town["A1"], OPENS) == "no_commitment"
    assert tick(OPENS + 5 * SECOND) == [1]
    [made] = versions(session)
    assert (made.is_late, made.counts) == (True, True)
    assert start(town["A1"], OPENS + 6 * SECOND)
    assert tick(OPENS + 7 * SECOND) == []


def test_a_change_in_the_last_second_is_promised_before_anybody_starts(session: Session, town: dict[str, int]) -> None:
    tick(DAY_BEFORE)
    declare(town["CT"], 41, OPENS - SECOND)
    assert refused(town["A1"], OPENS) == "no_commitment"
    assert tick(OPENS + SECOND) == [1]
    assert [(one.is_late, one.counts) for one in versions(session)] == [(True, True), (False, False)]
    assert start(town["A1"], OPENS + 2 * SECOND)


def test_what_changes_after_the_opening_changes_no_promise(session: Session, town: dict[str, int]) -> None:
    tick(DAY_BEFORE)
    tick(OPENS)
    declare(town["CT"], 41, OPENS + SECOND)
    assert tick(OPENS + HOUR) == []
    session.rollback()
    week, sealer = makers.week(session), makers.sealer()
    with pytest.raises(Refused) as caught, transaction(makers.CONSOLE) as writing:
        commitment_making.make(writing, week, sealer, chance.seed, makers.CONSOLE, OPENS + HOUR)
    assert caught.value.code == "commitment_settled"


def test_a_week_without_questions_waits_for_them(session: Session, town: dict[str, int]) -> None:
    makers.load_contest(bank_source=makers.bank_text(3))
    assert tick(DAY_BEFORE) == []
    assert refused(town["A1"], OPENS) == "no_bank"
    with transaction(makers.CONSOLE) as writing:
        contest_files.load_bank(writing, makers.bank_text().encode(), makers.CONSOLE, OPENS + SECOND)
    assert tick(OPENS + 2 * SECOND) == [1]
    assert start(town["A1"], OPENS + 3 * SECOND)


def test_a_key_file_lost_before_the_opening_keeps_nobody_out(
    session: Session, town: dict[str, int], seal_key: Path
) -> None:
    tick(DAY_BEFORE)
    seal_key.unlink()
    declare(town["CT"], 41, OPENS - 2 * HOUR)
    assert tick(OPENS - 2 * HOUR) == [1]
    tick(OPENS)
    assert start(town["A1"], OPENS)
    seal_key.unlink()
    with pytest.raises(Refused) as caught, transaction() as writing:
        key_sealing.seal_due(writing, makers.sealer(), OPENS)
    assert caught.value.code == "seal_key_missing"


def test_the_practice_round_needs_none(session: Session) -> None:
    makers.load_contest(makers.CONTEST + "practice: {opens: 2024-10-01 08:00, closes: 2024-10-02 17:00}\n")
    person = makers.add_person("A1", makers.add_agency(), activated=False)
    began = datetime.fromisoformat("2024-10-01T02:00:00+00:00")
    with transaction() as writing:
        assert attempts.start(writing, person, makers.week(writing, 0), began, makers.code(1))


def test_an_organiser_asks_and_the_scheduler_makes_it_in_that_name(session: Session, town: dict[str, int]) -> None:
    organiser, early = Actor(town["TC"]), makers.BEFORE + HOUR
    for _ in range(2):
        with transaction(organiser) as writing:
            commitments.ask(writing, makers.week(writing).id, organiser, early)
    assert commitments.asked_at(session, makers.week(session)) == early
    assert tick(early) == [1]
    assert commitments.asked_at(session, makers.week(session)) is None
    entry = session.scalars(select(DbAuditEntry).where(DbAuditEntry.act == "make_commitment")).one()
    assert (entry.actor_id, json.loads(entry.facts)["digest"]) == (town["TC"], versions(session)[0].digest)
    with pytest.raises(Refused) as caught, transaction(organiser) as writing:
        commitments.ask(writing, makers.week(writing).id, organiser, early)
    assert caught.value.code == "commitment_current"


def test_sealed_keys_are_promised_all_the_same_and_the_salts_open_with_them(
    session: Session, town: dict[str, int]
) -> None:
    tick(DAY_BEFORE)
    tick(OPENS)
    with transaction() as writing:
        assert key_sealing.seal_due(writing, makers.sealer(), OPENS) == 1
    before_week_2 = makers.WEEK_2 - timedelta(days=4)
    with transaction() as writing:
        week_2 = makers.week(writing, 2)
        commitment_making.make(writing, week_2, makers.sealer(), chance.seed, makers.CONSOLE, before_week_2)
    over = makers.WEEK_1_ENDS + HOUR
    with transaction() as writing:
        assert commitment_making.open_secrets(writing, makers.sealer(), over) == 0
    sealing.seal_due(over)
    with transaction() as writing:
        assert key_sealing.open_due(writing, makers.sealer(), over) == 1
        assert commitment_making.open_secrets(writing, makers.sealer(), over) == 1
    session.rollback()
    session.expire_all()
    row = session.get_one(DbWeek, makers.week(session).id)
    assert row.question_secret is not None
    assert row.sealed_question_secret is None
    told = json.loads(commitments.file(session, makers.week(session))[0])
    first = makers.bank().questions[0]
    assert told["banks"][0]["questions"][0]["hash"] == question_hash(written(first, "", row.question_secret))
    assert session.get_one(DbWeek, makers.week(session, 2).id).question_secret is None
