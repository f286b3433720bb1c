"""Every hand-in is sealed in exactly one batch, whatever the scheduler goes through, and the final head comes first."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from quiz.models.attempts import DbAttempt
from quiz.models.audit import DbAuditEntry
from quiz.models.seals import DbBatch, DbSealedRecord
from quiz.services import attempts, contests, marking, sealing, transaction
from tests import makers
from tests.services.results_scene import mark
from tests.services.sealing_scene import MINUTE, OPENS, OVER, batches, check_chain, promise, seal, sealed

SECOND = timedelta(seconds=1)


@pytest.fixture
def people(session: Session) -> Iterator[list[int]]:
    """Nine people of a contest whose first week has opened."""
    makers.load_contest()
    agency = makers.add_agency()
    ids = [makers.add_person(f"A{n}", agency, activated=False) for n in range(1, 10)]
    promise()
    yield ids
    check_chain(session)


def test_what_has_ended_is_sealed_within_a_minute_and_what_goes_on_is_not(session: Session, people: list[int]) -> None:
    done = makers.sit(people[0], OPENS + MINUTE)
    with transaction() as writing:
        makers.start(writing, people[1], makers.week(writing), OPENS + MINUTE, makers.code(99))
    seal(OPENS + 5 * MINUTE)
    assert sealed(session) == {done: 1}


def test_a_batch_is_sealed_every_minute_whether_or_not_somebody_handed_in(session: Session, people: list[int]) -> None:
    seal(OPENS, OPENS + 5 * SECOND, OPENS + 55 * SECOND, OPENS + MINUTE)
    code = makers.sit(people[0], OPENS + MINUTE, lasts=10 * SECOND)
    seal(OPENS + 61 * SECOND, OPENS + 119 * SECOND, OPENS + 2 * MINUTE, OPENS + 4 * MINUTE)
    assert [batch.seals for batch in batches(session)] == [0, 0, 1, 0]
    assert sealed(session) == {code: 3}
    assert len({batch.head for batch in batches(session)}) == 4


def test_nothing_is_sealed_before_the_week_opens_or_where_nothing_was_promised(
    session: Session, people: list[int]
) -> None:
    seal(OPENS - SECOND)
    assert batches(session) == []
    seal(OPENS)
    assert (len(batches(session)), len(batches(session, 2))) == (1, 0)


def test_attempts_that_ended_at_their_deadline_or_were_set_aside_are_sealed_too(
    session: Session, people: list[int]
) -> None:
    with transaction() as writing:
        late = makers.start(writing, people[0], makers.week(writing), OPENS, makers.code(99))
    aside = makers.sit(people[1], OPENS)
    with transaction() as writing:
        attempts.close_overdue(writing, OPENS + 20 * MINUTE)
        row = writing.get_one(DbAttempt, aside)
        row.handed_in_at, row.ended_by = OPENS + MINUTE, "incident"
    seal(OPENS + 20 * MINUTE)
    assert sealed(session) == {late: 1, aside: 1}


def test_the_final_head_is_fixed_before_anything_is_marked(session: Session, people: list[int]) -> None:
    codes = {makers.sit(person, OPENS + MINUTE) for person in people}
    seal(OPENS + 5 * MINUTE)
    assert not sealing.is_finished(session, makers.week(session))
    assert mark(OVER) == 9
    last = batches(session)[-1]
    assert (last.is_final, last.sealed_at) == (True, OVER)
    assert sealed(session).keys() == codes
    marked = session.query(DbAuditEntry).filter_by(act="mark_week").one()
    assert last.audit_count < marked.id
    assert sealing.is_finished(session, makers.week(session))


def test_the_last_batch_takes_whoever_ran_out_of_time_at_the_close(session: Session, people: list[int]) -> None:
    with transaction() as writing:
        code = makers.start(writing, people[0], makers.week(writing), OVER - 5 * MINUTE, makers.code(99))
    seal(OVER - MINUTE)
    assert sealed(session) == {}
    seal(OVER, OVER + 5 * SECOND, OVER + 5 * MINUTE)
    assert sealed(session) == {code: 2}
    assert [batch.is_final for batch in batches(session)] == [False, True]


def test_a_start_that_was_still_under_way_at_the_close_is_sealed_before_it_is_marked(
    session: Session, people: list[int]
) -> None:
    seal(OVER)
    with transaction() as writing:
        code = makers.start(writing, people[0], makers.week(writing), OVER - 10 * SECOND, makers.code(99))
    mark(OVER + MINUTE)
    assert sealed(session) == {code: 2}
    assert batches(session)[-1].is_final


def test_a_week_that_an_incident_opens_again_goes_on_after_its_final_head(session: Session, people: list[int]) -> None:
    seal(OVER)
    with transaction() as writing:
        row = writing.get_one(contests.DbWeek, makers.week(writing).id)
        row.extended_to = OVER + 60 * MINUTE
    code = makers.sit(people[0], OVER + 10 * MINUTE)
    seal(OVER + 20 * MINUTE, OVER + 61 * MINUTE)
    assert sealed(session) == {code: 2}
    assert [batch.is_final for batch in batches(session)] == [True, False, True]


def test_a_clock_that_goes_back_breaks_nothing(session: Session, people: list[int]) -> None:
    first = makers.sit(people[0], OPENS + MINUTE)
    seal(OPENS + 120 * MINUTE)
    second = makers.sit(people[1], OPENS + 30 * MINUTE)
    seal(OPENS + 60 * MINUTE)
    assert sealed(session) == {first: 1, second: 2}
    assert batches(session)[1].sealed_at == batches(session)[0].sealed_at


@pytest.mark.parametrize(("step", "time"), [("keep", 1), ("keep", 2), ("_append", 1)])
def test_a_scheduler_killed_half_way_leaves_nothing_out_and_seals_nothing_twice(
    session: Session, people: list[int], step: str, time: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "CHUNK", 4)
    codes = {makers.sit(person, OPENS + MINUTE) for person in people}
    usual, calls = getattr(sealing, step), []

    def die(*values: object, **named: object) -> None:
        usual(*values, **named)
        calls.append(values)
        if len(calls) == time:
            raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(sealing, step, die)
        with pytest.raises(SystemExit):
            seal(OPENS + 5 * MINUTE)
    assert sealed(session) == {}
    session.rollback()
    seal(OPENS + 5 * MINUTE)
    assert sealed(session) == dict.fromkeys(codes, 1)


def test_three_schedulers_at_once_seal_everything_once(app: Flask, session: Session, people: list[int]) -> None:
    codes = {makers.sit(person, OPENS + MINUTE) for person in people}

    def work(number: int) -> None:
        with app.app_context():
            for minute in range(5, 15):
                seal(OPENS + minute * MINUTE + number * SECOND)

    session.rollback()
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(work, range(3)))
    assert sealed(session).keys() == codes
    assert sum(batch.seals for batch in batches(session)) == len(codes)


def test_what_was_sealed_stays_as_it_was_whatever_is_done_to_the_attempt(session: Session, people: list[int]) -> None:
    code = makers.sit(people[0], OPENS + MINUTE)
    seal(OPENS + 5 * MINUTE)
    before = session.get_one(DbSealedRecord, code).record
    with transaction() as writing:
        writing.get_one(DbAttempt, code).answers = '["A", "A", "A", "A", "A"]'
    seal(OPENS + 10 * MINUTE, OVER)
    assert session.get_one(DbSealedRecord, code, populate_existing=True).record == before
    assert sealed(session) == {code: 1}


def test_a_marking_that_comes_before_the_scheduler_seals_by_itself(session: Session, people: list[int]) -> None:
    codes = {makers.sit(person, OPENS + MINUTE) for person in people}
    with transaction() as writing:
        assert marking.prepare(writing, makers.week(writing), OVER)
    assert sealed(session) == dict.fromkeys(codes, 1)
    assert session.query(DbBatch).one().is_final
