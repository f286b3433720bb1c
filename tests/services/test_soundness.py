"""What a ranking is made from is compared with what was sealed, and the file of the database is checked before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbBank, DbContest
from quiz.models.seals import DbBatch, DbSealedRecord
from quiz.services import soundness, transaction
from tests import makers
from tests.services.results_scene import mark
from tests.services.sealing_scene import MINUTE, OPENS, OVER, promise, seal


@pytest.fixture
def codes(session: Session) -> list[str]:
    """Three sealed attempts of a week that is over."""
    makers.load_contest()
    agency = makers.add_agency()
    people = [makers.add_person(f"A{n}", agency, activated=False) for n in range(1, 4)]
    promise()
    found = []
    for minute, person in enumerate(people):
        found.append(makers.sit(person, OPENS + minute * MINUTE, lasts=timedelta(seconds=20)))
        seal(OPENS + minute * MINUTE)
    seal(OVER)
    return found


def refusal(session: Session) -> str:
    """How the week is refused."""
    session.rollback()
    with pytest.raises(Refused) as refused:
        soundness.check(session, makers.week(session))
    assert refused.value.code in ("record_damaged", "batch_damaged", "storage_damaged")
    return str(refused.value)


def test_what_is_as_it_was_sealed_is_said_nothing_of(session: Session, codes: list[str]) -> None:
    soundness.check(session, makers.week(session))
    mark(OVER)
    soundness.check(session, makers.week(session))


@pytest.mark.parametrize(
    "spoilt", [{"answers": '["B", "B", "B", "B", "B"]'}, {"answers": '["A"'}, {"number": 2}, {"agency": "KHAC"}]
)
def test_an_attempt_that_is_not_as_it_was_sealed_is_named(
    session: Session, codes: list[str], spoilt: dict[str, object]
) -> None:
    with transaction() as writing:
        writing.execute(update(DbAttempt).where(DbAttempt.code == codes[1]).values(spoilt))
    said = refusal(session)
    assert codes[1] in said or "Expecting" in said


@pytest.mark.parametrize("table", [DbBank, DbContest])
def test_rules_and_questions_that_are_not_as_they_were_loaded_are_noticed(
    session: Session, codes: list[str], table: type[DbBank | DbContest]
) -> None:
    column = "source" if table is DbBank else "rules"
    with transaction() as writing:
        held = writing.scalars(select(getattr(table, column))).one()
        writing.execute(update(table).values({column: held.replace(b"A", b"B", 1) + b" "}))
    assert table.__tablename__ in refusal(session)


@pytest.mark.parametrize(("table", "spoilt"), [(DbBatch, {"head": "0" * 64}), (DbSealedRecord, {"batch": 1})])
def test_a_batch_from_which_its_head_does_not_follow_is_named(
    session: Session, codes: list[str], table: type[DbBatch | DbSealedRecord], spoilt: dict[str, object]
) -> None:
    with transaction() as writing:
        writing.execute(update(table).values(spoilt))
    assert "số 1 " in refusal(session)


def test_a_flipped_bit_in_a_page_is_found_before_anything_is_ranked(tmp_path: Path) -> None:
    path = tmp_path / "spoilt.sqlite3"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("CREATE TABLE t (a PRIMARY KEY, b)")
        made.executemany("INSERT INTO t VALUES (?, ?)", ((n, "x" * 200) for n in range(2000)))
    engine = sqlalchemy.create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with Session(engine) as whole:
        assert soundness.storage_fault(whole) == ""
    with path.open("r+b") as file:  # the number of cells of a page in the middle
        file.seek(4096 * 40 + 3)
        count = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([count[0] ^ 1]))
    with Session(engine) as spoilt:
        assert soundness.storage_fault(spoilt) != ""
